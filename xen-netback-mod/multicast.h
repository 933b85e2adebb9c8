/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The multicast groups that a guest wants to hear of. Pure functions of their
 * arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_MULTICAST_H
#define XEN_NETBACK_MULTICAST_H

#include <linux/types.h>
#include <xenmod/netif.h>

/* Groups that a guest can join. */
#define VIF_MULTICAST_GROUPS	64
/* Places for them: half are always unused, so that searches are short. */
#define VIF_MULTICAST_PLACES	128

/**
 * struct vif_multicast - the groups: a hash table with open addressing
 * @nr: groups
 * @place: each a group's address, or one of multicast.c's marks
 *
 * A place is one word, so readers need no lock: they see a group or they do
 * not. Writers exclude each other.
 */
struct vif_multicast {
	unsigned int nr;
	u64 place[VIF_MULTICAST_PLACES];
};

/**
 * vif_multicast_clear() - leave all groups
 * @multicast: the groups
 */
void vif_multicast_clear(struct vif_multicast *multicast);

/**
 * vif_multicast_add() - join a group
 * @multicast: the groups
 * @address: its address
 *
 * Return: 0, also for a member; -EINVAL if the address is not that of a group;
 * -ENOSPC if there are too many already.
 */
int vif_multicast_add(struct vif_multicast *multicast, const u8 *address);

/**
 * vif_multicast_del() - leave a group; nothing happens to who is not in it
 * @multicast: the groups
 * @address: its address
 */
void vif_multicast_del(struct vif_multicast *multicast, const u8 *address);

/**
 * vif_multicast_wanted() - shall a guest get a frame that filters?
 * @multicast: the groups
 * @address: where the frame goes
 *
 * Context: any; no lock is needed.
 * Return: false for a frame to a group that the guest is not in. Broadcasts are
 * to everybody.
 */
bool vif_multicast_wanted(const struct vif_multicast *multicast,
			  const u8 *address);

#endif /* XEN_NETBACK_MULTICAST_H */
