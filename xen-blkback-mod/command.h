/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request as taken off the ring, in one form for all ABIs, and the checks on
 * it. Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_BLKBACK_COMMAND_H
#define XEN_BLKBACK_COMMAND_H

#include <linux/types.h>
#include <xenmod/blkif.h>

/* Segments of an indirect request that we offer. */
#define BLK_MAX_INDIRECT	256

/**
 * enum blk_op - what is to be done
 * @BLK_READ: from the disk into the segments
 * @BLK_WRITE: from the segments to the disk
 * @BLK_FLUSH: empty the disk's write cache; then write, if it has segments
 * @BLK_BARRIER: the same, after all that came before, before all that comes
 *	after, and what is written is on the medium when it is done
 * @BLK_DISCARD: forget sectors
 */
enum blk_op {
	BLK_READ,
	BLK_WRITE,
	BLK_FLUSH,
	BLK_BARRIER,
	BLK_DISCARD,
};

/**
 * blk_op_may_be_empty() - does an operation make sense without segments?
 * @op: not a discard
 */
static inline bool blk_op_may_be_empty(enum blk_op op)
{
	return op == BLK_FLUSH || op == BLK_BARRIER;
}

/**
 * enum blk_verdict - what the checks say
 * @BLK_GOOD: do it
 * @BLK_UNSUPPORTED: an operation that we did not offer
 * @BLK_BAD_COUNT: number of segments out of range
 * @BLK_BAD_SEGMENT: a segment's sectors are not those of a page
 * @BLK_BAD_ALIGNMENT: not in units of the disk's logical blocks
 * @BLK_BAD_RANGE: beyond the disk's end
 * @BLK_READ_ONLY: changes a disk that may only be read
 * @BLK_VERDICTS: how many there are
 */
enum blk_verdict {
	BLK_GOOD,
	BLK_UNSUPPORTED,
	BLK_BAD_COUNT,
	BLK_BAD_SEGMENT,
	BLK_BAD_ALIGNMENT,
	BLK_BAD_RANGE,
	BLK_READ_ONLY,
	BLK_VERDICTS
};

/**
 * struct blk_command - a request in private memory
 * @id: the frontend's own; only ever echoed
 * @sector: first sector, in 512 bytes
 * @nr_sectors: sectors of a discard; of others, after blk_command_check()
 * @op: what to do
 * @wire_op: operation to name in the response
 * @indirect: segments are in a page of their own, @indirect_gref
 * @secure: a discard after which nobody may ever read the data
 * @nr_segments: how many
 * @indirect_gref: where they are
 * @segment: where they are if not @indirect
 */
struct blk_command {
	u64 id;
	u64 sector;
	u64 nr_sectors;
	enum blk_op op;
	u8 wire_op;
	bool indirect;
	bool secure;
	u16 nr_segments;
	u32 indirect_gref;
	struct blkif_segment segment[BLKIF_SEGMENTS];
};

/**
 * struct blk_limits - what the disk allows
 * @nr_sectors: its size in 512 bytes
 * @block_sectors: 512-byte sectors of a logical block
 * @readonly: nothing may change it
 * @discard: it can forget sectors
 * @secure: and so that nobody can ever read them
 */
struct blk_limits {
	u64 nr_sectors;
	u32 block_sectors;
	bool readonly;
	bool discard;
	bool secure;
};

/**
 * blk_slot_widen() - turn a 32-bit guest's slot into a 64-bit one
 * @slot: private copy of a ring slot, of which the first %BLKIF_SLOT_X86_32
 *	bytes are valid; changed in place
 */
void blk_slot_widen(union blkif_slot *slot);

/**
 * blk_command_decode() - bring a slot into the one form
 * @command: receives it; id and wire_op are always valid
 * @slot: private copy of a ring slot, in the 64-bit layout
 *
 * Return: %BLK_GOOD, or why the request cannot be done.
 */
enum blk_verdict blk_command_decode(struct blk_command *command,
				    const union blkif_slot *slot);

/**
 * blk_command_check() - hold a request against its disk
 * @command: a decoded request; receives nr_sectors
 * @segment: private copy of its @command->nr_segments segments
 * @limits: what the disk allows
 *
 * Return: %BLK_GOOD, or why the request cannot be done.
 */
enum blk_verdict blk_command_check(struct blk_command *command,
				   const struct blkif_segment *segment,
				   const struct blk_limits *limits);

/**
 * blk_verdict_status() - the protocol's word for a verdict
 * @verdict: what the checks said
 *
 * Return: BLKIF_RSP_*.
 */
s16 blk_verdict_status(enum blk_verdict verdict);

/**
 * blk_verdict_text() - a verdict for people
 * @verdict: what the checks said
 */
const char *blk_verdict_text(enum blk_verdict verdict);

/**
 * blk_response_write() - write a response into its slot
 * @slot: the slot, in shared memory; only written, padding included
 * @abi: its layout
 * @command: what is answered
 * @status: BLKIF_RSP_*
 */
void blk_response_write(void *slot, enum blkif_abi abi,
			const struct blk_command *command, s16 status);

#endif /* XEN_BLKBACK_COMMAND_H */
