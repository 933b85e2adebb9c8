// SPDX-License-Identifier: GPL-2.0
/*
 * Bounded page pools.
 */
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/grant_table.h>
#include <xenmod/pool.h>

/* Pages that are made or freed between two times of taking the lock. */
#define CHUNK	32

static struct page *pool_alloc(const struct xenmod_pool *pool)
{
	struct page *page;

	if (!pool->mappable)
		return alloc_page(GFP_NOIO | __GFP_NOWARN | __GFP_NORETRY);
	return gnttab_alloc_pages(1, &page) ? NULL : page;
}

static void pool_free(const struct xenmod_pool *pool, struct page *page)
{
	if (pool->mappable)
		gnttab_free_pages(1, &page);
	else
		put_page(page);
}

int xenmod_pool_init(struct xenmod_pool *pool)
{
	pool->room = min_t(unsigned int, pool->limit, CHUNK);
	pool->free = kvmalloc_array(pool->room, sizeof(*pool->free),
				    GFP_KERNEL);
	return pool->free ? 0 : -ENOMEM;
}
EXPORT_SYMBOL_GPL(xenmod_pool_init);

void xenmod_pool_destroy(struct xenmod_pool *pool)
{
	if (!pool->free)
		return;
	xenmod_pool_trim(pool, 0);
	WARN_ON_ONCE(pool->nr_used);
	kvfree(pool->free);
	pool->free = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_pool_destroy);

void xenmod_pool_quarantine(struct xenmod_pool *pool, struct page *page)
{
	lockdep_assert_held(pool->lock);
	pool->nr_used--;
}
EXPORT_SYMBOL_GPL(xenmod_pool_quarantine);

/* The table grows with the pages: most guests never need many. */
static bool pool_grow(struct xenmod_pool *pool, unsigned int nr)
{
	unsigned int room = min_t(unsigned int, pool->limit,
				  roundup_pow_of_two(nr));
	struct page **free;

	if (nr <= READ_ONCE(pool->room))
		return true;
	free = kvmalloc_array(room, sizeof(*free), GFP_NOIO | __GFP_NOWARN);
	if (!free)
		return false;
	spin_lock_bh(pool->lock);
	if (room > pool->room) {
		memcpy(free, pool->free, pool->nr_free * sizeof(*free));
		swap(free, pool->free);
		pool->room = room;
	}
	spin_unlock_bh(pool->lock);
	kvfree(free);
	return true;
}

/* Returns how many of @pages the pool took; the rest are the caller's. */
static unsigned int pool_add(struct xenmod_pool *pool, struct page **pages,
			     unsigned int nr)
{
	unsigned int i;

	spin_lock_bh(pool->lock);
	for (i = 0; i < nr && pool->nr_free + pool->nr_used < pool->room; i++)
		pool->free[pool->nr_free++] = pages[i];
	spin_unlock_bh(pool->lock);
	return i;
}

unsigned int xenmod_pool_fill(struct xenmod_pool *pool, unsigned int nr)
{
	struct page *pages[CHUNK];
	unsigned int made, taken, filled = 0;

	/* Only a guess without the lock; pool_add() keeps to the room. */
	made = READ_ONCE(pool->nr_free) + READ_ONCE(pool->nr_used);
	nr = min(nr, pool->limit - made);
	if (!nr || !pool_grow(pool, made + nr))
		return 0;
	do {
		made = 0;
		while (made < CHUNK && filled + made < nr) {
			pages[made] = pool_alloc(pool);
			if (!pages[made])
				break;
			made++;
		}
		taken = pool_add(pool, pages, made);
		filled += taken;
		while (made > taken)
			pool_free(pool, pages[--made]);
	} while (taken == CHUNK && filled < nr);
	return filled;
}
EXPORT_SYMBOL_GPL(xenmod_pool_fill);

void xenmod_pool_trim(struct xenmod_pool *pool, unsigned int keep)
{
	struct page *pages[CHUNK];
	unsigned int nr;

	do {
		spin_lock_bh(pool->lock);
		for (nr = 0; nr < CHUNK && pool->nr_free > keep; nr++)
			pages[nr] = pool->free[--pool->nr_free];
		spin_unlock_bh(pool->lock);
		while (nr)
			pool_free(pool, pages[--nr]);
	} while (READ_ONCE(pool->nr_free) > keep);
}
EXPORT_SYMBOL_GPL(xenmod_pool_trim);
