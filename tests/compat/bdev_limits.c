// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>

static __used unsigned int limits(struct block_device *bdev)
{
	return bdev_max_discard_sectors(bdev) + bdev_discard_granularity(bdev) +
	       bdev_max_secure_erase_sectors(bdev) + bdev_write_cache(bdev);
}
