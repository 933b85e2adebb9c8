/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_DMA_MAP_OPS_H
#define HOST_LINUX_DMA_MAP_OPS_H

#include <linux/device.h>
#include <linux/dma-mapping.h>

struct scatterlist;
struct sg_table;
struct vm_area_struct;

struct dma_map_ops {
	int (*map_sg)(struct device *dev, struct scatterlist *list, int nents,
		      enum dma_data_direction dir, unsigned long attrs);
};

#endif
