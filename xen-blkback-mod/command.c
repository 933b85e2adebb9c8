// SPDX-License-Identifier: GPL-2.0
/*
 * From ring slot to command, from command to response.
 */
#include <linux/string.h>
#include "command.h"

static enum blk_verdict decode_segments(struct blk_command *command,
					const struct blkif_request *wire)
{
	command->nr_segments = wire->nr_segments;
	memcpy(command->segment, wire->segment, sizeof(command->segment));

	switch (command->wire_op) {
	case BLKIF_OP_READ:
		command->op = BLK_READ;
		break;
	case BLKIF_OP_WRITE:
		command->op = BLK_WRITE;
		break;
	case BLKIF_OP_WRITE_BARRIER:
		command->op = BLK_BARRIER;
		break;
	case BLKIF_OP_FLUSH_DISKCACHE:
		command->op = BLK_FLUSH;
		break;
	default:
		return BLK_UNSUPPORTED;
	}

	if (command->nr_segments > BLKIF_SEGMENTS ||
	    (!command->nr_segments && !blk_op_may_be_empty(command->op)))
		return BLK_BAD_COUNT;
	return BLK_GOOD;
}

static enum blk_verdict decode_discard(struct blk_command *command,
				       const struct blkif_discard *wire)
{
	command->op = BLK_DISCARD;
	command->nr_segments = 0;
	command->nr_sectors = wire->nr_sectors;
	command->secure = wire->flag & BLKIF_DISCARD_SECURE;
	return BLK_GOOD;
}

static enum blk_verdict decode_indirect(struct blk_command *command,
					const struct blkif_indirect *wire)
{
	command->indirect = true;
	command->nr_segments = wire->nr_segments;
	command->indirect_gref = wire->gref[0];
	/* Frontends compare the response with what they asked for inside. */
	command->wire_op = wire->indirect_op;

	if (wire->indirect_op == BLKIF_OP_READ)
		command->op = BLK_READ;
	else if (wire->indirect_op == BLKIF_OP_WRITE)
		command->op = BLK_WRITE;
	else
		return BLK_UNSUPPORTED;

	if (!command->nr_segments || command->nr_segments > BLK_MAX_INDIRECT)
		return BLK_BAD_COUNT;
	return BLK_GOOD;
}

void blk_slot_widen(union blkif_slot *slot)
{
	u8 *bytes = (u8 *)slot;

	memmove(bytes + BLKIF_SLOT_HEAD + BLKIF_SLOT_PAD,
		bytes + BLKIF_SLOT_HEAD, BLKIF_SLOT_X86_32 - BLKIF_SLOT_HEAD);
}

enum blk_verdict blk_command_decode(struct blk_command *command,
				    const union blkif_slot *slot)
{
	/* These stand in the same place in every request. */
	command->wire_op = slot->operation;
	command->id = slot->request.id;
	command->sector = slot->request.sector;
	command->nr_sectors = 0;
	command->indirect = false;

	switch (command->wire_op) {
	case BLKIF_OP_DISCARD:
		return decode_discard(command, &slot->discard);
	case BLKIF_OP_INDIRECT:
		return decode_indirect(command, &slot->indirect);
	default:
		return decode_segments(command, &slot->request);
	}
}

static enum blk_verdict check_segments(struct blk_command *command,
				       const struct blkif_segment *segment,
				       u32 block_sectors)
{
	unsigned int i, first, end;

	command->nr_sectors = 0;
	for (i = 0; i < command->nr_segments; i++) {
		first = segment[i].first_sect;
		end = segment[i].last_sect + 1U;
		if (end > BLKIF_PAGE_SECTORS || first >= end)
			return BLK_BAD_SEGMENT;
		if ((first | end) & (block_sectors - 1))
			return BLK_BAD_ALIGNMENT;
		command->nr_sectors += end - first;
	}
	return BLK_GOOD;
}

enum blk_verdict blk_command_check(struct blk_command *command,
				   const struct blkif_segment *segment,
				   const struct blk_limits *limits)
{
	enum blk_verdict verdict;

	if (command->op != BLK_READ && limits->readonly)
		return BLK_READ_ONLY;

	if (command->op == BLK_DISCARD) {
		if (!limits->discard || (command->secure && !limits->secure))
			return BLK_UNSUPPORTED;
		if (!command->nr_sectors)
			return BLK_BAD_COUNT;
		if (command->nr_sectors & (limits->block_sectors - 1))
			return BLK_BAD_ALIGNMENT;
	} else {
		verdict = check_segments(command, segment,
					 limits->block_sectors);
		if (verdict != BLK_GOOD)
			return verdict;
		/* An empty flush or barrier is about the whole disk. */
		if (!command->nr_segments)
			return BLK_GOOD;
	}

	if (command->sector & (limits->block_sectors - 1))
		return BLK_BAD_ALIGNMENT;
	/* In this order no sum can overflow. */
	if (command->nr_sectors > limits->nr_sectors ||
	    command->sector > limits->nr_sectors - command->nr_sectors)
		return BLK_BAD_RANGE;
	return BLK_GOOD;
}

s16 blk_verdict_status(enum blk_verdict verdict)
{
	switch (verdict) {
	case BLK_GOOD:
		return BLKIF_RSP_OKAY;
	case BLK_UNSUPPORTED:
		return BLKIF_RSP_EOPNOTSUPP;
	default:
		return BLKIF_RSP_ERROR;
	}
}

const char *blk_verdict_text(enum blk_verdict verdict)
{
	static const char *const texts[BLK_VERDICTS] = {
		[BLK_GOOD] = "good",
		[BLK_UNSUPPORTED] = "operation was not offered",
		[BLK_BAD_COUNT] = "number of segments or sectors is out of range",
		[BLK_BAD_SEGMENT] = "segment is not within a page",
		[BLK_BAD_ALIGNMENT] = "not aligned to the disk's logical blocks",
		[BLK_BAD_RANGE] = "beyond the end of the disk",
		[BLK_READ_ONLY] = "disk is read-only",
	};

	return texts[verdict];
}

void blk_response_write(void *slot, enum blkif_abi abi,
			const struct blk_command *command, s16 status)
{
	struct blkif_response response = {
		.id = command->id,
		.operation = command->wire_op,
		.status = status,
	};

	if (abi == BLKIF_ABI_64)
		memcpy(slot, &response, BLKIF_RESPONSE_64);
	else
		memcpy(slot, &response, BLKIF_RESPONSE_X86_32);
}
