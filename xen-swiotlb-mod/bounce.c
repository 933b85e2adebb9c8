// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a device cannot use as it is bounces: it is copied to slots of the
 * pool, and what the device writes there is copied back.
 */
#include <linux/percpu.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include "swiotlb.h"
#include "trace.h"

/* The segment where this CPU found slots last. */
static DEFINE_PER_CPU(unsigned int, home);

/* Take a row of slots. Returns its first one, or -1. */
static int take(u64 mask, const struct xdma_request *request,
		struct xdma_segment **segment)
{
	struct xdma_class *class = xdma_class_of(mask);
	unsigned int start;
	int first;

	if (!class)
		return -1;
	start = this_cpu_read(home);
	first = xdma_pool_take(&class->pool, request, &start, segment);
	if (first < 0) {
		xdma_class_want(class);
		return -1;
	}
	xdma_class_use(class, request->slots);
	this_cpu_write(home, start);
	return first;
}

static void give(struct xdma_segment *segment, unsigned int first)
{
	unsigned int slots = xdma_slots(&segment->slot[first]);

	xdma_segment_give(segment, first, slots);
	xdma_class_use(segment->class, -(int)slots);
}

/* Can the CPU read and write all of it? Not where the pages are the machine's. */
static bool is_memory(phys_addr_t phys, size_t size)
{
	unsigned long pfn = PHYS_PFN(phys), last = PHYS_PFN(phys + size - 1);

	for (; pfn <= last; pfn++)
		/* INVALID_P2M_ENTRY has the bit, too. */
		if (!pfn_valid(pfn) || __pfn_to_mfn(pfn) & IDENTITY_FRAME_BIT)
			return false;
	return true;
}

/* Where in the slots a part of a buffer is, for the CPU. */
static void *slot_memory(const struct xdma_segment *segment, unsigned int first,
			 size_t part)
{
	return segment->memory + (first << XDMA_SLOT_SHIFT) +
	       segment->slot[first].offset + part;
}

dma_addr_t xdma_bounce_map(struct device *dev, const struct xdma_limits *limits,
			   phys_addr_t phys, size_t size, unsigned long attrs)
{
	struct xdma_device *xdev = xdma_device_of(dev);
	struct xdma_segment *segment;
	struct xdma_request request;
	struct xdma_slot *slot;
	int first;

	if (!xdma_request_init(&request, limits, phys, size) ||
	    !is_memory(phys, size)) {
		dev_err_ratelimited(dev, "xen-swiotlb-mod cannot map %zu bytes at %pap\n", size,
				    &phys);
		return DMA_MAPPING_ERROR;
	}
	first = take(limits->mask, &request, &segment);
	if (first < 0) {
		xdma_count(xdev, XDMA_EXHAUSTED, 1);
		trace_xen_swiotlb_exhausted(dev, size);
		if (!(attrs & DMA_ATTR_NO_WARN))
			dev_err_ratelimited(dev, "xen-swiotlb-mod has no room to bounce %zu bytes: see its pool_max_mb\n",
					    size);
		return DMA_MAPPING_ERROR;
	}
	slot = &segment->slot[first];
	slot->phys = phys;
	slot->size = size;
	slot->offset = request.offset;
	/*
	 * Whichever way the data goes: what the device does not write is copied
	 * back, and must not be what others left in the slots.
	 */
	memcpy(slot_memory(segment, first, 0), phys_to_virt(phys), size);
	xdma_count(xdev, XDMA_BOUNCED, 1);
	xdma_count(xdev, XDMA_BYTES_BOUNCED, size);
	return segment->dma + (first << XDMA_SLOT_SHIFT) + request.offset;
}

/* The row that an address in a segment is of, or -1; its place in the buffer. */
static int find_row(const struct xdma_segment *segment, dma_addr_t dma,
		    size_t *part)
{
	unsigned int place = dma - segment->dma;
	int first = xdma_segment_first(segment, place >> XDMA_SLOT_SHIFT);
	size_t begin;

	if (first < 0)
		return -1;
	begin = (first << XDMA_SLOT_SHIFT) + segment->slot[first].offset;
	if (place < begin || place - begin >= segment->slot[first].size)
		return -1;
	*part = place - begin;
	return first;
}

void xdma_bounce_unmap(struct device *dev, struct xdma_segment *segment,
		       dma_addr_t dma, bool copy)
{
	const struct xdma_slot *slot;
	size_t part = 0;
	int first;

	first = find_row(segment, dma, &part);
	if (unlikely(first < 0 || part)) {
		dev_err_ratelimited(dev, "unmaps %pad, which is not mapped\n",
				    &dma);
		return;
	}
	slot = &segment->slot[first];
	if (copy)
		memcpy(phys_to_virt(slot->phys), slot_memory(segment, first, 0),
		       slot->size);
	give(segment, first);
	xdma_count(xdma_device_of(dev), XDMA_RETURNED, 1);
}

void xdma_bounce_sync(struct device *dev, struct xdma_segment *segment,
		      dma_addr_t dma, size_t size, bool to_device)
{
	const struct xdma_slot *slot;
	size_t part = 0, left = 0;
	void *memory;
	int first;

	first = find_row(segment, dma, &part);
	if (likely(first >= 0))
		left = segment->slot[first].size - part;
	if (unlikely(size > left)) {
		dev_err_ratelimited(dev, "syncs %zu bytes at %pad, of which %zu are mapped\n",
				    size, &dma, left);
		size = left;
	}
	if (unlikely(!size))
		return;
	slot = &segment->slot[first];
	memory = phys_to_virt(slot->phys + part);
	if (to_device)
		memcpy(slot_memory(segment, first, part), memory, size);
	else
		memcpy(memory, slot_memory(segment, first, part), size);
}

void *xdma_bounce_alloc(u64 mask, size_t size, dma_addr_t *dma)
{
	struct xdma_limits limits = {
		.mask = mask,
		.boundary = ~0ull,
		.min_align = (PAGE_SIZE << get_order(size)) - 1,
	};
	struct xdma_request request;
	struct xdma_segment *segment;
	void *memory;
	int first;

	if (!xdma_request_init(&request, &limits, 0, size))
		return NULL;
	first = take(mask, &request, &segment);
	if (first < 0)
		return NULL;
	segment->slot[first] = (struct xdma_slot) { .size = size };
	memory = slot_memory(segment, first, 0);
	memset(memory, 0, size);
	*dma = segment->dma + (first << XDMA_SLOT_SHIFT);
	return memory;
}

void xdma_bounce_free(struct xdma_segment *segment, dma_addr_t dma)
{
	size_t part = 0;
	int first = find_row(segment, dma, &part);

	if (first >= 0 && !part)
		give(segment, first);
}
