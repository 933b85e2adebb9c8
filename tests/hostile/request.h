/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A block request as a frontend can write it, and what the contract says of
 * it. The contract is this program's own reading of Xen's io/blkif.h, not the
 * backend's.
 */
#ifndef HOSTILE_REQUEST_H
#define HOSTILE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <xen/io/blkif.h>
#include "grants.h"

#define DIRECT_SEGMENTS		BLKIF_MAX_SEGMENTS_PER_REQUEST
#define INDIRECT_SEGMENTS	(PAGE_SIZE / sizeof(struct segment))
#define PAGE_SECTORS		8
#define SECTOR_SIZE		512

#define SLOT_64			112
#define SLOT_32			108

/* What a backend must not read, where a request leaves room for it. */
#define POISON			0xa5

/* Statuses that a request may be answered with. */
#define ALLOW_OKAY		1
#define ALLOW_ERROR		2
#define ALLOW_UNSUPPORTED	4
#define ALLOW_ANY		7

/* A segment's layout is the same in a slot and in an indirect page. */
struct segment {
	uint32_t gref;
	uint8_t first;
	uint8_t last;
	uint16_t pad;
};

/**
 * struct facts - what the backend says of its disk and of itself
 * @sectors: size in 512 bytes
 * @block: bytes of a logical block
 * @readonly: nothing may change
 * @discard: offered
 * @secure: discard that leaves nothing behind, offered
 * @persistent: offered
 * @max_indirect: segments of an indirect request, 0 for none
 */
struct facts {
	uint64_t sectors;
	unsigned int block;
	bool readonly;
	bool discard;
	bool secure;
	bool persistent;
	unsigned int max_indirect;
};

/**
 * struct request - all that can stand in a slot
 * @op: operation, whether it exists or not
 * @indirect_op: of an indirect one
 * @flag: of a discard
 * @handle: device, which nobody reads
 * @nr_segments: in @segment; in a slot only eight bits and eleven segments of
 *	it find room
 * @id: echoed
 * @sector: where
 * @nr_sectors: of a discard
 * @page: indirect page to write the segments to; NULL writes none
 * @indirect_gref: indirect pages
 * @also: ALLOW_* bits that a case allows besides the contract's own
 * @segment: where the data is
 */
struct request {
	uint8_t op;
	uint8_t indirect_op;
	uint8_t flag;
	uint16_t handle;
	uint16_t nr_segments;
	uint64_t id;
	uint64_t sector;
	uint64_t nr_sectors;
	unsigned int also;
	struct segment *page;
	uint32_t indirect_gref[BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST];
	struct segment segment[INDIRECT_SEGMENTS];
};

/**
 * struct verdict - what the contract says of a request
 * @allowed: ALLOW_* bits
 * @malformed: to be refused by its looks, without a look at its grants
 */
struct verdict {
	unsigned int allowed;
	bool malformed;
};

/* Writes a slot; what is not a request's is poison. */
void request_encode(const struct request *request, uint8_t *slot,
		    unsigned int slot_size);

/* @persistent: both ends agreed on persistent grants. */
struct verdict request_judge(const struct request *request,
			     const struct facts *facts, bool persistent);

/* An empty request; of its segments only those that are added count. */
void request_init(struct request *request, uint8_t op, uint64_t sector);

/* Make it an indirect one with descriptors in page @n of @pages. */
void request_indirect(struct request *request, const struct pages *pages,
		      unsigned int n);

/* Append a segment. */
void request_add(struct request *request, uint32_t gref, unsigned int first,
		 unsigned int last);

/* Append @nr whole pages from page @n on. */
void request_add_pages(struct request *request, const struct pages *pages,
		       unsigned int n, unsigned int nr);

#endif /* HOSTILE_REQUEST_H */
