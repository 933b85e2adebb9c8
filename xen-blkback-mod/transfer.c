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

static bool prepare_persistent(struct blk_transfer *transfer,
			       struct blk_segment *segment)
{
	bool hit;

	segment->persistent = xenmod_cache_get(&transfer->cache, segment->gref,
					       &hit);
	if (!segment->persistent)
		return false;
	segment->way = BLK_PERSISTENT;
	if (hit)
		xenmod_count(transfer->batch.stats, XENMOD_PERSISTENT_HITS, 1);
	xenmod_count(transfer->batch.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return true;
}

static bool prepare_map(struct blk_transfer *transfer,
			struct blk_segment *segment, bool to_guest)
{
	segment->mapping.page = xenmod_pool_get(&transfer->mappable);
	if (!segment->mapping.page)
		return false;
	segment->way = BLK_MAP;
	xenmod_batch_map(&transfer->batch, segment->gref, !to_guest,
			 &segment->mapping);
	xenmod_count(transfer->batch.stats, XENMOD_BYTES_MAPPED,
		     segment->length);
	return true;
}

static bool prepare_copy(struct blk_transfer *transfer,
			 struct blk_segment *segment, bool to_guest)
{
	struct page *page = xenmod_pool_get(&transfer->memory);

	if (!page)
		return false;
	segment->way = BLK_COPY;
	segment->mapping.page = page;
	segment->copy_status = GNTST_okay;
	if (!to_guest)
		xenmod_batch_copy_from(&transfer->batch, segment->gref, page,
				       segment->offset, segment->length,
				       &segment->copy_status);
	return true;
}

bool blk_data_prepare(struct blk_transfer *transfer, struct blk_data *data)
{
	const struct blk_policy *policy = &transfer->policy;
	enum blk_way way = choose_way(policy, data->bytes);
	struct blk_segment *segment;
	bool ready;

	for (; data->nr_ready < data->nr; data->nr_ready++) {
		segment = &data->segment[data->nr_ready];
		if (policy->persistent && prepare_persistent(transfer, segment))
			continue;
		if (way == BLK_MAP)
			ready = prepare_map(transfer, segment, data->to_guest);
		else
			ready = prepare_copy(transfer, segment, data->to_guest);
		if (!ready)
			return false;
	}
	return true;
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

void blk_data_finish(struct blk_transfer *transfer, struct blk_data *data,
		     bool deliver)
{
	struct blk_segment *segment;
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		if (segment->way == BLK_MAP &&
		    segment->mapping.status == GNTST_okay)
			xenmod_batch_unmap(&transfer->batch, &segment->mapping);
		else if (segment->way == BLK_COPY && data->to_guest && deliver)
			xenmod_batch_copy_to(&transfer->batch, segment->gref,
					     segment->mapping.page,
					     segment->offset, segment->length,
					     &segment->copy_status);
	}
}

bool blk_data_release(struct blk_transfer *transfer, struct blk_data *data,
		      bool deliver)
{
	struct blk_segment *segment;
	bool delivered = true;
	unsigned int i;

	for (i = 0; i < data->nr_ready; i++) {
		segment = &data->segment[i];
		switch (segment->way) {
		case BLK_PERSISTENT:
			xenmod_cache_put(&transfer->cache, segment->persistent);
			break;
		case BLK_MAP:
			if (segment->mapping.status == GNTST_okay)
				xenmod_pool_quarantine(&transfer->mappable,
						       segment->mapping.page);
			else
				xenmod_pool_put(&transfer->mappable,
						segment->mapping.page);
			break;
		case BLK_COPY:
			if (deliver && segment->copy_status != GNTST_okay)
				delivered = false;
			xenmod_pool_put(&transfer->memory,
					segment->mapping.page);
			break;
		}
	}
	data->nr = 0;
	data->nr_ready = 0;
	return delivered;
}
