/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_DEVICE_H
#define HOST_LINUX_DEVICE_H

#include <linux/types.h>

struct dma_map_ops;

struct device {
	const struct dma_map_ops *dma_ops;
	u64 *dma_mask;
	u64 bus_dma_limit;
	u64 boundary;
	u32 min_align;
};

/* Counted, so that a test can tell that the code complained. */
extern unsigned int fake_dev_errors;
#define dev_err_ratelimited(dev, ...) ((void)(dev), fake_dev_errors++)

#endif
