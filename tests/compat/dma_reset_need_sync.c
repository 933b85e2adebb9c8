// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-map-ops.h>

static __used void reset(struct device *dev)
{
	dma_reset_need_sync(dev);
}
