/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vif whose frontend is this program: its keys in xenstore, its queues.
 */
#ifndef HOSTILE_NET_VIF_H
#define HOSTILE_NET_VIF_H

#include "../frontend.h"
#include "ring.h"

#define QUEUES_MOST	4
#define DATA_PAGES	64

/**
 * struct vif_queue - two rings and the pages to receive to
 * @tx: what the guest sends
 * @rx: what it receives
 * @event: their channels; the second one is unused unless they are split
 * @buffers: a page for each slot of @rx
 */
struct vif_queue {
	struct ring tx;
	struct ring rx;
	struct event event[2];
	struct pages buffers;
};

/**
 * struct vif - one of them
 * @number: its handle
 * @end: the handshake
 * @mac: its address
 * @nr_queues: how many
 * @split: an event channel for each direction
 * @multicast: we want to say which multicast we get
 * @quiet: we send no event for the pages that we offer
 * @connected: queues are there
 * @gone: a case ended the device for good
 * @queue: these
 * @ctrl: the control ring
 * @ctrl_event: its channel
 * @data: pages to send from
 */
struct vif {
	unsigned int number;
	struct frontend end;
	uint8_t mac[6];
	unsigned int nr_queues;
	bool split;
	bool multicast;
	bool quiet;
	bool connected;
	bool gone;
	struct vif_queue queue[QUEUES_MOST];
	struct ring ctrl;
	struct event ctrl_event;
	struct pages data;
};

/* Takes number, nr_queues, split, multicast and quiet as they are. */
void vif_open(struct vif *vif);

/* All the way to Connected. */
bool vif_connect(struct vif *vif);

/* All the way to Closed; the queues end. */
bool vif_close(struct vif *vif);

/* Make queues and write what the backend must know of them. */
void vif_offer(struct vif *vif);

/* With an offer made: is it accepted? A failure if nothing happens. */
bool vif_try(struct vif *vif);

/* Offer all pages that wait for it. */
void vif_refill(struct vif_queue *queue);

/**
 * struct frame - what came, its first part at least
 * @at: its bytes
 * @length: of the first part
 * @offset: of it in its page
 * @queue: where it came
 * @hashed: there is a hash with it
 * @hash: this
 */
struct frame {
	const uint8_t *at;
	unsigned int length;
	unsigned int offset;
	unsigned int queue;
	bool hashed;
	struct netif_extra_info hash;
};

typedef void frame_fn(void *context, const struct frame *frame);

/* Look at all that came; how many answers. */
unsigned int vif_receive(struct vif *vif, frame_fn *each, void *context);

/* Drop all that came; how many answers. */
unsigned int vif_drop(struct vif *vif);

/* A question to dom0 by ARP, and its answer: the vif works both ways. */
bool vif_works(struct vif *vif);

#endif /* HOSTILE_NET_VIF_H */
