/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device can address, and which memory it can use as it is. Functions
 * of their arguments; they compile in user space too.
 */
#ifndef XEN_SWIOTLB_REACH_H
#define XEN_SWIOTLB_REACH_H

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/types.h>
#include <asm/xen/page.h>

/* No address: the same value as DMA_MAPPING_ERROR. */
#define XDMA_NOWHERE	(~0ull)

/**
 * struct xdma_limits - what a device asks of an address
 * @mask: largest address it can use
 * @boundary: low bits; no buffer may run from one multiple of @boundary + 1 into
 *	the next
 * @min_align: bits that the address must have in common with the physical
 *	address
 */
struct xdma_limits {
	u64 mask;
	u64 boundary;
	u32 min_align;
};

/**
 * xdma_mask_bits() - how many address bits may be anything
 * @mask: largest address
 *
 * Return: 0 to 64. What is below 1 << bits is within @mask.
 */
static inline unsigned int xdma_mask_bits(u64 mask)
{
	return mask == ~0ull ? 64 : fls64(mask + 1) - 1;
}

/**
 * xdma_in_one_page() - does a buffer end in the page where it begins?
 * @phys: its physical address
 * @size: its size
 */
static inline bool xdma_in_one_page(u64 phys, size_t size)
{
	return offset_in_page(phys) + size <= PAGE_SIZE;
}

/**
 * xdma_translate() - machine address of memory
 * @phys: its physical address
 * @size: its size
 *
 * Return: the address, if each page of it is somewhere and all of them lie one
 * behind the other; else XDMA_NOWHERE. Pages of other domains that are mapped
 * here, and device memory, which has no frame of its own, are translated too.
 */
static inline u64 xdma_translate(u64 phys, size_t size)
{
	const unsigned long marks = FOREIGN_FRAME_BIT | IDENTITY_FRAME_BIT;
	unsigned long pfn = phys >> PAGE_SHIFT, last, first, next;

	first = __pfn_to_mfn(pfn);
	if (unlikely(first == INVALID_P2M_ENTRY))
		return XDMA_NOWHERE;
	first &= ~marks;
	if (unlikely(!xdma_in_one_page(phys, size))) {
		last = (phys + size - 1) >> PAGE_SHIFT;
		for (next = first; pfn++ < last;) {
			unsigned long mfn = __pfn_to_mfn(pfn);

			if (mfn == INVALID_P2M_ENTRY || (mfn & ~marks) != ++next)
				return XDMA_NOWHERE;
		}
	}
	return ((u64)first << PAGE_SHIFT) | offset_in_page(phys);
}

/**
 * xdma_usable() - can a device use this address for this memory?
 * @limits: what the device asks for
 * @phys: physical address of the memory
 * @dma: its machine address, not XDMA_NOWHERE
 * @size: its size
 */
static inline bool xdma_usable(const struct xdma_limits *limits, u64 phys,
			       u64 dma, size_t size)
{
	u64 last = dma + size - 1;

	if (unlikely(last > limits->mask || last < dma ||
		     ((phys ^ dma) & limits->min_align)))
		return false;
	return xdma_in_one_page(phys, size) ||
	       !((dma ^ last) & ~limits->boundary);
}

#endif /* XEN_SWIOTLB_REACH_H */
