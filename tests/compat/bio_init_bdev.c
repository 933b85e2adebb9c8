// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>

static __used void init(struct bio *bio, struct block_device *bdev)
{
	bio_init(bio, bdev, NULL, 0, REQ_OP_READ);
}
