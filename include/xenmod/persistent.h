/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Persistent grants: foreign pages that stay mapped between requests, found
 * again by their grant reference (feature-persistent in Xen's io/blkif.h).
 *
 * Context: with the pool's lock held, unless said otherwise; nothing sleeps.
 */
#ifndef XENMOD_PERSISTENT_H
#define XENMOD_PERSISTENT_H

#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/types.h>
#include <xenmod/grant.h>

struct xenmod_pool;

/* Two entries in a bucket when the default number of grants is mapped. */
#define XENMOD_PERSISTENT_HASH_BITS	9

/**
 * struct xenmod_persistent - one page that stays mapped
 * @hash: in the bucket of its reference
 * @node: in the cache's list of entries
 * @mapping: the page and its state
 * @ref: grant reference
 * @users: segments in flight that use it
 * @last_used: jiffies when it was last looked up
 */
struct xenmod_persistent {
	struct hlist_node hash;
	struct list_head node;
	struct xenmod_mapping mapping;
	grant_ref_t ref;
	unsigned int users;
	unsigned long last_used;
};

/**
 * struct xenmod_cache - the persistent grants of one queue
 * @buckets: entries by hash of their reference
 * @entries: all entries, the longest mapped first
 * @map: batch that maps
 * @unmap: batch that unmaps; may not sleep
 * @pool: mappable pages
 * @nr: entries
 * @max: entries at most; 0 turns the cache off
 * @idle: jiffies after which an unused entry may make room for another
 * @search_after: jiffies before which no search for such entries is worth while
 */
struct xenmod_cache {
	struct hlist_head buckets[1 << XENMOD_PERSISTENT_HASH_BITS];
	struct list_head entries;
	struct xenmod_batch *map;
	struct xenmod_batch *unmap;
	struct xenmod_pool *pool;
	unsigned int nr;
	unsigned int max;
	unsigned long idle;
	unsigned long search_after;
};

/**
 * enum xenmod_cache_result - how a look-up went
 * @XENMOD_CACHE_HIT: found
 * @XENMOD_CACHE_NEW: added; valid after the map batch's next flush, if then
 *	its status is GNTST_okay
 * @XENMOD_CACHE_FULL: no room: use a grant of one request's life instead
 * @XENMOD_CACHE_NO_PAGE: the pool has to be filled first
 * @XENMOD_CACHE_NO_BATCH: the map batch has to be flushed first
 */
enum xenmod_cache_result {
	XENMOD_CACHE_HIT,
	XENMOD_CACHE_NEW,
	XENMOD_CACHE_FULL,
	XENMOD_CACHE_NO_PAGE,
	XENMOD_CACHE_NO_BATCH,
};

/**
 * xenmod_cache_init() - make an empty cache
 * @cache: @map, @unmap, @pool, @max and @idle are set
 *
 * Context: any, without the lock.
 */
void xenmod_cache_init(struct xenmod_cache *cache);

/**
 * xenmod_cache_destroy() - unmap and forget everything
 * @cache: a cache, set up or zeroed; no entry is in use
 *
 * Waits a while for pages that a network device still holds. One that is not
 * let go of stays mapped for ever.
 *
 * Context: may sleep; takes the lock.
 */
void xenmod_cache_destroy(struct xenmod_cache *cache);

static inline struct hlist_head *xenmod_cache_bucket(struct xenmod_cache *cache,
						     grant_ref_t ref)
{
	return &cache->buckets[hash_32(ref, XENMOD_PERSISTENT_HASH_BITS)];
}

/**
 * xenmod_cache_add() - map a grant that is not in the cache
 * @cache: the cache
 * @ref: grant reference
 * @entry: as for xenmod_cache_get()
 *
 * Return: as xenmod_cache_get(), but never XENMOD_CACHE_HIT.
 */
enum xenmod_cache_result xenmod_cache_add(struct xenmod_cache *cache,
					  grant_ref_t ref,
					  struct xenmod_persistent **entry);

/**
 * xenmod_cache_get() - find a persistent grant, or map a new one
 * @cache: the cache
 * @ref: grant reference
 * @entry: receives the entry, in use until xenmod_cache_put()
 *
 * Return: how it went; @entry is set for the first two.
 */
static inline enum xenmod_cache_result
xenmod_cache_get(struct xenmod_cache *cache, grant_ref_t ref,
		 struct xenmod_persistent **entry)
{
	struct xenmod_persistent *found;

	hlist_for_each_entry(found, xenmod_cache_bucket(cache, ref), hash) {
		/* What could not be mapped only waits for its users to go. */
		if (found->ref != ref ||
		    (found->mapping.status != GNTST_okay &&
		     found->mapping.status != XENMOD_GRANT_PENDING))
			continue;
		found->users++;
		found->last_used = jiffies;
		*entry = found;
		return XENMOD_CACHE_HIT;
	}
	return xenmod_cache_add(cache, ref, entry);
}

/**
 * xenmod_cache_drop() - forget an entry that could not be mapped
 * @cache: the cache
 * @entry: the entry; nobody uses it any more
 */
void xenmod_cache_drop(struct xenmod_cache *cache,
		       struct xenmod_persistent *entry);

/**
 * xenmod_cache_put() - a segment no longer uses an entry
 * @cache: the cache
 * @entry: the entry; forgotten here if it could not be mapped
 */
static inline void xenmod_cache_put(struct xenmod_cache *cache,
				    struct xenmod_persistent *entry)
{
	if (!--entry->users && entry->mapping.status != GNTST_okay)
		xenmod_cache_drop(cache, entry);
}

/**
 * xenmod_cache_shrink() - unmap what nobody uses
 * @cache: the cache; an entry whose page somebody else still holds stays
 * @idle: only entries unused for so many jiffies; 0 for all
 * @most: how many at most
 *
 * Return: how many were unmapped.
 */
unsigned int xenmod_cache_shrink(struct xenmod_cache *cache,
				 unsigned long idle, unsigned int most);

#endif /* XENMOD_PERSISTENT_H */
