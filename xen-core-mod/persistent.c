// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent grants.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xenmod/persistent.h>
#include <xenmod/pool.h>

/* A full cache makes room for so many, and searches in vain so often. */
#define EVICT_MOST	4
#define SEARCH_INTERVAL	(HZ / 10)

/* At the end, pages that are still held are waited for so often, 20 ms each. */
#define DESTROY_TRIES	250

void xenmod_cache_init(struct xenmod_cache *cache)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cache->buckets); i++)
		INIT_HLIST_HEAD(&cache->buckets[i]);
	INIT_LIST_HEAD(&cache->entries);
	cache->nr = 0;
	cache->search_after = jiffies;
}
EXPORT_SYMBOL_GPL(xenmod_cache_init);

void xenmod_cache_destroy(struct xenmod_cache *cache)
{
	struct xenmod_persistent *entry, *next;
	unsigned int tries;

	if (!cache->pool)
		return;
	spin_lock_bh(cache->pool->lock);
	for (tries = 0; cache->nr && tries < DESTROY_TRIES; tries++) {
		if (tries) {
			spin_unlock_bh(cache->pool->lock);
			msleep(20);
			spin_lock_bh(cache->pool->lock);
		}
		xenmod_cache_shrink(cache, 0, UINT_MAX);
	}
	list_for_each_entry_safe(entry, next, &cache->entries, node) {
		xenmod_pool_quarantine(cache->pool, entry->mapping.page);
		kfree(entry);
	}
	spin_unlock_bh(cache->pool->lock);
	cache->pool = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_cache_destroy);

static void cache_forget(struct xenmod_cache *cache,
			 struct xenmod_persistent *entry)
{
	hlist_del(&entry->hash);
	list_del(&entry->node);
	cache->nr--;
}

/* Looking at all entries for each new one would cost more than it brings. */
static void cache_make_room(struct xenmod_cache *cache)
{
	if (time_before(jiffies, cache->search_after))
		return;
	if (!xenmod_cache_shrink(cache, cache->idle, EVICT_MOST))
		cache->search_after = jiffies + SEARCH_INTERVAL;
}

enum xenmod_cache_result xenmod_cache_add(struct xenmod_cache *cache,
					  grant_ref_t ref,
					  struct xenmod_persistent **entry)
{
	struct xenmod_persistent *new;

	*entry = NULL;
	if (cache->nr >= cache->max && cache->max)
		cache_make_room(cache);
	if (cache->nr >= cache->max)
		return XENMOD_CACHE_FULL;

	new = kmalloc(sizeof(*new), GFP_NOWAIT | __GFP_NOWARN);
	if (!new)
		return XENMOD_CACHE_FULL;
	new->mapping.page = xenmod_pool_get(cache->pool);
	if (!new->mapping.page) {
		kfree(new);
		return XENMOD_CACHE_NO_PAGE;
	}
	if (!xenmod_batch_map(cache->map, ref, false, &new->mapping)) {
		xenmod_pool_put(cache->pool, new->mapping.page);
		kfree(new);
		return XENMOD_CACHE_NO_BATCH;
	}
	new->ref = ref;
	new->users = 1;
	new->last_used = jiffies;
	hlist_add_head(&new->hash, xenmod_cache_bucket(cache, ref));
	list_add_tail(&new->node, &cache->entries);
	cache->nr++;
	*entry = new;
	return XENMOD_CACHE_NEW;
}
EXPORT_SYMBOL_GPL(xenmod_cache_add);

void xenmod_cache_drop(struct xenmod_cache *cache,
		       struct xenmod_persistent *entry)
{
	cache_forget(cache, entry);
	if (entry->mapping.status == XENMOD_GRANT_STUCK)
		xenmod_pool_quarantine(cache->pool, entry->mapping.page);
	else
		xenmod_pool_put(cache->pool, entry->mapping.page);
	kfree(entry);
}
EXPORT_SYMBOL_GPL(xenmod_cache_drop);

unsigned int xenmod_cache_shrink(struct xenmod_cache *cache,
				 unsigned long idle, unsigned int most)
{
	struct xenmod_persistent *entry, *next;
	unsigned int nr = 0;
	LIST_HEAD(old);

	list_for_each_entry_safe(entry, next, &cache->entries, node) {
		if (nr == most)
			break;
		if (entry->users || page_count(entry->mapping.page) > 1 ||
		    (idle && time_before(jiffies, entry->last_used + idle)))
			continue;
		if (!xenmod_batch_unmap(cache->unmap, &entry->mapping)) {
			xenmod_batch_flush(cache->unmap);
			xenmod_batch_unmap(cache->unmap, &entry->mapping);
		}
		cache_forget(cache, entry);
		list_add_tail(&entry->node, &old);
		nr++;
	}
	if (!nr)
		return 0;

	xenmod_batch_flush(cache->unmap);
	list_for_each_entry_safe(entry, next, &old, node) {
		if (entry->mapping.status == GNTST_okay)
			xenmod_pool_quarantine(cache->pool, entry->mapping.page);
		else
			xenmod_pool_put(cache->pool, entry->mapping.page);
		kfree(entry);
	}
	return nr;
}
EXPORT_SYMBOL_GPL(xenmod_cache_shrink);
