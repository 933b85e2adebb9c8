// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-map-ops.h>

static dma_addr_t map(struct device *dev, phys_addr_t phys, size_t size,
		      enum dma_data_direction dir, unsigned long attrs)
{
	return phys;
}

static __used struct dma_map_ops ops = { .map_phys = map };
