// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>

static __used blk_mode_t mode = BLK_OPEN_READ | BLK_OPEN_WRITE | BLK_OPEN_EXCL;
