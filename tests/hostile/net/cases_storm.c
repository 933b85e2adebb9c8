// SPDX-License-Identifier: GPL-2.0
/*
 * Much at once: events without end, and bytes that change while the backend
 * looks at them.
 */
#include <pthread.h>
#include <string.h>
#include "../random.h"
#include "../report.h"
#include "cases.h"

#define THREADS_MOST	8
#define BURST		1024

struct helper {
	pthread_t thread;
	struct vif *vif;
	volatile bool *stop;
	struct random random;
	uint64_t count;
};

static void *send_events(void *data)
{
	struct helper *helper = data;
	struct vif_queue *queue = &helper->vif->queue[0];

	while (!*helper->stop) {
		event_send(queue->tx.event);
		event_send(queue->rx.event);
		event_send(&helper->vif->ctrl_event);
		helper->count += 3;
	}
	return NULL;
}

/* Fields of slots become right or wrong; ids stay. */
static void *flip(void *data)
{
	struct helper *helper = data;
	struct vif *vif = helper->vif;
	struct ring *tx = &vif->queue[0].tx;
	volatile uint8_t *page;
	uint64_t dice;
	unsigned int i;

	while (!*helper->stop) {
		for (i = 0; i < BURST; i++) {
			volatile struct netif_tx_request *slot =
				ring_slot(tx, i % SLOTS);

			dice = random_next(&helper->random);
			switch (dice & 7) {
			case 0:
				slot->size = dice >> 16 & (dice & 8 ? 0xffff :
							   0x7ff);
				break;
			case 1:
				slot->offset = dice >> 16 & 0x7ff;
				break;
			case 2:
				slot->flags = dice >> 16 & 3;
				break;
			case 3:
				slot->gref = vif->data.gref[(dice >> 16) %
							    DATA_PAGES];
				break;
			default:
				page = pages_at(&vif->data, (dice >> 8) %
						DATA_PAGES);
				page[12 + (dice >> 16) % 64] = dice >> 24;
			}
		}
		helper->count += BURST;
	}
	return NULL;
}

/* Until @end, or until @work says that there is nothing more to do. */
static void with_helpers(struct vif *vif, uint64_t end,
			 void *(*what)(void *data),
			 bool (*work)(struct vif *vif))
{
	struct helper helper[THREADS_MOST];
	volatile bool stop = false;
	unsigned int i;

	memset(helper, 0, sizeof(helper));
	for (i = 0; i < options.threads; i++) {
		helper[i].vif = vif;
		helper[i].stop = &stop;
		random_seed(&helper[i].random, options.seed + i);
		if (pthread_create(&helper[i].thread, NULL, what, &helper[i]))
			die("cannot start a thread");
	}
	while (now_ms() < end && !report_failed() && work(vif))
		;
	stop = true;
	for (i = 0; i < options.threads; i++) {
		pthread_join(helper[i].thread, NULL);
		tally.other += helper[i].count;
	}
}

static uint64_t later(void)
{
	return now_ms() + options.seconds * 1000ULL;
}

static bool no_work(struct vif *vif)
{
	sleep_ms(50);
	return true;
}

static bool some_work(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		tx_put(tx, 0, i % 3 ? 64 : 5, 0, vif->data.gref[i % DATA_PAGES]);
	tx_finish(tx);
	vif_refill(&vif->queue[0]);
	vif_drop(vif);
	return true;
}

static void storm(struct vif *vif)
{
	with_helpers(vif, later(), send_events, no_work);
	vif_works(vif);
}

static void storm_with_work(struct vif *vif)
{
	with_helpers(vif, later(), send_events, some_work);
	vif_works(vif);
}

/* What is answered is anybody's guess; false when the vif has stopped. */
static bool flipped_work(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	uint64_t end = now_ms() + 300;
	unsigned int i;

	for (i = 0; i < SLOTS / 2; i++)
		tx_put(tx, i % 4 ? NETTXF_more_data : 0, i % 4 ? 60 : 400, 0,
		       vif->data.gref[i % DATA_PAGES]);
	ring_push(tx);
	while (ring_head(tx)->rsp_prod != tx->req_prod && now_ms() < end)
		sleep_ms(1);
	tally.responses += ring_head(tx)->rsp_prod - tx->rsp_cons;
	tx->rsp_cons = ring_head(tx)->rsp_prod;
	ring_forget(tx);
	return tx->rsp_cons == tx->req_prod;
}

static void flippers(struct vif *vif)
{
	uint64_t end = later();
	unsigned int stops = 0;

	report_inexact();
	while (now_ms() < end && !report_failed()) {
		with_helpers(vif, end, flip, flipped_work);
		if (now_ms() < end && vif_close(vif) && vif_connect(vif))
			stops++;
	}
	report_note("stopped %u times", stops);
	recover(vif);
}

/* A packet of @parts; its total may be smaller than it says elsewhere. */
static void put_random(struct vif *vif, struct random *random,
		       unsigned int parts)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int size[18], total = 0, flags = 0, i;

	for (i = 0; i < parts; i++) {
		size[i] = random_below(random, 3000);
		total += size[i];
	}
	size[0] = random_once_in(random, 8) ? random_below(random, total + 1) :
		  total;
	/* What is left for the first part must lie in its page. */
	if (parts == 1 && size[0] > 3000)
		size[0] = 3000;
	if (random_once_in(random, 3))
		flags = NETTXF_csum_blank;
	for (i = 0; i < parts; i++) {
		if (i + 1 < parts)
			flags |= NETTXF_more_data;
		tx_put(tx, flags, size[i], random_below(random, 1000),
		       random_once_in(random, 20) ? GREF_MAX :
		       vif->data.gref[random_below(random, DATA_PAGES)]);
		flags = 0;
	}
}

/* Packets of all shapes, good and bad ones mixed, none that stops the vif. */
static void walk(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	struct random random;
	unsigned int n;

	random_seed(&random, options.seed);
	for (n = 0; n < options.requests && !report_failed(); n++) {
		put_random(vif, &random, 1 + random_below(&random,
			   random_once_in(&random, 4) ? 18 : 3));
		if (tx->req_prod - tx->rsp_cons > SLOTS - 20 ||
		    random_once_in(&random, 10))
			tx_finish(tx);
	}
	tx_finish(tx);
	vif_works(vif);
}

const struct hostile_case storm_cases[] = {
	{ "storm", storm },
	{ "storm-with-work", storm_with_work },
	{ "flippers", flippers },
	{ "walk", walk },
	{ }
};
