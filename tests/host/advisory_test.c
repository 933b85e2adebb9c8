// SPDX-License-Identifier: GPL-2.0
/*
 * Xen's security advisories that concern a block backend or the core under it,
 * each as a test of its own, on a whole queue. docs/security.md has the list;
 * tests/advisories shows that each test fails without the rule it is about.
 */
#include "test.h"
#include "machine.h"
#include <linux/jiffies.h>
#include <stdlib.h>
#include <xen/grant_table.h>

#define HUGE	(~0ull)
/* 8 MiB may be in flight, see architecture.md; what describes them is small. */
#define INFLIGHT	2048u
#define QUEUE_PAGES	(INFLIGHT + 128)
#define QUEUE_BYTES	(INFLIGHT * 512)
#define BAD	(FAKE_REFS + 5)	/* a reference that is no grant */

static struct machine machine;

static int setup(void **state)
{
	fake_reset(state);
	machine_init(&machine, &wires[0], 0);
	return 0;
}

static int teardown(void **state)
{
	machine_destroy(&machine);
	assert_int_equal(fake_warnings, 0);
	return fake_verify(state);
}

static void connect(void)
{
	assert_int_equal(machine_connect(&machine), 0);
	fake_run();
}

/* Start once more with another layout or a larger ring. */
static void renew(const struct wire *wire, unsigned int order)
{
	void *none = NULL;

	machine_destroy(&machine);
	assert_int_equal(fake_verify(&none), 0);
	fake_reset(&none);
	machine_init(&machine, wire, order);
}

/* Let all that is posted be served; the status of the one request. */
static s16 serve(u64 id)
{
	struct machine_answer answer;

	machine_kick(&machine);
	fake_run_all();
	assert_true(machine_answer(&machine, &answer));
	assert_true(answer.id == id);
	assert_int_equal(machine.queue.nr_taken, 0);
	return answer.status;
}

static void nothing_held(void)
{
	struct blk_transfer *transfer = &machine.queue.transfer;

	assert_int_equal(transfer->memory.nr_used, 0);
	assert_int_equal(transfer->mappable.nr_used, transfer->cache.nr);
	assert_int_equal(fake_xen.mapped, transfer->cache.nr);
}

static s16 discard(u64 sector, u64 nr)
{
	u8 slot[BLKIF_SLOT_64];

	wire_head(machine.wire, slot, BLKIF_OP_DISCARD, 0, 9, sector);
	wire_put(slot + machine.wire->discard_sectors, nr, 8);
	memcpy(machine_slot(&machine), slot, machine.wire->slot);
	machine_post(&machine);
	return serve(9);
}

/* CVE-2013-2140: a discard needs the same rights as a write. */
static void cve_2013_2140(void **state)
{
	static const u64 beyond[][2] = {
		{ 4096, 8 }, { 4089, 8 }, { 0, 4097 }, { HUGE - 7, 8 },
		{ 8, HUGE - 7 }, { HUGE, HUGE }, { 1ull << 63, 1ull << 63 } };
	unsigned int i;

	connect();
	assert_int_equal(discard(0, 4096), BLKIF_RSP_OKAY);
	assert_int_equal(fake_disk.sectors_discarded, 4096);
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		assert_int_equal(discard(beyond[i][0], beyond[i][1]),
				 BLKIF_RSP_ERROR);
	fake_disk.readonly = true;
	assert_int_equal(discard(0, 8), BLKIF_RSP_ERROR);
	fake_disk.readonly = false;
	fake_disk.discard = false;
	assert_int_equal(discard(0, 8), BLKIF_RSP_EOPNOTSUPP);
	assert_int_equal(fake_disk.sectors_discarded, 4096);
}

/* XSA-39: a ring whose index is nonsense is not served again. */
static void xsa_39_indices(void **state)
{
	static const u32 starts[] = { 0, 0x7ffffff0, 0xfffffff0, 0xffffffff };
	struct machine_answer answer;
	unsigned int i, bit;
	u32 ahead;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		for (bit = 5; bit < 32; bit++) {
			renew(&wires[bit & 1], 0);
			machine_start_at(&machine, starts[i]);
			connect();
			machine_rw(&machine, BLKIF_OP_READ, 1, 0, 1, 1);
			assert_int_equal(serve(1), BLKIF_RSP_OKAY);
			ahead = 32 + (1u << bit);
			machine.req_prod += ahead;
			machine_kick(&machine);
			fake_run_all();
			assert_int_equal(fake_reports[XENMOD_CAUSE_RING], 1);
			/* Nor when it looks well again. */
			machine.req_prod -= ahead;
			machine_rw(&machine, BLKIF_OP_READ, 2, 0, 1, 1);
			machine_kick(&machine);
			blk_queue_kick(&machine.queue);
			fake_run_all();
			assert_false(machine_answer(&machine, &answer));
			assert_int_equal(fake_reports[XENMOD_CAUSE_RING], 1);
			assert_true(fake_channel.masked);
		}
}

/* Policies that lead to each way of a segment. */
static void use_way(unsigned int way)
{
	machine.queue.transfer.policy = (struct blk_policy){
		.persistent = way == BLK_PERSISTENT, .map = way == BLK_MAP };
	machine.queue.transfer.cache.max = way == BLK_PERSISTENT ? 32 : 0;
}

/* XSA-39: every error path frees exactly what was taken. */
static void xsa_39_error_paths(void **state)
{
	unsigned int way, op, bad;

	connect();
	for (way = BLK_PERSISTENT; way <= BLK_COPY; way++)
		for (op = BLKIF_OP_READ; op <= BLKIF_OP_WRITE; op++)
			for (bad = 0; bad < BLKIF_SEGMENTS; bad++) {
				u8 *slot = machine_slot(&machine);

				use_way(way);
				machine_rw(&machine, op, 5, 0, BLKIF_SEGMENTS, 0);
				wire_segment(machine.wire, slot, bad, BAD, 0, 7);
				assert_int_equal(serve(5), BLKIF_RSP_ERROR);
				nothing_held();
			}
}

/* XSA-155: what a slot becomes behind our back. */
static u8 flipped[BLKIF_SLOT_64];
static u8 *flip_at;
static unsigned int flips;

static void flip_slot(void)
{
	if (machine.queue.ring.req_cons == machine.rsp_cons)
		return;
	memcpy(flip_at, flipped, machine.wire->slot);
	flips++;
}

/* XSA-155: the request that was checked is the request that is done. */
static void xsa_155(void **state)
{
	static const u8 last[] = { 8, 255 };
	unsigned int abi, i, s;
	u8 *slot;

	for (abi = 0; abi < ARRAY_SIZE(wires); abi++)
		for (i = 0; i < ARRAY_SIZE(last); i++) {
			renew(&wires[abi], 0);
			connect();
			wire_head(machine.wire, flipped, BLKIF_OP_WRITE, 255,
				  666, HUGE);
			for (s = 0; s < BLKIF_SEGMENTS; s++)
				wire_segment(machine.wire, flipped, s, BAD, 0,
					     last[i]);
			slot = machine_slot(&machine);
			flip_at = slot;
			flips = 0;
			machine_rw(&machine, BLKIF_OP_READ, 7, 16, 3, 1);
			fake_meanwhile = flip_slot;
			machine_kick(&machine);
			fake_run();
			fake_meanwhile = NULL;
			fake_run_all();
			/* The copy, the check, and more. */
			assert_true(flips > 2);
			assert_int_equal(fake_disk.sectors_read, 24);
			assert_int_equal(fake_disk.sectors_written, 0);
			assert_int_equal(serve(7), BLKIF_RSP_OKAY);
		}
}

static void post_indirect(u8 op, u16 nr, u64 id)
{
	u8 slot[BLKIF_SLOT_64];

	wire_head(machine.wire, slot, BLKIF_OP_INDIRECT, op, id, 0);
	wire_put(slot + 2, nr, 2);
	wire_put(slot + machine.wire->indirect_gref, FAKE_REFS - 1, 4);
	memcpy(machine_slot(&machine), slot, machine.wire->slot);
	machine_post(&machine);
}

static void descriptor(unsigned int nr, u32 gref, u8 first, u8 last)
{
	u8 *at = fake_guest_page(FAKE_REFS - 1) + nr * 8;

	wire_put(at, gref, 4);
	at[4] = first;
	at[5] = last;
	fake_guest_wrote(FAKE_REFS - 1);
}

static void descriptors(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		descriptor(i, i, 0, 7);
}

/* From the moment that Xen has copied them. */
static void flip_descriptors(void)
{
	if (!fake_xen.calls[GNTTABOP_copy])
		return;
	flips++;
	memset(fake_guest_page(FAKE_REFS - 1), 0xff, PAGE_SIZE);
	fake_guest_wrote(FAKE_REFS - 1);
}

/* XSA-155: the same of indirect descriptors. */
static void xsa_155_indirect(void **state)
{
	connect();
	use_way(BLK_MAP);
	descriptors(64);
	post_indirect(BLKIF_OP_READ, 64, 3);
	fake_meanwhile = flip_descriptors;
	flips = 0;
	machine_kick(&machine);
	fake_run();
	fake_meanwhile = NULL;
	fake_run_all();
	assert_true(flips > 2);
	assert_int_equal(fake_disk.sectors_read, 512);
	assert_int_equal(serve(3), BLKIF_RSP_OKAY);
}

/* XSA-216: a response says nothing of what lay on the stack. */
static void xsa_216(void **state)
{
	unsigned int abi, at;
	u8 *slot;

	for (abi = 0; abi < ARRAY_SIZE(wires); abi++) {
		renew(&wires[abi], 0);
		connect();
		slot = machine_slot(&machine);
		machine_rw(&machine, BLKIF_OP_READ, HUGE, 0, 1, 1);
		machine_kick(&machine);
		fake_run();
		memset(slot, 0xa5, machine.wire->slot);
		fake_run_all();
		for (at = 0; at < machine.wire->slot; at++)
			if (at >= machine.wire->response)
				assert_int_equal(slot[at], 0xa5);
			else if (at == 9 || at > 11)
				assert_true(!slot[at] || slot[at] == 0xa5);
	}
}

static unsigned int most_pages;
static size_t most_bytes;

static void count_memory(void)
{
	unsigned int pages = fake_memory.pages + fake_memory.mappable;

	if (pages > most_pages)
		most_pages = pages;
	if (fake_memory.bytes > most_bytes)
		most_bytes = fake_memory.bytes;
	assert_true(machine.queue.room_made - machine.queue.room_freed <=
		    INFLIGHT);
}

/* As much as fits in a ring: of the largest requests, or of all others. */
static void fill_ring(bool indirect)
{
	unsigned int i;

	descriptors(256);
	for (i = 0; i < machine.nr_slots; i++)
		if (indirect)
			post_indirect(BLKIF_OP_READ, 256, i);
		else
			machine_rw(&machine, BLKIF_OP_READ, i, 0,
				   BLKIF_SEGMENTS, i);
}

static void xsa_300_one(unsigned int way, bool indirect)
{
	size_t idle;

	renew(&wires[0], 4);
	connect();
	use_way(way);
	fill_ring(indirect);
	most_pages = 0;
	most_bytes = 0;
	idle = fake_memory.bytes;
	fake_meanwhile = count_memory;
	machine_kick(&machine);
	fake_run();
	fake_run_all();
	fake_meanwhile = NULL;
	assert_in_range(most_pages, INFLIGHT / 2, QUEUE_PAGES);
	assert_in_range(most_bytes - idle, 0, QUEUE_BYTES);
	assert_int_equal(serve(0), BLKIF_RSP_OKAY);
	/* What is kept for later is little. */
	assert_true(fake_memory.pages + fake_memory.mappable <= 200);
}

/* XSA-300: a guest does not decide how much memory it costs. */
static void xsa_300(void **state)
{
	unsigned int way;

	for (way = BLK_PERSISTENT; way <= BLK_COPY; way++) {
		xsa_300_one(way, true);
		xsa_300_one(way, false);
	}
}

/* XSA-316: only GNTST_okay is success, whatever sign the status has. */
static void xsa_316(void **state)
{
	static const s16 wrong[] = { 1, 2, 0x7fff, -1, -2, -3, -4, -5, -6, -7,
				     -8, -9, -10, -11, -12, -13, -14 };
	unsigned int way, i, op;

	connect();
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		for (way = BLK_PERSISTENT; way <= BLK_COPY; way++)
			for (op = BLKIF_OP_READ; op <= BLKIF_OP_WRITE; op++) {
				u64 written = fake_disk.sectors_written;

				use_way(way);
				fake_refuse(way == BLK_COPY ?
					    GNTTABOP_copy :
					    GNTTABOP_map_grant_ref, 2, wrong[i],
					    FAKE_FOREVER);
				machine_rw(&machine, op, 6, 0, 4, 0);
				assert_int_equal(serve(6), BLKIF_RSP_ERROR);
				assert_int_equal(fake_disk.sectors_written,
						 written);
				nothing_held();
				fake_relent();
			}
}

/* XSA-331: an event on a channel that is being closed reaches nobody. */
static void xsa_331(void **state)
{
	unsigned int round;

	for (round = 0; round < 200; round++) {
		connect();
		if (round & 1) {
			machine_rw(&machine, BLKIF_OP_READ, round, 0, 1, 1);
			machine_kick(&machine);
		}
		fake_meanwhile = fake_send_event;
		machine_disconnect(&machine);
		fake_meanwhile = NULL;
		/* Nothing may run, or it meets what is gone. */
		fake_send_event();
		assert_int_equal(fake_left_to_run(), 0);
		machine_start_at(&machine, 0);
	}
}

/* XSA-332: an event ends when its work is done; one without work is told. */
static void xsa_332(void **state)
{
	unsigned int round;

	connect();
	fake_channel.ends = 0;
	fake_channel.spurious_ends = 0;
	for (round = 0; round < 100; round++) {
		machine_rw(&machine, BLKIF_OP_READ, round, 0, 1, 1);
		machine_kick(&machine);
		assert_true(fake_channel.masked);
		/* A storm meanwhile costs one interrupt. */
		fake_send_event();
		fake_send_event();
		assert_int_equal(fake_channel.ends, 2 * round);
		assert_int_equal(serve(round), BLKIF_RSP_OKAY);
		assert_int_equal(fake_channel.ends, 2 * round + 1);
		assert_int_equal(fake_channel.spurious_ends, round);
		/* And one that comes later has no work. */
		fake_send_event();
		fake_run();
		assert_int_equal(fake_channel.ends, 2 * round + 2);
		assert_int_equal(fake_channel.spurious_ends, round + 1);
	}
}

/* XSA-332: a ring that is not served again gets no more events. */
static void xsa_332_broken_ring(void **state)
{
	unsigned int before;

	connect();
	machine.req_prod += 1000;
	machine_kick(&machine);
	fake_run_all();
	before = fake_channel.interrupts;
	fake_send_event();
	fake_run_all();
	fake_send_event();
	fake_run_all();
	assert_int_equal(fake_channel.interrupts, before);
}

/* A request that waits for pages, and a timer that looks after it. */
static void run_short(void)
{
	fake_memory.pages_left = 0;
	machine_rw(&machine, BLKIF_OP_WRITE, 1, 0, 11, 1);
	machine_kick(&machine);
	fake_run();
	assert_int_equal(machine.queue.nr_taken, 1);
}

/* XSA-350: connections that end with anything still to run. */
static void xsa_350(void **state)
{
	unsigned int round;

	for (round = 0; round < 10000; round++) {
		assert_int_equal(machine_connect(&machine), 0);
		if (round & 1)
			fake_run();
		if (round & 2)
			fake_send_event();
		if (round & 4)
			blk_queue_kick(&machine.queue);
		if (round % 16 == 8)
			run_short();
		if (round % 64 > 48) {
			machine_rw(&machine, BLKIF_OP_READ, 1, 0, 11, 1);
			machine_kick(&machine);
			fake_run_work();
			fake_disk_complete(0);
			/* The pass answers before the tasklet can. */
			blk_queue_kick(&machine.queue);
			fake_run_work();
		}
		machine_disconnect(&machine);
		fake_memory.pages_left = FAKE_FOREVER;
		machine_start_at(&machine, 0);
		machine_disconnect(&machine);
	}
}

/* XSA-350: nor does one that fails half-way leave anything behind. */
static void xsa_350_half_made(void **state)
{
	unsigned int left;
	int err = -1;

	fake_channel.bind_error = -EINVAL;
	assert_int_equal(machine_connect(&machine), -EINVAL);
	assert_int_equal(fake_left_to_run(), 0);
	fake_channel.bind_error = 0;
	for (left = 0; err; left++) {
		fake_memory.allocations_left = left;
		err = machine_connect(&machine);
		fake_memory.allocations_left = FAKE_FOREVER;
		machine_disconnect(&machine);
		assert_int_equal(fake_memory.allocations, 0);
	}
	assert_true(left > 5);
}

/* XSA-361: each mapping of a batch is judged by its own status. */
static void xsa_361(void **state)
{
	unsigned int bad, id, good;
	struct machine_answer answer;

	connect();
	use_way(BLK_MAP);
	/* One batch, 8 requests of 4 pages; one or two of them are bad. */
	for (bad = 0; bad < 32; bad++) {
		fake_refuse(GNTTABOP_map_grant_ref, bad, GNTST_bad_gntref, 1);
		fake_refuse(GNTTABOP_map_grant_ref, bad * 7 % 32,
			    GNTST_bad_page, 1);
		for (id = 0; id < 8; id++)
			machine_rw(&machine, BLKIF_OP_WRITE, id, 0, 4, id * 4);
		machine_kick(&machine);
		fake_run_all();
		good = 0;
		while (machine_answer(&machine, &answer)) {
			bool spoilt = answer.id == bad / 4 ||
				      answer.id == bad * 7 % 32 / 4;

			assert_int_equal(answer.status, spoilt ?
					 BLKIF_RSP_ERROR : BLKIF_RSP_OKAY);
			good++;
		}
		assert_int_equal(good, 8);
		nothing_held();
		fake_relent();
	}
}

/* XSA-362: no error that a guest or want of memory can cause is an assertion. */
static void xsa_362(void **state)
{
	unsigned int way, left, id = 0;

	connect();
	for (way = BLK_PERSISTENT; way <= BLK_COPY; way++)
		for (left = 0; left < 40; left++) {
			struct machine_answer answer;

			use_way(way);
			fake_memory.allocations_left = left / 4;
			fake_memory.pages_left = left;
			descriptors(24);
			descriptor(left % 24, BAD, 0, 7);
			post_indirect(left & 1, 24, id++);
			machine_rw(&machine, left & 1, id++, 0, 11, 30 + left);
			machine_kick(&machine);
			fake_run();
			fake_memory.allocations_left = FAKE_FOREVER;
			fake_memory.pages_left = FAKE_FOREVER;
			fake_xen.call_error[GNTTABOP_map_grant_ref] =
				left % 3 ? 0 : -ENOMEM;
			fake_run_all();
			fake_xen.call_error[GNTTABOP_map_grant_ref] = 0;
			assert_true(machine_answer(&machine, &answer));
			assert_true(machine_answer(&machine, &answer));
			assert_false(machine_answer(&machine, &answer));
			nothing_held();
		}
}

/* XSA-365: an error in an early batch is not hidden by a later one. */
static void xsa_365_one(unsigned int way, unsigned int bad)
{
	unsigned int before = fake_disk.submitted;

	use_way(way);
	/* More than one batch, and pages run short half-way. */
	fake_memory.pages_left = 65 + bad;
	descriptors(256);
	descriptor(bad, BAD, 0, 7);
	post_indirect(BLKIF_OP_WRITE, 256, 1);
	machine_kick(&machine);
	fake_run();
	fake_memory.pages_left = FAKE_FOREVER;
	assert_int_equal(serve(1), BLKIF_RSP_ERROR);
	/* The disk has not seen any of it. */
	assert_int_equal(fake_disk.submitted, before);
	nothing_held();
}

static void small_batches(void)
{
	machine.queue.transfer.bring.room_map = 8;
	machine.queue.transfer.bring.room_copy = 8;
	machine.queue.transfer.end.room_unmap = 8;
	machine.queue.transfer.end.room_copy = 8;
}

static void xsa_365(void **state)
{
	unsigned int bad;

	connect();
	small_batches();
	for (bad = 0; bad < 256; bad += 5) {
		xsa_365_one(BLK_MAP, bad);
		xsa_365_one(BLK_COPY, bad);
		xenmod_pool_trim(&machine.queue.transfer.mappable, 0);
		xenmod_pool_trim(&machine.queue.transfer.memory, 0);
	}
}

/* XSA-367: what Xen mapped and the kernel could not enter is unmapped at once. */
static void xsa_367(void **state)
{
	unsigned int way;

	connect();
	for (way = BLK_PERSISTENT; way <= BLK_MAP; way++) {
		unsigned int before = fake_disk.submitted;
		unsigned int mapped = fake_xen.mapped;

		use_way(way);
		fake_xen.late_map_error = -ENOMEM;
		machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1);
		assert_int_equal(serve(4), BLKIF_RSP_ERROR);
		assert_int_equal(fake_disk.submitted, before);
		assert_int_equal(fake_xen.mapped, mapped);
		nothing_held();
		fake_xen.late_map_error = 0;
		machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1);
		assert_int_equal(serve(4), BLKIF_RSP_OKAY);
		nothing_held();
	}
}

/* XSA-367: if Xen takes it back neither, its page is not used again. */
static void xsa_367_stuck(void **state)
{
	unsigned int way, i;

	connect();
	machine.queue.transfer.cache.max = 32;
	for (way = BLK_PERSISTENT; way <= BLK_MAP; way++) {
		unsigned int mapped = fake_xen.mapped;

		machine.queue.transfer.policy = (struct blk_policy){
			.persistent = way == BLK_PERSISTENT, .map = true };
		fake_xen.late_map_error = -ENOMEM;
		for (i = 1; i <= 11; i++)
			fake_refuse(GNTTABOP_unmap_grant_ref, i,
				    GNTST_general_error, 1);
		machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1);
		assert_int_equal(serve(4), BLKIF_RSP_ERROR);
		assert_int_equal(fake_xen.mapped, mapped + 11);
		fake_xen.late_map_error = 0;
		fake_relent();
		for (i = 0; i < 20; i++) {
			machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1 + i);
			assert_int_equal(serve(4), BLKIF_RSP_OKAY);
		}
		assert_int_equal(machine.queue.transfer.mappable.nr_used,
				 machine.queue.transfer.cache.nr);
	}
	machine_disconnect(&machine);
	assert_int_equal(fake_memory.mappable, 22);
	fake_forget_mapped();
}

/* XSA-369: foreign pages go where the kernel's own helper says they may. */
static void xsa_369(void **state)
{
	connect();
	use_way(BLK_MAP);
	machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1);
	assert_int_equal(serve(4), BLKIF_RSP_OKAY);
	assert_true(fake_memory.mappable > 0);
	assert_int_equal(fake_memory.pages, 0);
	use_way(BLK_COPY);
	machine_rw(&machine, BLKIF_OP_WRITE, 4, 0, 11, 1);
	assert_int_equal(serve(4), BLKIF_RSP_OKAY);
	assert_true(fake_memory.pages > 0);
}

/* XSA-371: XSA-365's errors with persistent grants: none is lost. */
static void xsa_371(void **state)
{
	struct blk_transfer *transfer = &machine.queue.transfer;
	unsigned int bad, round;

	connect();
	small_batches();
	transfer->cache.max = 300;
	for (bad = 0; bad < 256; bad += 9)
		for (round = 0; round < 3; round++) {
			unsigned int before = fake_disk.submitted;

			transfer->policy.persistent = true;
			descriptors(256);
			descriptor(bad, BAD, 0, 7);
			post_indirect(BLKIF_OP_WRITE, 256, 1);
			assert_int_equal(serve(1), BLKIF_RSP_ERROR);
			assert_int_equal(fake_disk.submitted, before);
			/* All the others stay, the descriptors too; not the bad one. */
			assert_true(transfer->cache.nr <= 257);
			nothing_held();
		}
	machine_disconnect(&machine);
	assert_int_equal(fake_xen.mapped, 0);
}

/* XSA-513: segments end within their page, and within their slot. */
static void xsa_513_sectors(void **state)
{
	unsigned int op, first, last;

	connect();
	use_way(BLK_COPY);
	for (op = BLKIF_OP_READ; op <= BLKIF_OP_WRITE; op++)
		for (first = 0; first < 256; first += first < 16 ? 1 : 29)
			for (last = 0; last < 256; last += last < 16 ? 1 : 13) {
				u8 *slot = machine_slot(&machine);

				machine_rw(&machine, op, 2, 0, 1, 1);
				wire_segment(machine.wire, slot, 0, 1, first,
					     last);
				assert_int_equal(serve(2),
						 last < 8 && first <= last ?
							 BLKIF_RSP_OKAY :
							 BLKIF_RSP_ERROR);
			}
}

static void xsa_513_counts(void **state)
{
	static const u8 ops[] = { 0, 1, 2, 3, 4, 7, 255 };
	unsigned int abi, i, nr;

	for (abi = 0; abi < ARRAY_SIZE(wires); abi++) {
		renew(&wires[abi], 0);
		connect();
		for (i = 0; i < ARRAY_SIZE(ops); i++)
			for (nr = 0; nr < 256; nr++) {
				s16 status;

				machine_rw(&machine, ops[i], 2, 0, nr, 1);
				status = serve(2);
				if (nr > BLKIF_SEGMENTS)
					assert_int_not_equal(status,
							     BLKIF_RSP_OKAY);
				/* Refused for that, not by good luck. */
				if (nr > BLKIF_SEGMENTS && ops[i] < 2)
					assert_non_null(strstr(fake_report_text,
							       "number of seg"));
				else if (nr && ops[i] < 2)
					assert_int_equal(status,
							 BLKIF_RSP_OKAY);
			}
	}
}

#define advisory(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		advisory(cve_2013_2140),
		advisory(xsa_39_indices),
		advisory(xsa_39_error_paths),
		advisory(xsa_155),
		advisory(xsa_155_indirect),
		advisory(xsa_216),
		advisory(xsa_300),
		advisory(xsa_316),
		advisory(xsa_331),
		advisory(xsa_332),
		advisory(xsa_332_broken_ring),
		advisory(xsa_350),
		advisory(xsa_350_half_made),
		advisory(xsa_361),
		advisory(xsa_362),
		advisory(xsa_365),
		advisory(xsa_367),
		advisory(xsa_367_stuck),
		advisory(xsa_369),
		advisory(xsa_371),
		advisory(xsa_513_sectors),
		advisory(xsa_513_counts),
	};
	const char *only = getenv("ONLY");

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (only)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests_name("advisory", tests, NULL, NULL);
}
