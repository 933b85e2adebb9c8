// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <string.h>
#include "request.h"

/* A 32-bit slot lacks the hole in front of the id. */
#define HEAD	4
#define HOLE	4

_Static_assert(sizeof(struct segment) == sizeof(struct blkif_request_segment));
_Static_assert(sizeof(struct blkif_request) == SLOT_64);

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

void request_init(struct request *request, uint8_t op, uint64_t sector)
{
	memset(request, 0, offsetof(struct request, segment));
	request->op = op;
	request->sector = sector;
}

void request_indirect(struct request *request, const struct pages *pages,
		      unsigned int n)
{
	request->indirect_op = request->op;
	request->op = BLKIF_OP_INDIRECT;
	request->page = pages_at(pages, n);
	/* Not zero, which is the console: somebody may flip the operation. */
	memset(request->indirect_gref, 0xff, sizeof(request->indirect_gref));
	request->indirect_gref[0] = pages->gref[n];
}

void request_add(struct request *request, uint32_t gref, unsigned int first,
		 unsigned int last)
{
	request->segment[request->nr_segments++] = (struct segment) {
		.gref = gref, .first = first, .last = last, .pad = 0xa5a5,
	};
}

void request_add_pages(struct request *request, const struct pages *pages,
		       unsigned int n, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		request_add(request, pages->gref[n + i], 0, PAGE_SECTORS - 1);
}

static void encode_indirect(const struct request *request, uint8_t *slot)
{
	struct blkif_request_indirect *wire = (void *)slot;

	wire->indirect_op = request->indirect_op;
	wire->nr_segments = request->nr_segments;
	wire->id = request->id;
	wire->sector_number = request->sector;
	wire->handle = request->handle;
	memcpy(wire->indirect_grefs, request->indirect_gref,
	       sizeof(request->indirect_gref));
	if (request->page)
		memcpy(request->page, request->segment,
		       least(request->nr_segments, INDIRECT_SEGMENTS) *
		       sizeof(struct segment));
}

static void encode_discard(const struct request *request, uint8_t *slot)
{
	struct blkif_request_discard *wire = (void *)slot;

	wire->flag = request->flag;
	wire->handle = request->handle;
	wire->id = request->id;
	wire->sector_number = request->sector;
	wire->nr_sectors = request->nr_sectors;
}

static void encode_direct(const struct request *request, uint8_t *slot)
{
	struct blkif_request *wire = (void *)slot;

	wire->nr_segments = request->nr_segments;
	wire->handle = request->handle;
	wire->id = request->id;
	wire->sector_number = request->sector;
	memcpy(wire->seg, request->segment, sizeof(wire->seg));
}

void request_encode(const struct request *request, uint8_t *slot,
		    unsigned int slot_size)
{
	uint8_t wide[SLOT_64];

	memset(wide, POISON, sizeof(wide));
	wide[0] = request->op;
	if (request->op == BLKIF_OP_INDIRECT)
		encode_indirect(request, wide);
	else if (request->op == BLKIF_OP_DISCARD)
		encode_discard(request, wide);
	else
		encode_direct(request, wide);

	if (slot_size == SLOT_64) {
		memcpy(slot, wide, SLOT_64);
		return;
	}
	memcpy(slot, wide, HEAD);
	memcpy(slot + HEAD, wide + HEAD + HOLE, SLOT_64 - HEAD - HOLE);
	memset(slot + SLOT_64 - HOLE, POISON, SLOT_32 - (SLOT_64 - HOLE));
}

static bool in_range(uint64_t sector, uint64_t nr, const struct facts *facts)
{
	return sector <= facts->sectors && nr <= facts->sectors - sector;
}

static bool aligned(uint64_t value, const struct facts *facts)
{
	return value % (facts->block / SECTOR_SIZE) == 0;
}

/* The defects of a request's place on the disk, and of its segments' shapes. */
static bool segments_wrong(const struct request *request, unsigned int nr,
			   const struct facts *facts)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		const struct segment *s = &request->segment[i];

		if (s->last >= PAGE_SECTORS || s->first > s->last)
			return true;
		if (!aligned(s->first, facts) || !aligned(s->last + 1, facts))
			return true;
		sum += s->last - s->first + 1;
	}
	return nr && (!aligned(request->sector, facts) ||
		      !in_range(request->sector, sum, facts));
}

/* What Xen makes of the segments' grants: ALLOW_* bits. */
static unsigned int judge_grants(const struct request *request,
				 unsigned int nr, bool to_guest, bool persistent)
{
	unsigned int allowed = ALLOW_OKAY;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		enum quality quality = grant_quality(request->segment[i].gref);

		if (quality == GRANT_BAD ||
		    (quality == GRANT_READ && to_guest))
			return ALLOW_ERROR;
		/* A persistent grant must be writable; who checks, may refuse. */
		if (quality == GRANT_UNSURE ||
		    (quality == GRANT_READ && persistent))
			allowed |= ALLOW_ERROR;
	}
	return allowed;
}

static struct verdict refuse(unsigned int allowed)
{
	return (struct verdict) { .allowed = allowed, .malformed = true };
}

static struct verdict judge_discard(const struct request *request,
				    const struct facts *facts)
{
	unsigned int allowed = 0;

	if (request->flag & BLKIF_DISCARD_SECURE && !facts->secure)
		allowed |= ALLOW_UNSUPPORTED;
	if (!facts->discard)
		allowed |= ALLOW_UNSUPPORTED;
	if (facts->readonly || !request->nr_sectors ||
	    !aligned(request->sector, facts) ||
	    !aligned(request->nr_sectors, facts) ||
	    !in_range(request->sector, request->nr_sectors, facts))
		allowed |= ALLOW_ERROR;
	return allowed ? refuse(allowed) :
		(struct verdict) { .allowed = ALLOW_OKAY };
}

struct verdict request_judge(const struct request *request,
			     const struct facts *facts, bool persistent)
{
	bool indirect = request->op == BLKIF_OP_INDIRECT;
	unsigned int op = indirect ? request->indirect_op : request->op;
	unsigned int nr = indirect ? request->nr_segments :
			  (uint8_t)request->nr_segments;
	unsigned int most = indirect ? facts->max_indirect : DIRECT_SEGMENTS;
	bool read = op == BLKIF_OP_READ;
	bool write = op == BLKIF_OP_WRITE;
	/* Both are done whether they were offered or not. */
	bool flush = op == BLKIF_OP_FLUSH_DISKCACHE ||
		     op == BLKIF_OP_WRITE_BARRIER;
	enum quality quality;

	if (request->op == BLKIF_OP_DISCARD)
		return judge_discard(request, facts);
	if (indirect ? !facts->max_indirect : !read && !write && !flush)
		return refuse(ALLOW_UNSUPPORTED);
	if (indirect && !read && !write)
		return refuse(ALLOW_UNSUPPORTED | ALLOW_ERROR);
	if (nr > most || (!nr && !flush))
		return refuse(ALLOW_ERROR);
	if (indirect) {
		quality = grant_quality(request->indirect_gref[0]);
		if (quality == GRANT_BAD)
			return (struct verdict) { .allowed = ALLOW_ERROR };
		/* As with data: a persistent grant must be writable. */
		if (quality == GRANT_UNSURE ||
		    (quality == GRANT_READ && persistent))
			return (struct verdict) {
				.allowed = ALLOW_OKAY | ALLOW_ERROR };
	}
	if ((!read && facts->readonly) || segments_wrong(request, nr, facts))
		return refuse(ALLOW_ERROR);
	return (struct verdict) {
		.allowed = judge_grants(request, nr, read, persistent) };
}
