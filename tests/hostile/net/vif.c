// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../report.h"
#include "../store.h"
#include "frame.h"
#include "vif.h"

/* Repeated connections are slowed down, to 6.4 s at most. */
#define STATE_MS	15000

/* Questions to dom0 before the vif counts as dead, and the wait for each. */
#define QUESTIONS	8
#define REPLY_MS	1000

static void read_mac(struct vif *vif)
{
	char path[96];
	unsigned int byte[6], i;
	char *text;

	snprintf(path, sizeof(path), "%s/mac", vif->front);
	text = store_read(vif->store, path);
	if (!text || sscanf(text, "%x:%x:%x:%x:%x:%x", byte, byte + 1, byte + 2,
			    byte + 3, byte + 4, byte + 5) != 6)
		die("there is no %s in xenstore", path);
	for (i = 0; i < 6; i++)
		vif->mac[i] = byte[i];
	free(text);
}

void vif_open(struct vif *vif)
{
	char path[96];

	vif->store = store_open();
	snprintf(vif->front, sizeof(vif->front), "device/vif/%u", vif->number);
	snprintf(path, sizeof(path), "%s/backend", vif->front);
	vif->back = store_read(vif->store, path);
	if (!vif->back)
		die("there is no %s in xenstore", path);
	read_mac(vif);
	pages_grant(&vif->data, DATA_PAGES, DOM0, true);
}

static int backend_state(struct vif *vif)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/state", vif->back);
	return store_number(vif->store, path, UNKNOWN);
}

void vif_go(struct vif *vif, int state)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/state", vif->front);
	store_print(vif->store, path, "%d", state);
}

static bool wait_for(struct vif *vif, int state, unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms;

	while (backend_state(vif) != state) {
		if (now_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

static bool must_reach(struct vif *vif, int state)
{
	if (wait_for(vif, state, STATE_MS))
		return true;
	report_fail("the backend's state is %d, not %d", backend_state(vif),
		    state);
	return false;
}

bool vif_invite(struct vif *vif)
{
	if (backend_state(vif) == INIT_WAIT)
		return true;
	vif_go(vif, CLOSED);
	if (!must_reach(vif, CLOSED))
		return false;
	vif_go(vif, INITIALISING);
	return must_reach(vif, INIT_WAIT);
}

void vif_write(struct vif *vif, const char *dir, const char *node,
	       uint32_t value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s/%s", vif->front, dir, node);
	store_print(vif->store, path, "%u", value);
}

static void forget_keys(struct vif *vif)
{
	static const char *const nodes[] = {
		"multi-queue-num-queues", "event-channel", "event-channel-tx",
		"event-channel-rx", "ctrl-ring-ref", "event-channel-ctrl",
	};
	char path[128];
	unsigned int i;

	for (i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", vif->front, nodes[i]);
		store_remove(vif->store, path);
	}
}

static void open_queue(struct vif *vif, struct vif_queue *queue)
{
	memset(queue, 0, sizeof(*queue));
	ring_open(&queue->tx, sizeof(struct netif_tx_request), SLOTS);
	ring_open(&queue->rx, sizeof(struct netif_rx_request), SLOTS);
	pages_grant(&queue->buffers, SLOTS, DOM0, true);
	event_open(&queue->event[0]);
	if (vif->split)
		event_open(&queue->event[1]);
	queue->tx.event = &queue->event[0];
	queue->rx.event = &queue->event[vif->split];
}

static void offer_queue(struct vif *vif, unsigned int id)
{
	struct vif_queue *queue = &vif->queue[id];
	char dir[24] = "";

	if (vif->nr_queues > 1)
		snprintf(dir, sizeof(dir), "/queue-%u", id);
	vif_write(vif, dir, "tx-ring-ref", queue->tx.pages.gref[0]);
	vif_write(vif, dir, "rx-ring-ref", queue->rx.pages.gref[0]);
	if (vif->split) {
		vif_write(vif, dir, "event-channel-tx", queue->event[0].port);
		vif_write(vif, dir, "event-channel-rx", queue->event[1].port);
	} else {
		vif_write(vif, dir, "event-channel", queue->event[0].port);
	}
}

void vif_offer(struct vif *vif)
{
	static const char *const features[] = {
		"request-rx-copy", "feature-sg",
		"feature-gso-tcpv4", "feature-gso-tcpv6",
		"feature-ipv6-csum-offload",
	};
	unsigned int i;

	forget_keys(vif);
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		vif_write(vif, "", features[i], 1);
	vif_write(vif, "", "feature-rx-notify", !vif->quiet);
	vif_write(vif, "", "request-multicast-control", vif->multicast);
	if (vif->nr_queues > 1)
		vif_write(vif, "", "multi-queue-num-queues", vif->nr_queues);
	for (i = 0; i < vif->nr_queues; i++) {
		open_queue(vif, &vif->queue[i]);
		offer_queue(vif, i);
	}
	ring_open(&vif->ctrl, sizeof(struct xen_netif_ctrl_request),
		  CTRL_SLOTS);
	event_open(&vif->ctrl_event);
	vif->ctrl.event = &vif->ctrl_event;
	vif_write(vif, "", "ctrl-ring-ref", vif->ctrl.pages.gref[0]);
	vif_write(vif, "", "event-channel-ctrl", vif->ctrl_event.port);
	vif->connected = true;
}

bool vif_try(struct vif *vif)
{
	uint64_t end = now_ms() + STATE_MS;

	vif_go(vif, CONNECTED);
	while (!wait_for(vif, CONNECTED, 50)) {
		if (backend_state(vif) == CLOSING)
			return false;
		if (now_ms() > end) {
			must_reach(vif, CONNECTED);
			return false;
		}
	}
	return true;
}

bool vif_connect(struct vif *vif)
{
	if (!vif_invite(vif))
		return false;
	vif_offer(vif);
	if (vif_try(vif))
		return true;
	report_fail("a good offer is refused");
	return false;
}

static void close_queue(struct vif_queue *queue)
{
	event_close(&queue->event[0]);
	event_close(&queue->event[1]);
	ring_close(&queue->tx);
	ring_close(&queue->rx);
	pages_revoke(&queue->buffers);
}

/* It may still have been on its way to Closed, where it stays then. */
static void must_be_closing(struct vif *vif)
{
	uint64_t end = now_ms() + STATE_MS;
	int state;

	do {
		state = backend_state(vif);
		if (state == CLOSING || state == CLOSED)
			return;
		sleep_ms(2);
	} while (now_ms() < end);
	report_fail("the backend's state is %d, neither %d nor %d", state,
		    CLOSING, CLOSED);
}

bool vif_close(struct vif *vif)
{
	unsigned int i;
	bool good;

	if (backend_state(vif) != CLOSED) {
		vif_go(vif, CLOSING);
		must_be_closing(vif);
	}
	vif_go(vif, CLOSED);
	good = must_reach(vif, CLOSED);
	if (!vif->connected)
		return good;
	for (i = 0; i < vif->nr_queues; i++)
		close_queue(&vif->queue[i]);
	event_close(&vif->ctrl_event);
	ring_close(&vif->ctrl);
	vif->connected = false;
	return good;
}

void vif_refill(struct vif_queue *queue)
{
	struct ring *rx = &queue->rx;
	uint32_t before = rx->req_prod;

	while (rx->req_prod - rx->rsp_cons < SLOTS)
		rx_put(rx, queue->buffers.gref[rx->req_prod % SLOTS]);
	if (rx->req_prod != before)
		ring_push(rx);
}

/* The first part of a frame that came, as far as it is known. */
static void hand_over(struct vif_queue *queue, unsigned int id,
		      struct frame *frame, frame_fn *each, void *context)
{
	if (frame->length > PAGE_SIZE) {
		report_fail("a part of %u bytes", frame->length);
		return;
	}
	frame->at = (uint8_t *)pages_at(&queue->buffers, id) + frame->offset;
	if (each)
		each(context, frame);
}

static unsigned int receive(struct vif_queue *queue, unsigned int id,
			    frame_fn *each, void *context)
{
	bool extra = false, more = false;
	struct received received;
	struct frame frame = { 0 };
	unsigned int count = 0, first = 0;

	while (rx_take(&queue->rx, &received, extra)) {
		count++;
		tally.other++;
		if (extra) {
			if (received.info.type == XEN_NETIF_EXTRA_TYPE_HASH) {
				frame.hashed = true;
				frame.hash = received.info;
			}
			extra = received.info.flags & XEN_NETIF_EXTRA_FLAG_MORE;
			if (!extra)
				hand_over(queue, first, &frame, each, context);
			continue;
		}
		extra = received.response.flags & NETRXF_extra_info;
		if (!more && received.response.status > 0) {
			first = received.id;
			frame = (struct frame) {
				.length = received.response.status,
				.offset = received.response.offset,
				.queue = id,
			};
			if (!extra)
				hand_over(queue, first, &frame, each, context);
		}
		more = received.response.flags & NETRXF_more_data;
	}
	return count;
}

unsigned int vif_receive(struct vif *vif, frame_fn *each, void *context)
{
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < vif->nr_queues; i++)
		count += receive(&vif->queue[i], i, each, context);
	return count;
}

unsigned int vif_drop(struct vif *vif)
{
	return vif_receive(vif, NULL, NULL);
}

struct question {
	const uint8_t *mac;
	bool answered;
};

static void look_for_reply(void *context, const struct frame *frame)
{
	struct question *question = context;

	question->answered |= frame_is_arp_reply(frame->at, frame->length,
						 question->mac);
}

static bool ask(struct vif *vif, struct vif_queue *queue)
{
	uint64_t end = now_ms() + REPLY_MS;
	struct question question = { .mac = vif->mac };
	uint8_t *at = vif->data.at;
	unsigned int i;

	tx_put(&queue->tx, 0, frame_arp(at, vif->mac, vif->number), 0,
	       vif->data.gref[0]);
	if (!tx_finish(&queue->tx))
		return false;
	do {
		for (i = 0; i < vif->nr_queues; i++)
			vif_refill(&vif->queue[i]);
		vif_receive(vif, look_for_reply, &question);
		if (question.answered)
			return true;
		sleep_ms(1);
	} while (now_ms() < end && !report_failed());
	return false;
}

bool vif_works(struct vif *vif)
{
	unsigned int i, n;

	for (i = 0; i < vif->nr_queues; i++)
		vif_refill(&vif->queue[i]);
	for (i = 0; i < vif->nr_queues; i++) {
		for (n = 0; n < QUESTIONS && !report_failed(); n++)
			if (ask(vif, &vif->queue[i]))
				break;
		if (n == QUESTIONS || report_failed()) {
			report_fail("queue %u: dom0 does not answer", i);
			return false;
		}
	}
	return true;
}
