// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest can put into the rings and nodes of the network backend: packets,
 * frames to hash, control requests, multicast groups, rate limits. The input is
 * steps, each a byte for what and some bytes for how; where it ends, zeros
 * follow.
 *
 * What must hold: each announced slot is looked at once and belongs to one
 * packet; each byte of a good packet is copied once, in order, within its pages;
 * a control request that is refused changes nothing, and one that is not leaves
 * a mapping to queues that there are; the groups are those of a plain list.
 */
#include <errno.h>
#include <linux/compiler.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <stdlib.h>
#include "control.h"
#include "hash.h"
#include "multicast.h"
#include "packet.h"
#include "rate.h"
#include "test.h"
#include "follow.h"
#include "input.h"

#define MOST_SLOTS	256
#define MOST_STEPS	200
#define QUEUES		5
#define GROUPS		100

static struct vif_hash hash;
static struct vif_multicast multicast;
static bool member[GROUPS];
static unsigned int nr_members;
static struct vif_rate rate;
static s64 now;

/* Small numbers mostly, and all that are special. */
static u32 number(void)
{
	static const u32 special[] = {
		14, 40, 41, 127, 128, 129, 1514, 2048, 4080, 4095, 4096, 4097,
		0x7fff, 0x8000, 0xffff, 0x10000, 0x40000001, 0x7fffffff,
		0x80000000, 0xffffff80, 0xfffffffe, 0xffffffff,
	};
	u8 what = byte();

	if (what < ARRAY_SIZE(special))
		return special[what];
	if (what < 200)
		return what - ARRAY_SIZE(special);
	return word() | (what & 1 ? (u32)word() << 16 : 0);
}

/* A slot, often one that continues a packet. */
static void make_slot(union netif_tx_slot *slot, unsigned int nr)
{
	u8 what = byte();

	memset(slot, 0, sizeof(*slot));
	if (what & 1) {
		slot->request.gref = nr + 1;
		slot->request.offset = what & 2 ? number() : 0;
		slot->request.flags = what >> 4;
		slot->request.id = nr;
		slot->request.size = number();
		return;
	}
	slot->extra.type = what >> 2 & 7;
	slot->extra.flags = what >> 5;
	slot->extra.gso.size = number();
	slot->extra.gso.type = byte();
}

/* All packets in what was announced, as a pass takes them. */
static void packets(void)
{
	unsigned int nr = 1 + byte() % MOST_SLOTS, i, done;
	unsigned int room = VIF_HEAD_LEAST + byte() * 8;
	unsigned int fatal = NETIF_MIN_SLOTS + byte() % 20;
	unsigned int max_pages = 17 + byte() % 29;
	union netif_tx_slot *slots = malloc(nr * sizeof(*slots));
	struct vif_packet packet;

	for (i = 0; i < nr; i++)
		make_slot(&slots[i], i);
	for (done = 0; done < nr; done += packet.nr_slots) {
		memset(&packet, 0xa5, sizeof(packet));
		if (vif_packet_parse(&packet, slots + done, nr - done,
				     fatal) >= VIF_FATAL)
			break;
		assert_non_null(vif_verdict_text(packet.verdict));
		assert_in_range(packet.nr_slots, 1, nr - done);
		assert_true(packet.nr_extras < packet.nr_slots);
		assert_true(packet.nr_slots - packet.nr_extras <= (int)fatal);
		if (packet.verdict != VIF_GOOD)
			continue;
		assert_true(packet.nr_slots - packet.nr_extras <=
			    NETIF_MIN_SLOTS);
		assert_true(packet.size >= ETH_HLEN);
		follow_bytes(&packet, slots + done, room, max_pages);
	}
	assert_non_null(vif_verdict_text(packet.verdict));
	free(slots);
}

/* Memory of just this size. */
static u8 *bytes(unsigned int length)
{
	u8 *memory = malloc(length ? length : 1);
	unsigned int i;

	for (i = 0; i < length; i++)
		memory[i] = byte();
	return memory;
}

static void frame(void)
{
	static const u16 ethertypes[] = { 0x0800, 0x86dd, 0x8100, 0x88a8 };
	unsigned int length = byte() % VIF_HASH_HEAD, at;
	u8 *memory = bytes(length);
	u32 value = 1;
	int type;

	for (at = 12; at + 2 <= length; at += 4) {
		u16 ethertype = ethertypes[memory[at] % 4];

		memory[at] = ethertype >> 8;
		memory[at + 1] = ethertype;
		if (ethertype < 0x8100 || ethertype == 0x86dd)
			break;
	}
	type = vif_hash_frame(&hash, memory, length, &value);
	if (type == VIF_HASH_NONE)
		assert_int_equal(value, 0);
	else
		assert_true(hash.flags & 1 << type);
	assert_true(vif_hash_queue(&hash, value, QUEUES) < QUEUES);
	assert_int_equal(vif_hash_queue(&hash, value, 1), 0);
	free(memory);
}

static void check_hash(void)
{
	unsigned int i;

	assert_true(hash.algorithm <= NETIF_HASH_TOEPLITZ);
	assert_true(hash.flags <= VIF_HASH_FLAGS);
	assert_true(hash.mapping_size <= VIF_HASH_MAPPING);
	for (i = 0; i < VIF_HASH_MAPPING; i++) {
		assert_true(hash.mapping[i] < QUEUES);
		assert_true(i < hash.mapping_size || !hash.mapping[i]);
	}
}

static void control(void)
{
	struct netif_ctrl_request request = {
		.id = 77,
		.type = byte() % 12,
		.data = { number(), number(), number() },
	};
	struct vif_hash before = hash;
	struct vif_control_fetch fetch;
	u32 status, data = 1;
	u8 *slot = malloc(12);
	u8 *fetched;

	status = vif_control_check(&request, &hash, &fetch);
	assert_memory_equal(&hash, &before, sizeof(hash));
	assert_true(fetch.bytes <= VIF_CONTROL_BYTES);
	if (status == NETIF_CTRL_SUCCESS) {
		fetched = bytes(fetch.bytes);
		/* Let entries of a mapping be good, mostly. */
		if (request.type == NETIF_CTRL_SET_HASH_MAPPING && byte() < 200)
			for (u32 i = 0; i < fetch.bytes; i++)
				fetched[i] = i % 4 ? 0 : fetched[i] % QUEUES;
		status = vif_control_apply(&request, &hash, fetched, QUEUES,
					   &data);
		free(fetched);
	}
	if (status != NETIF_CTRL_SUCCESS)
		assert_memory_equal(&hash, &before, sizeof(hash));
	check_hash();
	vif_control_respond(slot, &request, status, data);
	free(slot);
}

static void group(void)
{
	u8 what = byte(), nr = byte() % GROUPS;
	u8 address[6] = { what & 0x80 ? 0 : 1, 0, 0x5e, 0, nr % 7, nr };
	bool can_be = address[0] & 1;
	int err;

	switch (what % 4) {
	case 0:
	case 1:
		err = vif_multicast_add(&multicast, address);
		assert_int_equal(err, !can_be ? -EINVAL : member[nr] ||
				 nr_members < VIF_MULTICAST_GROUPS ? 0 :
				 -ENOSPC);
		if (!err && !member[nr]) {
			member[nr] = true;
			nr_members++;
		}
		break;
	case 2:
		vif_multicast_del(&multicast, address);
		if (can_be && member[nr]) {
			member[nr] = false;
			nr_members--;
		}
		break;
	default:
		if (what == 0x7f) {
			vif_multicast_clear(&multicast);
			memset(member, 0, sizeof(member));
			nr_members = 0;
		}
		break;
	}
	assert_int_equal(multicast.nr, nr_members);
	assert_int_equal(vif_multicast_wanted(&multicast, address),
			 !can_be || member[nr]);
}

static void limit(void)
{
	unsigned int length = byte() % 48, i;
	char *text = (char *)bytes(length + 1);
	u64 many = 5, usec = 6, wait;

	/* Digits mostly. */
	for (i = 0; i < length; i++)
		if ((u8)text[i] < 200)
			text[i] = "0123456789,,"[(u8)text[i] % 12];
	text[length] = '\0';
	if (vif_rate_parse(text, &many, &usec)) {
		assert_true(many == 5 && usec == 6);
		many = number();
		usec = number();
	}
	vif_rate_set(&rate, many, usec, now);
	assert_int_equal(vif_rate_limited(&rate), many && usec);
	for (i = 0; i < 4; i++) {
		wait = vif_rate_pass(&rate, word(), now);
		assert_true(!wait || vif_rate_limited(&rate));
		assert_true(wait <= 65536ull << 23);
		now += wait + byte();
		assert_true(!wait || !vif_rate_wait(&rate, now));
	}
	free(text);
}

static void step(void)
{
	switch (byte() % 8) {
	case 0:
	case 1:
	case 2:
		packets();
		break;
	case 3:
		frame();
		break;
	case 4:
	case 5:
		control();
		break;
	case 6:
		group();
		break;
	default:
		limit();
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int steps;

	input = data;
	left = size;
	vif_hash_init(&hash);
	vif_multicast_clear(&multicast);
	memset(member, 0, sizeof(member));
	nr_members = 0;
	memset(&rate, 0, sizeof(rate));
	now = 0;
	for (steps = 0; left && steps < MOST_STEPS; steps++)
		step();
	return 0;
}
