// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-map-ops.h>

static struct page *get(struct device *dev, size_t size, dma_addr_t *dma,
			enum dma_data_direction dir, gfp_t gfp)
{
	return NULL;
}

static __used struct dma_map_ops ops = { .alloc_pages_op = get };
