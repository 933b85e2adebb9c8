/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vif's rings, driven by hand. What is put through these functions is
 * remembered, and each answer is held against that: known, and given once.
 */
#ifndef HOSTILE_NET_RING_H
#define HOSTILE_NET_RING_H

#include <stdbool.h>
#include <stdint.h>
#include <xen/io/netif.h>
#include "../event.h"
#include "../grants.h"

#define SLOTS		256
#define CTRL_SLOTS	128

/* How long an answer may take before it counts as missing. */
#define ANSWER_MS	20000

/* What a slot holds, as far as its answer goes. */
enum kind { KIND_FREE, KIND_REQUEST, KIND_EXTRA };

/* Head of a shared ring, as io/ring.h lays it out. */
struct ring_head {
	uint32_t req_prod;
	uint32_t req_event;
	uint32_t rsp_prod;
	uint32_t rsp_event;
	uint32_t unused[12];
};

/**
 * struct ring - one of them
 * @pages: its page
 * @event: its channel, which may be another ring's, too
 * @slot_size: bytes
 * @nr_slots: a power of two
 * @req_prod: next request
 * @rsp_cons: next response
 * @kind: by id: what waits for an answer
 * @status: by id: how it was answered
 */
struct ring {
	struct pages pages;
	struct event *event;
	unsigned int slot_size;
	unsigned int nr_slots;
	uint32_t req_prod;
	uint32_t rsp_cons;
	enum kind kind[SLOTS];
	int16_t status[SLOTS];
};

void ring_open(struct ring *ring, unsigned int slot_size,
	       unsigned int nr_slots);
void ring_close(struct ring *ring);

/* Forget what is on the way. */
void ring_forget(struct ring *ring);

static inline volatile struct ring_head *ring_head(const struct ring *ring)
{
	return ring->pages.at;
}

static inline void *ring_slot(const struct ring *ring, uint32_t index)
{
	return (uint8_t *)ring->pages.at + sizeof(struct ring_head) +
	       (index & (ring->nr_slots - 1)) * ring->slot_size;
}

/* Announce what was put. */
void ring_push(struct ring *ring);

/* The same without an event, whatever the other end asked for. */
void ring_push_quietly(struct ring *ring);

/* Until the other end has answered something, or the time is over. */
bool ring_wait(struct ring *ring, unsigned int timeout_ms);

/* Put a part of a packet that the guest sends; its id. */
unsigned int tx_put(struct ring *ring, unsigned int flags, unsigned int size,
		    unsigned int offset, uint32_t gref);

/* Put extra information with three words of content; its id. */
unsigned int tx_extra(struct ring *ring, unsigned int type, unsigned int flags,
		      const void *content);

/* Take and check what was answered; how many. */
unsigned int tx_take(struct ring *ring);

/* Push, and wait until all is answered; a failure when that takes too long. */
bool tx_finish(struct ring *ring);

/* Offer a page for what the guest receives. */
void rx_put(struct ring *ring, uint32_t gref);

/**
 * struct received - an answer on the ring of what the guest receives
 * @id: of the request
 * @extra: it is extra information
 * @response: the answer
 * @info: the extra information
 */
struct received {
	unsigned int id;
	bool extra;
	struct netif_rx_response response;
	struct netif_extra_info info;
};

/* Take one; false when there is none. @extra_next: it must be one. */
bool rx_take(struct ring *ring, struct received *received, bool extra_next);

/* One request to the control ring and its answer: its status, or -1. */
int ctrl_ask(struct ring *ring, unsigned int type, uint32_t a, uint32_t b,
	     uint32_t c, uint32_t *data);

#endif /* HOSTILE_NET_RING_H */
