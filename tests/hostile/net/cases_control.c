// SPDX-License-Identifier: GPL-2.0
/*
 * The control ring: what a guest may ask of the hash, and what it may not. And
 * what the filters and the hash do when all is in good order.
 */
#define XEN_NETIF_DEFINE_TOEPLITZ
#include <string.h>
#include "../report.h"
#include "cases.h"

#define KEY_MOST	40
#define MAPPING_MOST	128
#define OK		XEN_NETIF_CTRL_STATUS_SUCCESS
#define INVALID		XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER
#define NOT_SUPPORTED	XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED

#define ASK(type, a, b, c) \
	ctrl_ask(&vif->ctrl, XEN_NETIF_CTRL_TYPE_##type, a, b, c, NULL)

static void expect(int status, int wanted, const char *what)
{
	if (status != wanted)
		report_fail("%s: status %d, not %d", what, status, wanted);
}

static void refused(int status, const char *what)
{
	if (status == OK || status < 0)
		report_fail("%s: status %d", what, status);
}

static void set_up(struct vif *vif, unsigned int size)
{
	uint32_t *mapping = pages_at(&vif->data, 1);
	uint8_t *key = pages_at(&vif->data, 0);
	unsigned int i;

	for (i = 0; i < KEY_MOST; i++)
		key[i] = 7 * i + 1;
	for (i = 0; i < size; i++)
		mapping[i] = i % vif->nr_queues;
	expect(ASK(SET_HASH_ALGORITHM, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		   0, 0), OK, "Toeplitz");
	expect(ASK(SET_HASH_KEY, vif->data.gref[0], KEY_MOST, 0), OK, "a key");
	expect(ASK(SET_HASH_MAPPING_SIZE, size, 0, 0), OK, "a mapping's size");
	expect(ASK(SET_HASH_MAPPING, vif->data.gref[1], size, 0), OK,
	       "a mapping");
	expect(ASK(SET_HASH_FLAGS, XEN_NETIF_CTRL_HASH_TYPE_IPV4 |
		   XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP, 0, 0), OK, "flags");
}

/* Everything that is asked for in good order is done. */
static void ctrl_good(struct vif *vif)
{
	uint32_t data;

	/* Without an algorithm there are no flags. */
	expect(ASK(GET_HASH_FLAGS, 0, 0, 0), NOT_SUPPORTED, "flags of nothing");
	expect(ASK(SET_HASH_ALGORITHM, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		   0, 0), OK, "Toeplitz");
	expect(ctrl_ask(&vif->ctrl, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, 0, 0,
			&data), OK, "the flags there are");
	if (data != 15)
		report_fail("the flags are %x", data);
	expect(ctrl_ask(&vif->ctrl,
			XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE, 0, 0, 0,
			&data), OK, "the most of a mapping");
	if (data < MAPPING_MOST)
		report_fail("a mapping can have %u entries", data);
	set_up(vif, MAPPING_MOST);
	vif_works(vif);
	set_up(vif, 1);
	vif_works(vif);
}

static void ctrl_types(struct vif *vif)
{
	unsigned int type;

	for (type = 11; type < 65536; type += 1000 + type)
		expect(ctrl_ask(&vif->ctrl, type, 1, 2, 3, NULL), NOT_SUPPORTED,
		       "an unknown type");
	expect(ctrl_ask(&vif->ctrl, 0, 1, 2, 3, NULL), NOT_SUPPORTED,
	       "type 0");
	vif_works(vif);
}

static void ctrl_values(struct vif *vif)
{
	uint32_t *mapping = pages_at(&vif->data, 1);
	uint32_t gref = vif->data.gref[1];

	set_up(vif, MAPPING_MOST);
	refused(ASK(SET_HASH_FLAGS, 0xfffffff0, 0, 0), "unknown flags");
	refused(ASK(SET_HASH_ALGORITHM, 77, 0, 0), "an unknown algorithm");
	refused(ASK(SET_HASH_KEY, gref, KEY_MOST + 1, 0), "a long key");
	refused(ASK(SET_HASH_KEY, gref, UINT32_MAX, 0), "an endless key");
	refused(ASK(SET_HASH_KEY, GREF_MAX, KEY_MOST, 0), "no page for a key");
	refused(ASK(SET_HASH_MAPPING_SIZE, MAPPING_MOST + 1, 0, 0),
		"a large mapping");
	refused(ASK(SET_HASH_MAPPING_SIZE, UINT32_MAX, 0, 0),
		"an endless mapping");
	refused(ASK(SET_HASH_MAPPING, gref, 1, MAPPING_MOST),
		"behind the mapping's end");
	refused(ASK(SET_HASH_MAPPING, gref, 2, UINT32_MAX),
		"around the number's end");
	refused(ASK(SET_HASH_MAPPING, gref, UINT32_MAX, 2),
		"more than there is");
	refused(ASK(SET_HASH_MAPPING, GREF_BEYOND, 4, 0),
		"no page for a mapping");
	mapping[3] = vif->nr_queues;
	refused(ASK(SET_HASH_MAPPING, gref, 8, 0), "a queue too many");
	mapping[3] = UINT32_MAX;
	refused(ASK(SET_HASH_MAPPING, gref, 8, 0), "no such queue");
	vif_works(vif);
}

/* Nothing may remain of a mapping that is no longer there. */
static void ctrl_shrink(struct vif *vif)
{
	unsigned int size;

	for (size = MAPPING_MOST; size; size /= 2) {
		set_up(vif, size);
		refused(ASK(SET_HASH_MAPPING, vif->data.gref[1], 1, size),
			"one behind a smaller mapping");
		vif_works(vif);
	}
	ASK(SET_HASH_MAPPING_SIZE, 0, 0, 0);
	vif_works(vif);
	expect(ASK(SET_HASH_ALGORITHM, XEN_NETIF_CTRL_HASH_ALGORITHM_NONE, 0,
		   0), OK, "no hash");
	vif_works(vif);
}

/* The control ring's index runs off; data goes on, or the vif stops. */
static void ctrl_away(struct vif *vif)
{
	unsigned int before;

	set_up(vif, 4);
	before = vif->ctrl.rsp_cons;
	ring_head(&vif->ctrl)->req_prod = vif->ctrl.req_prod + (1u << 31);
	event_send(vif->ctrl.event);
	sleep_ms(300);
	if (ring_head(&vif->ctrl)->rsp_prod - before > CTRL_SLOTS)
		report_fail("more is answered than the ring holds");
	recover(vif);
}

/* As many as fit, over and over. */
static void ctrl_flood(struct vif *vif)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	unsigned int i;

	set_up(vif, 4);
	while (now_ms() < end && !report_failed())
		for (i = 0; i < CTRL_SLOTS; i++)
			expect(ASK(SET_HASH_KEY, vif->data.gref[0], KEY_MOST,
				   0), OK, "a key");
	vif_works(vif);
}

/* What the hash should be, and where what has it should come. */
struct steering {
	const uint8_t *key;
	const uint32_t *mapping;
	unsigned int size;
	unsigned int seen;
	unsigned int queues;
};

/* The test sends datagrams to us meanwhile. */
static void check_hash(void *context, const struct frame *frame)
{
	struct steering *steering = context;
	uint32_t hash, told;

	if (frame->length < 42 || frame->at[12] != 8 || frame->at[13] ||
	    frame->at[23] != 17)
		return;
	hash = xen_netif_toeplitz_hash(steering->key, KEY_MOST, frame->at + 26,
				       8);
	memcpy(&told, frame->hash.u.hash.value, sizeof(told));
	if (!frame->hashed)
		report_fail("a datagram without a hash");
	else if (frame->hash.u.hash.type != _XEN_NETIF_CTRL_HASH_TYPE_IPV4 ||
		 told != hash)
		report_fail("hash %x of type %u, not %x", told,
			    frame->hash.u.hash.type, hash);
	else if (steering->mapping[hash % steering->size] != frame->queue)
		report_fail("hash %x came to queue %u, not %u", hash,
			    frame->queue,
			    steering->mapping[hash % steering->size]);
	steering->seen++;
	steering->queues |= 1u << frame->queue;
}

static void hash_steers(struct vif *vif)
{
	struct steering steering = {
		.key = pages_at(&vif->data, 0),
		.mapping = pages_at(&vif->data, 1),
		.size = MAPPING_MOST,
	};
	uint64_t end, patience;
	unsigned int i;

	set_up(vif, MAPPING_MOST);
	vif_works(vif);
	/* Page 0 was the question's; what came meanwhile was steered anyhow. */
	set_up(vif, MAPPING_MOST);
	sleep_ms(200);
	vif_drop(vif);
	/* A busy dom0 may take its time. */
	end = now_ms() + options.seconds * 1000ULL;
	patience = end + ANSWER_MS;
	while (now_ms() < end ||
	       (steering.queues != 3 && now_ms() < patience &&
		!report_failed())) {
		vif_receive(vif, check_hash, &steering);
		for (i = 0; i < vif->nr_queues; i++)
			vif_refill(&vif->queue[i]);
		sleep_ms(1);
	}
	report_note("%u datagrams on queues %x", steering.seen,
		    steering.queues);
	if (steering.seen < 16 || steering.queues != 3)
		report_fail("%u datagrams came, on queues %x", steering.seen,
			    steering.queues);
}

/* How many datagrams to each of two groups have come. */
static void count_groups(void *context, const struct frame *frame)
{
	static const uint8_t prefix[5] = { 1, 0, 0x5e, 0, 0 };
	unsigned int *count = context;

	if (!memcmp(frame->at, prefix, 5) && frame->at[5] / 2 == 0)
		count[frame->at[5]]++;
}

/* A busy dom0 may take its time with those of the group that is wanted. */
static void listen_to_groups(struct vif *vif, unsigned int *count, int wanted)
{
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	uint64_t patience = end + ANSWER_MS;

	/* What is on its way may arrive. */
	sleep_ms(100);
	vif_drop(vif);
	memset(count, 0, 2 * sizeof(*count));
	while (now_ms() < end || (wanted >= 0 && !count[wanted] &&
				  now_ms() < patience)) {
		vif_refill(&vif->queue[0]);
		vif_receive(vif, count_groups, count);
		sleep_ms(1);
	}
}

static void want_group(struct vif *vif, unsigned int type, unsigned int group)
{
	uint8_t address[6] = { 1, 0, 0x5e, 0, 0, group };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int id;

	id = tx_put(tx, NETTXF_extra_info, 0, 0, 0);
	tx_extra(tx, type, 0, address);
	tx_finish(tx);
	if (tx->status[id] != NETIF_RSP_OKAY)
		report_fail("group %u: status %d", group, tx->status[id]);
}

/* The test sends to groups 0 and 1 meanwhile; we asked for a filter. */
static void mcast_filter(struct vif *vif)
{
	unsigned int none[2], one[2], other[2];

	vif_works(vif);
	listen_to_groups(vif, none, -1);
	want_group(vif, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 1);
	listen_to_groups(vif, one, 1);
	want_group(vif, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 1);
	want_group(vif, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 0);
	listen_to_groups(vif, other, 0);
	report_note("none %u %u, group 1 %u %u, group 0 %u %u", none[0],
		    none[1], one[0], one[1], other[0], other[1]);
	if (none[0] || none[1] || one[0] || !one[1] || !other[0] || other[1])
		report_fail("none %u %u, group 1 %u %u, group 0 %u %u",
			    none[0], none[1], one[0], one[1], other[0],
			    other[1]);
	vif_works(vif);
}

const struct hostile_case control_cases[] = {
	{ "ctrl-good", ctrl_good },
	{ "ctrl-types", ctrl_types },
	{ "ctrl-values", ctrl_values },
	{ "ctrl-shrink", ctrl_shrink },
	{ "ctrl-away", ctrl_away },
	{ "ctrl-flood", ctrl_flood },
	{ "hash-steers", hash_steers },
	{ "mcast-filter", mcast_filter },
	{ }
};
