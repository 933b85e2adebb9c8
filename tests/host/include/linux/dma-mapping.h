/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_DMA_MAPPING_H
#define HOST_LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/types.h>

typedef u64 dma_addr_t;
typedef u64 phys_addr_t;

enum dma_data_direction { DMA_BIDIRECTIONAL, DMA_TO_DEVICE, DMA_FROM_DEVICE };

#define DMA_MAPPING_ERROR	(~0ull)
#define DMA_ATTR_NO_WARN	(1ul << 8)
#define DMA_ATTR_MMIO		(1ul << 10)
#define DMA_ATTR_REQUIRE_COHERENT (1ul << 12)

static inline u64 dma_get_seg_boundary(struct device *dev)
{
	return dev->boundary;
}

static inline u32 dma_get_min_align_mask(struct device *dev)
{
	return dev->min_align;
}

#endif
