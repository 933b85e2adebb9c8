// SPDX-License-Identifier: GPL-2.0
/*
 * From segments to grant operations and back.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <xenmod/stats.h>
#include "transfer.h"

static enum blk_way choose_way(const struct blk_policy *policy, u32 bytes)
{
	return policy->map && bytes > policy->copy_max ? BLK_MAP : BLK_COPY;
}

bool blk_transfer_widen(struct blk_transfer *transfer, unsigned int most)
{
	struct xenmod_batch *bring = &transfer->bring;

	/* Nobody else uses this batch, so no lock is needed. */
	if (bring->nr_map == bring->room_map)
		return bring->room_map < most &&
		       xenmod_batch_grow(bring, XENMOD_BATCH_MAP,
					 min(2 * bring->room_map, most), NULL);
	return bring->nr_copy == bring->room_copy && bring->room_copy < most &&
	       xenmod_batch_grow(bring, XENMOD_BATCH_COPY,
				 min(2 * bring->room_copy, most), NULL);
}

void blk_transfer_fit(struct blk_transfer *transfer, unsigned int most)
{
	unsigned int copies = READ_ONCE(transfer->memory.nr_used);
	unsigned int maps = READ_ONCE(transfer->mappable.nr_used) -
			    READ_ONCE(transfer->cache.nr);
	struct xenmod_batch *end = &transfer->end;

	copies = min(copies, most);
	maps = min(maps, most);
	if (copies > end->room_copy)
		xenmod_batch_grow(end, XENMOD_BATCH_COPY,
				  roundup_pow_of_two(copies),
				  transfer->memory.lock);
	if (maps > end->room_unmap)
		xenmod_batch_grow(end, XENMOD_BATCH_UNMAP,
				  roundup_pow_of_two(maps),
				  transfer->memory.lock);
}

/* Whoever grants persistently expects the page of descriptors to stay mapped, too. */
static enum blk_progress fetch_persistent(struct blk_transfer *transfer,
					  struct blk_fetch *fetch,
					  grant_ref_t gref)
{
	struct xenmod_persistent *entry;

	switch (xenmod_cache_get(&transfer->cache, gref, &entry)) {
	case XENMOD_CACHE_HIT:
	case XENMOD_CACHE_NEW:
		fetch->persistent = entry;
		return BLK_READY;
	case XENMOD_CACHE_NO_PAGE:
		return BLK_WANTS_MAPPABLE;
	case XENMOD_CACHE_NO_BATCH:
		return BLK_WANTS_FLUSH;
	case XENMOD_CACHE_FULL:
		break;
	}
	return BLK_READY;
}

enum blk_progress blk_fetch_prepare(struct blk_transfer *transfer,
				    struct blk_fetch *fetch, grant_ref_t gref,
				    unsigned int bytes)
{
	enum blk_progress progress;

	if (!fetch->page)
		fetch->page = xenmod_pool_get(&transfer->memory);
	if (!fetch->page)
		return BLK_WANTS_MEMORY;
	if (transfer->policy.persistent) {
		progress = fetch_persistent(transfer, fetch, gref);
		if (progress != BLK_READY || fetch->persistent)
			return progress;
	}
	return xenmod_batch_copy_from(&transfer->bring, gref, fetch->page, 0,
				      bytes, &fetch->status) ?
		       BLK_READY : BLK_WANTS_FLUSH;
}

const struct blkif_segment *blk_fetch_finish(struct blk_fetch *fetch,
					     unsigned int bytes)
{
	void *segments = page_address(fetch->page);

	if (!fetch->persistent)
		return fetch->status == GNTST_okay ? segments : NULL;
	if (fetch->persistent->mapping.status != GNTST_okay)
		return NULL;
	memcpy(segments, page_address(fetch->persistent->mapping.page), bytes);
	/* Keep the compiler from reading the guest's page again. */
	barrier();
	return segments;
}

void blk_fetch_release(struct blk_transfer *transfer, struct blk_fetch *fetch)
{
	if (fetch->persistent)
		xenmod_cache_put(&transfer->cache, fetch->persistent);
	if (fetch->page)
		xenmod_pool_put(&transfer->memory, fetch->page);
	fetch->persistent = NULL;
	fetch->page = NULL;
}

void blk_data_init(struct blk_data *data, const struct blkif_segment *wire,
		   unsigned int nr, bool to_guest)
{
	struct blk_segment *segment = data->segment;
	unsigned int i;

	data->nr = nr;
	data->nr_ready = 0;
	data->nr_mapped = 0;
	data->nr_copied = 0;
	data->bytes = 0;
	data->to_guest = to_guest;
	for (i = 0; i < nr; i++, segment++, wire++) {
		segment->gref = wire->gref;
		segment->offset = wire->first_sect * BLKIF_SECTOR_SIZE;
		segment->length = (wire->last_sect - wire->first_sect + 1) *
				  BLKIF_SECTOR_SIZE;
		data->bytes += segment->length;
	}
}

static enum blk_progress prepare_map(struct blk_transfer *transfer,
				     struct blk_data *data,
				     struct blk_segment *segment)
{
	struct page *page = xenmod_pool_get(&transfer->mappable);

	if (!page)
		return BLK_WANTS_MAPPABLE;
	segment->way = BLK_MAP;
	segment->mapping.page = page;
	if (!xenmod_batch_map(&transfer->bring, segment->gref, !data->to_guest,
			      &segment->mapping)) {
		xenmod_pool_put(&transfer->mappable, page);
		return BLK_WANTS_FLUSH;
	}
	data->nr_mapped++;
	xenmod_count(transfer->bring.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return BLK_READY;
}

static enum blk_progress prepare_copy(struct blk_transfer *transfer,
				      struct blk_data *data,
				      struct blk_segment *segment)
{
	struct page *page = xenmod_pool_get(&transfer->memory);

	if (!page)
		return BLK_WANTS_MEMORY;
	segment->way = BLK_COPY;
	segment->mapping.page = page;
	segment->copy_status = GNTST_okay;
	if (!data->to_guest &&
	    !xenmod_batch_copy_from(&transfer->bring, segment->gref, page,
				    segment->offset, segment->length,
				    &segment->copy_status)) {
		xenmod_pool_put(&transfer->memory, page);
		return BLK_WANTS_FLUSH;
	}
	data->nr_copied++;
	return BLK_READY;
}

static enum blk_progress prepare_once(struct blk_transfer *transfer,
				      struct blk_data *data,
				      struct blk_segment *segment)
{
	return choose_way(&transfer->policy, data->bytes) == BLK_MAP ?
		       prepare_map(transfer, data, segment) :
		       prepare_copy(transfer, data, segment);
}

static enum blk_progress prepare_persistent(struct blk_transfer *transfer,
					    struct blk_data *data,
					    struct blk_segment *segment)
{
	switch (xenmod_cache_get(&transfer->cache, segment->gref,
				 &segment->persistent)) {
	case XENMOD_CACHE_HIT:
		xenmod_count(transfer->bring.stats, XENMOD_PERSISTENT_HITS, 1);
		break;
	case XENMOD_CACHE_NEW:
		break;
	case XENMOD_CACHE_NO_PAGE:
		return BLK_WANTS_MAPPABLE;
	case XENMOD_CACHE_NO_BATCH:
		return BLK_WANTS_FLUSH;
	case XENMOD_CACHE_FULL:
		return prepare_once(transfer, data, segment);
	}
	segment->way = BLK_PERSISTENT;
	xenmod_count(transfer->bring.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return BLK_READY;
}

enum blk_progress blk_data_prepare(struct blk_transfer *transfer,
				   struct blk_data *data)
{
	enum blk_progress progress;
	struct blk_segment *segment;

	for (; data->nr_ready < data->nr; data->nr_ready++) {
		segment = &data->segment[data->nr_ready];
		progress = transfer->policy.persistent ?
				   prepare_persistent(transfer, data, segment) :
				   prepare_once(transfer, data, segment);
		if (progress != BLK_READY)
			return progress;
	}
	return BLK_READY;
}

static s16 segment_status(const struct blk_segment *segment)
{
	switch (segment->way) {
	case BLK_PERSISTENT:
		return segment->persistent->mapping.status;
	case BLK_MAP:
		return segment->mapping.status;
	default:
		return segment->copy_status;
	}
}

bool blk_data_arrived(const struct blk_data *data)
{
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++)
		if (segment_status(&data->segment[i]) != GNTST_okay)
			return false;
	return true;
}

bool blk_data_busy(const struct blk_data *data)
{
	const struct blk_segment *segment;
	unsigned int i;

	if (!data->nr_mapped)
		return false;
	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		if (segment->way == BLK_MAP &&
		    page_count(segment->mapping.page) > 1)
			return true;
	}
	return false;
}

static void end_map(struct blk_transfer *transfer, struct blk_segment *segment)
{
	struct xenmod_batch *end = &transfer->end;

	if (segment->mapping.status != GNTST_okay)
		return;
	if (xenmod_batch_unmap(end, &segment->mapping))
		return;
	transfer->end_failed += xenmod_batch_flush(end);
	xenmod_batch_unmap(end, &segment->mapping);
}

static void end_copy(struct blk_transfer *transfer, struct blk_segment *segment)
{
	struct xenmod_batch *end = &transfer->end;
	struct page *page = segment->mapping.page;

	if (xenmod_batch_copy_to(end, segment->gref, page, segment->offset,
				 segment->length, &segment->copy_status))
		return;
	transfer->end_failed += xenmod_batch_flush(end);
	xenmod_batch_copy_to(end, segment->gref, page, segment->offset,
			     segment->length, &segment->copy_status);
}

void blk_data_finish(struct blk_transfer *transfer, struct blk_data *data,
		     bool deliver)
{
	struct blk_segment *segment;
	unsigned int i;

	if (!data->nr_mapped && !(data->nr_copied && data->to_guest && deliver))
		return;
	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		if (segment->way == BLK_MAP)
			end_map(transfer, segment);
		else if (segment->way == BLK_COPY && data->to_guest && deliver)
			end_copy(transfer, segment);
	}
}

bool blk_data_again(const struct blk_data *data)
{
	unsigned int i;

	if (!data->nr_copied)
		return false;
	for (i = 0; i < data->nr_ready; i++)
		if (data->segment[i].way == BLK_COPY &&
		    data->segment[i].copy_status == GNTST_eagain)
			return true;
	return false;
}

static void release_map(struct xenmod_pool *pool,
			const struct xenmod_mapping *mapping)
{
	if (mapping->status == GNTST_okay ||
	    mapping->status == XENMOD_GRANT_STUCK)
		xenmod_pool_quarantine(pool, mapping->page);
	else
		xenmod_pool_put(pool, mapping->page);
}

bool blk_data_release(struct blk_transfer *transfer, struct blk_data *data)
{
	struct blk_segment *segment;
	bool copied = true;
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		switch (segment->way) {
		case BLK_PERSISTENT:
			xenmod_cache_put(&transfer->cache, segment->persistent);
			break;
		case BLK_MAP:
			release_map(&transfer->mappable, &segment->mapping);
			break;
		case BLK_COPY:
			if (segment->copy_status != GNTST_okay)
				copied = false;
			xenmod_pool_put(&transfer->memory,
					segment->mapping.page);
			break;
		}
	}
	data->nr = 0;
	data->nr_ready = 0;
	return copied;
}
