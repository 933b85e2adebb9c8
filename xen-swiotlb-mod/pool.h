/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pools of segments, and the way from a machine address to its segment.
 * Functions of their arguments; they compile in user space too.
 */
#ifndef XEN_SWIOTLB_POOL_H
#define XEN_SWIOTLB_POOL_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "slot.h"

/* Segments lie below 1 << this, where the devices that need them can reach. */
#define XDMA_POOL_BITS	32
#define XDMA_WINDOWS	BIT(XDMA_POOL_BITS - XDMA_SEGMENT_SHIFT)

/*
 * Each segment fills a window of the machine's address space, so that a table
 * tells what lies where, whatever the number of segments: a mapping that does
 * not bounce is told from others by one load, or none above XDMA_POOL_BITS. An
 * entry changes only while no slot of its segment is in use.
 */
extern struct xdma_segment *xdma_windows[XDMA_WINDOWS];

/**
 * struct xdma_pool - segments that some devices can reach
 * @segment: the segments, room for @most
 * @nr: how many there are; grows while others look for slots
 * @most: room in @segment
 */
struct xdma_pool {
	struct xdma_segment **segment;
	unsigned int nr;
	unsigned int most;
};

/**
 * xdma_window() - the segment that a machine address was given to
 * @dma: the address
 *
 * Context: any. Takes no lock: who has an address in use keeps its segment.
 * Return: the segment, which may be retired, or NULL.
 */
static inline struct xdma_segment *xdma_window(u64 dma)
{
	if (dma >> XDMA_POOL_BITS)
		return NULL;
	return READ_ONCE(xdma_windows[dma >> XDMA_SEGMENT_SHIFT]);
}

/**
 * xdma_find() - the segment at a machine address
 * @dma: the address
 *
 * Context: as for xdma_window().
 * Return: the segment, or NULL: what is there did not bounce, or was mapped
 * before the guest was restored.
 */
static inline struct xdma_segment *xdma_find(u64 dma)
{
	struct xdma_segment *segment = xdma_window(dma);

	return segment && !READ_ONCE(segment->retired) ? segment : NULL;
}

/**
 * xdma_pool_add() - add a segment
 * @pool: the pool
 * @segment: set up; belongs to the pool from now on
 *
 * Context: one at a time; others may look for slots meanwhile.
 * Return: false if there is no room, or its window is taken or out of reach.
 */
bool xdma_pool_add(struct xdma_pool *pool, struct xdma_segment *segment);

/**
 * xdma_pool_remove() - take the last segment out, if it is free
 * @pool: the pool
 *
 * Context: while nobody looks for slots.
 * Return: the segment, now the caller's; or NULL: there is none, or it is in use.
 */
struct xdma_segment *xdma_pool_remove(struct xdma_pool *pool);

/**
 * xdma_pool_retire() - have a segment neither found nor used any more
 * @segment: one whose address has become wrong; it keeps its place in the pool,
 *	and its window for as long as slots are in use
 *
 * Context: any; what is still mapped there is lost.
 * Return: how many of its slots were free.
 */
unsigned int xdma_pool_retire(struct xdma_segment *segment);

/**
 * xdma_pool_take() - take slots in a row from any segment
 * @pool: the pool
 * @request: how many, and where
 * @start: number of the segment to begin with; receives where they were found
 * @segment: receives the segment
 *
 * Context: any.
 * Return: the first slot's number, or -1 if there is no such row.
 */
int xdma_pool_take(const struct xdma_pool *pool,
		   const struct xdma_request *request, unsigned int *start,
		   struct xdma_segment **segment);

#endif /* XEN_SWIOTLB_POOL_H */
