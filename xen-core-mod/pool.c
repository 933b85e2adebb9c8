// SPDX-License-Identifier: GPL-2.0
/*
 * Bounded page pools.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/grant_table.h>
#include <xenmod/pool.h>

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

int xenmod_pool_init(struct xenmod_pool *pool, bool mappable,
		     unsigned int keep, unsigned int limit)
{
	pool->nr_free = 0;
	pool->nr_used = 0;
	pool->keep = keep;
	pool->limit = limit;
	pool->mappable = mappable;
	pool->free = kvmalloc_array(max(keep, 1U), sizeof(*pool->free),
				    GFP_KERNEL);
	return pool->free ? 0 : -ENOMEM;
}
EXPORT_SYMBOL_GPL(xenmod_pool_init);

void xenmod_pool_destroy(struct xenmod_pool *pool)
{
	if (!pool->free)
		return;
	xenmod_pool_shrink(pool);
	WARN_ON_ONCE(pool->nr_used);
	kvfree(pool->free);
	pool->free = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_pool_destroy);

struct page *xenmod_pool_get(struct xenmod_pool *pool)
{
	struct page *page;

	if (pool->nr_used >= pool->limit)
		return NULL;

	if (pool->nr_free) {
		pool->nr_used++;
		return pool->free[--pool->nr_free];
	}

	page = pool_alloc(pool);
	if (page)
		pool->nr_used++;
	return page;
}
EXPORT_SYMBOL_GPL(xenmod_pool_get);

void xenmod_pool_put(struct xenmod_pool *pool, struct page *page)
{
	pool->nr_used--;
	/*
	 * A network block device may still hold a page that it has sent: that
	 * one must not be filled again.
	 */
	if (pool->nr_free >= pool->keep || page_count(page) > 1)
		pool_free(pool, page);
	else
		pool->free[pool->nr_free++] = page;
}
EXPORT_SYMBOL_GPL(xenmod_pool_put);

void xenmod_pool_quarantine(struct xenmod_pool *pool, struct page *page)
{
	/* Leaked on purpose: the page may still show a guest's memory. */
	pool->nr_used--;
}
EXPORT_SYMBOL_GPL(xenmod_pool_quarantine);

void xenmod_pool_shrink(struct xenmod_pool *pool)
{
	while (pool->nr_free)
		pool_free(pool, pool->free[--pool->nr_free]);
}
EXPORT_SYMBOL_GPL(xenmod_pool_shrink);
