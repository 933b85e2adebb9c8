/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BLK_TYPES_H
#define HOST_LINUX_BLK_TYPES_H

#include <linux/types.h>

typedef u64 sector_t;
typedef u32 blk_opf_t;
typedef u8 blk_status_t;

#define SECTOR_SHIFT	9

#define REQ_OP_READ	0u
#define REQ_OP_WRITE	1u
#define REQ_OP_FLUSH	2u
#define REQ_OP_DISCARD	3u
#define REQ_OP_SECURE_ERASE	5u
#define REQ_OP_MASK	0xffu
#define REQ_SYNC	(1u << 11)
#define REQ_IDLE	(1u << 12)
#define REQ_FUA		(1u << 13)
#define REQ_PREFLUSH	(1u << 14)

#define BLK_STS_OK	0
#define BLK_STS_IOERR	10

struct block_device;

#endif
