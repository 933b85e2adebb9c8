/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_HASH_H
#define HOST_LINUX_HASH_H

#include <linux/types.h>

/* Any hash will do; this one makes collisions easy to arrange. */
static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value & ((1u << bits) - 1);
}

#endif
