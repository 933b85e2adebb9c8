// SPDX-License-Identifier: GPL-2.0
/*
 * The fake host: memory that can run out, time that a test can turn, locks.
 */
#include "test.h"
#include "fake.h"
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>
#include <malloc.h>
#include <stdlib.h>
#include <xen/grant_table.h>

struct fake_memory fake_memory;
struct fake_time fake_time;
unsigned int fake_warnings;
unsigned int fake_locks_held;
unsigned long jiffies;

void (*fake_meanwhile)(void);

void fake_barrier(void)
{
	if (fake_meanwhile)
		fake_meanwhile();
}

void fake_bug(const char *what)
{
	fail_msg("the host stops: %s", what);
}

void fake_may_sleep(void)
{
	if (fake_locks_held)
		fail_msg("something that may sleep, with a lock held");
}

void spin_lock_bh(spinlock_t *lock)
{
	assert_false(lock->held);
	lock->held = true;
	fake_locks_held++;
}

void spin_unlock_bh(spinlock_t *lock)
{
	assert_true(lock->held);
	lock->held = false;
	fake_locks_held--;
	fake_barrier();
}

void fake_assert_held(const spinlock_t *lock)
{
	assert_true(lock->held);
}

static bool use_up(unsigned int *left)
{
	if (!*left)
		return false;
	if (*left != FAKE_FOREVER)
		--*left;
	return true;
}

void *fake_alloc(size_t count, size_t size, gfp_t gfp)
{
	void *memory;

	if (gfp & __GFP_DIRECT_RECLAIM)
		fake_may_sleep();
	if (!use_up(&fake_memory.allocations_left))
		return NULL;
	fake_memory.allocations++;
	/* What is not set on purpose shall not look right by accident. */
	memory = memset(malloc(count * size + !count), 0xa5, count * size);
	fake_memory.bytes += malloc_usable_size(memory);
	return memory;
}

void fake_free(const void *memory)
{
	if (!memory)
		return;
	fake_memory.allocations--;
	fake_memory.bytes -= malloc_usable_size((void *)memory);
	free((void *)memory);
}

static struct page *page_new(bool mappable)
{
	struct page *page;

	if (!use_up(&fake_memory.pages_left))
		return NULL;
	page = calloc(1, sizeof(*page));
	page->memory = memset(aligned_alloc(PAGE_SIZE, PAGE_SIZE), 0xa5,
			      PAGE_SIZE);
	page->count = 1;
	page->mappable = mappable;
	return page;
}

static void page_free(struct page *page)
{
	free(page->memory);
	free(page);
}

struct page *alloc_page(gfp_t gfp)
{
	struct page *page = page_new(false);

	/* Neither may serving a guest start I/O, nor fill the log. */
	assert_true((gfp & GFP_NOIO) == GFP_NOIO && gfp & __GFP_NOWARN);
	fake_may_sleep();
	fake_memory.pages += !!page;
	return page;
}

/* Somebody else may hold it: then it goes with them. */
void put_page(struct page *page)
{
	assert_false(page->mappable);
	assert_true(page->count > 0);
	fake_memory.pages--;
	page_free(page);
}

int gnttab_alloc_pages(int count, struct page **pages)
{
	assert_int_equal(count, 1);
	fake_may_sleep();
	pages[0] = page_new(true);
	fake_memory.mappable += !!pages[0];
	return pages[0] ? 0 : -ENOMEM;
}

void gnttab_free_pages(int count, struct page **pages)
{
	assert_int_equal(count, 1);
	assert_true(pages[0]->mappable);
	fake_may_sleep();
	/* A guest's page would go to the next user of this one. */
	assert_false(pages[0]->foreign);
	fake_memory.mappable--;
	page_free(pages[0]);
}

void fake_page_quarantined(struct page *page)
{
	if (page->mappable)
		fake_memory.mappable--;
	else
		fake_memory.pages--;
	page_free(page);
}

void usleep_range(unsigned long least, unsigned long most)
{
	fake_may_sleep();
	assert_true(least <= most);
	fake_time.short_sleeps++;
	jiffies++;
}

void msleep(unsigned int milliseconds)
{
	fake_may_sleep();
	fake_time.long_sleeps++;
	jiffies += milliseconds;
	if (fake_time.on_sleep)
		fake_time.on_sleep(fake_time.long_sleeps);
}
