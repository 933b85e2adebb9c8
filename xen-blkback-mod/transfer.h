/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a request's data gets between the guest's pages and ours.
 */
#ifndef XEN_BLKBACK_TRANSFER_H
#define XEN_BLKBACK_TRANSFER_H

#include <linux/types.h>
#include <xenmod/grant.h>
#include <xenmod/persistent.h>
#include <xenmod/pool.h>
#include "command.h"

/**
 * enum blk_way - the way of one segment
 * @BLK_PERSISTENT: a page that stays mapped
 * @BLK_MAP: a page mapped for this request
 * @BLK_COPY: a page of ours; Xen copies from it or to it
 */
enum blk_way {
	BLK_PERSISTENT,
	BLK_MAP,
	BLK_COPY,
};

/**
 * struct blk_segment - a piece of a page under way
 * @mapping: %BLK_MAP: the mapping; %BLK_COPY: only its page is used
 * @persistent: %BLK_PERSISTENT: the cache's entry
 * @gref: grant reference
 * @offset: first byte within the page
 * @length: bytes
 * @copy_status: %BLK_COPY: outcome
 * @way: which of these it is
 */
struct blk_segment {
	struct xenmod_mapping mapping;
	struct xenmod_persistent *persistent;
	u32 gref;
	u16 offset;
	u16 length;
	s16 copy_status;
	u8 way;
};

/**
 * struct blk_data - the segments of one request
 * @segment: the segments
 * @nr: how many
 * @nr_ready: how many have been given a way and a page
 * @nr_mapped: how many of them are mapped for this request
 * @nr_copied: how many of them are copied
 * @bytes: their sum
 * @to_guest: a read: data goes to the guest
 */
struct blk_data {
	struct blk_segment *segment;
	u16 nr;
	u16 nr_ready;
	u16 nr_mapped;
	u16 nr_copied;
	u32 bytes;
	bool to_guest;
};

/**
 * struct blk_fetch - the segments of an indirect request on their way here
 * @page: private page that receives them; NULL if nothing is under way
 * @persistent: the guest's page if it stays mapped, otherwise NULL
 * @status: outcome of the copy, without @persistent
 */
struct blk_fetch {
	struct page *page;
	struct xenmod_persistent *persistent;
	s16 status;
};

/**
 * struct blk_policy - which way to choose
 * @persistent: both ends agreed on persistent grants
 * @map: mapping is worth while in this domain: each map and unmap edits the
 *	p2m in HVM and PVH domains, so only PV ones do it
 * @copy_max: bytes of a request that is copied even if @map
 */
struct blk_policy {
	bool persistent;
	bool map;
	unsigned int copy_max;
};

/**
 * struct blk_transfer - what a queue moves data with
 * @bring: operations that bring data in: map, copy from the guest. Belongs to
 *	the half of the queue that takes requests
 * @end: operations that end a transfer: copy to the guest, unmap. May not
 *	sleep; used with the queue's lock held
 * @end_failed: operations of @end that failed before it was flushed for good
 * @mappable: pages to map into
 * @memory: pages to copy to and from
 * @cache: persistent grants
 * @policy: which way to choose
 */
struct blk_transfer {
	struct xenmod_batch bring;
	struct xenmod_batch end;
	unsigned int end_failed;
	struct xenmod_pool mappable;
	struct xenmod_pool memory;
	struct xenmod_cache cache;
	struct blk_policy policy;
};

/**
 * enum blk_progress - how far preparing got
 * @BLK_READY: all operations are in the batch
 * @BLK_WANTS_MAPPABLE: fill the pool of mappable pages, then go on
 * @BLK_WANTS_MEMORY: fill the pool of ordinary pages, then go on
 * @BLK_WANTS_FLUSH: flush the batch, then go on
 */
enum blk_progress {
	BLK_READY,
	BLK_WANTS_MAPPABLE,
	BLK_WANTS_MEMORY,
	BLK_WANTS_FLUSH,
};

/**
 * blk_segment_page() - the local page of a segment
 * @segment: a segment that was prepared
 */
static inline struct page *blk_segment_page(const struct blk_segment *segment)
{
	return segment->way == BLK_PERSISTENT ?
		       segment->persistent->mapping.page :
		       segment->mapping.page;
}

/**
 * blk_transfer_widen() - let one hypercall bring more in
 * @transfer: one of whose tables for that is full
 * @most: operations that a table may have at most
 *
 * The tables of a queue that is hardly used stay small.
 *
 * Context: the taking half, without the lock; may sleep.
 * Return: false if the batch has to be flushed instead.
 */
bool blk_transfer_widen(struct blk_transfer *transfer, unsigned int most);

/**
 * blk_transfer_fit() - let one hypercall end all that is in flight
 * @transfer: what a queue moves data with
 * @most: operations that a table may have at most
 *
 * Without memory for that, it takes several.
 *
 * Context: the taking half, without the lock; may sleep.
 */
void blk_transfer_fit(struct blk_transfer *transfer, unsigned int most);

/**
 * blk_fetch_prepare() - find pages, and add what brings the segments here
 * @transfer: where to take pages and operations from, its lock held
 * @fetch: zeroed before the first call
 * @gref: the guest's page
 * @bytes: how much of it is wanted
 *
 * Return: as blk_data_prepare().
 */
enum blk_progress blk_fetch_prepare(struct blk_transfer *transfer,
				    struct blk_fetch *fetch, grant_ref_t gref,
				    unsigned int bytes);

/**
 * blk_fetch_finish() - take a private copy of the segments
 * @fetch: prepared, and the batch was flushed
 * @bytes: as for blk_fetch_prepare()
 *
 * Return: the segments, valid until blk_fetch_release(), or NULL if Xen refused
 * the page.
 */
const struct blkif_segment *blk_fetch_finish(struct blk_fetch *fetch,
					     unsigned int bytes);

/**
 * blk_fetch_release() - give the pages back
 * @transfer: as for blk_fetch_prepare()
 * @fetch: prepared; empty afterwards
 */
void blk_fetch_release(struct blk_transfer *transfer, struct blk_fetch *fetch);

/**
 * blk_data_init() - lay out a request's segments
 * @data: its segments; @data->segment has room for all
 * @wire: the checked segments
 * @nr: how many
 * @to_guest: it is a read
 */
void blk_data_init(struct blk_data *data, const struct blkif_segment *wire,
		   unsigned int nr, bool to_guest);

/**
 * blk_data_prepare() - find pages, and add what brings the data into them
 * @transfer: where to take pages and operations from, its lock held
 * @data: the segments; goes on where it stopped last time
 *
 * Return: %BLK_READY, or what to do before calling again.
 */
enum blk_progress blk_data_prepare(struct blk_transfer *transfer,
				   struct blk_data *data);

/**
 * blk_data_arrived() - did all that was prepared succeed?
 * @data: the segments, after the batch was flushed
 *
 * Return: true if the pages can be given to the disk.
 */
bool blk_data_arrived(const struct blk_data *data);

/**
 * blk_data_busy() - does anybody else still hold a mapped page?
 * @data: the segments, after the disk is done with them
 *
 * A network block device can be done while its last packet still waits to be
 * sent again. Unmapping such a page would pull it from under the network card.
 */
bool blk_data_busy(const struct blk_data *data);

/**
 * blk_data_finish() - add what ends the transfer
 * @transfer: as for blk_data_prepare()
 * @data: the segments
 * @deliver: the disk's data is good: copy it to the guest
 */
void blk_data_finish(struct blk_transfer *transfer, struct blk_data *data,
		     bool deliver);

/**
 * blk_data_again() - does Xen ask to repeat a copy?
 * @data: the segments, after the batch was flushed
 */
bool blk_data_again(const struct blk_data *data);

/**
 * blk_data_release() - give all pages back
 * @transfer: as for blk_data_prepare()
 * @data: the segments, after the batch was flushed; empty afterwards
 *
 * Return: true if every copy succeeded.
 */
bool blk_data_release(struct blk_transfer *transfer, struct blk_data *data);

#endif /* XEN_BLKBACK_TRANSFER_H */
