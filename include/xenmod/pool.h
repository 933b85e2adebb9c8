/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounded pool of pages, of one of two sorts: ordinary memory, to copy to
 * and from, or mappable pages, which have no memory of their own and into
 * which foreign pages are mapped.
 *
 * Context: one user at a time (a queue's pass). May sleep.
 */
#ifndef XENMOD_POOL_H
#define XENMOD_POOL_H

#include <linux/types.h>

struct page;

/**
 * struct xenmod_pool - pages, at most so many
 * @free: pages to hand out, the last one first
 * @nr_free: how many of them there are
 * @nr_used: pages handed out
 * @keep: how many free pages to keep for later
 * @limit: how many pages may exist, free and handed out together
 * @mappable: foreign pages get mapped into these
 */
struct xenmod_pool {
	struct page **free;
	unsigned int nr_free;
	unsigned int nr_used;
	unsigned int keep;
	unsigned int limit;
	bool mappable;
};

/**
 * xenmod_pool_init() - make an empty pool
 * @pool: what to set up
 * @mappable: which sort of pages
 * @keep: how many free pages to keep for later
 * @limit: how many pages may exist
 *
 * Return: 0 or -ENOMEM.
 */
int xenmod_pool_init(struct xenmod_pool *pool, bool mappable,
		     unsigned int keep, unsigned int limit);

/**
 * xenmod_pool_destroy() - free all pages; none may be handed out
 * @pool: a pool, set up or zeroed
 */
void xenmod_pool_destroy(struct xenmod_pool *pool);

/**
 * xenmod_pool_get() - take a page
 * @pool: the pool
 *
 * Return: the page, or NULL at the limit or without memory. Its content is
 * whatever it was: nothing outside what was written to it may leave the host.
 */
struct page *xenmod_pool_get(struct xenmod_pool *pool);

/**
 * xenmod_pool_put() - give a page back
 * @pool: the pool that it came from
 * @page: the page; a mappable one has nothing mapped into it
 */
void xenmod_pool_put(struct xenmod_pool *pool, struct page *page);

/**
 * xenmod_pool_quarantine() - give up a page for ever
 * @pool: the pool that it came from
 * @page: a page that Xen would not unmap
 */
void xenmod_pool_quarantine(struct xenmod_pool *pool, struct page *page);

/**
 * xenmod_pool_shrink() - free the pages that nobody uses
 * @pool: the pool
 */
void xenmod_pool_shrink(struct xenmod_pool *pool);

#endif /* XENMOD_POOL_H */
