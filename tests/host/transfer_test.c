// SPDX-License-Identifier: GPL-2.0
/*
 * A request's data on its way, from segments to grant operations and back.
 */
#include "test.h"
#include "fake.h"
#include <linux/jiffies.h>
#include <xen/grant_table.h>
#include <xenmod/stats.h>
#include "mover.h"

#define MOST	11	/* segments of a request here */

static struct blk_segment segments[MOST];
static struct blk_data data;
static struct blkif_segment wire[MOST];
static struct mover mover;
#define transfer (mover.transfer)
#define stats (mover.stats)

static int setup(void **state)
{
	fake_reset(state);
	memset(segments, 0xa5, sizeof(segments));
	memset(wire, 0, sizeof(wire));
	data.segment = segments;
	return mover_init(&mover, 64, 64, 32);
}

static int teardown(void **state)
{
	mover_destroy(&mover);
	/* A page that was not given back. */
	assert_int_equal(fake_warnings, 0);
	return fake_verify(state);
}

static void use_policy(bool persistent, bool map, unsigned int copy_max)
{
	transfer.policy = (struct blk_policy){ persistent, map, copy_max };
}

/* A request of @nr whole pages, references 0 to @nr. */
static void start(unsigned int nr, bool to_guest)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		wire[i] = (struct blkif_segment){ .gref = i, .last_sect = 7 };
	blk_data_init(&data, wire, nr, to_guest);
}

static bool prepare(void)
{
	return mover_prepare(&mover, &data);
}

static void flush(void)
{
	xenmod_batch_flush(&transfer.bring);
}

/* The end of a request; says whether the guest got all. */
static bool finish(bool deliver)
{
	return mover_finish(&mover, &data, deliver);
}

static void expect_ways(enum blk_way way)
{
	unsigned int i;

	for (i = 0; i < data.nr_ready; i++)
		assert_int_equal(segments[i].way, way);
}

static void layout(void **state)
{
	unsigned int first, last, nr = 0;

	for (first = 0; first < 8; first++)
		for (last = first; last < 8; last++, nr++) {
			wire[0] = (struct blkif_segment){
				.gref = 0xfffffff0 + first, .last_sect = 7 };
			wire[1] = (struct blkif_segment){
				.gref = nr, .first_sect = first,
				.last_sect = last };
			blk_data_init(&data, wire, 2, nr & 1);
			assert_int_equal(data.nr, 2);
			assert_int_equal(data.nr_ready, 0);
			assert_int_equal(data.to_guest, nr & 1);
			assert_int_equal(segments[0].gref, 0xfffffff0 + first);
			assert_int_equal(segments[0].offset, 0);
			assert_int_equal(segments[0].length, 4096);
			assert_int_equal(segments[1].gref, nr);
			assert_int_equal(segments[1].offset, first * 512);
			assert_int_equal(segments[1].length,
					 (last - first + 1) * 512);
			assert_int_equal(data.bytes,
					 4096 + (last - first + 1) * 512);
		}
}

static void policies(void **state)
{
	static const struct {
		struct blk_policy policy;
		unsigned int pages;
		enum blk_way way;
	} cases[] = {
		{ { false, false, 0 }, 1, BLK_COPY },
		{ { false, false, 0 }, 11, BLK_COPY },
		{ { false, true, 0 }, 1, BLK_MAP },
		{ { false, true, 4096 }, 1, BLK_COPY },
		{ { false, true, 4095 }, 1, BLK_MAP },
		{ { false, true, 4096 }, 2, BLK_MAP },
		{ { false, true, 65536 }, 11, BLK_COPY },
		{ { true, false, 0 }, 3, BLK_PERSISTENT },
		{ { true, true, 65536 }, 3, BLK_PERSISTENT },
	};
	unsigned int i, to_guest;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (to_guest = 0; to_guest < 2; to_guest++) {
			transfer.policy = cases[i].policy;
			start(cases[i].pages, to_guest);
			assert_true(prepare());
			assert_int_equal(data.nr_ready, cases[i].pages);
			expect_ways(cases[i].way);
			flush();
			assert_true(blk_data_arrived(&data));
			assert_true(finish(true));
		}
}

static void a_write_by_copy(void **state)
{
	u8 *page;

	use_policy(false, false, 0);
	wire[0] = (struct blkif_segment){ .gref = 9, .first_sect = 2,
					  .last_sect = 4 };
	memset(fake_guest_page(9), 0x77, PAGE_SIZE);
	blk_data_init(&data, wire, 1, false);
	assert_true(prepare());
	/* Not there before Xen said so. */
	assert_false(blk_data_arrived(&data));
	flush();
	assert_true(blk_data_arrived(&data));
	page = blk_segment_page(&segments[0])->memory;
	assert_int_equal(page[1023], 0xa5);
	assert_int_equal(page[1024], 0x77);
	assert_int_equal(page[2559], 0x77);
	assert_int_equal(page[2560], 0xa5);
	assert_true(finish(true));
	/* Nothing goes back to the guest. */
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 1);
	assert_int_equal(fake_log.copy[0].to_guest, false);
}

static void a_read_by_copy(void **state)
{
	u8 *guest = fake_guest_page(9);

	use_policy(false, false, 0);
	wire[0] = (struct blkif_segment){ .gref = 9, .first_sect = 1,
					  .last_sect = 1 };
	blk_data_init(&data, wire, 1, true);
	assert_true(prepare());
	flush();
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 0);
	assert_true(blk_data_arrived(&data));
	memset(blk_segment_page(&segments[0])->memory, 0x33, PAGE_SIZE);
	assert_true(finish(true));
	/* The sector, and not a byte of our page beside it. */
	assert_int_equal(guest[511], 0x5a);
	assert_int_equal(guest[512], 0x33);
	assert_int_equal(guest[1023], 0x33);
	assert_int_equal(guest[1024], 0x5a);
}

/* After a disk error the guest sees nothing of what our pages hold. */
static void a_failed_read_delivers_nothing(void **state)
{
	use_policy(false, false, 0);
	start(5, true);
	assert_true(prepare());
	flush();
	assert_true(finish(false));
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 0);
	assert_int_equal(data.nr, 0);
	assert_int_equal(data.nr_ready, 0);
}

static void a_read_that_cannot_be_delivered(void **state)
{
	unsigned int bad;

	use_policy(false, false, 0);
	for (bad = 0; bad < MOST; bad++) {
		start(MOST, true);
		assert_true(prepare());
		flush();
		fake_refuse(GNTTABOP_copy, bad, GNTST_bad_gntref, 1);
		assert_false(finish(true));
		assert_int_equal(transfer.memory.nr_used, 0);
	}
}

static void maps_ask_for_no_more_than_needed(void **state)
{
	unsigned int to_guest;

	use_policy(false, true, 0);
	for (to_guest = 0; to_guest < 2; to_guest++) {
		fake_log.nr_map = 0;
		start(3, to_guest);
		assert_true(prepare());
		assert_false(blk_data_arrived(&data));
		flush();
		assert_true(blk_data_arrived(&data));
		assert_int_equal(fake_log.nr_map, 3);
		/* A write only reads the guest's pages. */
		assert_int_equal(fake_log.map[0].readonly, !to_guest);
		assert_int_equal(fake_xen.mapped, 3);
		assert_true(finish(true));
		assert_int_equal(fake_xen.mapped, 0);
	}
	assert_int_equal(stats.count[XENMOD_BYTES_MAPPED], 6 * 4096);
	assert_int_equal(fake_xen.calls[GNTTABOP_map_grant_ref], 2);
	assert_int_equal(fake_xen.calls[GNTTABOP_unmap_grant_ref], 2);
}

/* One operation fails, in each position and each way. */
static void what_does_not_arrive(void **state)
{
	static const struct {
		struct blk_policy policy;
		unsigned int command;
	} cases[] = {
		{ { false, false, 0 }, GNTTABOP_copy },
		{ { false, true, 0 }, GNTTABOP_map_grant_ref },
		{ { true, false, 0 }, GNTTABOP_map_grant_ref },
	};
	unsigned int i, bad;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (bad = 0; bad < MOST; bad++) {
			transfer.policy = cases[i].policy;
			fake_refuse(cases[i].command, bad, GNTST_bad_gntref, 1);
			start(MOST, false);
			assert_true(prepare());
			flush();
			assert_false(blk_data_arrived(&data));
			/* All the others are undone. */
			finish(false);
			assert_int_equal(transfer.memory.nr_used, 0);
			if (!transfer.policy.persistent)
				assert_int_equal(fake_xen.mapped, 0);
			mover_shrink(&mover, 0, UINT_MAX);
			assert_int_equal(fake_xen.mapped, 0);
			assert_int_equal(transfer.mappable.nr_used, 0);
		}
}

static void persistent_grants_are_found_again(void **state)
{
	unsigned int round;

	use_policy(true, true, 0);
	for (round = 0; round < 3; round++) {
		start(4, round & 1);
		assert_true(prepare());
		flush();
		assert_true(blk_data_arrived(&data));
		assert_true(finish(true));
	}
	assert_int_equal(fake_xen.operations[GNTTABOP_map_grant_ref], 4);
	assert_int_equal(fake_xen.operations[GNTTABOP_unmap_grant_ref], 0);
	assert_int_equal(fake_xen.operations[GNTTABOP_copy], 0);
	assert_int_equal(stats.count[XENMOD_PERSISTENT_HITS], 8);
	assert_int_equal(stats.count[XENMOD_BYTES_MAPPED], 12 * 4096);
}

/* What the cache has no room for goes another way, in the same request. */
static void a_full_cache(void **state)
{
	unsigned int map, i;

	transfer.cache.max = 4;
	for (map = 0; map < 2; map++) {
		use_policy(true, map, 0);
		start(MOST, true);
		assert_true(prepare());
		flush();
		assert_true(blk_data_arrived(&data));
		for (i = 0; i < MOST; i++)
			assert_int_equal(segments[i].way,
					 i < 4 ? BLK_PERSISTENT :
					 map ? BLK_MAP : BLK_COPY);
		assert_true(finish(true));
		assert_int_equal(fake_xen.mapped, 4);
	}
}

/* Pages run out half-way; the rest goes on later, and nothing twice. */
static void a_shortage_is_overcome(void **state)
{
	unsigned int map, room;

	for (map = 0; map < 2; map++)
		for (room = 0; room < MOST; room++) {
			struct xenmod_pool *pool =
				map ? &transfer.mappable : &transfer.memory;
			unsigned int command =
				map ? GNTTABOP_map_grant_ref : GNTTABOP_copy;
			unsigned int before = fake_xen.operations[command];

			use_policy(false, map, 0);
			xenmod_pool_trim(pool, 0);
			pool->limit = room;
			start(MOST, false);
			assert_false(prepare());
			assert_int_equal(data.nr_ready, room);
			/* A pass flushes what it has. */
			flush();
			assert_false(prepare());
			assert_int_equal(data.nr_ready, room);
			pool->limit = 64;
			assert_true(prepare());
			flush();
			assert_true(blk_data_arrived(&data));
			assert_int_equal(fake_xen.operations[command],
					 before + MOST);
			assert_true(finish(true));
		}
}

/* What it wants is said, and nothing is half done. */
static void wishes(void **state)
{
	static const struct {
		struct blk_policy policy;
		enum blk_progress pages;
	} cases[] = {
		{ { false, false, 0 }, BLK_WANTS_MEMORY },
		{ { false, true, 0 }, BLK_WANTS_MAPPABLE },
		{ { true, false, 0 }, BLK_WANTS_MAPPABLE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		transfer.policy = cases[i].policy;
		start(MOST, false);
		assert_int_equal(mover_try(&mover, &data), cases[i].pages);
		assert_int_equal(data.nr_ready, 0);
		assert_true(xenmod_batch_empty(&transfer.bring));

		xenmod_pool_fill(&transfer.memory, MOST);
		xenmod_pool_fill(&transfer.mappable, MOST);
		transfer.bring.room_copy = 4;
		transfer.bring.room_map = 4;
		assert_int_equal(mover_try(&mover, &data), BLK_WANTS_FLUSH);
		assert_int_equal(data.nr_ready, 4);
		assert_int_equal(transfer.memory.nr_used +
				 transfer.mappable.nr_used, 4);
		flush();
		assert_int_equal(mover_try(&mover, &data), BLK_WANTS_FLUSH);
		assert_int_equal(data.nr_ready, 8);
		flush();
		assert_int_equal(mover_try(&mover, &data), BLK_READY);
		flush();
		assert_true(blk_data_arrived(&data));
		assert_true(finish(true));
		xenmod_pool_trim(&transfer.memory, 0);
		xenmod_pool_trim(&transfer.mappable, 0);
	}
}

/* A full cache of batch and pages still has a way for a segment. */
static void full_batch_behind_a_full_cache(void **state)
{
	transfer.cache.max = 0;
	transfer.bring.room_map = 2;
	use_policy(true, true, 0);
	start(MOST, false);
	assert_true(prepare());
	flush();
	assert_true(blk_data_arrived(&data));
	assert_int_equal(fake_xen.calls[GNTTABOP_map_grant_ref], 6);
	assert_true(finish(true));
}

/* More to end than the batch takes. */
static void ending_in_parts(void **state)
{
	unsigned int map;

	transfer.end.room_copy = 4;
	transfer.end.room_unmap = 4;
	for (map = 0; map < 2; map++) {
		use_policy(false, map, 0);
		start(MOST, true);
		assert_true(prepare());
		flush();
		assert_true(finish(true));
		assert_int_equal(fake_xen.mapped, 0);
		assert_int_equal(fake_xen.calls[map ? GNTTABOP_unmap_grant_ref :
						GNTTABOP_copy], 3);
		assert_int_equal(fake_xen.operations[map ?
				 GNTTABOP_unmap_grant_ref : GNTTABOP_copy],
				 MOST);
	}
}

/* Xen asks to repeat: the request ends once more. */
static void delivered_at_the_second_try(void **state)
{
	use_policy(false, false, 0);
	start(3, true);
	assert_true(prepare());
	flush();
	memset(blk_segment_page(&segments[1])->memory, 0x33, PAGE_SIZE);
	fake_refuse(GNTTABOP_copy, 1, GNTST_eagain, 1);
	assert_false(blk_data_again(&data));
	mover_end(&mover, &data, true);
	assert_true(blk_data_again(&data));
	mover_end(&mover, &data, true);
	assert_false(blk_data_again(&data));
	assert_true(mover_release(&mover, &data));
	assert_int_equal(fake_guest_page(1)[100], 0x33);
}

static void a_shortage_is_given_up(void **state)
{
	use_policy(false, true, 0);
	transfer.mappable.limit = 5;
	start(MOST, false);
	assert_false(prepare());
	/* Flushed, as a pass does it, and then the queue has to stop. */
	flush();
	finish(false);
	assert_int_equal(fake_xen.mapped, 0);
	assert_int_equal(transfer.mappable.nr_used, 0);
}

static void held_pages_are_busy(void **state)
{
	struct page *page;

	use_policy(false, true, 0);
	start(3, false);
	assert_true(prepare());
	flush();
	assert_false(blk_data_busy(&data));
	page = blk_segment_page(&segments[2]);
	page->count = 2;
	assert_true(blk_data_busy(&data));
	page->count = 1;
	assert_false(blk_data_busy(&data));
	assert_true(finish(true));
}

/* Nobody waits for a page of our own: it is simply not used again. */
static void held_copies_are_not_busy(void **state)
{
	struct page *page;

	use_policy(false, false, 0);
	start(1, false);
	assert_true(prepare());
	flush();
	page = blk_segment_page(&segments[0]);
	page->count = 2;
	assert_false(blk_data_busy(&data));
	xenmod_pool_trim(&transfer.memory, 0);
	assert_true(finish(true));
	assert_int_equal(transfer.memory.nr_free, 0);
}

static void xen_will_not_unmap(void **state)
{
	struct page *page;

	use_policy(false, true, 0);
	start(3, false);
	assert_true(prepare());
	flush();
	page = blk_segment_page(&segments[1]);
	fake_refuse(GNTTABOP_unmap_grant_ref, 1, GNTST_general_error, 1);
	/* The guest got what it wanted; the page is lost to us alone. */
	assert_true(finish(true));
	assert_int_equal(transfer.mappable.nr_used, 0);
	assert_int_equal(fake_xen.mapped, 1);
	assert_true(page->foreign);
	fake_page_quarantined(page);
	fake_xen.mapped--;
}

/* One reference in several segments, as a careless frontend may send. */
static void the_same_reference_twice(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		use_policy(i == 0, i == 1, 0);
		start(4, false);
		wire[3].gref = 0;
		blk_data_init(&data, wire, 4, false);
		assert_true(prepare());
		flush();
		assert_true(blk_data_arrived(&data));
		assert_true(finish(true));
	}
}

static void no_segments(void **state)
{
	use_policy(true, true, 0);
	start(0, false);
	assert_true(prepare());
	assert_true(xenmod_batch_empty(&transfer.bring));
	assert_true(blk_data_arrived(&data));
	assert_false(blk_data_busy(&data));
	assert_true(finish(true));
}

/* Fetch @nr segments from page @gref; returns them, or NULL. */
static const struct blkif_segment *fetch(struct blk_fetch *fetching,
					 grant_ref_t gref, unsigned int nr)
{
	unsigned int bytes = nr * sizeof(struct blkif_segment);
	enum blk_progress progress;

	memset(fetching, 0, sizeof(*fetching));
	spin_lock_bh(&mover.lock);
	progress = blk_fetch_prepare(&transfer, fetching, gref, bytes);
	spin_unlock_bh(&mover.lock);
	assert_int_equal(progress, BLK_READY);
	flush();
	return blk_fetch_finish(fetching, bytes);
}

static void release_fetch(struct blk_fetch *fetching)
{
	spin_lock_bh(&mover.lock);
	blk_fetch_release(&transfer, fetching);
	/* Nothing is left to release. */
	blk_fetch_release(&transfer, fetching);
	spin_unlock_bh(&mover.lock);
}

/* What is checked is a private copy, whichever way the page came. */
static void descriptors_are_copied(void **state)
{
	struct blkif_segment *guest = (void *)fake_guest_page(7);
	const struct blkif_segment *got;
	struct blk_fetch fetching;

	xenmod_pool_fill(&transfer.memory, 8);
	xenmod_pool_fill(&transfer.mappable, 8);
	use_policy(false, true, 0);
	guest[1].gref = 4242;
	got = fetch(&fetching, 7, 2);
	assert_non_null(got);
	guest[1].gref = 1;
	assert_int_equal(got[1].gref, 4242);
	release_fetch(&fetching);

	/* The fake maps a page without its content. */
	use_policy(true, true, 0);
	assert_non_null(fetch(&fetching, 7, 2));
	guest = page_address(fetching.persistent->mapping.page);
	release_fetch(&fetching);
	guest[1].gref = 4243;
	got = fetch(&fetching, 7, 2);
	assert_non_null(got);
	guest[1].gref = 1;
	assert_int_equal(got[1].gref, 4243);
	release_fetch(&fetching);

	assert_int_equal(fake_xen.operations[GNTTABOP_copy], 1);
	assert_int_equal(fake_xen.operations[GNTTABOP_map_grant_ref], 1);
	assert_int_equal(transfer.memory.nr_used, 0);
}

static void descriptors_without_a_page(void **state)
{
	struct blk_fetch fetching = {};

	use_policy(true, true, 0);
	spin_lock_bh(&mover.lock);
	assert_int_equal(blk_fetch_prepare(&transfer, &fetching, 7, 8),
			 BLK_WANTS_MEMORY);
	spin_unlock_bh(&mover.lock);
	xenmod_pool_fill(&transfer.memory, 1);
	spin_lock_bh(&mover.lock);
	assert_int_equal(blk_fetch_prepare(&transfer, &fetching, 7, 8),
			 BLK_WANTS_MAPPABLE);
	spin_unlock_bh(&mover.lock);
	release_fetch(&fetching);
	assert_int_equal(transfer.memory.nr_used, 0);
}

/* One hypercall ends all that is in flight, if there is memory for that. */
static void one_hypercall_ends_all(void **state)
{
	use_policy(false, true, PAGE_SIZE * MOST);
	transfer.end.room_copy = 2;
	start(8, true);
	assert_true(prepare());
	fake_memory.allocations_left = 0;
	blk_transfer_fit(&transfer, 64);
	assert_int_equal(transfer.end.room_copy, 2);
	fake_memory.allocations_left = FAKE_FOREVER;
	blk_transfer_fit(&transfer, 64);
	assert_in_range(transfer.end.room_copy, 8, 64);
	flush();
	assert_true(finish(true));
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 1);
}

#define transfer_test(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		transfer_test(layout),
		transfer_test(policies),
		transfer_test(a_write_by_copy),
		transfer_test(a_read_by_copy),
		transfer_test(a_failed_read_delivers_nothing),
		transfer_test(a_read_that_cannot_be_delivered),
		transfer_test(maps_ask_for_no_more_than_needed),
		transfer_test(what_does_not_arrive),
		transfer_test(persistent_grants_are_found_again),
		transfer_test(a_full_cache),
		transfer_test(a_shortage_is_overcome),
		transfer_test(wishes),
		transfer_test(full_batch_behind_a_full_cache),
		transfer_test(ending_in_parts),
		transfer_test(delivered_at_the_second_try),
		transfer_test(a_shortage_is_given_up),
		transfer_test(held_pages_are_busy),
		transfer_test(held_copies_are_not_busy),
		transfer_test(xen_will_not_unmap),
		transfer_test(the_same_reference_twice),
		transfer_test(no_segments),
		transfer_test(descriptors_are_copied),
		transfer_test(descriptors_without_a_page),
		transfer_test(one_hypercall_ends_all),
	};

	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
