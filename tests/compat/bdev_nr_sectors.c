// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>

static __used sector_t sectors(struct block_device *bdev)
{
	return bdev_nr_sectors(bdev);
}
