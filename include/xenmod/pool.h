/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounded pool of pages, of one of two sorts: ordinary memory, to copy to
 * and from, or mappable pages, which have no memory of their own and into
 * which foreign pages are mapped.
 *
 * Taking a page and giving it back never sleeps; making and freeing pages may,
 * and is done apart from that, by xenmod_pool_fill() and xenmod_pool_trim().
 */
#ifndef XENMOD_POOL_H
#define XENMOD_POOL_H

#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct xenmod_pool - pages, at most so many
 * @lock: the user's own; guards @free, @nr_free, @nr_used and @room
 * @free: pages to hand out, the last one first
 * @nr_free: how many of them there are
 * @nr_used: pages handed out
 * @room: how many pages fit into @free
 * @limit: how many pages may exist, free and handed out together
 * @mappable: foreign pages get mapped into these
 */
struct xenmod_pool {
	spinlock_t *lock; /* free, nr_free, nr_used, room */
	struct page **free;
	unsigned int nr_free;
	unsigned int nr_used;
	unsigned int room;
	unsigned int limit;
	bool mappable;
};

/**
 * xenmod_pool_init() - make an empty pool
 * @pool: @lock, @limit and @mappable are set, the rest is zero
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int xenmod_pool_init(struct xenmod_pool *pool);

/**
 * xenmod_pool_destroy() - free all pages; none may be handed out
 * @pool: a pool, set up or zeroed
 *
 * Context: may sleep.
 */
void xenmod_pool_destroy(struct xenmod_pool *pool);

/**
 * xenmod_pool_get() - take a page
 * @pool: the pool, with its lock held
 *
 * Return: the page, or NULL if there is no free one. Its content is whatever
 * it was: nothing outside what was written to it may leave the host.
 */
static inline struct page *xenmod_pool_get(struct xenmod_pool *pool)
{
	lockdep_assert_held(pool->lock);
	if (!pool->nr_free)
		return NULL;
	pool->nr_used++;
	return pool->free[--pool->nr_free];
}

/**
 * xenmod_pool_put() - give a page back
 * @pool: the pool that it came from, with its lock held
 * @page: the page; a mappable one has nothing mapped into it
 */
static inline void xenmod_pool_put(struct xenmod_pool *pool, struct page *page)
{
	lockdep_assert_held(pool->lock);
	pool->nr_used--;
	/*
	 * A network block device can still hold a page that it has sent. That
	 * one must not be filled again: whoever lets go of it last frees it.
	 */
	if (!pool->mappable && page_count(page) > 1)
		put_page(page);
	else
		pool->free[pool->nr_free++] = page;
}

/**
 * xenmod_pool_quarantine() - give up a page for ever
 * @pool: the pool that it came from, with its lock held
 * @page: a page that Xen would not unmap: it may still show a guest's memory
 */
void xenmod_pool_quarantine(struct xenmod_pool *pool, struct page *page);

/**
 * xenmod_pool_fill() - make more pages
 * @pool: the pool
 * @nr: how many are wanted
 *
 * Context: may sleep; takes the lock.
 * Return: how many were made, fewer at the limit or without memory.
 */
unsigned int xenmod_pool_fill(struct xenmod_pool *pool, unsigned int nr);

/**
 * xenmod_pool_trim() - free the pages that are not in use
 * @pool: the pool
 * @keep: all but so many of them
 *
 * Context: may sleep; takes the lock.
 */
void xenmod_pool_trim(struct xenmod_pool *pool, unsigned int keep);

#endif /* XENMOD_POOL_H */
