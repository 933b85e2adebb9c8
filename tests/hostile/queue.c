// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "queue.h"
#include "report.h"

#define mb()	__sync_synchronize()

/* Our ids: a sequence number, and below it where it stands in @sent. */
#define ID_SHIFT	16

/* Where a response has bytes that say nothing. */
#define RSP_OP		8
#define RSP_PAD		9
#define RSP_STATUS	10
#define RSP_END		12
#define RSP_END_64	16

void queue_open(struct queue *queue, const struct facts *facts,
		unsigned int order, unsigned int slot_size)
{
	unsigned int room;

	memset(queue, 0, sizeof(*queue));
	pages_grant(&queue->pages, 1u << order, DOM0, true);
	event_open(&queue->event);
	queue->facts = facts;
	queue->slot_size = slot_size;
	room = ((PAGE_SIZE << order) - RING_HEADER) / slot_size;
	for (queue->nr_slots = 1; queue->nr_slots * 2 <= room;)
		queue->nr_slots *= 2;
	queue_head(queue)->req_event = 1;
	queue_head(queue)->rsp_event = 1;
}

void queue_close(struct queue *queue)
{
	event_close(&queue->event);
	pages_revoke(&queue->pages);
}

void queue_forget(struct queue *queue)
{
	memset(queue->sent, 0, sizeof(queue->sent));
	queue->nr_sent = 0;
}

static struct sent *free_place(struct queue *queue)
{
	unsigned int i;

	for (i = 0; i < queue->nr_slots; i++) {
		struct sent *sent = &queue->sent[(queue->req_prod + i) &
						 (queue->nr_slots - 1)];

		if (!sent->busy)
			return sent;
	}
	die("more requests than slots");
}

void queue_put(struct queue *queue, struct request *request)
{
	uint64_t id = request->id;
	struct sent *sent = free_place(queue);
	uint8_t *image = queue->image[queue->req_prod & (queue->nr_slots - 1)];

	if (!id)
		request->id = ++queue->sequence << ID_SHIFT |
			      (sent - queue->sent);
	sent->busy = true;
	sent->id = request->id;
	sent->op = request->op == BLKIF_OP_INDIRECT ? request->indirect_op :
						      request->op;
	sent->verdict = request_judge(request, queue->facts, queue->persistent);
	sent->verdict.allowed |= queue->lenient ? ALLOW_ANY : request->also;
	request_encode(request, image, queue->slot_size);
	memcpy(queue_slot(queue, queue->req_prod), image, queue->slot_size);
	request->id = id;
	queue->req_prod++;
	queue->nr_sent++;
	tally.requests++;
	tally.malformed += sent->verdict.malformed;
}

void queue_push(struct queue *queue)
{
	volatile struct ring_head *head = queue_head(queue);

	head->rsp_event = queue->req_prod;
	mb();
	head->req_prod = queue->req_prod;
	mb();
	event_send(&queue->event);
	tally.events++;
}

static struct sent *find(struct queue *queue, uint64_t id)
{
	struct sent *sent = &queue->sent[id % SLOTS_MOST];
	unsigned int i;

	if (sent->busy && sent->id == id)
		return sent;
	/* An operation that somebody flips stands where the id's end does. */
	for (i = 0; i < queue->nr_slots; i++) {
		uint64_t differs = queue->sent[i].id ^ id;

		if (queue->lenient)
			differs >>= ID_SHIFT;
		if (queue->sent[i].busy && !differs)
			return &queue->sent[i];
	}
	return NULL;
}

static void check_status(const struct sent *sent, int16_t status)
{
	unsigned int bit = 0;

	if (status == BLKIF_RSP_OKAY)
		bit = ALLOW_OKAY;
	else if (status == BLKIF_RSP_ERROR)
		bit = ALLOW_ERROR;
	else if (status == BLKIF_RSP_EOPNOTSUPP)
		bit = ALLOW_UNSUPPORTED;
	tally.okay += bit == ALLOW_OKAY;
	tally.errors += bit == ALLOW_ERROR;
	tally.unsupported += bit == ALLOW_UNSUPPORTED;
	if (!bit)
		report_fail("status %d is none of the protocol", status);
	else if (!(bit & sent->verdict.allowed))
		report_fail("operation %u, id %llx: status %d, allowed %x",
			    sent->op, (unsigned long long)sent->id, status,
			    sent->verdict.allowed);
}

/* A byte behind or within a response that the backend left alone or zeroed. */
static void check_padding(const struct queue *queue, uint32_t index,
			  const uint8_t *slot)
{
	const uint8_t *was = queue->image[index & (queue->nr_slots - 1)];
	unsigned int end = queue->slot_size == SLOT_64 ? RSP_END_64 : RSP_END;
	unsigned int i;

	if (slot[RSP_PAD] == was[RSP_PAD] &&
	    !memcmp(slot + RSP_END, was + RSP_END, queue->slot_size - RSP_END))
		return;
	for (i = RSP_PAD; i < queue->slot_size; i++) {
		if (i == RSP_STATUS)
			i = RSP_END;
		if (slot[i] == was[i] || (slot[i] == 0 && i < end))
			continue;
		report_fail("byte %u of a response is %02x, was %02x", i,
			    slot[i], was[i]);
		return;
	}
}

static void take_one(struct queue *queue)
{
	uint32_t index = queue->rsp_cons++;
	uint8_t slot[SLOT_64];
	struct sent *sent;
	int16_t status;
	uint64_t id;

	memcpy(slot, queue_slot(queue, index), queue->slot_size);
	memcpy(&id, slot, sizeof(id));
	memcpy(&status, slot + RSP_STATUS, sizeof(status));
	tally.responses++;

	sent = find(queue, id);
	if (!sent) {
		report_fail("answer %u to nothing that was asked: id %llx",
			    index, (unsigned long long)id);
		return;
	}
	if (!queue->lenient && slot[RSP_OP] != sent->op)
		report_fail("answer names operation %u, not %u", slot[RSP_OP],
			    sent->op);
	check_status(sent, status);
	if (!queue->lenient)
		check_padding(queue, index, slot);
	sent->busy = false;
	queue->nr_sent--;
}

unsigned int queue_take(struct queue *queue)
{
	uint32_t end = queue_head(queue)->rsp_prod;
	unsigned int nr = end - queue->rsp_cons;

	mb();
	if (nr > queue->req_prod - queue->rsp_cons) {
		report_fail("rsp_prod is %u, but %u requests were sent", end,
			    queue->req_prod);
		return 0;
	}
	while (queue->rsp_cons != end)
		take_one(queue);
	return nr;
}

bool queue_drain(struct queue *queue)
{
	uint64_t end = now_ms() + ANSWER_MS;

	for (;;) {
		queue_take(queue);
		if (queue->rsp_cons == queue->req_prod)
			return true;
		queue_head(queue)->rsp_event = queue->req_prod;
		mb();
		if (queue_head(queue)->rsp_prod == queue->req_prod)
			continue;
		if (now_ms() > end) {
			report_fail("%u answers are missing",
				    queue->req_prod - queue->rsp_cons);
			return false;
		}
		event_wait(&queue->event, 100);
	}
}

bool queue_finish(struct queue *queue)
{
	queue_push(queue);
	return queue_drain(queue);
}

int queue_one(struct queue *queue, struct request *request)
{
	struct tally before = tally;

	queue_put(queue, request);
	if (!queue_finish(queue))
		return 1;
	if (tally.okay > before.okay)
		return BLKIF_RSP_OKAY;
	return tally.errors > before.errors ? BLKIF_RSP_ERROR :
					      BLKIF_RSP_EOPNOTSUPP;
}

void queue_stream(struct queue *queue, struct request *request)
{
	queue_put(queue, request);
	if (queue_full(queue))
		queue_finish(queue);
}
