/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The toolstack's limits on what a guest sends and receives.
 */
#ifndef XEN_NETBACK_LIMIT_H
#define XEN_NETBACK_LIMIT_H

#include <linux/hrtimer.h>
#include "rate.h"

struct vif;
struct vif_queue;

/**
 * struct vif_limit - the limit of one direction
 * @rate: what all queues share
 * @bytes: so many bytes
 * @usec: in so many microseconds, as the toolstack wrote it
 */
struct vif_limit {
	struct vif_rate rate;
	u64 bytes;
	u64 usec;
};

/**
 * vif_limit_refresh() - take over what the toolstack wrote
 * @vif: the vif; connected or not
 *
 * Context: an operation of the driver.
 */
void vif_limit_refresh(struct vif *vif);

/**
 * vif_limit_init() - set up a queue's timers
 * @queue: the queue; whoever ends it cancels them
 */
void vif_limit_init(struct vif_queue *queue);

/**
 * vif_limit_tx() - may a packet of the guest's pass now?
 * @queue: where it waits; there is a limit
 * @bytes: its size
 *
 * Context: the queue's poll.
 * Return: true if it has passed. If not, the queue is polled again in time.
 */
bool vif_limit_tx(struct vif_queue *queue, unsigned int bytes);

/**
 * vif_limit_rx() - may a packet for the guest pass now?
 * @queue: where it waits; there is a limit
 * @bytes: its size
 *
 * Context: with the lock of the stack's queue held.
 * Return: true if it has passed. If not, the stack's queue is stopped, and
 * started again in time.
 */
bool vif_limit_rx(struct vif_queue *queue, unsigned int bytes);

#endif /* XEN_NETBACK_LIMIT_H */
