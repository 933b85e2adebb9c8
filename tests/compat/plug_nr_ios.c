// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>

static __used void expect(struct blk_plug *plug, unsigned short nr_ios)
{
	plug->nr_ios = nr_ios;
}
