// SPDX-License-Identifier: GPL-2.0
/*
 * Batches of grant operations, and what Xen may answer to each.
 */
#include "test.h"
#include "fake.h"
#include <xen/grant_table.h>
#include <xenmod/grant.h>
#include <xenmod/stats.h>

#define SIZE	8	/* of a batch */

static struct xenmod_stats stats;
static struct xenmod_batch batch;
static struct page *local;			/* ordinary */
static struct xenmod_mapping mapping[4 * SIZE];

static struct xenmod_batch batch_of(bool may_sleep)
{
	return (struct xenmod_batch){
		.stats = &stats, .peer = FAKE_PEER, .may_sleep = may_sleep,
		.room_map = SIZE, .room_unmap = SIZE, .room_copy = SIZE };
}

static int setup(void **state)
{
	unsigned int i;

	fake_reset(state);
	memset(&stats, 0, sizeof(stats));
	local = alloc_page(GFP_NOIO | __GFP_NOWARN);
	for (i = 0; i < ARRAY_SIZE(mapping); i++)
		gnttab_alloc_pages(1, &mapping[i].page);
	batch = batch_of(true);
	return xenmod_batch_init(&batch);
}

static int teardown(void **state)
{
	unsigned int i;

	assert_true(xenmod_batch_empty(&batch));
	xenmod_batch_destroy(&batch);
	put_page(local);
	for (i = 0; i < ARRAY_SIZE(mapping); i++)
		gnttab_free_pages(1, &mapping[i].page);
	return fake_verify(state);
}

static u64 count(enum xenmod_counter counter)
{
	return stats.count[counter];
}

static void memory_runs_out(void **state)
{
	struct xenmod_batch other;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		other = batch_of(true);
		fake_memory.allocations_left = i;
		assert_int_equal(xenmod_batch_init(&other), -ENOMEM);
		/* Harmless after a failure, and on zeroes. */
		xenmod_batch_destroy(&other);
	}
	other = batch_of(true);
	fake_memory.allocations_left = 8;
	assert_int_equal(xenmod_batch_init(&other), 0);
	xenmod_batch_destroy(&other);
	xenmod_batch_destroy(&other);
}

static void an_empty_batch_costs_nothing(void **state)
{
	assert_true(xenmod_batch_empty(&batch));
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy] +
			 fake_xen.calls[GNTTABOP_map_grant_ref] +
			 fake_xen.calls[GNTTABOP_unmap_grant_ref], 0);
}

/* What waits in a table survives that the table grows, or fails to. */
static void a_table_grows(void **state)
{
	u8 *guest = fake_guest_page(5), *ours = local->memory;
	unsigned int room = batch.room_copy;
	s16 status = 77;

	memset(guest, 1, PAGE_SIZE);
	memset(ours, 2, PAGE_SIZE);
	xenmod_batch_copy_from(&batch, 5, local, 0, 512, &status);
	fake_memory.allocations_left = 1;
	assert_false(xenmod_batch_grow(&batch, XENMOD_BATCH_COPY, 2 * room,
				       NULL));
	assert_int_equal(batch.room_copy, room);
	fake_memory.allocations_left = 2;
	assert_true(xenmod_batch_grow(&batch, XENMOD_BATCH_COPY, 2 * room,
				      NULL));
	assert_int_equal(batch.room_copy, 2 * room);
	/* Never smaller. */
	assert_true(xenmod_batch_grow(&batch, XENMOD_BATCH_COPY, 1, NULL));
	assert_int_equal(batch.room_copy, 2 * room);
	fake_memory.allocations_left = FAKE_FOREVER;
	while (xenmod_batch_copy_from(&batch, 5, local, 0, 512, &status))
		;
	assert_int_equal(batch.nr_copy, 2 * room);
	xenmod_batch_flush(&batch);
	assert_int_equal(status, GNTST_okay);
	assert_int_equal(ours[511], 1);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 1);
}

static void copies_move_bytes(void **state)
{
	u8 *guest = fake_guest_page(5), *ours = local->memory;
	s16 status = 77;

	memset(guest, 1, PAGE_SIZE);
	memset(ours, 2, PAGE_SIZE);
	xenmod_batch_copy_from(&batch, 5, local, 512, 1024, &status);
	assert_int_equal(status, XENMOD_GRANT_PENDING);
	assert_false(xenmod_batch_empty(&batch));
	xenmod_batch_flush(&batch);
	assert_int_equal(status, GNTST_okay);
	assert_int_equal(ours[511], 2);
	assert_int_equal(ours[512], 1);
	assert_int_equal(ours[1535], 1);
	assert_int_equal(ours[1536], 2);

	memset(ours, 3, PAGE_SIZE);
	xenmod_batch_copy_to(&batch, 5, local, 3584, 512, &status);
	xenmod_batch_flush(&batch);
	assert_int_equal(status, GNTST_okay);
	assert_int_equal(guest[3583], 1);
	assert_int_equal(guest[3584], 3);
	assert_int_equal(guest[4095], 3);

	assert_int_equal(count(XENMOD_COPY_HYPERCALLS), 2);
	assert_int_equal(count(XENMOD_COPY_OPS), 2);
	assert_int_equal(count(XENMOD_BYTES_COPIED), 1536);
	assert_int_equal(count(XENMOD_GRANT_ERRORS), 0);
}

static void one_copy_fails(void **state)
{
	s16 status[SIZE];
	unsigned int bad, i;

	for (bad = 0; bad < SIZE; bad++) {
		memset(&stats, 0, sizeof(stats));
		fake_refuse(GNTTABOP_copy, 10 + bad, GNTST_bad_gntref, 1);
		for (i = 0; i < SIZE; i++)
			xenmod_batch_copy_from(&batch, 10 + i, local, 0, 512,
					       &status[i]);
		xenmod_batch_flush(&batch);
		for (i = 0; i < SIZE; i++)
			assert_int_equal(status[i], i == bad ?
					 GNTST_bad_gntref : GNTST_okay);
		assert_int_equal(count(XENMOD_GRANT_ERRORS), 1);
		assert_int_equal(count(XENMOD_COPY_HYPERCALLS), 1);
		assert_int_equal(count(XENMOD_COPY_OPS), SIZE);
		assert_int_equal(count(XENMOD_BYTES_COPIED), (SIZE - 1) * 512);
	}
}

static void the_copy_call_fails(void **state)
{
	s16 status[3] = { 0 };
	unsigned int i, round;

	/* Twice: no status of the first round may be left in the table. */
	for (round = 0; round < 2; round++) {
		fake_xen.call_error[GNTTABOP_copy] = round ? -EFAULT : 0;
		for (i = 0; i < 3; i++)
			xenmod_batch_copy_to(&batch, i, local, 0, 512,
					     &status[i]);
		xenmod_batch_flush(&batch);
		for (i = 0; i < 3; i++)
			assert_int_equal(status[i], round ?
					 GNTST_general_error : GNTST_okay);
	}
	assert_int_equal(count(XENMOD_GRANT_ERRORS), 3);
	assert_int_equal(count(XENMOD_BYTES_COPIED), 1536);
}

static void a_busy_copy_is_repeated(void **state)
{
	s16 status[2];

	fake_refuse(GNTTABOP_copy, 1, GNTST_eagain, 3);
	xenmod_batch_copy_from(&batch, 1, local, 0, 512, &status[0]);
	xenmod_batch_copy_from(&batch, 2, local, 512, 512, &status[1]);
	xenmod_batch_flush(&batch);
	assert_int_equal(status[0], GNTST_okay);
	assert_int_equal(status[1], GNTST_okay);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 4);
	assert_int_equal(fake_xen.operations[GNTTABOP_copy], 5);
	assert_int_equal(fake_time.short_sleeps, 3);
	assert_int_equal(count(XENMOD_COPY_HYPERCALLS), 4);
	assert_int_equal(count(XENMOD_GRANT_ERRORS), 0);
	assert_int_equal(count(XENMOD_BYTES_COPIED), 1024);
}

/* The bound holds for a flush, not for each operation in it. */
static void a_busy_guest_does_not_stall(void **state)
{
	s16 status[SIZE];
	unsigned int i;

	for (i = 0; i < SIZE; i++) {
		fake_refuse(GNTTABOP_copy, i, GNTST_eagain, FAKE_FOREVER);
		xenmod_batch_copy_from(&batch, i, local, 0, 512, &status[i]);
	}
	xenmod_batch_flush(&batch);
	for (i = 0; i < SIZE; i++)
		assert_int_equal(status[i], GNTST_eagain);
	assert_in_range(fake_time.short_sleeps, 1, 8);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy],
			 1 + fake_time.short_sleeps);
	assert_int_equal(count(XENMOD_GRANT_ERRORS), SIZE);
	assert_int_equal(count(XENMOD_BYTES_COPIED), 0);
}

static void busy_turns_into_failure(void **state)
{
	s16 status;

	fake_refuse(GNTTABOP_copy, 1, GNTST_eagain, 2);
	fake_refuse(GNTTABOP_copy, 1, GNTST_permission_denied, 1);
	xenmod_batch_copy_from(&batch, 1, local, 0, 512, &status);
	xenmod_batch_flush(&batch);
	assert_int_equal(status, GNTST_permission_denied);
	assert_int_equal(fake_time.short_sleeps, 2);
}

/* Each kind has its own room; one that is full says so and changes nothing. */
static void a_full_batch_refuses(void **state)
{
	s16 status[SIZE + 1];
	unsigned int i;

	for (i = 0; i < SIZE; i++)
		assert_true(xenmod_batch_copy_from(&batch, i, local, 0, 512,
						   &status[i]));
	status[SIZE] = 77;
	assert_false(xenmod_batch_copy_from(&batch, 9, local, 0, 512,
					    &status[SIZE]));
	assert_false(xenmod_batch_copy_to(&batch, 9, local, 0, 512,
					  &status[SIZE]));
	assert_int_equal(status[SIZE], 77);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 0);

	mapping[SIZE].status = 77;
	for (i = 0; i < SIZE; i++)
		assert_true(xenmod_batch_map(&batch, i, false, &mapping[i]));
	assert_false(xenmod_batch_map(&batch, 9, false, &mapping[SIZE]));
	assert_int_equal(mapping[SIZE].status, 77);
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.operations[GNTTABOP_copy], SIZE);
	assert_int_equal(fake_xen.mapped, SIZE);

	/* A flush makes room. */
	assert_true(xenmod_batch_map(&batch, 9, false, &mapping[SIZE]));
	xenmod_batch_flush(&batch);
	for (i = 0; i < SIZE; i++)
		assert_true(xenmod_batch_unmap(&batch, &mapping[i]));
	assert_false(xenmod_batch_unmap(&batch, &mapping[SIZE]));
	assert_int_equal(mapping[SIZE].status, GNTST_okay);
	xenmod_batch_flush(&batch);
	assert_true(xenmod_batch_unmap(&batch, &mapping[SIZE]));
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.mapped, 0);
}

/* A batch that may not sleep leaves it to its owner to come again. */
static void a_busy_copy_is_handed_back(void **state)
{
	struct xenmod_batch quick = batch_of(false);
	s16 status[2];

	assert_int_equal(xenmod_batch_init(&quick), 0);
	fake_refuse(GNTTABOP_copy, 1, GNTST_eagain, 1);
	xenmod_batch_copy_to(&quick, 1, local, 0, 512, &status[0]);
	xenmod_batch_copy_to(&quick, 2, local, 0, 512, &status[1]);
	xenmod_batch_flush(&quick);
	assert_int_equal(status[0], GNTST_eagain);
	assert_int_equal(status[1], GNTST_okay);
	assert_int_equal(fake_time.short_sleeps, 0);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 1);
	xenmod_batch_copy_to(&quick, 1, local, 0, 512, &status[0]);
	xenmod_batch_flush(&quick);
	assert_int_equal(status[0], GNTST_okay);
	xenmod_batch_destroy(&quick);
}

static void map_and_unmap(void **state)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		xenmod_batch_map(&batch, 20 + i, i & 1, &mapping[i]);
		assert_int_equal(mapping[i].status, XENMOD_GRANT_PENDING);
	}
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.calls[GNTTABOP_map_grant_ref], 1);
	assert_int_equal(fake_xen.mapped, 4);
	for (i = 0; i < 4; i++) {
		assert_int_equal(mapping[i].status, GNTST_okay);
		assert_int_equal(fake_log.map[i].ref, 20 + i);
		assert_int_equal(fake_log.map[i].readonly, i & 1);
		assert_int_equal(fake_log.map[i].address,
				 (u64)mapping[i].page->memory);
	}
	for (i = 0; i < 4; i++)
		xenmod_batch_unmap(&batch, &mapping[i]);
	/* Still mapped until the flush. */
	assert_int_equal(mapping[0].status, GNTST_okay);
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.calls[GNTTABOP_unmap_grant_ref], 1);
	for (i = 0; i < 4; i++)
		assert_int_equal(mapping[i].status, XENMOD_GRANT_PENDING);
	assert_int_equal(count(XENMOD_MAP_HYPERCALLS), 1);
	assert_int_equal(count(XENMOD_MAP_OPS), 4);
	assert_int_equal(count(XENMOD_UNMAP_HYPERCALLS), 1);
	assert_int_equal(count(XENMOD_UNMAP_OPS), 4);
	assert_int_equal(count(XENMOD_GRANT_ERRORS), 0);
}

static void one_map_fails(void **state)
{
	unsigned int bad, i;

	for (bad = 0; bad < SIZE; bad++) {
		memset(&stats, 0, sizeof(stats));
		fake_refuse(GNTTABOP_map_grant_ref, 30 + bad, GNTST_bad_page, 1);
		for (i = 0; i < SIZE; i++)
			xenmod_batch_map(&batch, 30 + i, true, &mapping[i]);
		xenmod_batch_flush(&batch);
		assert_int_equal(count(XENMOD_GRANT_ERRORS), 1);
		for (i = 0; i < SIZE; i++) {
			assert_int_equal(mapping[i].status, i == bad ?
					 GNTST_bad_page : GNTST_okay);
			if (i != bad)
				xenmod_batch_unmap(&batch, &mapping[i]);
		}
		xenmod_batch_flush(&batch);
		assert_int_equal(fake_xen.mapped, 0);
	}
}

static void the_map_call_fails(void **state)
{
	unsigned int i, round;

	for (round = 0; round < 2; round++) {
		fake_xen.call_error[GNTTABOP_map_grant_ref] =
			round ? -ENOSYS : 0;
		for (i = 0; i < 3; i++)
			xenmod_batch_map(&batch, i, false, &mapping[i]);
		xenmod_batch_flush(&batch);
		for (i = 0; i < 3; i++) {
			assert_int_equal(mapping[i].status, round ?
					 GNTST_general_error : GNTST_okay);
			if (!round)
				xenmod_batch_unmap(&batch, &mapping[i]);
		}
		xenmod_batch_flush(&batch);
	}
	assert_int_equal(count(XENMOD_GRANT_ERRORS), 3);
	assert_int_equal(fake_xen.mapped, 0);
}

/* What Xen does not unmap stays marked as mapped. */
static void one_unmap_fails(void **state)
{
	unsigned int bad, i;

	for (bad = 0; bad < SIZE; bad++) {
		memset(&stats, 0, sizeof(stats));
		for (i = 0; i < SIZE; i++)
			xenmod_batch_map(&batch, 40 + i, false, &mapping[i]);
		xenmod_batch_flush(&batch);
		fake_refuse(GNTTABOP_unmap_grant_ref, 40 + bad,
			    GNTST_general_error, 1);
		for (i = 0; i < SIZE; i++)
			xenmod_batch_unmap(&batch, &mapping[i]);
		xenmod_batch_flush(&batch);
		for (i = 0; i < SIZE; i++)
			assert_int_equal(mapping[i].status, i == bad ?
					 GNTST_okay : XENMOD_GRANT_PENDING);
		assert_int_equal(count(XENMOD_GRANT_ERRORS), 1);
		assert_int_equal(fake_xen.mapped, 1);
		xenmod_batch_unmap(&batch, &mapping[bad]);
		xenmod_batch_flush(&batch);
		assert_int_equal(fake_xen.mapped, 0);
	}
}

static void the_unmap_call_fails(void **state)
{
	xenmod_batch_map(&batch, 1, false, &mapping[0]);
	xenmod_batch_flush(&batch);
	fake_xen.call_error[GNTTABOP_unmap_grant_ref] = -ENOSYS;
	xenmod_batch_unmap(&batch, &mapping[0]);
	xenmod_batch_flush(&batch);
	assert_int_equal(mapping[0].status, GNTST_okay);
	fake_xen.call_error[GNTTABOP_unmap_grant_ref] = 0;
	xenmod_batch_unmap(&batch, &mapping[0]);
	xenmod_batch_flush(&batch);
	assert_int_equal(mapping[0].status, XENMOD_GRANT_PENDING);
}

static void one_call_for_each_kind(void **state)
{
	s16 status[3];

	xenmod_batch_map(&batch, 1, false, &mapping[0]);
	xenmod_batch_flush(&batch);
	xenmod_batch_copy_from(&batch, 2, local, 0, 512, &status[0]);
	xenmod_batch_map(&batch, 3, false, &mapping[1]);
	xenmod_batch_unmap(&batch, &mapping[0]);
	xenmod_batch_copy_to(&batch, 4, local, 0, 512, &status[1]);
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.calls[GNTTABOP_copy], 1);
	assert_int_equal(fake_xen.calls[GNTTABOP_map_grant_ref], 2);
	assert_int_equal(fake_xen.calls[GNTTABOP_unmap_grant_ref], 1);
	assert_int_equal(fake_xen.mapped, 1);
	xenmod_batch_unmap(&batch, &mapping[1]);
	xenmod_batch_flush(&batch);
}

#define grant_test(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		grant_test(memory_runs_out),
		grant_test(a_table_grows),
		grant_test(an_empty_batch_costs_nothing),
		grant_test(copies_move_bytes),
		grant_test(one_copy_fails),
		grant_test(the_copy_call_fails),
		grant_test(a_busy_copy_is_repeated),
		grant_test(a_busy_guest_does_not_stall),
		grant_test(busy_turns_into_failure),
		grant_test(a_full_batch_refuses),
		grant_test(a_busy_copy_is_handed_back),
		grant_test(map_and_unmap),
		grant_test(one_map_fails),
		grant_test(the_map_call_fails),
		grant_test(one_unmap_fails),
		grant_test(the_unmap_call_fails),
		grant_test(one_call_for_each_kind),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
