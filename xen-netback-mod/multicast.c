// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast groups in a table of constant size: a guest that joins and leaves
 * for ever uses no memory, and no search looks at more than the table.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "multicast.h"

/* Nobody was ever here: a search ends. */
#define UNUSED	0ULL
/* Somebody was here: a search goes on. Neither is the address of a group. */
#define LEFT	1ULL

/* Bit of an address' first byte that makes it a group's. */
#define GROUP_BIT	1

#define BROADCAST	0xffffffffffffULL

static u64 address_word(const u8 *address)
{
	u64 word = 0;
	unsigned int i;

	for (i = 0; i < NETIF_ADDRESS; i++)
		word = word << 8 | address[i];
	return word;
}

static bool is_group(const u8 *address)
{
	return address[0] & GROUP_BIT;
}

/* Where a search for a group begins. */
static unsigned int first_place(u64 group)
{
	/* Groups differ at the end (23 bits of it for IPv4, 32 for IPv6). */
	return (u32)((u32)group * 0x9e3779b1U) >> 25;
}

static unsigned int next_place(unsigned int place)
{
	return (place + 1) % VIF_MULTICAST_PLACES;
}

/* The place of a group, or %VIF_MULTICAST_PLACES. */
static unsigned int find(const struct vif_multicast *multicast, u64 group)
{
	unsigned int place = first_place(group), i;
	u64 word;

	for (i = 0; i < VIF_MULTICAST_PLACES; i++) {
		word = READ_ONCE(multicast->place[place]);
		if (word == group)
			return place;
		if (word == UNUSED)
			break;
		place = next_place(place);
	}
	return VIF_MULTICAST_PLACES;
}

void vif_multicast_clear(struct vif_multicast *multicast)
{
	unsigned int i;

	for (i = 0; i < VIF_MULTICAST_PLACES; i++)
		WRITE_ONCE(multicast->place[i], UNUSED);
	multicast->nr = 0;
}

int vif_multicast_add(struct vif_multicast *multicast, const u8 *address)
{
	u64 group = address_word(address);
	unsigned int place;

	if (!is_group(address))
		return -EINVAL;
	if (find(multicast, group) < VIF_MULTICAST_PLACES)
		return 0;
	if (multicast->nr == VIF_MULTICAST_GROUPS)
		return -ENOSPC;

	/* There is room, so this ends. */
	for (place = first_place(group); multicast->place[place] > LEFT;)
		place = next_place(place);
	WRITE_ONCE(multicast->place[place], group);
	multicast->nr++;
	return 0;
}

void vif_multicast_del(struct vif_multicast *multicast, const u8 *address)
{
	unsigned int place = find(multicast, address_word(address));

	if (!is_group(address) || place == VIF_MULTICAST_PLACES)
		return;
	WRITE_ONCE(multicast->place[place], LEFT);
	multicast->nr--;

	/* No search goes past these any more: they are as good as unused. */
	if (multicast->place[next_place(place)] != UNUSED)
		return;
	while (multicast->place[place] == LEFT) {
		WRITE_ONCE(multicast->place[place], UNUSED);
		place = (place - 1) % VIF_MULTICAST_PLACES;
	}
}

bool vif_multicast_wanted(const struct vif_multicast *multicast,
			  const u8 *address)
{
	u64 group;

	if (!is_group(address))
		return true;
	group = address_word(address);
	return group == BROADCAST ||
	       find(multicast, group) < VIF_MULTICAST_PLACES;
}
