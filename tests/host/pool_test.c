// SPDX-License-Identifier: GPL-2.0
/*
 * Page pools: limits, shortage, what is kept and what is given up.
 */
#include "test.h"
#include "fake.h"
#include <xenmod/pool.h>

static spinlock_t lock;

/* Pages of that sort that exist. */
static unsigned int alive(bool mappable)
{
	return mappable ? fake_memory.mappable : fake_memory.pages;
}

static struct xenmod_pool pool_of(bool mappable, unsigned int limit)
{
	struct xenmod_pool pool = {
		.lock = &lock, .mappable = mappable, .limit = limit };

	assert_int_equal(xenmod_pool_init(&pool), 0);
	return pool;
}

static struct page *get(struct xenmod_pool *pool)
{
	struct page *page;

	spin_lock_bh(&lock);
	page = xenmod_pool_get(pool);
	spin_unlock_bh(&lock);
	return page;
}

static void put(struct xenmod_pool *pool, struct page *page)
{
	spin_lock_bh(&lock);
	xenmod_pool_put(pool, page);
	spin_unlock_bh(&lock);
}

/* Around the chunks in which pages are made and freed. */
static const unsigned int amounts[] = {
	0, 1, 2, 31, 32, 33, 63, 64, 65, 96, 100 };

static void nothing_before_a_fill(void **state)
{
	struct xenmod_pool pool = pool_of(false, 10);

	assert_null(get(&pool));
	assert_int_equal(fake_memory.pages, 0);
	assert_int_equal(xenmod_pool_fill(&pool, 0), 0);
	assert_int_equal(fake_memory.pages, 0);
	xenmod_pool_destroy(&pool);
}

static void fill_and_use(void **state)
{
	struct page *pages[100];
	unsigned int i, j, sort;

	for (i = 0; i < ARRAY_SIZE(amounts); i++)
		for (sort = 0; sort < 2; sort++) {
			struct xenmod_pool pool = pool_of(sort, 100);

			assert_int_equal(xenmod_pool_fill(&pool, amounts[i]),
					 amounts[i]);
			assert_int_equal(alive(sort), amounts[i]);
			assert_int_equal(alive(!sort), 0);
			for (j = 0; j < amounts[i]; j++) {
				pages[j] = get(&pool);
				assert_non_null(pages[j]);
				assert_int_equal(pages[j]->mappable, sort);
			}
			assert_null(get(&pool));
			assert_int_equal(pool.nr_used, amounts[i]);
			for (j = 0; j < amounts[i]; j++)
				put(&pool, pages[j]);
			assert_int_equal(pool.nr_used, 0);
			assert_int_equal(alive(sort), amounts[i]);
			xenmod_pool_destroy(&pool);
			assert_int_equal(alive(sort), 0);
			assert_int_equal(fake_warnings, 0);
		}
}

/* Free and handed out together, there are never more than the limit. */
static void the_limit(void **state)
{
	struct page *pages[70];
	unsigned int used, i;

	for (used = 0; used <= 70; used++) {
		struct xenmod_pool pool = pool_of(true, 70);

		assert_int_equal(xenmod_pool_fill(&pool, used), used);
		for (i = 0; i < used; i++)
			pages[i] = get(&pool);
		assert_int_equal(xenmod_pool_fill(&pool, 200), 70 - used);
		assert_int_equal(fake_memory.mappable, 70);
		assert_int_equal(xenmod_pool_fill(&pool, 1), 0);
		assert_int_equal(fake_memory.mappable, 70);
		for (i = 0; i < used; i++)
			put(&pool, pages[i]);
		xenmod_pool_destroy(&pool);
	}
}

static void shortage_of_memory(void **state)
{
	unsigned int i, sort;

	for (i = 0; i < ARRAY_SIZE(amounts); i++)
		for (sort = 0; sort < 2; sort++) {
			struct xenmod_pool pool = pool_of(sort, 200);

			fake_memory.pages_left = amounts[i];
			assert_int_equal(xenmod_pool_fill(&pool, 150),
					 amounts[i]);
			assert_int_equal(xenmod_pool_fill(&pool, 1), 0);
			assert_int_equal(pool.nr_free, amounts[i]);
			fake_memory.pages_left = FAKE_FOREVER;
			assert_int_equal(xenmod_pool_fill(&pool, 1), 1);
			xenmod_pool_destroy(&pool);
		}
}

static void no_memory_for_the_pool(void **state)
{
	struct xenmod_pool pool = { .lock = &lock, .limit = 10 };

	fake_memory.allocations_left = 0;
	assert_int_equal(xenmod_pool_init(&pool), -ENOMEM);
	/* What was not set up can be destroyed, and twice. */
	xenmod_pool_destroy(&pool);
	memset(&pool, 0, sizeof(pool));
	xenmod_pool_destroy(&pool);
	xenmod_pool_destroy(&pool);
}

/* The table of pages grows with them, or they are not made. */
static void no_memory_to_grow(void **state)
{
	struct xenmod_pool pool = pool_of(false, 100);

	assert_int_equal(xenmod_pool_fill(&pool, 32), 32);
	fake_memory.allocations_left = 0;
	assert_int_equal(xenmod_pool_fill(&pool, 1), 0);
	assert_int_equal(pool.nr_free, 32);
	fake_memory.allocations_left = FAKE_FOREVER;
	assert_int_equal(xenmod_pool_fill(&pool, 100), 68);
	assert_int_equal(pool.nr_free, 100);
	xenmod_pool_destroy(&pool);
}

static void held_pages_are_not_refilled(void **state)
{
	struct xenmod_pool pool = pool_of(false, 4);
	struct page *page;

	xenmod_pool_fill(&pool, 1);
	page = get(&pool);
	page->count = 2;
	put(&pool, page);
	assert_int_equal(pool.nr_free, 0);
	assert_int_equal(pool.nr_used, 0);
	assert_int_equal(fake_memory.pages, 0);
	xenmod_pool_destroy(&pool);
}

static void quarantine_makes_room(void **state)
{
	struct xenmod_pool pool = pool_of(true, 1);
	struct page *page;

	assert_int_equal(xenmod_pool_fill(&pool, 1), 1);
	page = get(&pool);
	assert_int_equal(xenmod_pool_fill(&pool, 1), 0);
	spin_lock_bh(&lock);
	xenmod_pool_quarantine(&pool, page);
	spin_unlock_bh(&lock);
	assert_int_equal(pool.nr_used, 0);
	assert_int_equal(pool.nr_free, 0);
	assert_int_equal(xenmod_pool_fill(&pool, 1), 1);
	assert_ptr_not_equal(pool.free[0], page);
	xenmod_pool_destroy(&pool);
	assert_int_equal(fake_memory.mappable, 1);
	fake_page_quarantined(page);
}

static void trim_keeps_what_it_is_told(void **state)
{
	struct page *used;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(amounts); i++)
		for (j = 0; j < ARRAY_SIZE(amounts); j++) {
			struct xenmod_pool pool = pool_of(false, 101);
			unsigned int left = min(amounts[i], amounts[j]);

			xenmod_pool_fill(&pool, amounts[i] + 1);
			used = get(&pool);
			xenmod_pool_trim(&pool, amounts[j]);
			assert_int_equal(pool.nr_free, left);
			assert_int_equal(fake_memory.pages, left + 1);
			assert_int_equal(pool.nr_used, 1);
			put(&pool, used);
			xenmod_pool_destroy(&pool);
		}
}

/* The host hears of a page that nobody gave back. */
static void a_lost_page_is_noticed(void **state)
{
	struct xenmod_pool pool = pool_of(false, 4);
	struct page *page;

	xenmod_pool_fill(&pool, 2);
	page = get(&pool);
	xenmod_pool_destroy(&pool);
	assert_int_equal(fake_warnings, 1);
	fake_page_quarantined(page);
}

#define pool_test(name) \
	cmocka_unit_test_setup_teardown(name, fake_reset, fake_verify)

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(nothing_before_a_fill),
		pool_test(fill_and_use),
		pool_test(the_limit),
		pool_test(shortage_of_memory),
		pool_test(no_memory_for_the_pool),
		pool_test(no_memory_to_grow),
		pool_test(held_pages_are_not_refilled),
		pool_test(quarantine_makes_room),
		pool_test(trim_keeps_what_it_is_told),
		pool_test(a_lost_page_is_noticed),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
