// SPDX-License-Identifier: GPL-2.0
/*
 * From segments to grant operations and back.
 */
#include <linux/mm.h>
#include <xenmod/stats.h>
#include "transfer.h"

static enum blk_way choose_way(const struct blk_policy *policy, u32 bytes)
{
	return policy->map && bytes > policy->copy_max ? BLK_MAP : BLK_COPY;
}

void blk_data_init(struct blk_data *data, const struct blkif_segment *wire,
		   unsigned int nr, bool to_guest)
{
	struct blk_segment *segment = data->segment;
	unsigned int i;

	data->nr = nr;
	data->nr_ready = 0;
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
				     struct blk_segment *segment, bool to_guest)
{
	struct page *page = xenmod_pool_get(&transfer->mappable);

	if (!page)
		return BLK_WANTS_MAPPABLE;
	segment->way = BLK_MAP;
	segment->mapping.page = page;
	if (!xenmod_batch_map(&transfer->bring, segment->gref, !to_guest,
			      &segment->mapping)) {
		xenmod_pool_put(&transfer->mappable, page);
		return BLK_WANTS_FLUSH;
	}
	xenmod_count(transfer->bring.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return BLK_READY;
}

static enum blk_progress prepare_copy(struct blk_transfer *transfer,
				      struct blk_segment *segment,
				      bool to_guest)
{
	struct page *page = xenmod_pool_get(&transfer->memory);

	if (!page)
		return BLK_WANTS_MEMORY;
	segment->way = BLK_COPY;
	segment->mapping.page = page;
	segment->copy_status = GNTST_okay;
	if (!to_guest &&
	    !xenmod_batch_copy_from(&transfer->bring, segment->gref, page,
				    segment->offset, segment->length,
				    &segment->copy_status)) {
		xenmod_pool_put(&transfer->memory, page);
		return BLK_WANTS_FLUSH;
	}
	return BLK_READY;
}

static enum blk_progress prepare_persistent(struct blk_transfer *transfer,
					    struct blk_segment *segment,
					    enum blk_way otherwise,
					    bool to_guest)
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
		return otherwise == BLK_MAP ?
			       prepare_map(transfer, segment, to_guest) :
			       prepare_copy(transfer, segment, to_guest);
	}
	segment->way = BLK_PERSISTENT;
	xenmod_count(transfer->bring.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return BLK_READY;
}

enum blk_progress blk_data_prepare(struct blk_transfer *transfer,
				   struct blk_data *data)
{
	enum blk_way way = choose_way(&transfer->policy, data->bytes);
	enum blk_progress progress;
	struct blk_segment *segment;

	for (; data->nr_ready < data->nr; data->nr_ready++) {
		segment = &data->segment[data->nr_ready];
		if (transfer->policy.persistent)
			progress = prepare_persistent(transfer, segment, way,
						      data->to_guest);
		else if (way == BLK_MAP)
			progress = prepare_map(transfer, segment,
					       data->to_guest);
		else
			progress = prepare_copy(transfer, segment,
						data->to_guest);
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

	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		if (segment->way == BLK_MAP &&
		    page_count(segment->mapping.page) > 1)
			return true;
	}
	return false;
}

static void end_map(struct xenmod_batch *end, struct blk_segment *segment)
{
	if (segment->mapping.status != GNTST_okay)
		return;
	if (xenmod_batch_unmap(end, &segment->mapping))
		return;
	xenmod_batch_flush(end);
	xenmod_batch_unmap(end, &segment->mapping);
}

static void end_copy(struct xenmod_batch *end, struct blk_segment *segment)
{
	struct page *page = segment->mapping.page;

	if (xenmod_batch_copy_to(end, segment->gref, page, segment->offset,
				 segment->length, &segment->copy_status))
		return;
	xenmod_batch_flush(end);
	xenmod_batch_copy_to(end, segment->gref, page, segment->offset,
			     segment->length, &segment->copy_status);
}

void blk_data_finish(struct blk_transfer *transfer, struct blk_data *data,
		     bool deliver)
{
	struct blk_segment *segment;
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		if (segment->way == BLK_MAP)
			end_map(&transfer->end, segment);
		else if (segment->way == BLK_COPY && data->to_guest && deliver)
			end_copy(&transfer->end, segment);
	}
}

bool blk_data_again(const struct blk_data *data)
{
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++)
		if (data->segment[i].way == BLK_COPY &&
		    data->segment[i].copy_status == GNTST_eagain)
			return true;
	return false;
}

static void release_map(struct xenmod_pool *pool,
			const struct xenmod_mapping *mapping)
{
	if (mapping->status == GNTST_okay)
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
