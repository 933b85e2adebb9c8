/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Slots as a frontend writes them: byte by byte, from the protocol's offsets
 * and without the structures under test.
 */
#ifndef HOST_WIRE_H
#define HOST_WIRE_H

#include <linux/string.h>
#include <linux/types.h>
#include "command.h"

/* Offsets of a layout. */
struct wire {
	enum blkif_abi abi;
	unsigned int slot;
	unsigned int id;
	unsigned int sector;
	unsigned int segment;
	unsigned int discard_sectors;
	unsigned int indirect_handle;
	unsigned int indirect_gref;
	unsigned int response;
};

static const struct wire wires[] = {
	{ BLKIF_ABI_64, 112, 8, 16, 24, 24, 24, 28, 16 },
	{ BLKIF_ABI_X86_32, 108, 4, 12, 20, 20, 20, 24, 12 },
};

static inline void wire_put(u8 *at, u64 value, unsigned int bytes)
{
	for (; bytes; bytes--, value >>= 8)
		*at++ = value;
}

/* What all requests have in common; the rest of the slot is garbage. */
static inline void wire_head(const struct wire *wire, u8 *slot, u8 operation,
			     u8 second, u64 id, u64 sector)
{
	memset(slot, 0xa5, BLKIF_SLOT_64);
	slot[0] = operation;
	slot[1] = second;
	wire_put(slot + wire->id, id, 8);
	wire_put(slot + wire->sector, sector, 8);
}

static inline void wire_segment(const struct wire *wire, u8 *slot,
				unsigned int nr, u32 gref, u8 first, u8 last)
{
	u8 *at = slot + wire->segment + nr * 8;

	wire_put(at, gref, 4);
	at[4] = first;
	at[5] = last;
}

/* As the pass does it. */
static inline enum blk_verdict wire_decode(const struct wire *wire,
					   const u8 *bytes,
					   struct blk_command *command)
{
	union blkif_slot slot;

	memset(&slot, 0xee, sizeof(slot));
	memcpy(&slot, bytes, wire->slot);
	if (wire->abi == BLKIF_ABI_X86_32)
		blk_slot_widen(&slot);
	return blk_command_decode(command, &slot);
}

#endif
