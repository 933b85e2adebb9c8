/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest asks for on the control ring: checks and effects. Pure functions
 * of their arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_CONTROL_H
#define XEN_NETBACK_CONTROL_H

#include <linux/types.h>
#include <xenmod/netif.h>
#include "hash.h"

/**
 * struct vif_control_fetch - what a request has in a page of the guest's
 * @gref: the page; what is meant stands at its beginning
 * @bytes: how much of it, at most %VIF_CONTROL_BYTES; 0 if nothing
 */
struct vif_control_fetch {
	u32 gref;
	u32 bytes;
};

/* The most that a request has there: a whole mapping. */
#define VIF_CONTROL_BYTES	(VIF_HASH_MAPPING * sizeof(u32))

/**
 * vif_control_check() - hold a request against what it is about
 * @request: private copy of a slot
 * @hash: as it is before this request
 * @fetch: receives what has to be fetched before vif_control_apply()
 *
 * Return: %NETIF_CTRL_SUCCESS, or why the request cannot be done.
 */
u32 vif_control_check(const struct netif_ctrl_request *request,
		      const struct vif_hash *hash,
		      struct vif_control_fetch *fetch);

/**
 * vif_control_apply() - do what a request asks for
 * @request: vif_control_check() found it good, with the same @hash
 * @hash: changed
 * @fetched: private copy of what was to be fetched, aligned to its entries
 * @nr_queues: queues there are
 * @data: receives the response's data
 *
 * Return: %NETIF_CTRL_SUCCESS, or why the request cannot be done: then nothing
 * was changed.
 */
u32 vif_control_apply(const struct netif_ctrl_request *request,
		      struct vif_hash *hash, const void *fetched,
		      unsigned int nr_queues, u32 *data);

/**
 * vif_control_respond() - write a response into its slot
 * @slot: the slot, in shared memory; only written
 * @request: what is answered
 * @status: NETIF_CTRL_SUCCESS and its neighbours
 * @data: depends on the request
 */
void vif_control_respond(void *slot, const struct netif_ctrl_request *request,
			 u32 status, u32 data);

#endif /* XEN_NETBACK_CONTROL_H */
