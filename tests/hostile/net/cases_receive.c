// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with the pages that a guest offers to receive to. dom0
 * sends an answer to each question that the program asks.
 */
#include <string.h>
#include "../report.h"
#include "cases.h"
#include "frame.h"

#define BAD_PAGES	40
#define FEW_FRAMES	100
#define TAKE_PART_MS	2000
#define FEW_MS		15000

/* Asks without a look at the answer. */
static void provoke(struct vif *vif, unsigned int nr)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int length;

	length = frame_arp(vif->data.at, vif->mac, vif->number);
	while (nr--)
		tx_put(tx, 0, length, 0, vif->data.gref[0]);
	tx_finish(tx);
}

/* The same of a vif that may stop over it. */
static void nudge(struct vif *vif, unsigned int nr)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int length;

	length = frame_arp(vif->data.at, vif->mac, vif->number);
	while (nr-- && tx->req_prod - tx->rsp_cons < SLOTS)
		tx_put(tx, 0, length, 0, vif->data.gref[0]);
	ring_push(tx);
	sleep_ms(20);
	tx_take(tx);
}

/* Anew, with a ring that nothing was put on yet. */
static bool afresh(struct vif *vif)
{
	return vif_close(vif) && vif_connect(vif);
}

/* Pages that dom0 cannot write to: it says so, and goes on. */
static void rx_bad_grefs(struct vif *vif)
{
	struct pages readonly, foreign, revoked;
	struct ring *rx = &vif->queue[0].rx;
	struct received received;
	uint32_t bad[5] = { GREF_BEYOND, GREF_MAX };
	unsigned int i, seen = 0, errors = 0;
	uint64_t end;

	pages_grant(&readonly, 1, DOM0, false);
	pages_grant(&foreign, 1, NOBODY, true);
	pages_grant(&revoked, 1, DOM0, true);
	bad[2] = readonly.gref[0];
	bad[3] = foreign.gref[0];
	bad[4] = revoked.gref[0];
	pages_revoke(&revoked);
	vif_drop(vif);
	for (i = 0; i < BAD_PAGES; i++)
		rx_put(rx, bad[i % 5]);
	/* Good ones behind them: the last slots wait for a large packet. */
	vif_refill(&vif->queue[0]);
	end = now_ms() + ANSWER_MS;
	while (seen < BAD_PAGES && now_ms() < end) {
		provoke(vif, 1);
		ring_wait(rx, 50);
		while (rx_take(rx, &received, false)) {
			if (seen++ >= BAD_PAGES)
				continue;
			if (received.response.status < 0)
				errors++;
			else
				report_fail("status %d of a bad page of kind %u",
					    received.response.status,
					    (seen - 1) % 5);
		}
	}
	if (errors != BAD_PAGES)
		report_fail("%u of %u bad pages were refused", errors,
			    BAD_PAGES);
	pages_revoke(&readonly);
	pages_revoke(&foreign);
	vif_works(vif);
}

/* The same page for all, and the same id. */
static void rx_same(struct vif *vif)
{
	struct ring *rx = &vif->queue[0].rx;
	unsigned int i;

	vif_drop(vif);
	while (rx->req_prod - rx->rsp_cons < SLOTS)
		rx_put(rx, vif->queue[0].buffers.gref[0]);
	ring_push(rx);
	for (i = 0; i < 4; i++)
		provoke(vif, 32);
	sleep_ms(200);
	vif_drop(vif);
	vif_works(vif);
}

/* As a guest does, for long enough to be seen. */
static void take_part(struct vif *vif)
{
	uint64_t end = now_ms() + TAKE_PART_MS;
	unsigned int i;

	if (!vif_works(vif))
		return;
	while (now_ms() < end) {
		for (i = 0; i < vif->nr_queues; i++)
			vif_refill(&vif->queue[i]);
		vif_drop(vif);
		sleep_ms(1);
	}
}

/*
 * No page is offered, while dom0 has much to send; the test floods the vif
 * meanwhile, and looks at dom0's memory. Then the guest takes part again.
 */
static void hoard(struct vif *vif)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;

	while (now_ms() < end) {
		provoke(vif, 16);
		sleep_ms(20);
	}
	take_part(vif);
}

/* All queues but the first take what comes. */
static void one_stalls(struct vif *vif)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	unsigned int i;

	while (now_ms() < end) {
		for (i = 1; i < vif->nr_queues; i++)
			vif_refill(&vif->queue[i]);
		vif_drop(vif);
		sleep_ms(1);
	}
	take_part(vif);
}

struct replies {
	const uint8_t *mac;
	unsigned int count;
};

static void count_reply(void *context, const struct frame *frame)
{
	struct replies *replies = context;

	replies->count += frame_is_arp_reply(frame->at, frame->length,
					     replies->mac);
}

static void offer(struct vif_queue *queue, unsigned int most)
{
	struct ring *rx = &queue->rx;

	while (rx->req_prod - rx->rsp_cons < most)
		rx_put(rx, queue->buffers.gref[rx->req_prod % SLOTS]);
}

/* Ask dom0, and offer never more than so many pages: what comes? */
static void offer_few(struct vif *vif, unsigned int most)
{
	struct replies replies = { .mac = vif->mac };
	struct vif_queue *queue = &vif->queue[0];
	uint64_t end = now_ms() + FEW_MS;

	while (replies.count < FEW_FRAMES && now_ms() < end &&
	       !report_failed()) {
		offer(queue, most);
		ring_push(&queue->rx);
		provoke(vif, 2);
		vif_receive(vif, count_reply, &replies);
	}
	if (replies.count < FEW_FRAMES)
		report_fail("with %u pages only %u frames came", most,
			    replies.count);
}

/* It does without scatter-gather's largest packets, but not without all. */
static void few_pages(struct vif *vif)
{
	static const unsigned int most[] = { 20, 5, 1 };
	unsigned int i;

	afresh(vif);
	for (i = 0; i < sizeof(most) / sizeof(most[0]); i++)
		offer_few(vif, most[i]);
	vif_works(vif);
}

/* A frontend of old, which sends no events for the pages that it offers. */
static void no_events(struct vif *vif)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	struct vif_queue *queue = &vif->queue[0];
	struct replies replies = { .mac = vif->mac };

	while (now_ms() < end) {
		/* Late enough for the queue to have been stopped. */
		if (queue->rx.req_prod - queue->rx.rsp_cons <= 8) {
			offer(queue, SLOTS);
			ring_push_quietly(&queue->rx);
		}
		provoke(vif, 32);
		vif_receive(vif, count_reply, &replies);
	}
	/* That is, the ring was filled more than once. */
	if (replies.count < 2 * SLOTS)
		report_fail("only %u frames came", replies.count);
	vif_works(vif);
}

/* A page now and then, always fewer than the next packet wants. */
static void miser(struct vif *vif)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	struct vif_queue *queue = &vif->queue[0];
	struct ring *rx = &queue->rx;

	while (now_ms() < end) {
		if (rx->req_prod - rx->rsp_cons < 2) {
			rx_put(rx, queue->buffers.gref[rx->req_prod % SLOTS]);
			ring_push(rx);
		}
		provoke(vif, 1);
		vif_drop(vif);
	}
	vif_works(vif);
}

static void run_away(struct vif *vif, uint32_t distance)
{
	struct ring *rx = &vif->queue[0].rx;
	uint32_t before;
	unsigned int i;

	vif_works(vif);
	before = rx->rsp_cons;
	ring_head(rx)->req_prod = rx->req_prod + distance;
	event_send(rx->event);
	/* What was offered before is good: more than that is wanted. */
	for (i = 0; i < 10; i++)
		nudge(vif, 32);
	sleep_ms(200);
	if (ring_head(rx)->rsp_prod - before > SLOTS)
		report_fail("an index %u off is served", distance);
	report_inexact();
	recover(vif);
}

static void rx_far_away(struct vif *vif)
{
	run_away(vif, 1u << 31);
}

static void rx_too_many(struct vif *vif)
{
	run_away(vif, SLOTS + 1);
}

/* Who writes the answers' index? */
static void rx_rsp_prod(struct vif *vif)
{
	static const uint32_t values[] = { 1, -1u, 1u << 31, 0x12345678 };
	struct ring *rx = &vif->queue[0].rx;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		vif_works(vif);
		ring_head(rx)->rsp_prod = rx->rsp_cons + values[i];
		ring_head(rx)->req_event = values[i];
		provoke(vif, 4);
		sleep_ms(100);
		afresh(vif);
		rx = &vif->queue[0].rx;
	}
	vif_works(vif);
}

/* The pages go while dom0 has them in hand. */
static void rx_revoked(struct vif *vif)
{
	unsigned int n;

	for (n = 0; n < 8; n++) {
		struct vif_queue *queue = &vif->queue[0];

		vif_refill(queue);
		provoke(vif, 64);
		pages_revoke(&queue->buffers);
		provoke(vif, 64);
		vif_drop(vif);
		pages_grant(&queue->buffers, SLOTS, DOM0, true);
	}
	report_inexact();
	recover(vif);
}

const struct hostile_case receive_cases[] = {
	{ "rx-bad-grefs", rx_bad_grefs },
	{ "rx-same", rx_same },
	{ "hoard", hoard },
	{ "one-stalls", one_stalls },
	{ "few-pages", few_pages },
	{ "no-events", no_events },
	{ "miser", miser },
	{ "rx-far-away", rx_far_away },
	{ "rx-too-many", rx_too_many },
	{ "rx-rsp-prod", rx_rsp_prod },
	{ "rx-revoked", rx_revoked },
	{ }
};
