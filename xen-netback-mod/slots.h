/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the bytes of a packet are dealt out to slots of the guest's ring. Pure
 * functions of their arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_SLOTS_H
#define XEN_NETBACK_SLOTS_H

#include <linux/types.h>

/**
 * struct vif_fill - a packet that is being dealt out
 * @capacity: bytes of a slot
 * @room: bytes that the last slot has left
 * @nr_slots: slots so far
 * @pack: fill each slot to the brim; else start a new one rather than cut a
 *	range of bytes that fits into one
 * @fresh: the last range needed a new slot
 */
struct vif_fill {
	unsigned int capacity;
	unsigned int room;
	unsigned int nr_slots;
	bool pack;
	bool fresh;
};

/**
 * vif_fill_init() - begin a packet
 * @fill: it
 * @capacity: bytes of a slot
 * @pack: fill each slot to the brim
 */
static inline void vif_fill_init(struct vif_fill *fill, unsigned int capacity,
				 bool pack)
{
	fill->capacity = capacity;
	fill->room = 0;
	fill->nr_slots = 0;
	fill->pack = pack;
	fill->fresh = false;
}

/**
 * vif_fill_next() - deal out bytes that lie behind each other
 * @fill: the packet; its @fresh says whether a new slot comes first
 * @length: how many bytes, not 0
 *
 * Return: how many of them go to the last slot, never 0.
 */
static inline unsigned int vif_fill_next(struct vif_fill *fill,
					 unsigned int length)
{
	unsigned int part;

	fill->fresh = !fill->room ||
		      (!fill->pack && length > fill->room &&
		       length <= fill->capacity);
	if (fill->fresh) {
		fill->room = fill->capacity;
		fill->nr_slots++;
	}
	part = length < fill->room ? length : fill->room;
	fill->room -= part;
	return part;
}

/**
 * vif_fill_least() - slots that a packet cannot do without
 * @length: its bytes
 * @capacity: bytes of a slot
 *
 * Return: as many as filling to the brim takes; 0 for none.
 */
static inline unsigned int vif_fill_least(unsigned int length,
					  unsigned int capacity)
{
	return (length + capacity - 1) / capacity;
}

#endif /* XEN_NETBACK_SLOTS_H */
