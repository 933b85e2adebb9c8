// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../report.h"
#include "../store.h"
#include "frame.h"
#include "vif.h"

/* Questions to dom0 before the vif counts as dead, and the wait for each. */
#define QUESTIONS	8
#define REPLY_MS	1000

static void read_mac(struct vif *vif)
{
	char path[96];
	unsigned int byte[6], i;
	char *text;

	snprintf(path, sizeof(path), "%s/mac", vif->end.front);
	text = store_read(vif->end.store, path);
	if (!text || sscanf(text, "%x:%x:%x:%x:%x:%x", byte, byte + 1, byte + 2,
			    byte + 3, byte + 4, byte + 5) != 6)
		die("there is no %s in xenstore", path);
	for (i = 0; i < 6; i++)
		vif->mac[i] = byte[i];
	free(text);
}

void vif_open(struct vif *vif)
{
	frontend_open(&vif->end, "vif", vif->number);
	read_mac(vif);
	pages_grant(&vif->data, DATA_PAGES, DOM0, true);
}

static void forget_keys(struct vif *vif)
{
	static const char *const nodes[] = {
		"multi-queue-num-queues", "event-channel", "event-channel-tx",
		"event-channel-rx", "ctrl-ring-ref", "event-channel-ctrl",
	};
	unsigned int i;

	for (i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		frontend_remove(&vif->end, nodes[i]);
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
	frontend_write(&vif->end, dir, "tx-ring-ref", queue->tx.pages.gref[0]);
	frontend_write(&vif->end, dir, "rx-ring-ref", queue->rx.pages.gref[0]);
	if (vif->split) {
		frontend_write(&vif->end, dir, "event-channel-tx", queue->event[0].port);
		frontend_write(&vif->end, dir, "event-channel-rx", queue->event[1].port);
	} else {
		frontend_write(&vif->end, dir, "event-channel", queue->event[0].port);
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
		frontend_write(&vif->end, "", features[i], 1);
	frontend_write(&vif->end, "", "feature-rx-notify", !vif->quiet);
	frontend_write(&vif->end, "", "request-multicast-control", vif->multicast);
	if (vif->nr_queues > 1)
		frontend_write(&vif->end, "", "multi-queue-num-queues", vif->nr_queues);
	for (i = 0; i < vif->nr_queues; i++) {
		open_queue(vif, &vif->queue[i]);
		offer_queue(vif, i);
	}
	ring_open(&vif->ctrl, sizeof(struct xen_netif_ctrl_request),
		  CTRL_SLOTS);
	event_open(&vif->ctrl_event);
	vif->ctrl.event = &vif->ctrl_event;
	frontend_write(&vif->end, "", "ctrl-ring-ref", vif->ctrl.pages.gref[0]);
	frontend_write(&vif->end, "", "event-channel-ctrl", vif->ctrl_event.port);
	vif->connected = true;
}

bool vif_try(struct vif *vif)
{
	return frontend_try(&vif->end, CONNECTED);
}

bool vif_connect(struct vif *vif)
{
	if (!frontend_invite(&vif->end))
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

bool vif_close(struct vif *vif)
{
	bool good = frontend_close(&vif->end);
	unsigned int i;

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
