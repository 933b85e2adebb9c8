// SPDX-License-Identifier: GPL-2.0
/*
 * From slots to packets: all that a frontend may send, all that it may not,
 * and where the bytes go. Slots are written byte by byte.
 */
#include <linux/if_ether.h>
#include <linux/string.h>
#include <stdlib.h>
#include "packet.h"
#include "test.h"
#include "follow.h"

#define FATAL		20
#define ROOM		1920
#define MAX_PAGES	17
#define RING		256

#define CSUM_BLANK	1
#define MORE_DATA	4
#define EXTRA_INFO	8

static u8 ring[RING][12];
static unsigned int nr;

static int fresh(void **state)
{
	memset(ring, 0xa5, sizeof(ring));
	nr = 0;
	return 0;
}

static void put_16(u8 *at, u16 value)
{
	at[0] = value;
	at[1] = value >> 8;
}

/* Announce a request. */
static void add_data(unsigned int offset, unsigned int size, unsigned int flags)
{
	u8 *slot = ring[nr];
	u32 gref = 1000 + nr;

	memcpy(slot, &gref, 4);
	put_16(slot + 4, offset);
	put_16(slot + 6, flags);
	put_16(slot + 8, 0xfff0 + nr);
	put_16(slot + 10, size);
	nr++;
}

/* Announce extra information: six bytes beside type and flag. */
static void add_extra(u8 type, bool more, const void *bytes)
{
	u8 *slot = ring[nr++];

	slot[0] = type;
	slot[1] = more;
	memcpy(slot + 2, bytes, 6);
}

#define GSO(size, type) \
	((u8[]){ (u8)(size), (u8)((size) >> 8), type, 0, 0, 0 })

/* Parse out of memory that ends where the announcement does. */
static enum vif_verdict parse_some(struct vif_packet *packet, unsigned int some)
{
	union netif_tx_slot *slots = malloc(some * sizeof(*slots));
	enum vif_verdict verdict;

	memcpy(slots, ring, some * sizeof(*slots));
	memset(packet, 0xa5, sizeof(*packet));
	verdict = vif_packet_parse(packet, slots, some, FATAL);
	assert_int_equal(packet->verdict, verdict);
	/* All but fatal ones are answered: all of them, and no more. */
	if (verdict < VIF_FATAL) {
		assert_in_range(packet->nr_slots, 1, some);
		assert_true(packet->nr_extras < packet->nr_slots);
	}
	free(slots);
	return verdict;
}

static struct vif_packet packet;

static enum vif_verdict parse(void)
{
	return parse_some(&packet, nr);
}

/* A chain of so many requests of so many bytes each. */
static void add_chain(unsigned int slots, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < slots; i++)
		add_data(0, i ? size : slots * size,
			 i + 1 < slots ? MORE_DATA : 0);
}

static void layouts(void **state)
{
	assert_int_equal(sizeof(union netif_tx_slot), 12);
	assert_int_equal(offsetof(struct netif_tx_request, offset), 4);
	assert_int_equal(offsetof(struct netif_tx_request, flags), 6);
	assert_int_equal(offsetof(struct netif_tx_request, id), 8);
	assert_int_equal(offsetof(struct netif_tx_request, size), 10);
	assert_int_equal(offsetof(struct netif_tx_response, status), 2);
	assert_int_equal(offsetof(struct netif_extra_info, gso.type), 4);
	assert_int_equal(offsetof(struct netif_extra_info, gso.features), 6);
	assert_int_equal(offsetof(struct netif_extra_info, mcast.address), 2);
	assert_int_equal(offsetof(struct netif_extra_info, hash.algorithm), 3);
	assert_int_equal(offsetof(struct netif_extra_info, hash.value), 4);
	assert_int_equal(offsetof(struct netif_extra_info, xdp.headroom), 2);
}

static void one_slot(void **state)
{
	unsigned int size;

	for (size = ETH_HLEN; size <= 4096; size++) {
		fresh(state);
		add_data(4096 - size, size, CSUM_BLANK);
		add_data(0, 100, 0);
		assert_int_equal(parse(), VIF_GOOD);
		assert_int_equal(packet.nr_slots, 1);
		assert_int_equal(packet.nr_extras, 0);
		assert_int_equal(packet.size, size);
		assert_int_equal(packet.first_size, size);
		assert_int_equal(packet.flags, CSUM_BLANK);
		assert_int_equal(packet.extras, 0);
	}
}

static void shorter_than_a_header(void **state)
{
	unsigned int size;

	for (size = 0; size < ETH_HLEN; size++) {
		fresh(state);
		add_data(0, size, 0);
		assert_int_equal(parse(), VIF_TOO_SHORT);
		assert_int_equal(packet.nr_slots, 1);
	}
	/* And so in pieces. */
	fresh(state);
	add_chain(13, 1);
	assert_int_equal(parse(), VIF_TOO_SHORT);
	assert_int_equal(packet.nr_slots, 13);
	fresh(state);
	add_chain(14, 1);
	assert_int_equal(parse(), VIF_GOOD);
}

static void beyond_the_page(void **state)
{
	static const struct {
		u16 offset, size;
	} bad[] = {
		{ 0, 4097 }, { 4095, 14 }, { 4083, 14 }, { 4096, 14 },
		{ 65535, 14 }, { 65535, 65535 }, { 1, 65535 }, { 61440, 4096 },
	};
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		for (at = 0; at < 3; at++) {
			fresh(state);
			if (at == 0)
				add_data(bad[i].offset, bad[i].size, 0);
			if (at >= 1) {
				add_data(0, 0xffff, MORE_DATA);
				if (at == 2)
					add_data(0, 10, MORE_DATA);
				add_data(bad[i].offset, bad[i].size, 0);
			}
			assert_int_equal(parse(), VIF_CROSSES_PAGE);
		}
	/* What the first slot has itself is known at the end only. */
	fresh(state);
	add_data(0, 4096 + 4096 + 1, MORE_DATA);
	add_data(0, 4096, 0);
	assert_int_equal(parse(), VIF_CROSSES_PAGE);
	fresh(state);
	add_data(0, 4096 + 4096, MORE_DATA);
	add_data(0, 4096, 0);
	assert_int_equal(parse(), VIF_GOOD);
	assert_int_equal(packet.first_size, 4096);
}

static void chains(void **state)
{
	unsigned int slots, cut;

	for (slots = 2; slots <= FATAL + 5; slots++) {
		enum vif_verdict expect =
			slots <= NETIF_MIN_SLOTS ? VIF_GOOD :
			slots <= FATAL ? VIF_TOO_MANY_SLOTS : VIF_ENDLESS;

		fresh(state);
		add_chain(slots, 1000);
		add_data(0, 100, 0);
		assert_int_equal(parse(), expect);
		if (expect < VIF_FATAL)
			assert_int_equal(packet.nr_slots, slots);
		if (expect == VIF_GOOD) {
			assert_int_equal(packet.first_size, 1000);
			assert_int_equal(packet.size, slots * 1000);
		}
		/* Announced in part. */
		for (cut = 1; cut < slots; cut++)
			assert_int_equal(parse_some(&packet, cut),
					 cut > FATAL ? VIF_ENDLESS :
						       VIF_UNFINISHED);
	}
}

/* Old frontends do it: the parts of a frame of 64 KiB are more than it says. */
static void parts_longer_than_the_whole(void **state)
{
	fresh(state);
	add_data(0, 1000, MORE_DATA);
	add_data(0, 600, MORE_DATA);
	add_data(0, 600, MORE_DATA);
	add_data(0, 100, 0);
	add_data(0, 60, 0);
	assert_int_equal(parse(), VIF_TOO_LONG);
	assert_int_equal(packet.nr_slots, 4);

	/* Nothing is left for the first one: no reason to refuse it. */
	fresh(state);
	add_data(0, 1000, MORE_DATA);
	add_data(0, 1000, 0);
	assert_int_equal(parse(), VIF_GOOD);
	assert_int_equal(packet.first_size, 0);
}

static void empty_parts(void **state)
{
	fresh(state);
	add_data(0, 100, MORE_DATA);
	add_data(4096, 0, MORE_DATA);
	add_data(0, 0, 0);
	assert_int_equal(parse(), VIF_GOOD);
	assert_int_equal(packet.nr_slots, 3);
	assert_int_equal(packet.first_size, 100);

	fresh(state);
	add_chain(NETIF_MIN_SLOTS, 0);
	assert_int_equal(parse(), VIF_TOO_SHORT);
	assert_int_equal(packet.nr_slots, NETIF_MIN_SLOTS);
}

static void segmentation(void **state)
{
	unsigned int type, size;

	for (type = 1; type <= 2; type++)
		for (size = 1; size <= 0xffff; size += size < 100 ? 1 : 977) {
			fresh(state);
			add_data(0, 3000, CSUM_BLANK | EXTRA_INFO);
			add_extra(1, false, GSO(size, type));
			assert_int_equal(parse(), size < VIF_MIN_GSO_SIZE ?
					 VIF_BAD_GSO : VIF_GOOD);
			assert_int_equal(packet.nr_slots, 2);
			assert_int_equal(packet.nr_extras, 1);
			assert_int_equal(packet.extras, 1 << 1);
			assert_int_equal(packet.gso.gso.size, size);
			assert_int_equal(packet.gso.gso.type, type);
		}
	fresh(state);
	add_data(0, 3000, EXTRA_INFO);
	add_extra(1, false, GSO(0, 1));
	assert_int_equal(parse(), VIF_GSO_SIZE);
	for (type = 0; type <= 0xff; type++) {
		fresh(state);
		add_data(0, 3000, EXTRA_INFO);
		add_extra(1, false, GSO(1460, type));
		assert_int_equal(parse(), type == 1 || type == 2 ? VIF_GOOD :
				 VIF_GSO_TYPE);
	}
}

static void extra_types(void **state)
{
	unsigned int type;

	for (type = 0; type <= 0xff; type++) {
		fresh(state);
		add_data(0, 100, EXTRA_INFO);
		add_extra(type, false, GSO(1460, 1));
		assert_int_equal(parse(), type == 0 || type > 5 ?
				 VIF_BAD_EXTRA : type == 2 || type == 3 ?
				 VIF_CONTROL : VIF_GOOD);
	}
}

static void groups(void **state)
{
	static const u8 address[6] = { 1, 0, 0x5e, 1, 2, 3 };
	unsigned int type;

	for (type = 2; type <= 3; type++) {
		fresh(state);
		add_data(0, 0, EXTRA_INFO);
		add_extra(type, false, address);
		add_data(0, 100, 0);
		assert_int_equal(parse(), VIF_CONTROL);
		assert_int_equal(packet.nr_slots, 2);
		assert_int_equal(packet.extras, 1 << type);
		assert_memory_equal(packet.mcast.mcast.address, address, 6);
	}
}

static void hashes(void **state)
{
	static const u8 bytes[6] = { 1, 1, 0xde, 0xad, 0xbe, 0xef };

	fresh(state);
	add_data(0, 3000, EXTRA_INFO | MORE_DATA);
	add_extra(4, true, bytes);
	add_extra(1, false, GSO(1460, 1));
	add_data(0, 1000, 0);
	assert_int_equal(parse(), VIF_GOOD);
	assert_int_equal(packet.nr_slots, 4);
	assert_int_equal(packet.nr_extras, 2);
	assert_int_equal(packet.extras, 1 << 4 | 1 << 1);
	assert_memory_equal(&packet.hash.hash, bytes, 6);
	assert_int_equal(packet.first_size, 2000);
}

/* Without end, for one or for all. */
static void extra_chains(void **state)
{
	static const u8 bytes[6];
	unsigned int cut, type;

	fresh(state);
	add_data(0, 3000, EXTRA_INFO);
	while (nr < RING)
		add_extra(4, true, bytes);
	assert_int_equal(parse(), VIF_TWICE_EXTRA);

	for (type = 1; type <= 5; type++) {
		fresh(state);
		add_data(0, 3000, EXTRA_INFO);
		add_extra(type, true, GSO(1460, 1));
		add_extra(type, false, GSO(1460, 1));
		assert_int_equal(parse(), VIF_TWICE_EXTRA);
		assert_int_equal(parse_some(&packet, 2), VIF_UNFINISHED);
		assert_int_equal(parse_some(&packet, 1), VIF_UNFINISHED);
	}

	/* Each type once, then more are promised. */
	fresh(state);
	add_data(0, 3000, EXTRA_INFO);
	for (type = 1; type <= 5; type++)
		add_extra(type, true, GSO(1460, 1));
	for (cut = 1; cut <= nr; cut++)
		assert_int_equal(parse_some(&packet, cut), VIF_UNFINISHED);
}

/* The slots with extra information are none of the 18. */
static void full_house(void **state)
{
	unsigned int i;

	fresh(state);
	add_data(0, 18 * 3000, EXTRA_INFO | MORE_DATA);
	add_extra(1, true, GSO(1460, 2));
	add_extra(4, false, GSO(0, 0));
	for (i = 1; i < 18; i++)
		add_data(0, 3000, i < 17 ? MORE_DATA : 0);
	assert_int_equal(parse(), VIF_GOOD);
	assert_int_equal(packet.nr_slots, 20);
	assert_int_equal(packet.first_size, 3000);
}

static void bytes_go_where_they_belong(void **state)
{
	unsigned int round, slots, i, good = 0;
	unsigned int size[NETIF_MIN_SLOTS], total, extras;

	srandom(1);
	for (round = 0; round < 100000; round++) {
		unsigned int most = random() % 2 ? 4096 :
				    random() % 2 ? 200 : 1;

		fresh(state);
		slots = 1 + random() % NETIF_MIN_SLOTS;
		extras = random() % 3;
		for (total = 0, i = 0; i < slots; i++) {
			size[i] = random() % 4 ? random() % (most + 1) : most;
			total += size[i];
		}
		if (total > 0xffff)
			continue;
		add_data(random() % (4097 - size[0]), total,
			 (slots > 1 ? MORE_DATA : 0) |
			 (extras ? EXTRA_INFO : 0));
		for (i = 0; i < extras; i++)
			add_extra(i ? 4 : 1, i + 1 < extras, GSO(1460, 1));
		for (i = 1; i < slots; i++)
			add_data(random() % (4097 - size[i]), size[i],
				 i + 1 < slots ? MORE_DATA : 0);
		if (parse() != VIF_GOOD) {
			assert_int_equal(packet.verdict, VIF_TOO_SHORT);
			continue;
		}
		good++;
		follow_bytes(&packet, (void *)ring, ROOM, MAX_PAGES);
		follow_bytes(&packet, (void *)ring, VIF_HEAD_LEAST,
			     MAX_PAGES);
		follow_bytes(&packet, (void *)ring, ROOM, 45);
	}
	assert_true(good > 10000);
}

/* An MTU frame, and all else that fits, is copied in one piece. */
static void one_copy_per_frame(void **state)
{
	const union netif_tx_slot *slots = (void *)ring;
	struct vif_layout layout;

	add_data(66, 1514, 0);
	assert_int_equal(parse(), VIF_GOOD);
	vif_packet_layout(&layout, &packet, slots, ROOM, MAX_PAGES);
	assert_int_equal(layout.nr_pieces, 1);
	assert_int_equal(layout.nr_pages, 0);
	assert_int_equal(layout.head, 1514);
}

static void verdicts_have_a_text(void **state)
{
	unsigned int i;

	for (i = 0; i < VIF_VERDICTS; i++)
		assert_non_null(vif_verdict_text(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(layouts, fresh),
		cmocka_unit_test_setup(one_slot, fresh),
		cmocka_unit_test_setup(shorter_than_a_header, fresh),
		cmocka_unit_test_setup(beyond_the_page, fresh),
		cmocka_unit_test_setup(chains, fresh),
		cmocka_unit_test_setup(parts_longer_than_the_whole, fresh),
		cmocka_unit_test_setup(empty_parts, fresh),
		cmocka_unit_test_setup(segmentation, fresh),
		cmocka_unit_test_setup(extra_types, fresh),
		cmocka_unit_test_setup(groups, fresh),
		cmocka_unit_test_setup(hashes, fresh),
		cmocka_unit_test_setup(extra_chains, fresh),
		cmocka_unit_test_setup(full_house, fresh),
		cmocka_unit_test_setup(bytes_go_where_they_belong, fresh),
		cmocka_unit_test_setup(one_copy_per_frame, fresh),
		cmocka_unit_test_setup(verdicts_have_a_text, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
