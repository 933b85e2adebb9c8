/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A segment: machine-contiguous memory that buffers bounce through, in slots.
 * Functions of their arguments; they compile in user space too.
 */
#ifndef XEN_SWIOTLB_SLOT_H
#define XEN_SWIOTLB_SLOT_H

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include "reach.h"

#define XDMA_SLOT_SHIFT		11
#define XDMA_SLOT_SIZE		((unsigned int)BIT(XDMA_SLOT_SHIFT))
/* As the kernel's own swiotlb has it: Xen gives everybody pieces of this size. */
#define XDMA_SEGMENT_ORDER	6
#define XDMA_SEGMENT_SHIFT	(PAGE_SHIFT + XDMA_SEGMENT_ORDER)
#define XDMA_SEGMENT_SIZE	((unsigned int)BIT(XDMA_SEGMENT_SHIFT))
#define XDMA_SEGMENT_SLOTS	(XDMA_SEGMENT_SIZE >> XDMA_SLOT_SHIFT)

struct xdma_class;

/**
 * struct xdma_request - what is asked of a segment
 * @slots: so many in a row
 * @offset: where in the first one the data begins
 * @align: bits of the first one's number that matter
 * @want: what they must be
 * @boundary: slots, a power of two; the row must lie between two multiples
 */
struct xdma_request {
	unsigned int slots;
	unsigned int offset;
	unsigned int align;
	unsigned int want;
	unsigned int boundary;
};

/**
 * struct xdma_slot - what bounces through a row of slots; kept for the first
 * @phys: physical address of the buffer
 * @size: its size
 * @offset: where in the first slot it begins
 *
 * Belongs to whoever has the row.
 */
struct xdma_slot {
	u64 phys;
	u32 size;
	u32 offset;
};

/**
 * struct xdma_segment - memory of XDMA_SEGMENT_SIZE
 * @lock: guards @used, @first and changes of @free; taken in any context
 * @free: free slots; read without the lock by those who look for some
 * @used: slots in use
 * @first: those that begin a row; the bits of a row do not change while it is
 *	in use, so its owner reads them without the lock
 * @dma: machine address, aligned to its size
 * @memory: the same, for the CPU
 * @retired: @dma is wrong since the guest was restored; set with the lock held
 * @class: the pool that it belongs to
 * @slot: what the rows are used for
 */
struct xdma_segment {
	spinlock_t lock;	/* see above */
	unsigned int free;
	DECLARE_BITMAP(used, XDMA_SEGMENT_SLOTS);
	DECLARE_BITMAP(first, XDMA_SEGMENT_SLOTS);
	u64 dma;
	void *memory;
	bool retired;
	struct xdma_class *class;
	struct xdma_slot slot[XDMA_SEGMENT_SLOTS];
};

/**
 * xdma_request_init() - what a buffer needs
 * @request: receives it
 * @limits: what the device asks for; the mask does not matter here
 * @phys: physical address of the buffer
 * @size: its size
 *
 * Return: false if no segment can ever hold it.
 */
bool xdma_request_init(struct xdma_request *request,
		       const struct xdma_limits *limits, u64 phys, size_t size);

/**
 * xdma_request_largest() - the size that always fits, wherever a buffer lies
 * @limits: what the device asks for
 */
size_t xdma_request_largest(const struct xdma_limits *limits);

/**
 * xdma_segment_init() - set up a segment
 * @segment: zeroed
 * @dma: its machine address
 * @memory: its memory
 */
void xdma_segment_init(struct xdma_segment *segment, u64 dma, void *memory);

/**
 * xdma_segment_take() - take slots in a row
 * @segment: the segment
 * @request: how many, and where
 *
 * Context: any.
 * Return: the first one's number, or -1 if there is no such row.
 */
int xdma_segment_take(struct xdma_segment *segment,
		      const struct xdma_request *request);

/**
 * xdma_segment_give() - give a row back
 * @segment: the segment
 * @first: its first slot
 * @slots: how many
 *
 * Context: any.
 */
void xdma_segment_give(struct xdma_segment *segment, unsigned int first,
		       unsigned int slots);

/**
 * xdma_segment_retire() - have none of the slots taken any more
 * @segment: the segment; slots in use can still be given back
 *
 * Context: any.
 * Return: how many of them were free.
 */
unsigned int xdma_segment_retire(struct xdma_segment *segment);

/**
 * xdma_segment_has() - is this a segment's memory?
 * @segment: the segment
 * @memory: the memory
 */
static inline bool xdma_segment_has(const struct xdma_segment *segment,
				    const void *memory)
{
	return memory >= segment->memory &&
	       memory < segment->memory + XDMA_SEGMENT_SIZE;
}

/**
 * xdma_segment_first() - where does the row begin that a slot belongs to?
 * @segment: the segment
 * @slot: one of the row's slots, in use
 *
 * Return: the first slot, or -1: the slot is of no row.
 */
int xdma_segment_first(const struct xdma_segment *segment, unsigned int slot);

/**
 * xdma_slots() - how many slots a buffer takes
 * @slot: what is kept of it
 */
static inline unsigned int xdma_slots(const struct xdma_slot *slot)
{
	return (slot->offset + slot->size + XDMA_SLOT_SIZE - 1) >>
	       XDMA_SLOT_SHIFT;
}

#endif /* XEN_SWIOTLB_SLOT_H */
