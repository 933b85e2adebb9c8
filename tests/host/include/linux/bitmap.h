/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BITMAP_H
#define HOST_LINUX_BITMAP_H

#include <linux/bitops.h>

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

/* The slow way: what is tested is who calls these. */
static inline void bitmap_set(unsigned long *map, unsigned int first,
			      unsigned int nr)
{
	while (nr--)
		__set_bit(first++, map);
}

static inline void bitmap_clear(unsigned long *map, unsigned int first,
				unsigned int nr)
{
	while (nr--)
		__clear_bit(first++, map);
}

static inline unsigned int find_next_bit(const unsigned long *map,
					 unsigned int end, unsigned int from)
{
	while (from < end && !test_bit(from, map))
		from++;
	return from < end ? from : end;
}

static inline unsigned int find_next_zero_bit(const unsigned long *map,
					      unsigned int end,
					      unsigned int from)
{
	while (from < end && test_bit(from, map))
		from++;
	return from < end ? from : end;
}

#endif
