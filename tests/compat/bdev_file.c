// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>

static __used struct file *open(dev_t dev)
{
	return bdev_file_open_by_dev(dev, BLK_OPEN_READ, NULL, NULL);
}
