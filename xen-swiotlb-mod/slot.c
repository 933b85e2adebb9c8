// SPDX-License-Identifier: GPL-2.0
/*
 * Slots of a segment. A segment has few enough that their bitmap is two words,
 * so looking for a row costs the same however full it is.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include "slot.h"

size_t xdma_request_largest(const struct xdma_limits *limits)
{
	u64 window = XDMA_SEGMENT_SIZE;
	u64 less = 0;

	if (limits->boundary < window - 1)
		window = rounddown_pow_of_two(limits->boundary + 1);
	/* What must be left free before a buffer that lies badly. */
	if (limits->min_align)
		less = round_up((u64)limits->min_align, XDMA_SLOT_SIZE);
	return window > less ? window - less : min_t(u64, window, PAGE_SIZE);
}

void xdma_segment_init(struct xdma_segment *segment, u64 dma, void *memory)
{
	spin_lock_init(&segment->lock);
	segment->free = XDMA_SEGMENT_SLOTS;
	segment->dma = dma;
	segment->memory = memory;
}

/* Does a row reach over a boundary? Then this is where the next begins. */
static unsigned int next_window(const struct xdma_request *request,
				unsigned int first)
{
	unsigned int last = first + request->slots - 1;
	unsigned int start = round_down(last, request->boundary);

	return start > first ? start : 0;
}

static int find_row(const unsigned long *used,
		    const struct xdma_request *request)
{
	unsigned int first = request->want, end, found, start;

	while (first + request->slots <= XDMA_SEGMENT_SLOTS) {
		end = first + request->slots;
		start = next_window(request, first);
		found = find_next_bit(used, end, first);
		if (found < end)
			first = find_next_zero_bit(used, XDMA_SEGMENT_SLOTS,
						   found);
		else if (start)
			first = start;
		else
			return first;
		while ((first & request->align) != request->want)
			first++;
	}
	return -1;
}

/* A segment that nobody uses: what finds no row there never will. */
static const unsigned long empty[BITS_TO_LONGS(XDMA_SEGMENT_SLOTS)];

bool xdma_request_init(struct xdma_request *request,
		       const struct xdma_limits *limits, u64 phys, size_t size)
{
	u64 window = XDMA_SEGMENT_SIZE;

	if (!size || size > XDMA_SEGMENT_SIZE ||
	    limits->min_align >= XDMA_SEGMENT_SIZE)
		return false;
	request->offset = phys & limits->min_align & (XDMA_SLOT_SIZE - 1);
	request->slots = (request->offset + size + XDMA_SLOT_SIZE - 1) >>
			 XDMA_SLOT_SHIFT;
	request->align = limits->min_align >> XDMA_SLOT_SHIFT;
	request->want = (phys & limits->min_align) >> XDMA_SLOT_SHIFT;
	/* Some devices take it for granted that whole pages are aligned. */
	if (size >= PAGE_SIZE)
		request->align |= (PAGE_SIZE >> XDMA_SLOT_SHIFT) - 1;

	if (limits->boundary < XDMA_SEGMENT_SIZE - 1)
		window = rounddown_pow_of_two(limits->boundary + 1);
	if (window < XDMA_SLOT_SIZE) {
		request->boundary = 1;
		if ((request->offset & (window - 1)) + size > window)
			return false;
	} else {
		request->boundary = window >> XDMA_SLOT_SHIFT;
	}
	if (request->slots > request->boundary)
		return false;
	return find_row(empty, request) >= 0;
}

int xdma_segment_take(struct xdma_segment *segment,
		      const struct xdma_request *request)
{
	unsigned long flags;
	int first = -1;

	if (READ_ONCE(segment->free) < request->slots)
		return -1;
	spin_lock_irqsave(&segment->lock, flags);
	if (segment->free >= request->slots && !segment->retired)
		first = find_row(segment->used, request);
	if (first >= 0) {
		bitmap_set(segment->used, first, request->slots);
		__set_bit(first, segment->first);
		WRITE_ONCE(segment->free, segment->free - request->slots);
	}
	spin_unlock_irqrestore(&segment->lock, flags);
	return first;
}

void xdma_segment_give(struct xdma_segment *segment, unsigned int first,
		       unsigned int slots)
{
	unsigned long flags;

	spin_lock_irqsave(&segment->lock, flags);
	bitmap_clear(segment->used, first, slots);
	__clear_bit(first, segment->first);
	WRITE_ONCE(segment->free, segment->free + slots);
	spin_unlock_irqrestore(&segment->lock, flags);
}

unsigned int xdma_segment_retire(struct xdma_segment *segment)
{
	unsigned long flags;
	unsigned int free;

	spin_lock_irqsave(&segment->lock, flags);
	free = segment->free;
	WRITE_ONCE(segment->retired, true);
	spin_unlock_irqrestore(&segment->lock, flags);
	return free;
}

int xdma_segment_first(const struct xdma_segment *segment, unsigned int slot)
{
	unsigned int word = slot / BITS_PER_LONG;
	unsigned long bits;

	bits = READ_ONCE(segment->first[word]) &
	       (~0ul >> (BITS_PER_LONG - 1 - slot % BITS_PER_LONG));
	while (!bits) {
		if (!word)
			return -1;
		bits = READ_ONCE(segment->first[--word]);
	}
	return word * BITS_PER_LONG + __fls(bits);
}
