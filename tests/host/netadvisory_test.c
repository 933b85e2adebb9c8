// SPDX-License-Identifier: GPL-2.0
/*
 * Xen's security advisories that concern a network backend, as far as what they
 * are about is a function of its arguments. docs/security.md has the list;
 * tests/advisories shows that each test fails without the rule it is about.
 */
#include <linux/compiler.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <stdio.h>
#include <stdlib.h>
#include "control.h"
#include "packet.h"
#include "slots.h"
#include "test.h"
#include "follow.h"

#define FATAL		20
#define ROOM		1664
#define MAX_PAGES	17
#define RING		256
#define QUEUES		4

#define MORE_DATA	4
#define EXTRA_INFO	8

static union netif_tx_slot *chain;
static unsigned int nr;

static int setup(void **state)
{
	chain = calloc(RING, sizeof(*chain));
	nr = 0;
	return !chain;
}

static int teardown(void **state)
{
	free(chain);
	return 0;
}

static void add_data(unsigned int offset, unsigned int size, unsigned int flags)
{
	chain[nr].request.gref = nr + 1;
	chain[nr].request.offset = offset;
	chain[nr].request.flags = flags;
	chain[nr].request.id = nr;
	chain[nr++].request.size = size;
}

static void add_extra(u8 type, bool more)
{
	chain[nr].extra.type = type;
	chain[nr].extra.flags = more;
	chain[nr].extra.gso.size = 1460;
	chain[nr++].extra.gso.type = NETIF_GSO_TCPV4;
}

/* A chain of slots of these sizes. */
static void add_chain(const unsigned int *size, unsigned int slots)
{
	unsigned int i, total = 0;

	for (i = 0; i < slots; i++)
		total += size[i];
	for (i = 0; i < slots; i++)
		add_data(0, i ? size[i] : total,
			 i + 1 < slots ? MORE_DATA : 0);
}

static struct vif_packet packet;

/* Out of memory that ends where the announcement does. */
static enum vif_verdict parse(unsigned int announced)
{
	union netif_tx_slot *slots = malloc(announced * sizeof(*slots));
	enum vif_verdict verdict;

	memcpy(slots, chain, announced * sizeof(*slots));
	verdict = vif_packet_parse(&packet, slots, announced, FATAL);
	free(slots);
	return verdict;
}

/* Each byte in its place, each page with bytes, no array left behind. */
static void follow(void)
{
	follow_bytes(&packet, chain, ROOM, MAX_PAGES);
	follow_bytes(&packet, chain, VIF_HEAD_LEAST, MAX_PAGES);
}

/* XSA-39: chains of nonsense end, and what is not fatal is answered whole. */
static void net_xsa_39_chains(void **state)
{
	unsigned int cut;

	/* A chain that goes on behind what was announced. */
	while (nr < RING)
		add_data(0, 100, MORE_DATA);
	for (cut = 1; cut <= RING; cut++)
		assert_true(parse(cut) >= VIF_FATAL);
	/* Extra information without end. */
	nr = 1;
	chain[0].request.flags = EXTRA_INFO;
	while (nr < RING)
		add_extra(NETIF_EXTRA_HASH, true);
	for (cut = 1; cut <= RING; cut++)
		assert_true(parse(cut) >= VIF_FATAL);
	/* Too many slots, but not many too many: an old frontend's mistake. */
	for (cut = NETIF_MIN_SLOTS + 1; cut <= FATAL; cut++) {
		unsigned int size[FATAL] = { 0 };

		size[0] = 1000;
		nr = 0;
		add_chain(size, cut);
		add_data(0, 100, 0);
		assert_int_equal(parse(nr), VIF_TOO_MANY_SLOTS);
		assert_int_equal(packet.nr_slots, cut);
	}
}

/* XSA-39: a part that does not lie in its page is never copied. */
static void net_xsa_39_pages(void **state)
{
	static const u16 edges[] = { 0, 1, 14, 2048, 4082, 4095, 4096, 4097,
				     0x8000, 0xfff0, 0xffff };
	unsigned int o, s, at;

	for (at = 0; at < 3; at++)
		for (o = 0; o < ARRAY_SIZE(edges); o++)
			for (s = 0; s < ARRAY_SIZE(edges); s++) {
				nr = 0;
				if (at)
					add_data(0, 0xffff, MORE_DATA);
				if (at == 2)
					add_data(0, 0, MORE_DATA);
				add_data(edges[o], edges[s], 0);
				if (parse(nr) == VIF_GOOD)
					follow();
				else
					assert_true(edges[o] + edges[s] > 4096 ||
						    edges[s] < ETH_HLEN || at);
				if (edges[o] + edges[s] > 4096)
					assert_int_equal(packet.verdict,
							 VIF_CROSSES_PAGE);
			}
}

static struct netif_ctrl_request request;
static struct vif_control_fetch fetch;
static struct vif_hash hash, before;

static u32 control(u16 type, u32 first, u32 second, u32 third)
{
	request = (struct netif_ctrl_request){
		.id = 1, .type = type, .data = { first, second, third },
	};
	before = hash;
	return vif_control_check(&request, &hash, &fetch);
}

/* XSA-270: no entry is written outside of the mapping. */
static void net_xsa_270_bounds(void **state)
{
	static const u32 edges[] = { 0, 1, 99, 100, 101, 127, 128, 129,
				     0x40000000, 0x7fffffff, 0x80000000,
				     0xffffff80, 0xfffffffe, 0xffffffff };
	u32 entries[VIF_HASH_MAPPING] = { 0 }, data;
	unsigned int n, f;

	vif_hash_init(&hash);
	assert_int_equal(control(NETIF_CTRL_SET_HASH_MAPPING_SIZE, 129, 0, 0),
			 NETIF_CTRL_INVALID_PARAMETER);
	hash.mapping_size = 100;
	for (n = 0; n < ARRAY_SIZE(edges); n++)
		for (f = 0; f < ARRAY_SIZE(edges); f++) {
			u32 status = control(NETIF_CTRL_SET_HASH_MAPPING, 1,
					     edges[n], edges[f]);
			bool good = (u64)edges[n] + edges[f] <= 100;

			assert_int_equal(status == NETIF_CTRL_SUCCESS, good);
			if (!good) {
				assert_int_equal(fetch.bytes, 0);
				continue;
			}
			assert_int_equal(fetch.bytes, 4 * edges[n]);
			assert_int_equal(vif_control_apply(&request, &hash,
							   entries, QUEUES,
							   &data),
					 NETIF_CTRL_SUCCESS);
		}
	for (n = 41; n; n <<= 1)
		assert_int_equal(control(NETIF_CTRL_SET_HASH_KEY, 1, n, 0),
				 NETIF_CTRL_BUFFER_OVERFLOW);
}

/* XSA-270: all entries are looked at before the first one is used. */
static void net_xsa_270_entries(void **state)
{
	u32 entries[VIF_HASH_MAPPING], data, at;

	vif_hash_init(&hash);
	hash.mapping_size = VIF_HASH_MAPPING;
	for (at = 0; at < VIF_HASH_MAPPING; at++) {
		memset(entries, 0, sizeof(entries));
		entries[0] = 1;
		entries[at] = QUEUES;
		assert_int_equal(control(NETIF_CTRL_SET_HASH_MAPPING, 1,
					 VIF_HASH_MAPPING, 0),
				 NETIF_CTRL_SUCCESS);
		assert_int_equal(vif_control_apply(&request, &hash, entries,
						   QUEUES, &data),
				 NETIF_CTRL_INVALID_PARAMETER);
		assert_memory_equal(&hash, &before, sizeof(hash));
	}
	/* And an old mapping names no queue that is gone. */
	for (at = 0; at < VIF_HASH_MAPPING; at++)
		hash.mapping[at] = QUEUES - 1;
	assert_int_equal(vif_hash_queue(&hash, 77, 1), 0);
}

/*
 * XSA-423: the pieces that the head is made of are in order, so that it can be
 * given what its least is; and no packet that is shorter goes elsewhere.
 */
static void net_xsa_423(void **state)
{
	unsigned int first, slots, i, size[NETIF_MIN_SLOTS];

	for (first = 0; first <= 60; first++)
		for (slots = 2; slots <= NETIF_MIN_SLOTS; slots++) {
			struct vif_layout layout;

			for (i = 0; i < slots; i++)
				size[i] = i ? 1 : first;
			nr = 0;
			add_chain(size, slots);
			if (parse(nr) != VIF_GOOD) {
				assert_true(first + slots - 1 < ETH_HLEN);
				continue;
			}
			vif_packet_layout(&layout, &packet, chain, ROOM,
					  MAX_PAGES);
			assert_int_equal(layout.head, packet.size);
			follow();
		}
}

/* XSA-432: every number of slots with every length, without any overrun. */
static void net_xsa_432(void **state)
{
	unsigned int slots, length, i, size[FATAL + 4];

	for (slots = 1; slots <= ARRAY_SIZE(size); slots++)
		for (length = 0; length <= 200; length++) {
			/* As even as can be; then all in the last slot. */
			for (i = 0; i < slots; i++)
				size[i] = length / slots +
					  (i < length % slots);
			nr = 0;
			add_chain(size, slots);
			assert_int_equal(parse(nr) == VIF_GOOD,
					 slots <= NETIF_MIN_SLOTS &&
					 length >= ETH_HLEN);
			if (packet.verdict == VIF_GOOD)
				follow();
			memset(size, 0, sizeof(size));
			size[slots - 1] = length;
			nr = 0;
			add_chain(size, slots);
			if (parse(nr) == VIF_GOOD)
				follow();
		}
	/* The largest table: full slots, each cut by the page before. */
	for (i = 0; i < NETIF_MIN_SLOTS; i++)
		size[i] = 3640;
	nr = 0;
	add_chain(size, NETIF_MIN_SLOTS);
	assert_int_equal(parse(nr), VIF_GOOD);
	follow();
}

/* XSA-448: empty slots, anywhere, become no empty pages. */
static void net_xsa_448(void **state)
{
	unsigned int mask, i, size[NETIF_MIN_SLOTS];
	struct vif_layout layout;

	for (mask = 0; mask < 1u << NETIF_MIN_SLOTS; mask++) {
		for (i = 0; i < NETIF_MIN_SLOTS; i++)
			size[i] = mask & 1u << i ? 3000 : 0;
		nr = 0;
		add_chain(size, NETIF_MIN_SLOTS);
		if (vif_packet_parse(&packet, chain, nr, FATAL) != VIF_GOOD) {
			assert_int_equal(mask, 0);
			continue;
		}
		vif_packet_layout(&layout, &packet, chain, ROOM, MAX_PAGES);
		for (i = 0; i < layout.nr_pages; i++)
			assert_in_range(layout.page_length[i], 1, 4096);
		for (i = 0; i < layout.nr_pieces; i++)
			assert_true(layout.piece[i].length);
	}
}

/* XSA-216, in this protocol: no answer has a byte that was not written. */
static void net_xsa_216_control(void **state)
{
	u8 slot[16];
	unsigned int i;

	memset(slot, 0xa5, sizeof(slot));
	control(NETIF_CTRL_SET_HASH_KEY, 0, 0, 0);
	vif_control_respond(slot, &request, 0, 0);
	for (i = 4; i < 12; i++)
		assert_int_equal(slot[i], 0);
}

/*
 * XSA-392: a packet takes no more slots than were there for it: 18 of at least
 * the bytes that the largest headroom leaves, filled to the brim.
 */
static void net_xsa_392(void **state)
{
	unsigned int capacity, size, left, part, range, used, slots;

	for (capacity = 3641; capacity <= 4096; capacity += 65)
		for (size = 1; size <= 4096; size += 13) {
			struct vif_fill fill;

			vif_fill_init(&fill, capacity, true);
			used = 0;
			slots = 0;
			for (left = 0xffff; left; left -= range) {
				range = size < left ? size : left;
				for (part = 0; part < range;) {
					unsigned int dealt;

					dealt = vif_fill_next(&fill,
							      range - part);
					if (fill.fresh) {
						slots++;
						used = 0;
					}
					used += dealt;
					part += dealt;
					assert_true(dealt && part <= range);
					assert_true(used <= capacity);
				}
			}
			assert_int_equal(fill.nr_slots, slots);
			assert_int_equal(slots, vif_fill_least(0xffff,
							       capacity));
			assert_true(slots <= NETIF_MIN_SLOTS);
		}
}

#define advisory(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		advisory(net_xsa_39_chains),
		advisory(net_xsa_39_pages),
		advisory(net_xsa_216_control),
		advisory(net_xsa_270_bounds),
		advisory(net_xsa_270_entries),
		advisory(net_xsa_392),
		advisory(net_xsa_423),
		advisory(net_xsa_432),
		advisory(net_xsa_448),
	};

	const char *only = getenv("ONLY");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (only)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests_name("netadvisory", tests, NULL, NULL);
}
