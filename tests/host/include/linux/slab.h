/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_SLAB_H
#define HOST_LINUX_SLAB_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/* Those with this bit may sleep. */
#define __GFP_DIRECT_RECLAIM	0x1u
#define GFP_KERNEL	(0x2u | __GFP_DIRECT_RECLAIM)
#define GFP_NOIO	(0x4u | __GFP_DIRECT_RECLAIM)
#define GFP_NOWAIT	0x8u
#define __GFP_NOWARN	0x10u
#define __GFP_NORETRY	0x20u

void *fake_alloc(size_t count, size_t size, gfp_t gfp);
void fake_free(const void *memory);

#define kmalloc(size, gfp) fake_alloc(1, size, gfp)
#define kzalloc(size, gfp) fake_zalloc(1, size, gfp)
#define kcalloc(count, size, gfp) fake_zalloc(count, size, gfp)
#define kmalloc_array(count, size, gfp) fake_alloc(count, size, gfp)
#define kvcalloc(count, size, gfp) fake_zalloc(count, size, gfp)
#define kvmalloc_array(count, size, gfp) fake_alloc(count, size, gfp)
#define kfree(memory) fake_free(memory)
#define kvfree(memory) fake_free(memory)

static inline void *fake_zalloc(size_t count, size_t size, gfp_t gfp)
{
	void *memory = fake_alloc(count, size, gfp);

	if (memory)
		memset(memory, 0, count * size);
	return memory;
}

#endif
