// SPDX-License-Identifier: GPL-2.0
/*
 * The cache of persistent grants.
 */
#include "test.h"
#include "fake.h"
#include <linux/jiffies.h>
#include <xen/grant_table.h>
#include <xenmod/persistent.h>
#include <xenmod/pool.h>
#include <xenmod/stats.h>

#define MOST	8	/* entries of the cache */
#define IDLE	(100 * HZ)	/* jiffies */

static struct xenmod_stats stats;
static struct xenmod_batch batch, ending;
static spinlock_t lock;
static struct xenmod_pool pool;
static struct xenmod_cache cache;

static int setup(void **state)
{
	fake_reset(state);
	memset(&stats, 0, sizeof(stats));
	lock.held = false;
	batch = (struct xenmod_batch){
		.stats = &stats, .peer = FAKE_PEER, .may_sleep = true,
		.room_map = 16 };
	ending = (struct xenmod_batch){
		.stats = &stats, .peer = FAKE_PEER, .room_unmap = 32 };
	pool = (struct xenmod_pool){
		.lock = &lock, .mappable = true, .limit = 32 };
	memset(&cache, 0xa5, sizeof(cache));
	cache.map = &batch;
	cache.unmap = &ending;
	cache.pool = &pool;
	cache.max = MOST;
	cache.idle = IDLE;
	xenmod_cache_init(&cache);
	return xenmod_batch_init(&batch) || xenmod_batch_init(&ending) ||
	       xenmod_pool_init(&pool) || xenmod_pool_fill(&pool, 32) != 32;
}

static int teardown(void **state)
{
	xenmod_cache_destroy(&cache);
	xenmod_pool_destroy(&pool);
	xenmod_batch_destroy(&batch);
	xenmod_batch_destroy(&ending);
	assert_int_equal(fake_locks_held, 0);
	assert_int_equal(fake_warnings, 0);
	return fake_verify(state);
}

static enum xenmod_cache_result look_up(grant_ref_t ref,
					struct xenmod_persistent **entry)
{
	enum xenmod_cache_result result;

	*entry = (void *)-1;
	spin_lock_bh(&lock);
	result = xenmod_cache_get(&cache, ref, entry);
	spin_unlock_bh(&lock);
	/* There is an entry exactly when the result says so. */
	if (result == XENMOD_CACHE_HIT || result == XENMOD_CACHE_NEW)
		assert_int_equal((*entry)->ref, ref);
	else
		assert_null(*entry);
	return result;
}

static void expect_no_room(grant_ref_t ref)
{
	struct xenmod_persistent *entry;

	assert_int_equal(look_up(ref, &entry), XENMOD_CACHE_FULL);
}

static struct xenmod_persistent *get(grant_ref_t ref, bool expect_hit)
{
	struct xenmod_persistent *entry;

	assert_int_equal(look_up(ref, &entry), expect_hit ? XENMOD_CACHE_HIT :
							    XENMOD_CACHE_NEW);
	return entry;
}

static void put(struct xenmod_persistent *entry)
{
	spin_lock_bh(&lock);
	xenmod_cache_put(&cache, entry);
	spin_unlock_bh(&lock);
}

static unsigned int shrink(unsigned long idle, unsigned int most)
{
	unsigned int nr;

	spin_lock_bh(&lock);
	nr = xenmod_cache_shrink(&cache, idle, most);
	spin_unlock_bh(&lock);
	return nr;
}

/* A reference that is known and that nobody uses. */
static void warm(grant_ref_t ref)
{
	struct xenmod_persistent *entry = get(ref, false);

	assert_non_null(entry);
	xenmod_batch_flush(&batch);
	assert_int_equal(entry->mapping.status, GNTST_okay);
	put(entry);
}

static void miss_then_hit(void **state)
{
	struct xenmod_persistent *first, *second;

	first = get(5, false);
	assert_int_equal(first->mapping.status, XENMOD_GRANT_PENDING);
	xenmod_batch_flush(&batch);
	assert_int_equal(first->mapping.status, GNTST_okay);
	/* Guests write with them and read with them. */
	assert_false(fake_log.map[0].readonly);
	put(first);
	assert_int_equal(fake_xen.mapped, 1);

	second = get(5, true);
	assert_ptr_equal(second, first);
	assert_true(xenmod_batch_empty(&batch));
	put(second);
}

/* Two segments of one pass that name the same grant share the mapping. */
static void twice_before_the_flush(void **state)
{
	struct xenmod_persistent *first = get(5, false), *second = get(5, true);

	assert_ptr_equal(first, second);
	assert_int_equal(first->users, 2);
	xenmod_batch_flush(&batch);
	assert_int_equal(fake_xen.operations[GNTTABOP_map_grant_ref], 1);
	put(first);
	put(second);
	assert_int_equal(cache.nr, 1);
}

static void a_failed_map_is_forgotten(void **state)
{
	struct xenmod_persistent *first, *second;

	fake_refuse(GNTTABOP_map_grant_ref, 5, GNTST_bad_gntref, 1);
	first = get(5, false);
	second = get(5, true);
	xenmod_batch_flush(&batch);
	assert_int_equal(first->mapping.status, GNTST_bad_gntref);
	put(first);
	assert_int_equal(cache.nr, 1);
	put(second);
	assert_int_equal(cache.nr, 0);
	assert_int_equal(pool.nr_used, 0);
	/* The next try is a new one. */
	warm(5);
	assert_int_equal(cache.nr, 1);
}

static void full_of_what_is_used(void **state)
{
	struct xenmod_persistent *entries[MOST];
	unsigned int i;

	for (i = 0; i < MOST; i++) {
		entries[i] = get(i, false);
		assert_non_null(entries[i]);
	}
	xenmod_batch_flush(&batch);
	jiffies += 10 * IDLE;
	expect_no_room(MOST);
	assert_int_equal(cache.nr, MOST);
	for (i = 0; i < MOST; i++)
		put(entries[i]);
}

static void the_idle_make_room(void **state)
{
	struct xenmod_persistent *entry;
	unsigned int i;

	for (i = 0; i < MOST; i++) {
		warm(i);
		jiffies += HZ;
	}
	/* The oldest was used almost IDLE ago: too young to go. */
	jiffies += IDLE - MOST * HZ - HZ / 2;
	expect_no_room(100);
	assert_int_equal(fake_xen.mapped, MOST);
	/* Now it is not, and it alone is not; but nobody looks that often. */
	jiffies += HZ / 2;
	cache.search_after = jiffies + 1;
	expect_no_room(100);
	jiffies++;
	entry = get(100, false);
	assert_non_null(entry);
	xenmod_batch_flush(&batch);
	put(entry);
	assert_int_equal(cache.nr, MOST);
	assert_int_equal(fake_xen.mapped, MOST);
	assert_int_equal(fake_xen.operations[GNTTABOP_unmap_grant_ref], 1);
	/* Reference 0 went; all others are there. */
	for (i = 1; i < MOST; i++)
		put(get(i, true));
}

/* Use makes an entry young again. */
static void the_least_used_goes(void **state)
{
	unsigned int i;

	for (i = 0; i < MOST; i++)
		warm(i);
	jiffies += IDLE / 2;
	put(get(0, true));
	jiffies += IDLE / 2;
	warm(100);
	put(get(0, true));
	put(get(100, true));
	assert_in_range(cache.nr, 2, MOST);
	/* One new entry does not empty the cache. */
	assert_in_range(fake_xen.operations[GNTTABOP_unmap_grant_ref], 1, 4);
}

static void use_keeps_young(void **state)
{
	warm(1);
	jiffies += IDLE - 1;
	put(get(1, true));
	jiffies += IDLE - 1;
	assert_int_equal(shrink(IDLE, UINT_MAX), 0);
	jiffies++;
	assert_int_equal(shrink(IDLE, UINT_MAX), 1);
}

static void held_pages_stay(void **state)
{
	struct xenmod_persistent *entry;

	warm(1);
	warm(2);
	entry = get(1, true);
	entry->mapping.page->count = 2;
	put(entry);
	assert_int_equal(shrink(0, UINT_MAX), 1);
	assert_int_equal(cache.nr, 1);
	assert_int_equal(fake_xen.mapped, 1);
	assert_ptr_equal(get(1, true), entry);
	/* In use: not even then. */
	entry->mapping.page->count = 1;
	assert_int_equal(shrink(0, UINT_MAX), 0);
	put(entry);
}

static void shrink_is_bounded(void **state)
{
	unsigned int i;

	for (i = 0; i < MOST; i++) {
		warm(i);
		jiffies += 10;
	}
	assert_int_equal(shrink(0, 0), 0);
	assert_int_equal(shrink(0, 3), 3);
	/* 3, 4 and 5 are 50, 40 and 30 old. */
	assert_int_equal(shrink(40, UINT_MAX), 2);
	put(get(5, true));
	assert_int_equal(cache.nr, 3);
	assert_int_equal(fake_xen.calls[GNTTABOP_unmap_grant_ref], 2);
}

static void xen_will_not_unmap(void **state)
{
	struct xenmod_persistent *entry = get(5, false);
	struct page *page = entry->mapping.page;

	xenmod_batch_flush(&batch);
	put(entry);
	fake_refuse(GNTTABOP_unmap_grant_ref, 5, GNTST_general_error, 1);
	assert_int_equal(shrink(0, UINT_MAX), 1);
	assert_int_equal(cache.nr, 0);
	/* Neither handed out again nor counted. */
	assert_int_equal(pool.nr_free, 31);
	assert_int_equal(pool.nr_used, 0);
	assert_true(page->foreign);
	fake_page_quarantined(page);
	fake_xen.mapped--;
}

static void switched_off(void **state)
{
	cache.max = 0;
	expect_no_room(5);
	assert_int_equal(pool.nr_used, 0);
	assert_true(xenmod_batch_empty(&batch));
}

static void memory_runs_out(void **state)
{
	unsigned int used = fake_memory.allocations;
	struct xenmod_persistent *entry;

	xenmod_pool_trim(&pool, 0);
	assert_int_equal(look_up(5, &entry), XENMOD_CACHE_NO_PAGE);
	xenmod_pool_fill(&pool, 32);
	fake_memory.allocations_left = 0;
	/* Then the cache cannot grow, and nothing waits for it. */
	expect_no_room(5);
	fake_memory.allocations_left = FAKE_FOREVER;
	assert_int_equal(fake_memory.allocations, used);
	assert_int_equal(cache.nr, 0);
	assert_int_equal(pool.nr_used, 0);
	assert_true(xenmod_batch_empty(&batch));
}

static void the_batch_is_full(void **state)
{
	struct xenmod_persistent *entries[MOST], *entry;
	unsigned int used, i;

	batch.room_map = 3;
	for (i = 0; i < 3; i++)
		entries[i] = get(i, false);
	used = fake_memory.allocations;
	assert_int_equal(look_up(3, &entry), XENMOD_CACHE_NO_BATCH);
	assert_int_equal(fake_memory.allocations, used);
	assert_int_equal(cache.nr, 3);
	assert_int_equal(pool.nr_used, 3);
	xenmod_batch_flush(&batch);
	entries[3] = get(3, false);
	xenmod_batch_flush(&batch);
	for (i = 0; i < 4; i++)
		put(entries[i]);
}

/* More to unmap than the batch takes. */
static void unmapping_in_parts(void **state)
{
	unsigned int i;

	ending.room_unmap = 3;
	for (i = 0; i < MOST; i++)
		warm(i);
	assert_int_equal(shrink(0, UINT_MAX), MOST);
	assert_int_equal(fake_xen.mapped, 0);
	assert_int_equal(pool.nr_used, 0);
	assert_int_equal(fake_xen.calls[GNTTABOP_unmap_grant_ref], 3);
}

/* Same bucket (the fake hash is the low bits), different grants. */
static void collisions(void **state)
{
	unsigned int step = 1 << XENMOD_PERSISTENT_HASH_BITS, i;

	for (i = 0; i < 4; i++)
		warm(3 + i * step);
	for (i = 0; i < 4; i++)
		put(get(3 + i * step, true));
	assert_int_equal(shrink(0, 2), 2);
	for (i = 2; i < 4; i++)
		put(get(3 + i * step, true));
	assert_int_equal(cache.nr, 2);
}

static struct page *held_page;

static void let_go(unsigned int nr)
{
	if (nr == 3)
		held_page->count = 1;
}

static void the_end_waits(void **state)
{
	struct xenmod_persistent *entry;

	warm(1);
	warm(2);
	entry = get(2, true);
	held_page = entry->mapping.page;
	held_page->count = 2;
	put(entry);
	fake_time.on_sleep = let_go;
	xenmod_cache_destroy(&cache);
	assert_int_equal(fake_xen.mapped, 0);
	assert_int_equal(fake_time.long_sleeps, 3);
}

static void the_end_does_not_wait_for_ever(void **state)
{
	struct xenmod_persistent *entry;
	unsigned long start;

	warm(1);
	warm(2);
	entry = get(2, true);
	held_page = entry->mapping.page;
	held_page->count = 2;
	put(entry);
	start = jiffies;
	xenmod_cache_destroy(&cache);
	assert_in_range(jiffies - start, 1000, 10000);
	/* It shows the guest's memory still, so it is nobody's. */
	assert_true(held_page->foreign);
	assert_int_equal(fake_xen.mapped, 1);
	assert_int_equal(pool.nr_used, 0);
	fake_page_quarantined(held_page);
	fake_xen.mapped--;
}

static void nothing_to_destroy(void **state)
{
	struct xenmod_cache zeroed;

	memset(&zeroed, 0, sizeof(zeroed));
	xenmod_cache_destroy(&zeroed);
	xenmod_cache_destroy(&cache);
	xenmod_cache_destroy(&cache);
	assert_int_equal(fake_time.long_sleeps, 0);
}

#define cache_test(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cache_test(miss_then_hit),
		cache_test(twice_before_the_flush),
		cache_test(a_failed_map_is_forgotten),
		cache_test(full_of_what_is_used),
		cache_test(the_idle_make_room),
		cache_test(the_least_used_goes),
		cache_test(use_keeps_young),
		cache_test(held_pages_stay),
		cache_test(shrink_is_bounded),
		cache_test(xen_will_not_unmap),
		cache_test(switched_off),
		cache_test(memory_runs_out),
		cache_test(the_batch_is_full),
		cache_test(unmapping_in_parts),
		cache_test(collisions),
		cache_test(the_end_waits),
		cache_test(the_end_does_not_wait_for_ever),
		cache_test(nothing_to_destroy),
	};

	return cmocka_run_group_tests_name("persistent", tests, NULL, NULL);
}
