/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The block protocol as it stands on the ring, for all three ABIs (facts from
 * Xen's public io/blkif.h). A 64-bit guest's layout is also the native one; a
 * 32-bit x86 guest aligns 64-bit numbers to four bytes.
 */
#ifndef XENMOD_BLKIF_H
#define XENMOD_BLKIF_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define BLKIF_OP_READ			0
#define BLKIF_OP_WRITE			1
#define BLKIF_OP_WRITE_BARRIER		2
#define BLKIF_OP_FLUSH_DISKCACHE	3
#define BLKIF_OP_DISCARD		5
#define BLKIF_OP_INDIRECT		6

#define BLKIF_RSP_OKAY			0
#define BLKIF_RSP_ERROR			(-1)
#define BLKIF_RSP_EOPNOTSUPP		(-2)

/* flag of a discard: the data must not be readable ever again */
#define BLKIF_DISCARD_SECURE		1

/* bits of the backend's "info" node */
#define BLKIF_INFO_CDROM		1
#define BLKIF_INFO_REMOVABLE		2
#define BLKIF_INFO_READONLY		4

/* segments within a slot */
#define BLKIF_SEGMENTS			11
/* pages of segment descriptors that an indirect request can name */
#define BLKIF_INDIRECT_PAGES		8
/* sectors are always counted in this unit */
#define BLKIF_SECTOR_SIZE		512
/* sectors of a granted page */
#define BLKIF_PAGE_SECTORS		8

/**
 * enum blkif_abi - layout of a ring's slots
 * @BLKIF_ABI_64: 64-bit x86 guests, and our own
 * @BLKIF_ABI_X86_32: 32-bit x86 guests
 */
enum blkif_abi {
	BLKIF_ABI_64,
	BLKIF_ABI_X86_32,
};

/* A piece of a page, in a slot or in an indirect page: alike in all ABIs. */
struct blkif_segment {
	u32 gref;
	u8 first_sect;
	u8 last_sect;
	u16 pad;
};

struct blkif_request {
	u8 operation;
	u8 nr_segments;
	u16 handle;
	u32 pad;
	u64 id;
	u64 sector;
	struct blkif_segment segment[BLKIF_SEGMENTS];
};

struct blkif_discard {
	u8 operation;
	u8 flag;
	u16 handle;
	u32 pad;
	u64 id;
	u64 sector;
	u64 nr_sectors;
};

struct blkif_indirect {
	u8 operation;
	u8 indirect_op;
	u16 nr_segments;
	u32 pad;
	u64 id;
	u64 sector;
	u16 handle;
	u16 pad2;
	u32 gref[BLKIF_INDIRECT_PAGES];
};

struct blkif_response {
	u64 id;
	u8 operation;
	u8 pad;
	s16 status;
	u32 pad2;
};

/* One slot, in the 64-bit layout. */
union blkif_slot {
	u8 operation;
	struct blkif_request request;
	struct blkif_discard discard;
	struct blkif_indirect indirect;
};

/*
 * The 32-bit layout is the same without the padding in front of the id and
 * behind a response.
 */
#define BLKIF_SLOT_HEAD		4
#define BLKIF_SLOT_PAD		4
#define BLKIF_SLOT_64		112
#define BLKIF_SLOT_X86_32	108
#define BLKIF_RESPONSE_64	16
#define BLKIF_RESPONSE_X86_32	12

static_assert(sizeof(union blkif_slot) == BLKIF_SLOT_64);
static_assert(sizeof(struct blkif_response) == BLKIF_RESPONSE_64);

/**
 * blkif_slot_size() - bytes of a ring slot
 * @abi: layout
 *
 * Return: the size.
 */
static inline u32 blkif_slot_size(enum blkif_abi abi)
{
	return abi == BLKIF_ABI_64 ? BLKIF_SLOT_64 : BLKIF_SLOT_X86_32;
}

#endif /* XENMOD_BLKIF_H */
