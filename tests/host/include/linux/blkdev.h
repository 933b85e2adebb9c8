/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BLKDEV_H
#define HOST_LINUX_BLKDEV_H

#include <linux/bio.h>

struct blk_plug {
	bool begun;
	unsigned short nr_ios;
};

void blk_start_plug(struct blk_plug *plug);
void blk_finish_plug(struct blk_plug *plug);

unsigned int bdev_logical_block_size(struct block_device *bdev);
unsigned int bdev_max_secure_erase_sectors(struct block_device *bdev);

#endif
