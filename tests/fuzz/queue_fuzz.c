// SPDX-License-Identifier: GPL-2.0
/*
 * A whole queue under a hostile frontend, a failing Xen, a failing disk and a
 * host short of memory. The input is a device's settings and then steps, each
 * a byte for what and some bytes for how; where it ends, zeros follow.
 *
 * What must hold, whatever the steps: each request that was taken is answered
 * once, with its id; what is said to be done was done; the disk is asked for
 * nothing outside its limits; no page is lost, used twice, or more than allowed;
 * what is mapped is unmapped first.
 */
#include "test.h"
#include "machine.h"
#include <linux/jiffies.h>
#include <xen/grant_table.h>
#include "input.h"

#define MOST_STEPS	400
#define DESCRIPTORS	(FAKE_REFS - 1)	/* the page of segment descriptors */
#define MOST_HELD	16
#define PLANS		48
#define PERSISTENT	24

static struct machine machine;
static struct page *held[MOST_HELD];
static unsigned int nr_held, nr_plans;
/* Of the requests under way, by slot: what its answer must say. */
static struct {
	bool posted;
	u8 operation;
	u16 sectors;
} expected[64 << 1];
static u64 sectors_answered;
static u32 first_id, next_id;
static bool broken;
static u8 meddling;
static unsigned int storm;	/* events yet to come */

/* Small numbers mostly, and all that are special. */
static u64 number(void)
{
	static const u64 special[] = {
		~0ull, 1ull << 63, 1ull << 32, ~0ull - 7, 4095, 4096, 4088, 0 };
	u8 kind = byte();

	if (kind < 128)
		return word() % 5000;
	return special[kind % ARRAY_SIZE(special)] + (kind >> 4) - 8;
}

/* Others, in the middle of something. */

static void check_bounds(void)
{
	const struct blk_transfer *transfer = &machine.queue.transfer;

	if (!machine.queue.vbd || !transfer->memory.free)
		return;
	assert_true(transfer->memory.nr_used + transfer->memory.nr_free <=
		    transfer->memory.limit);
	assert_true(transfer->mappable.nr_used + transfer->mappable.nr_free <=
		    transfer->mappable.limit);
	assert_true(transfer->cache.nr <= transfer->cache.max);
}

/* What was taken is the frontend's to write again. */
static void flip_taken(void)
{
	const struct xenmod_ring *ring = &machine.queue.ring;
	u32 index;

	if (!ring->shared)
		return;
	for (index = ring->rsp_prod; index != ring->req_cons; index++) {
		u8 *slot = xenmod_ring_slot(ring, index);
		unsigned int i;

		/* Other sectors of the same pages, or garbage. */
		if (meddling & 0x80)
			for (i = 0; i < BLKIF_SEGMENTS; i++)
				memset(slot + machine.wire->segment + 8 * i + 4,
				       0, 2);
		else
			memset(slot, meddling, ring->slot_size);
	}
}

static void meanwhile(void)
{
	static bool inside;

	if (inside)
		return;
	inside = true;
	if (!fake_locks_held)
		check_bounds();
	if (meddling & 1)
		flip_taken();
	if (meddling & 2 && !fake_locks_held)
		fake_disk_complete(meddling >> 4);
	if (meddling & 4 && !fake_locks_held && fake_current)
		fake_run_tasklet();
	if (meddling & 8 && storm && storm--)
		fake_send_event();
	inside = false;
}

/* A network block device still holds a page that it has sent. */
static void hold(void)
{
	struct page *page = fake_disk_page(byte());

	if (!page || !page->mappable || nr_held == MOST_HELD)
		return;
	page->count++;
	held[nr_held++] = page;
}

static void let_go(void)
{
	while (nr_held)
		held[--nr_held]->count--;
}

/* The frontend */

static bool room(void)
{
	return !broken && next_id - machine.rsp_cons < machine.nr_slots;
}

/* Of a read or write within a slot: what the disk has to see if it is good. */
static unsigned int sectors_of(const u8 *slot)
{
	const u8 *segment = slot + machine.wire->segment;
	unsigned int i, sum = 0;

	if (slot[0] > BLKIF_OP_WRITE || slot[1] > BLKIF_SEGMENTS)
		return 0;
	for (i = 0; i < slot[1]; i++, segment += 8)
		sum += segment[5] - segment[4] + 1;
	return sum;
}

static void expect(u8 *slot)
{
	unsigned int at = next_id % ARRAY_SIZE(expected);

	assert_false(expected[at].posted);
	expected[at].posted = true;
	expected[at].sectors = sectors_of(slot);
	expected[at].operation = slot[0] == BLKIF_OP_INDIRECT ? slot[1] :
								slot[0];
	wire_put(slot + machine.wire->id, next_id, 8);
	memcpy(machine_slot(&machine), slot, machine.wire->slot);
	machine_post(&machine);
	next_id++;
}

static void post_raw(void)
{
	u8 slot[BLKIF_SLOT_64];
	unsigned int i;

	memset(slot, 0, sizeof(slot));
	for (i = 0; i < machine.wire->slot && left; i++)
		slot[i] = byte();
	if (room())
		expect(slot);
}

static void post_segments(void)
{
	u8 slot[BLKIF_SLOT_64], operation = byte() % 5, nr = byte() % 14;
	u32 gref = word() % (FAKE_REFS + 64);
	unsigned int i;

	wire_head(machine.wire, slot, operation, nr, 0, number());
	for (i = 0; i < nr && i < BLKIF_SEGMENTS; i++) {
		u8 sectors = byte();

		wire_segment(machine.wire, slot, i, gref + i * (sectors % 3),
			     sectors & 0x80 ? sectors & 15 : 0,
			     sectors & 0x80 ? sectors >> 3 & 15 : 7);
	}
	if (room())
		expect(slot);
}

static void post_discard(void)
{
	u8 slot[BLKIF_SLOT_64], flag = byte();

	wire_head(machine.wire, slot, BLKIF_OP_DISCARD, flag & 3, 0, number());
	wire_put(slot + machine.wire->discard_sectors, number(), 8);
	if (room())
		expect(slot);
}

static void post_indirect(void)
{
	u8 slot[BLKIF_SLOT_64];
	u8 operation = byte();
	u16 nr = word();

	wire_head(machine.wire, slot, BLKIF_OP_INDIRECT,
		  operation & 0x80 ? operation : operation & 1, 0, number());
	wire_put(slot + 2, nr & 0x8000 ? nr : nr % 300, 2);
	wire_put(slot + machine.wire->indirect_gref,
		 operation & 0x40 ? word() : DESCRIPTORS, 4);
	if (room())
		expect(slot);
}

static void write_descriptors(void)
{
	u8 *page = fake_guest_page(DESCRIPTORS);
	u16 from = byte(), nr = byte(), gref = word();
	u8 sectors = byte();
	unsigned int i;

	for (i = from; i < from + nr + 1u && i < PAGE_SIZE / 8; i++) {
		wire_put(page + i * 8, (gref + i) % (FAKE_REFS + 8), 4);
		page[i * 8 + 4] = sectors & 0x80 ? sectors & 15 : 0;
		page[i * 8 + 5] = sectors & 0x80 ? sectors >> 3 & 15 : 7;
	}
	fake_guest_wrote(DESCRIPTORS);
}

static void read_answers(void)
{
	struct machine_answer answer;
	unsigned int at;

	while (machine_answer(&machine, &answer)) {
		at = answer.id % ARRAY_SIZE(expected);
		assert_true((u32)answer.id - first_id < next_id - first_id);
		assert_true(expected[at].posted);
		assert_int_equal(answer.operation, expected[at].operation);
		assert_in_range(answer.status + 2, 0, 2);
		if (answer.status == BLKIF_RSP_OKAY)
			sectors_answered += expected[at].sectors;
		expected[at].posted = false;
	}
}

static void garbage_index(void)
{
	machine_shared(&machine)->req_prod += (u32)word() << (byte() % 17);
	fake_send_event();
	broken = true;
}

static void garbage_event(void)
{
	struct xenmod_ring_shared *shared = machine_shared(&machine);
	u8 which = byte();

	if (which & 1)
		shared->rsp_event = word();
	if (which & 2)
		shared->req_event = word();
}

/* Xen, the disk, the host */

static void refuse(void)
{
	static const unsigned int commands[] = {
		GNTTABOP_map_grant_ref, GNTTABOP_unmap_grant_ref,
		GNTTABOP_copy };
	u8 what = byte(), times = byte();
	u16 ref = word() % FAKE_REFS;
	s16 status = what & 0x80 ? (s16)word() : GNTST_eagain;

	if (nr_plans++ < PLANS)
		fake_refuse(commands[what % 3],
			    what & 0x40 ? DESCRIPTORS : ref % 64, status,
			    times == 255 ? FAKE_FOREVER : times);
}

static void fail_calls(void)
{
	u8 what = byte();

	fake_xen.call_error[GNTTABOP_map_grant_ref] = what & 1 ? -ENOMEM : 0;
	fake_xen.call_error[GNTTABOP_unmap_grant_ref] = what & 2 ? -EFAULT : 0;
	fake_xen.call_error[GNTTABOP_copy] = what & 4 ? -ENOSYS : 0;
	fake_xen.late_map_error = what & 8 ? -ENOMEM : 0;
}

static void run_short(void)
{
	u8 pages = byte(), allocations = byte();

	fake_memory.pages_left = pages == 255 ? FAKE_FOREVER : pages;
	fake_memory.allocations_left = allocations == 255 ? FAKE_FOREVER :
							    allocations;
}

static void change_disk(void)
{
	u8 what = byte();

	fake_disk.failing = what & 1 ? byte() : 0;
	fake_disk.at_once = what & 2;
}

static void change_limits(void)
{
	u8 what = byte();

	/* What was checked before may be at the disk by then. */
	if (fake_disk.waiting || machine.queue.nr_taken)
		return;
	fake_disk.nr_sectors = what & 1 ? number() : 4096;
	fake_disk.readonly = what & 2;
	fake_disk.discard = !(what & 4);
	fake_disk.secure = what & 16;
	fake_disk.block_sectors = what & 8 ? 8 : 1;
}

static void plenty(void)
{
	fake_memory.pages_left = FAKE_FOREVER;
	fake_memory.allocations_left = FAKE_FOREVER;
	memset(fake_xen.call_error, 0, sizeof(fake_xen.call_error));
	fake_xen.late_map_error = 0;
	fake_relent();
	nr_plans = 0;
}

static void use_policy(void)
{
	u8 what = byte();

	machine.vbd.persistent = what & 1;
	fake_pv_domain = what & 2;
	blk_parameters.max_persistent_grants = what & 4 ? 3 : PERSISTENT;
	if (what & 64)
		blk_parameters.max_persistent_grants = 700;
	blk_parameters.copy_max_bytes = what & 8 ? 0 : 8192;
	blk_parameters.max_buffer_pages = what & 16 ? 0 : 64;
	blk_parameters.persistent_unused_seconds = what & 32 ? 0 : 1;
	blk_parameters.poll = what & 128;
}

static bool stays_mapped(const struct page *page)
{
	struct xenmod_persistent *entry;

	list_for_each_entry(entry, &machine.queue.transfer.cache.entries, node)
		if (entry->mapping.page == page)
			return true;
	return false;
}

/* What a request holds for itself would be waited for without end. */
static void let_go_of_requests(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < nr_held; i++)
		if (stays_mapped(held[i]))
			held[nr++] = held[i];
		else
			held[i]->count--;
	nr_held = nr;
}

/* The backend comes and goes; what was announced waits for it. */
static void reconnect(void)
{
	if (machine.queue.vbd && byte() & 1)
		let_go_of_requests();
	else
		let_go();
	if (machine.queue.vbd) {
		machine_disconnect(&machine);
		nr_held = 0;
		assert_int_equal(machine.queue.nr_taken, 0);
		assert_int_equal(fake_memory.allocations, 0);
		assert_int_equal(fake_memory.pages, 0);
		/* Only what Xen refused to unmap is left. */
		assert_int_equal(fake_memory.mappable, fake_xen.mapped);
		fake_forget_mapped();
		machine_unpoison(&machine);
	}
	if (!broken)
		read_answers();
	use_policy();
	fake_channel.bind_error = byte() == 77 ? -EINVAL : 0;
	if (broken)
		return;
	if (machine_connect(&machine))
		machine_disconnect(&machine);
	machine_unpoison(&machine);
}

static void other_step(u8 what)
{
	switch (what % 8) {
	case 0:
		jiffies += byte() * 16;
		break;
	case 1:
		machine.queue.squeeze = true;
		if (machine.queue.vbd)
			blk_queue_kick(&machine.queue);
		break;
	case 2:
		plenty();
		break;
	case 3:
		hold();
		break;
	case 4:
		let_go();
		break;
	case 5:
		garbage_event();
		break;
	case 6:
		change_limits();
		break;
	case 7:
		if (what >= 0xf8)
			garbage_index();
		break;
	}
}

static void host_step(u8 what)
{
	switch (what % 8) {
	case 0:
		fake_run_work();
		break;
	case 1:
		fake_run_tasklet();
		break;
	case 2:
		fake_run_timer();
		break;
	case 3:
		fake_disk_complete(byte());
		break;
	case 4:
		fake_run();
		break;
	case 5:
		change_disk();
		break;
	case 6:
		meddling = byte();
		storm = 20;
		break;
	case 7:
		reconnect();
		break;
	}
}

static void step(void)
{
	u8 what = byte();

	switch (what % 12) {
	case 0:
		post_raw();
		break;
	case 1:
	case 2:
		post_segments();
		break;
	case 3:
		post_indirect();
		break;
	case 4:
		post_discard();
		break;
	case 5:
		write_descriptors();
		break;
	case 6:
		if (!broken)
			machine_kick(&machine);
		break;
	case 7:
		if (!broken)
			read_answers();
		break;
	case 8:
		refuse();
		break;
	case 9:
		byte() & 1 ? run_short() : fail_calls();
		break;
	case 10:
		host_step(byte());
		break;
	case 11:
		other_step(byte());
		break;
	}
}

static void begin(void)
{
	void *none = NULL;
	u8 what = byte();

	fake_reset(&none);
	memset(expected, 0, sizeof(expected));
	nr_held = 0;
	nr_plans = 0;
	broken = false;
	sectors_answered = 0;
	meddling = 0;
	storm = 0;
	machine_init(&machine, &wires[what & 1], what >> 1 & 1);
	first_id = what & 4 ? -5u : 0;
	next_id = first_id;
	machine_start_at(&machine, first_id);
	use_policy();
	fake_meanwhile = meanwhile;
	assert_int_equal(machine_connect(&machine), 0);
}

/* All is well again: then all must come to an end. */
static void end(void)
{
	void *none = NULL;

	meddling = 0;
	plenty();
	let_go();
	if (machine.queue.vbd) {
		if (!broken)
			machine_kick(&machine);
		fake_run_all();
		assert_int_equal(machine.queue.nr_taken, 0);
		assert_int_equal(machine.queue.transfer.memory.nr_used, 0);
		assert_int_equal(machine.queue.transfer.mappable.nr_used,
				 machine.queue.transfer.cache.nr);
		if (!broken) {
			read_answers();
			assert_int_equal(machine.rsp_cons, next_id);
		}
	}
	/* What was said to be done was done. */
	assert_true(sectors_answered <=
		    fake_disk.sectors_read + fake_disk.sectors_written);
	machine_destroy(&machine);
	assert_int_equal(fake_memory.mappable, fake_xen.mapped);
	fake_forget_mapped();
	assert_int_equal(fake_warnings, 0);
	assert_int_equal(fake_verify(&none), 0);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int steps;

	input = data;
	left = size;
	begin();
	for (steps = 0; left && steps < MOST_STEPS; steps++)
		step();
	end();
	return 0;
}
