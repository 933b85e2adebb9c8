// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent grants.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xenmod/persistent.h>
#include <xenmod/pool.h>

/* A full cache looks at so many of its oldest entries to make room. */
#define EVICT_MOST	4

/* At the end, pages that are still held are waited for so often, 20 ms each. */
#define DESTROY_TRIES	250

static struct hlist_head *cache_bucket(struct xenmod_cache *cache,
				       grant_ref_t ref)
{
	return &cache->buckets[hash_32(ref, XENMOD_PERSISTENT_HASH_BITS)];
}

void xenmod_cache_init(struct xenmod_cache *cache, struct xenmod_batch *batch,
		       struct xenmod_pool *pool, unsigned int max,
		       unsigned long idle)
{
	memset(cache, 0, sizeof(*cache));
	INIT_LIST_HEAD(&cache->by_age);
	cache->batch = batch;
	cache->pool = pool;
	cache->max = max;
	cache->idle = idle;
}
EXPORT_SYMBOL_GPL(xenmod_cache_init);

void xenmod_cache_destroy(struct xenmod_cache *cache)
{
	struct xenmod_persistent *entry, *next;
	unsigned int tries;

	if (!cache->batch)
		return;
	for (tries = 0; cache->nr && tries < DESTROY_TRIES; tries++) {
		if (tries)
			msleep(20);
		xenmod_cache_shrink(cache, 0, UINT_MAX);
	}
	list_for_each_entry_safe(entry, next, &cache->by_age, age) {
		xenmod_pool_quarantine(cache->pool, entry->mapping.page);
		kfree(entry);
	}
	cache->batch = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_cache_destroy);

static struct xenmod_persistent *cache_find(struct xenmod_cache *cache,
					    grant_ref_t ref)
{
	struct xenmod_persistent *entry;

	hlist_for_each_entry(entry, cache_bucket(cache, ref), hash)
		if (entry->ref == ref)
			return entry;
	return NULL;
}

static void cache_forget(struct xenmod_cache *cache,
			 struct xenmod_persistent *entry)
{
	hlist_del(&entry->hash);
	list_del(&entry->age);
	cache->nr--;
}

static struct xenmod_persistent *cache_add(struct xenmod_cache *cache,
					   grant_ref_t ref)
{
	struct xenmod_persistent *entry;

	if (cache->nr >= cache->max && cache->max)
		xenmod_cache_shrink(cache, cache->idle, EVICT_MOST);
	if (cache->nr >= cache->max)
		return NULL;

	entry = kmalloc(sizeof(*entry), GFP_NOIO | __GFP_NOWARN);
	if (!entry)
		return NULL;
	entry->mapping.page = xenmod_pool_get(cache->pool);
	if (!entry->mapping.page) {
		kfree(entry);
		return NULL;
	}
	entry->ref = ref;
	entry->users = 0;
	hlist_add_head(&entry->hash, cache_bucket(cache, ref));
	list_add_tail(&entry->age, &cache->by_age);
	cache->nr++;
	xenmod_batch_map(cache->batch, ref, false, &entry->mapping);
	return entry;
}

struct xenmod_persistent *xenmod_cache_get(struct xenmod_cache *cache,
					   grant_ref_t ref, bool *hit)
{
	struct xenmod_persistent *entry = cache_find(cache, ref);

	*hit = entry;
	if (!entry)
		entry = cache_add(cache, ref);
	if (!entry)
		return NULL;

	entry->users++;
	entry->last_used = jiffies;
	list_move_tail(&entry->age, &cache->by_age);
	return entry;
}
EXPORT_SYMBOL_GPL(xenmod_cache_get);

void xenmod_cache_put(struct xenmod_cache *cache,
		      struct xenmod_persistent *entry)
{
	if (--entry->users || entry->mapping.status == GNTST_okay)
		return;
	cache_forget(cache, entry);
	xenmod_pool_put(cache->pool, entry->mapping.page);
	kfree(entry);
}
EXPORT_SYMBOL_GPL(xenmod_cache_put);

unsigned int xenmod_cache_shrink(struct xenmod_cache *cache,
				 unsigned long idle, unsigned int most)
{
	struct xenmod_persistent *entry, *next;
	unsigned int nr = 0;
	LIST_HEAD(old);

	list_for_each_entry_safe(entry, next, &cache->by_age, age) {
		if (nr == most ||
		    (idle && time_before(jiffies, entry->last_used + idle)))
			break;
		if (entry->users || page_count(entry->mapping.page) > 1)
			continue;
		cache_forget(cache, entry);
		list_add_tail(&entry->age, &old);
		xenmod_batch_unmap(cache->batch, &entry->mapping);
		nr++;
	}
	if (!nr)
		return 0;

	xenmod_batch_flush(cache->batch);
	list_for_each_entry_safe(entry, next, &old, age) {
		if (entry->mapping.status == GNTST_okay)
			xenmod_pool_quarantine(cache->pool, entry->mapping.page);
		else
			xenmod_pool_put(cache->pool, entry->mapping.page);
		kfree(entry);
	}
	return nr;
}
EXPORT_SYMBOL_GPL(xenmod_cache_shrink);
