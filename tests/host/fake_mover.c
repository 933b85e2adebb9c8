// SPDX-License-Identifier: GPL-2.0
/*
 * A pass in small: the locks and the order of calls, without a queue.
 */
#include "test.h"
#include "fake.h"
#include "mover.h"
#include <linux/jiffies.h>

#define FILL	8	/* pages at once */

int mover_init(struct mover *mover, unsigned int room, unsigned int pages,
	       unsigned int persistent)
{
	struct blk_transfer *transfer = &mover->transfer;
	struct xenmod_cache *cache = &transfer->cache;

	memset(mover, 0, sizeof(*mover));
	transfer->bring = (struct xenmod_batch){
		.stats = &mover->stats, .peer = FAKE_PEER, .may_sleep = true,
		.room_map = room, .room_copy = room };
	transfer->end = (struct xenmod_batch){
		.stats = &mover->stats, .peer = FAKE_PEER,
		.room_unmap = room, .room_copy = room };
	transfer->mappable = (struct xenmod_pool){
		.lock = &mover->lock, .mappable = true, .limit = pages };
	transfer->memory = (struct xenmod_pool){
		.lock = &mover->lock, .limit = pages };
	cache->map = &transfer->bring;
	cache->unmap = &transfer->end;
	cache->pool = &transfer->mappable;
	cache->max = persistent;
	cache->idle = HZ;
	xenmod_cache_init(cache);
	return xenmod_batch_init(&transfer->bring) ||
	       xenmod_batch_init(&transfer->end) ||
	       xenmod_pool_init(&transfer->mappable) ||
	       xenmod_pool_init(&transfer->memory);
}

void mover_destroy(struct mover *mover)
{
	xenmod_cache_destroy(&mover->transfer.cache);
	xenmod_pool_destroy(&mover->transfer.mappable);
	xenmod_pool_destroy(&mover->transfer.memory);
	xenmod_batch_destroy(&mover->transfer.bring);
	xenmod_batch_destroy(&mover->transfer.end);
	assert_int_equal(fake_locks_held, 0);
}

enum blk_progress mover_try(struct mover *mover, struct blk_data *data)
{
	enum blk_progress progress;

	spin_lock_bh(&mover->lock);
	progress = blk_data_prepare(&mover->transfer, data);
	spin_unlock_bh(&mover->lock);
	return progress;
}

bool mover_prepare(struct mover *mover, struct blk_data *data)
{
	struct blk_transfer *transfer = &mover->transfer;
	unsigned int tries;

	/* Each try has to bring it forward, so it ends. */
	for (tries = 0; tries < 100; tries++) {
		switch (mover_try(mover, data)) {
		case BLK_READY:
			return true;
		case BLK_WANTS_FLUSH:
			assert_false(xenmod_batch_empty(&transfer->bring));
			xenmod_batch_flush(&transfer->bring);
			break;
		case BLK_WANTS_MAPPABLE:
			if (!xenmod_pool_fill(&transfer->mappable, FILL))
				return false;
			break;
		case BLK_WANTS_MEMORY:
			if (!xenmod_pool_fill(&transfer->memory, FILL))
				return false;
			break;
		}
	}
	fail_msg("preparing does not come to an end");
	return false;
}

void mover_end(struct mover *mover, struct blk_data *data, bool deliver)
{
	spin_lock_bh(&mover->lock);
	blk_data_finish(&mover->transfer, data, deliver);
	xenmod_batch_flush(&mover->transfer.end);
	spin_unlock_bh(&mover->lock);
}

bool mover_release(struct mover *mover, struct blk_data *data)
{
	bool copied;

	spin_lock_bh(&mover->lock);
	copied = blk_data_release(&mover->transfer, data);
	spin_unlock_bh(&mover->lock);
	return copied;
}

bool mover_finish(struct mover *mover, struct blk_data *data, bool deliver)
{
	mover_end(mover, data, deliver);
	return mover_release(mover, data);
}

void mover_shrink(struct mover *mover, unsigned long idle, unsigned int most)
{
	spin_lock_bh(&mover->lock);
	xenmod_cache_shrink(&mover->transfer.cache, idle, most);
	spin_unlock_bh(&mover->lock);
}
