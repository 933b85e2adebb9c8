// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with the rings themselves, and with what xenstore says of
 * them.
 */
#include "../random.h"
#include "../report.h"
#include "../store.h"
#include "cases.h"

static void run_away(struct vif *vif, uint32_t distance)
{
	struct ring *tx = &vif->queue[0].tx;

	vif_works(vif);
	ring_head(tx)->req_prod = tx->req_prod + distance;
	event_send(tx->event);
	sleep_ms(150);
	if (ring_head(tx)->rsp_prod != tx->rsp_cons)
		report_fail("an index %u off is served", distance);
	must_stop(vif);
	recover(vif);
}

static void one_too_many(struct vif *vif)
{
	run_away(vif, SLOTS + 1);
}

static void far_away(struct vif *vif)
{
	run_away(vif, 1u << 31);
}

static void backwards(struct vif *vif)
{
	run_away(vif, -1u);
}

/* Both event indices, and the backend's own, are garbage. */
static void indices(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	struct random random;
	unsigned int i, n;

	random_seed(&random, options.seed);
	for (i = 0; i < 30; i++) {
		for (n = 0; n < SLOTS / 2; n++)
			tx_put(tx, 0, 64, 0, vif->data.gref[n % DATA_PAGES]);
		ring_head(tx)->req_event = random_next(&random);
		ring_head(tx)->rsp_event = random_next(&random);
		tx_finish(tx);
	}
	vif_works(vif);
}

static void channel_closed(struct vif *vif)
{
	unsigned int n;

	for (n = 0; n < 64; n++)
		tx_put(&vif->queue[0].tx, 0, 64, 0, vif->data.gref[0]);
	ring_push(&vif->queue[0].tx);
	event_close(&vif->queue[0].event[0]);
	sleep_ms(50);
	report_inexact();
	recover(vif);
}

static void ring_revoked(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int n;

	for (n = 0; n < 64; n++)
		tx_put(tx, 0, 64, 0, vif->data.gref[0]);
	ring_push(tx);
	pages_revoke(&tx->pages);
	pages_revoke(&vif->queue[0].rx.pages);
	event_send(tx->event);
	sleep_ms(100);
	report_inexact();
	recover(vif);
}

/* An offer whose @node has @value is refused, or at least harmless. */
static void bad_offer(struct vif *vif, const char *node, uint32_t value)
{
	if (!frontend_invite(&vif->end))
		return;
	vif_offer(vif);
	frontend_write(&vif->end, "", node, value);
	if (vif_try(vif))
		report_fail("%s is %u, and that is taken", node, value);
	vif_close(vif);
}

static void bad_refs(struct vif *vif)
{
	bad_offer(vif, "tx-ring-ref", GREF_BEYOND);
	bad_offer(vif, "rx-ring-ref", GREF_MAX);
	bad_offer(vif, "event-channel", 4000);
	if (vif_connect(vif))
		vif_works(vif);
}

static void bad_ctrl(struct vif *vif)
{
	bad_offer(vif, "ctrl-ring-ref", GREF_BEYOND);
	bad_offer(vif, "event-channel-ctrl", 4000);
	if (vif_connect(vif))
		vif_works(vif);
}

/* One page is both rings. */
static void shared_ring(struct vif *vif)
{
	if (!frontend_invite(&vif->end))
		return;
	vif_offer(vif);
	frontend_write(&vif->end, "", "rx-ring-ref", vif->queue[0].tx.pages.gref[0]);
	report_inexact();
	if (vif_try(vif)) {
		tx_put(&vif->queue[0].tx, 0, 64, 0, vif->data.gref[0]);
		ring_push(&vif->queue[0].tx);
		sleep_ms(100);
	}
	recover(vif);
}

/* States in any order, faster than anybody can follow. */
static void state_walk(struct vif *vif)
{
	static const int states[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 4711 };
	struct random random;
	unsigned int i;

	random_seed(&random, options.seed);
	for (i = 0; i < options.requests; i++) {
		frontend_go(&vif->end, states[random_below(&random, 11)]);
		tally.other++;
		if (random_once_in(&random, 4))
			sleep_ms(1);
	}
	recover(vif);
}

/* Connected and Closed in turn. */
static void toggle(struct vif *vif)
{
	unsigned int i;

	for (i = 0; i < options.requests; i++) {
		frontend_go(&vif->end, CLOSED);
		frontend_go(&vif->end, INITIALISING);
		frontend_go(&vif->end, CONNECTED);
		tally.other += 3;
		if (i % 5 == 4)
			sleep_ms(2);
	}
	recover(vif);
}

static void directory_removed(struct vif *vif)
{
	unsigned int n;

	for (n = 0; n < 64; n++)
		tx_put(&vif->queue[0].tx, 0, 64, 0, vif->data.gref[0]);
	ring_push(&vif->queue[0].tx);
	store_remove(vif->end.store, vif->end.front);
	sleep_ms(200);
	report_inexact();
	vif->gone = true;
}

const struct hostile_case ring_cases[] = {
	{ "one-too-many", one_too_many },
	{ "far-away", far_away },
	{ "backwards", backwards },
	{ "indices", indices },
	{ "channel-closed", channel_closed },
	{ "ring-revoked", ring_revoked },
	{ "bad-refs", bad_refs, .apart = true },
	{ "bad-ctrl", bad_ctrl, .apart = true },
	{ "shared-ring", shared_ring, .apart = true },
	{ "state-walk", state_walk },
	{ "toggle", toggle },
	{ "directory-removed", directory_removed },
	{ }
};
