/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring driven by hand. What is sent through queue_put() is remembered, and
 * each answer is held against the contract: known, once, with a status that is
 * allowed, and without a byte that the backend had no reason to write. What a
 * case writes into the ring's memory behind its back is the case's own affair.
 */
#ifndef HOSTILE_QUEUE_H
#define HOSTILE_QUEUE_H

#include "event.h"
#include "grants.h"
#include "request.h"

#define RING_HEADER	64
#define SLOTS_MOST	1024

/* How long an answer may take before it counts as missing. */
#define ANSWER_MS	20000

/* Head of a shared ring, as io/ring.h lays it out. */
struct ring_head {
	uint32_t req_prod;
	uint32_t req_event;
	uint32_t rsp_prod;
	uint32_t rsp_event;
};

/**
 * struct sent - a request that waits for its answer
 * @busy: it does
 * @op: what the answer has to name
 * @id: likewise
 * @verdict: what the contract says
 */
struct sent {
	bool busy;
	uint8_t op;
	uint64_t id;
	struct verdict verdict;
};

/**
 * struct queue - a ring, its event channel, and what is on the way
 * @pages: the ring
 * @event: its channel
 * @facts: of the disk
 * @persistent: both ends agreed on persistent grants
 * @lenient: somebody else writes to the slots, too: any answer will do
 * @slot_size: bytes
 * @nr_slots: a power of two
 * @req_prod: next request
 * @rsp_cons: next response
 * @sequence: for ids
 * @nr_sent: on the way
 * @sent: these
 * @image: the slots as they were written
 */
struct queue {
	struct pages pages;
	struct event event;
	const struct facts *facts;
	bool persistent;
	bool lenient;
	unsigned int slot_size;
	unsigned int nr_slots;
	uint32_t req_prod;
	uint32_t rsp_cons;
	uint64_t sequence;
	unsigned int nr_sent;
	struct sent sent[SLOTS_MOST];
	uint8_t image[SLOTS_MOST][SLOT_64];
};

void queue_open(struct queue *queue, const struct facts *facts,
		unsigned int order, unsigned int slot_size);
void queue_close(struct queue *queue);

/* Forget what is on the way: the ring has been given up. */
void queue_forget(struct queue *queue);

static inline volatile struct ring_head *queue_head(const struct queue *queue)
{
	return queue->pages.at;
}

static inline uint8_t *queue_slot(const struct queue *queue, uint32_t index)
{
	return (uint8_t *)queue->pages.at + RING_HEADER +
	       (index & (queue->nr_slots - 1)) * (uint64_t)queue->slot_size;
}

static inline bool queue_full(const struct queue *queue)
{
	return queue->req_prod - queue->rsp_cons == queue->nr_slots;
}

/* Write a request with an id of ours, or with its own if that is not 0. */
void queue_put(struct queue *queue, struct request *request);

/* Tell the backend of all that was put. */
void queue_push(struct queue *queue);

/* Take and check what was answered so far; how many. */
unsigned int queue_take(struct queue *queue);

/* Until all is answered; false and a failure when that takes too long. */
bool queue_drain(struct queue *queue);

/* Push and drain. */
bool queue_finish(struct queue *queue);

/* One request from end to end: its status, or 1 if there was no answer. */
int queue_one(struct queue *queue, struct request *request);

/* Put one, and drain a ring that is full by it. */
void queue_stream(struct queue *queue, struct request *request);

#endif /* HOSTILE_QUEUE_H */
