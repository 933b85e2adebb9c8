// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with the slots of a packet that the guest sends.
 */
#include <string.h>
#include "../report.h"
#include "cases.h"
#include "frame.h"

/* The most slots that a backend must take, and where it may lose patience. */
#define SLOTS_PROMISED	18
#define SLOTS_FATAL	20

/* What Xen's tools have in a guest's grant table. */
#define GREF_CONSOLE	0

/* Nobody's address, so that dom0 drops what gets through. */
static void fill(struct vif *vif)
{
	uint8_t *at;
	unsigned int i;

	for (i = 0; i < DATA_PAGES; i++) {
		at = pages_at(&vif->data, i);
		memset(at, 0x5a, PAGE_SIZE);
		memset(at, 2, 6);
		memcpy(at + 6, vif->mac, 6);
		at[12] = 0x88;
		at[13] = 0xb5;
	}
}

/* @nr slots of @size bytes each, as one packet. */
static void put_chain(struct vif *vif, unsigned int nr, unsigned int size)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i;

	for (i = 0; i < nr; i++)
		tx_put(tx, i + 1 < nr ? NETTXF_more_data : 0,
		       i ? size : nr * size, 0,
		       vif->data.gref[i % DATA_PAGES]);
}

/* All that was put must be refused, and the vif works on. */
static void must_refuse(struct vif *vif, unsigned int nr, const char *what)
{
	uint64_t before = tally.errors;

	tally.malformed += nr;
	tx_finish(&vif->queue[0].tx);
	if (tally.errors - before != nr)
		report_fail("%s: %u of %u slots were refused", what,
			    (unsigned int)(tally.errors - before), nr);
}

/* Each slot is answered, and the vif works on. */
static void must_answer(struct vif *vif)
{
	tx_finish(&vif->queue[0].tx);
	vif_works(vif);
}

static void stops(struct vif *vif)
{
	must_stop(vif);
	recover(vif);
}

static void cross_page(struct vif *vif)
{
	vif_works(vif);
	fill(vif);
	tx_put(&vif->queue[0].tx, 0, 100, PAGE_SIZE - 99, vif->data.gref[0]);
	stops(vif);
}

/* An offset that is beyond the page, so that the sum overflows. */
static void far_offset(struct vif *vif)
{
	vif_works(vif);
	tx_put(&vif->queue[0].tx, NETTXF_more_data, 200, 0, vif->data.gref[0]);
	tx_put(&vif->queue[0].tx, 0, 100, 0xffff, vif->data.gref[1]);
	stops(vif);
}

static void endless(struct vif *vif)
{
	unsigned int i;

	vif_works(vif);
	for (i = 0; i < SLOTS - 8; i++)
		tx_put(&vif->queue[0].tx, NETTXF_more_data, i ? 100 : 60000, 0,
		       vif->data.gref[0]);
	stops(vif);
}

static void unfinished(struct vif *vif)
{
	vif_works(vif);
	tx_put(&vif->queue[0].tx, NETTXF_more_data, 200, 0, vif->data.gref[0]);
	stops(vif);
}

static void too_many(struct vif *vif)
{
	vif_works(vif);
	fill(vif);
	put_chain(vif, SLOTS_FATAL + 1, 100);
	stops(vif);
}

static void extra_missing(struct vif *vif)
{
	vif_works(vif);
	tx_put(&vif->queue[0].tx, NETTXF_extra_info, 200, 0, vif->data.gref[0]);
	stops(vif);
}

static void put_with_extra(struct vif *vif, unsigned int type)
{
	static const uint16_t content[3];

	tx_put(&vif->queue[0].tx, NETTXF_extra_info, 200, 0, vif->data.gref[0]);
	tx_extra(&vif->queue[0].tx, type, 0, content);
}

static void extra_none(struct vif *vif)
{
	vif_works(vif);
	put_with_extra(vif, XEN_NETIF_EXTRA_TYPE_NONE);
	stops(vif);
}

static void extra_unknown(struct vif *vif)
{
	vif_works(vif);
	put_with_extra(vif, 99);
	stops(vif);
}

/* Extra information that says that more follows, without end. */
static void extra_endless(struct vif *vif)
{
	static const uint16_t content[3] = { 1448, XEN_NETIF_GSO_TYPE_TCPV4 };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i;

	vif_works(vif);
	tx_put(tx, NETTXF_extra_info, 200, 0, vif->data.gref[0]);
	for (i = 0; i < SLOTS - 10; i++)
		tx_extra(tx, XEN_NETIF_EXTRA_TYPE_GSO, XEN_NETIF_EXTRA_FLAG_MORE,
			 content);
	stops(vif);
}

/* Left as it is, so that the test can look at what dom0 says of it. */
static void stay_stopped(struct vif *vif)
{
	vif_works(vif);
	tx_put(&vif->queue[0].tx, 0, 100, PAGE_SIZE - 99, vif->data.gref[0]);
	must_stop(vif);
	vif->gone = true;
}

/* Refused, each slot, and the vif goes on. */
static void short_frames(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int size;

	fill(vif);
	for (size = 0; size < 14; size++)
		tx_put(tx, 0, size, 0, vif->data.gref[0]);
	must_refuse(vif, 14, "shorter than a header");
	vif_works(vif);
}

/* A part is longer than the whole. */
static void long_parts(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;

	tx_put(tx, NETTXF_more_data, 200, 0, vif->data.gref[0]);
	tx_put(tx, 0, 300, 0, vif->data.gref[1]);
	must_refuse(vif, 2, "one part too long");
	tx_put(tx, NETTXF_more_data, 1000, 0, vif->data.gref[0]);
	tx_put(tx, NETTXF_more_data, 500, 0, vif->data.gref[1]);
	tx_put(tx, NETTXF_more_data, 4096, 0, vif->data.gref[2]);
	tx_put(tx, 0, 10, 0, vif->data.gref[3]);
	must_refuse(vif, 4, "the third part too long");
	vif_works(vif);
}

static void many_slots(struct vif *vif)
{
	fill(vif);
	put_chain(vif, SLOTS_PROMISED + 1, 100);
	must_refuse(vif, SLOTS_PROMISED + 1, "one slot more than promised");
	put_chain(vif, SLOTS_PROMISED, 100);
	must_answer(vif);
	if (tally.errors != SLOTS_PROMISED + 1)
		report_fail("as many slots as promised are refused");
}

/* Parts of one byte, or none. */
static void tiny_parts(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i, n;

	fill(vif);
	for (n = 0; n < 8; n++) {
		for (i = 0; i < SLOTS_PROMISED; i++)
			tx_put(tx, i + 1 < SLOTS_PROMISED ? NETTXF_more_data : 0,
			       i ? n % 2 : 100 + 17 * (n % 2), n,
			       vif->data.gref[i]);
		must_answer(vif);
	}
}

/* Each kind of bad reference, first, last and amid a packet. */
static void bad_grefs(struct vif *vif)
{
	struct pages foreign, revoked;
	uint32_t bad[5] = { GREF_BEYOND, GREF_MAX, GREF_CONSOLE };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int kind, place, i;

	pages_grant(&foreign, 1, NOBODY, true);
	pages_grant(&revoked, 1, DOM0, true);
	bad[3] = foreign.gref[0];
	bad[4] = revoked.gref[0];
	pages_revoke(&revoked);
	fill(vif);
	for (kind = 0; kind < 5; kind++)
		for (place = 0; place < 4; place++) {
			for (i = 0; i < 4; i++)
				tx_put(tx, i < 3 ? NETTXF_more_data : 0,
				       i ? 1000 : 4000, 0, i == place ?
				       bad[kind] : vif->data.gref[i]);
			/* Whoever reads the console's page, may. */
			if (bad[kind] == GREF_CONSOLE)
				tx_finish(tx);
			else
				must_refuse(vif, 4, "a bad reference");
		}
	/* Good ones around a bad one get through. */
	for (i = 0; i < 64; i++)
		tx_put(tx, 0, 200, 0, i % 4 ? vif->data.gref[i % DATA_PAGES] :
		       GREF_MAX);
	must_refuse(vif, 16, "every fourth reference bad");
	pages_revoke(&foreign);
	vif_works(vif);
}

/* The same ids and the same page, as often as there are slots. */
static void same_page(struct vif *vif)
{
	unsigned int i, n;

	fill(vif);
	for (n = 0; n < 8; n++) {
		for (i = 0; i < SLOTS; i++)
			tx_put(&vif->queue[0].tx, 0, 1514, i, vif->data.gref[0]);
		must_answer(vif);
	}
}

/* The packet is the ring itself, which changes meanwhile. */
static void own_ring(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i;

	for (i = 0; i < 64; i++)
		tx_put(tx, 0, 4096, 0, tx->pages.gref[0]);
	must_answer(vif);
}

const struct hostile_case packet_cases[] = {
	{ "cross-page", cross_page },
	{ "far-offset", far_offset },
	{ "endless", endless },
	{ "unfinished", unfinished },
	{ "too-many", too_many },
	{ "extra-missing", extra_missing },
	{ "extra-none", extra_none },
	{ "extra-unknown", extra_unknown },
	{ "extra-endless", extra_endless },
	{ "stay-stopped", stay_stopped },
	{ "short", short_frames },
	{ "long-parts", long_parts },
	{ "many-slots", many_slots },
	{ "tiny-parts", tiny_parts },
	{ "bad-grefs", bad_grefs },
	{ "same-page", same_page },
	{ "own-ring", own_ring },
	{ }
};
