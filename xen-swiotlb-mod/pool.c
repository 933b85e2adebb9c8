// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of segments. Each segment has a lock of its own, and each CPU looks
 * for slots where it found the last ones, so they keep out of each other's way.
 */
#include <linux/kernel.h>
#include <asm/barrier.h>
#include "pool.h"

struct xdma_segment *xdma_windows[XDMA_WINDOWS];

bool xdma_pool_add(struct xdma_pool *pool, struct xdma_segment *segment)
{
	u64 window = segment->dma >> XDMA_SEGMENT_SHIFT;

	if (pool->nr >= pool->most || window >= XDMA_WINDOWS ||
	    segment->dma & (XDMA_SEGMENT_SIZE - 1) || xdma_windows[window])
		return false;
	WRITE_ONCE(xdma_windows[window], segment);
	pool->segment[pool->nr] = segment;
	/* Pairs with xdma_pool_take(): who sees the number sees the segment. */
	smp_store_release(&pool->nr, pool->nr + 1);
	return true;
}

/* A retired one may have left it long ago, and another one be there. */
static void leave_window(const struct xdma_segment *segment)
{
	if (xdma_window(segment->dma) == segment)
		WRITE_ONCE(xdma_windows[segment->dma >> XDMA_SEGMENT_SHIFT],
			   NULL);
}

struct xdma_segment *xdma_pool_remove(struct xdma_pool *pool)
{
	struct xdma_segment *segment;

	if (!pool->nr)
		return NULL;
	segment = pool->segment[pool->nr - 1];
	if (segment->free != XDMA_SEGMENT_SLOTS)
		return NULL;
	pool->nr--;
	leave_window(segment);
	return segment;
}

unsigned int xdma_pool_retire(struct xdma_segment *segment)
{
	unsigned int free = xdma_segment_retire(segment);

	if (free == XDMA_SEGMENT_SLOTS)
		leave_window(segment);
	return free;
}

int xdma_pool_take(const struct xdma_pool *pool,
		   const struct xdma_request *request, unsigned int *start,
		   struct xdma_segment **segment)
{
	unsigned int nr, left, i = *start;
	int first;

	/* Pairs with xdma_pool_add(). */
	nr = smp_load_acquire(&pool->nr);
	for (left = nr; left; left--, i++) {
		if (i >= nr)
			i = 0;
		first = xdma_segment_take(pool->segment[i], request);
		if (first >= 0) {
			*start = i;
			*segment = pool->segment[i];
			return first;
		}
	}
	return -1;
}
