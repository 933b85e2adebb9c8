// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "../report.h"
#include "ring.h"

#define mb()	__sync_synchronize()

void ring_open(struct ring *ring, unsigned int slot_size, unsigned int nr_slots)
{
	memset(ring, 0, sizeof(*ring));
	pages_grant(&ring->pages, 1, DOM0, true);
	ring->slot_size = slot_size;
	ring->nr_slots = nr_slots;
	ring_head(ring)->req_event = 1;
	ring_head(ring)->rsp_event = 1;
}

void ring_close(struct ring *ring)
{
	pages_revoke(&ring->pages);
}

void ring_forget(struct ring *ring)
{
	memset(ring->kind, 0, sizeof(ring->kind));
}

void ring_push_quietly(struct ring *ring)
{
	mb();
	ring_head(ring)->req_prod = ring->req_prod;
	mb();
}

void ring_push(struct ring *ring)
{
	ring_push_quietly(ring);
	event_send(ring->event);
	tally.events++;
}

bool ring_wait(struct ring *ring, unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms;

	while (ring_head(ring)->rsp_prod == ring->rsp_cons) {
		if (now_ms() >= end)
			return false;
		ring_head(ring)->rsp_event = ring->rsp_cons + 1;
		mb();
		if (ring_head(ring)->rsp_prod == ring->rsp_cons)
			sleep_ms(1);
	}
	return true;
}

static unsigned int free_id(struct ring *ring, enum kind kind)
{
	unsigned int i, id;

	for (i = 0; i < ring->nr_slots; i++) {
		id = (ring->req_prod + i) & (ring->nr_slots - 1);
		if (ring->kind[id] == KIND_FREE) {
			ring->kind[id] = kind;
			return id;
		}
	}
	die("more requests than slots");
}

unsigned int tx_put(struct ring *ring, unsigned int flags, unsigned int size,
		    unsigned int offset, uint32_t gref)
{
	struct netif_tx_request request = {
		.gref = gref, .offset = offset, .flags = flags, .size = size,
		.id = free_id(ring, KIND_REQUEST),
	};

	memcpy(ring_slot(ring, ring->req_prod++), &request, sizeof(request));
	tally.requests++;
	return request.id;
}

unsigned int tx_extra(struct ring *ring, unsigned int type, unsigned int flags,
		      const void *content)
{
	struct netif_extra_info info = { .type = type, .flags = flags };
	unsigned int id = ring->req_prod & (ring->nr_slots - 1);

	/* It has no id; its answer says that there is none. */
	memcpy(&info.u, content, sizeof(info.u));
	memcpy(ring_slot(ring, ring->req_prod++), &info, sizeof(info));
	return id;
}

unsigned int tx_take(struct ring *ring)
{
	struct netif_tx_response response;
	uint32_t end = ring_head(ring)->rsp_prod;
	unsigned int count = 0;

	mb();
	if (end - ring->rsp_cons > ring->req_prod - ring->rsp_cons) {
		report_fail("answers to what was not asked: %u to %u of %u",
			    ring->rsp_cons, end, ring->req_prod);
		return 0;
	}
	for (; ring->rsp_cons != end; ring->rsp_cons++, count++) {
		memcpy(&response, ring_slot(ring, ring->rsp_cons),
		       sizeof(response));
		if (response.status == NETIF_RSP_NULL)
			continue;
		tally.responses++;
		if (response.id >= SLOTS ||
		    ring->kind[response.id] != KIND_REQUEST) {
			report_fail("an answer to %u, which is not asked for",
				    response.id);
			continue;
		}
		ring->kind[response.id] = KIND_FREE;
		ring->status[response.id] = response.status;
		if (response.status == NETIF_RSP_OKAY)
			tally.okay++;
		else
			tally.errors++;
	}
	return count;
}

bool tx_finish(struct ring *ring)
{
	uint64_t end = now_ms() + ANSWER_MS;
	unsigned int i;

	ring_push(ring);
	while (ring->rsp_cons != ring->req_prod) {
		if (tx_take(ring))
			end = now_ms() + ANSWER_MS;
		else if (now_ms() > end || report_failed())
			break;
		else
			ring_wait(ring, 100);
	}
	if (ring->rsp_cons != ring->req_prod) {
		report_fail("%u requests are not answered",
			    ring->req_prod - ring->rsp_cons);
		return false;
	}
	for (i = 0; i < ring->nr_slots; i++)
		if (ring->kind[i] != KIND_FREE) {
			report_fail("request %u is not answered", i);
			return false;
		}
	return true;
}

void rx_put(struct ring *ring, uint32_t gref)
{
	struct netif_rx_request request = {
		.id = ring->req_prod & (ring->nr_slots - 1), .gref = gref,
	};

	ring->kind[request.id] = KIND_REQUEST;
	memcpy(ring_slot(ring, ring->req_prod++), &request, sizeof(request));
}

bool rx_take(struct ring *ring, struct received *received, bool extra_next)
{
	void *slot = ring_slot(ring, ring->rsp_cons);

	if (ring_head(ring)->rsp_prod == ring->rsp_cons)
		return false;
	mb();
	memset(received, 0, sizeof(*received));
	received->id = ring->rsp_cons++ & (ring->nr_slots - 1);
	received->extra = extra_next;
	if (extra_next) {
		memcpy(&received->info, slot, sizeof(received->info));
	} else {
		memcpy(&received->response, slot, sizeof(received->response));
		if (received->response.id != received->id)
			report_fail("what came has id %u, not %u",
				    received->response.id, received->id);
	}
	if (ring->kind[received->id] == KIND_FREE)
		report_fail("more came than there was room for");
	ring->kind[received->id] = KIND_FREE;
	return true;
}

int ctrl_ask(struct ring *ring, unsigned int type, uint32_t a, uint32_t b,
	     uint32_t c, uint32_t *data)
{
	struct xen_netif_ctrl_request request = {
		.id = ring->req_prod, .type = type, .data = { a, b, c },
	};
	struct xen_netif_ctrl_response response;

	if (report_failed())
		return -1;
	memcpy(ring_slot(ring, ring->req_prod++), &request, sizeof(request));
	tally.requests++;
	ring_push(ring);
	if (!ring_wait(ring, ANSWER_MS)) {
		report_fail("control request %u is not answered", type);
		return -1;
	}
	memcpy(&response, ring_slot(ring, ring->rsp_cons++), sizeof(response));
	tally.responses++;
	if (response.id != request.id || response.type != request.type)
		report_fail("control request %u: answer to %u of type %u", type,
			    response.id, response.type);
	if (data)
		*data = response.data;
	return response.status;
}
