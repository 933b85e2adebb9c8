/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which queue a packet for the guest goes to, as the guest wants it: the control
 * ring, and the use of what was asked for there.
 */
#ifndef XEN_NETBACK_STEER_H
#define XEN_NETBACK_STEER_H

#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <xenmod/event.h>
#include <xenmod/grant.h>
#include <xenmod/netif.h>
#include <xenmod/ring.h>
#include "control.h"
#include "hash.h"

struct vif;

/**
 * struct vif_control - a control ring; all but @event belongs to @work
 * @vif: its vif
 * @ring: the shared ring
 * @event: its event channel
 * @stats: counters
 * @batch: fetches what requests have in pages
 * @page: where to
 * @work: the pass
 * @ready: the ring is attached: events may start a pass
 * @broken: its index was nonsense: it is not served any more
 * @hash: what is in use, and what can be changed
 * @current_hash: index of the one in use
 * @changing: the other one is a copy of it, or newer
 * @published: somebody may still read the other one
 * @name: of the interrupt
 */
struct vif_control {
	struct vif *vif;
	struct xenmod_ring ring;
	struct xenmod_event event;
	struct xenmod_stats stats;
	struct xenmod_batch batch;
	struct page *page;
	struct work_struct work;
	bool ready;
	bool broken;
	struct vif_hash hash[2];
	unsigned int current_hash;
	bool changing;
	bool published;
	char name[32];
};

/**
 * vif_control_start() - serve the frontend's control ring, if it has one
 * @vif: its data rings are in service
 *
 * Return: 0, or what xenmod_backend_fail() returned, with nothing left over.
 */
int vif_control_start(struct vif *vif);

/**
 * vif_control_stop() - the reverse; nothing happens when there is none
 * @vif: the vif
 */
void vif_control_stop(struct vif *vif);

/**
 * vif_select_queue() - the queue for a frame
 * @dev: a vif's
 * @skb: the frame
 * @below: device that is served by @dev, or NULL
 *
 * Return: as ndo_select_queue does.
 */
u16 vif_select_queue(struct net_device *dev, struct sk_buff *skb,
		     struct net_device *below);

/**
 * vif_steer_describe() - tell the guest a frame's hash
 * @vif: its vif
 * @skb: the frame
 * @extra: receives it
 *
 * Context: any; only while the guest has asked for hashes.
 * Return: true if there is one.
 */
bool vif_steer_describe(struct vif *vif, const struct sk_buff *skb,
			struct netif_extra_info *extra);

/**
 * vif_steer_believe() - take over a hash that the guest has made
 * @skb: its frame
 * @extra: what it says
 */
void vif_steer_believe(struct sk_buff *skb,
		       const struct netif_extra_info *extra);

#endif /* XEN_NETBACK_STEER_H */
