// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/iommu-dma.h>

static __used bool iommu(struct device *dev)
{
	return use_dma_iommu(dev);
}
