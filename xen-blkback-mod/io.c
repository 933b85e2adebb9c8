// SPDX-License-Identifier: GPL-2.0
/*
 * From requests to bios.
 */
#include <linux/bio.h>
#include <linux/bits.h>
#include <linux/blkdev.h>
#include "blkback.h"
#include "compat-block.h"
#include "trace.h"

/* A discard's bio counts its bytes in 32 bits. */
#define DISCARD_SECTORS		BIT(22)

/* The disk is done with a part of the request; the last part completes it. */
static void request_part_done(struct blk_request *request)
{
	if (atomic_dec_and_test(&request->pending))
		blk_request_done(request);
}

static void bio_done(struct bio *bio)
{
	struct blk_request *request = bio->bi_private;

	if (bio->bi_status)
		WRITE_ONCE(request->outcome, BLK_NO_DISK);
	bio_put(bio);
	request_part_done(request);
}

static struct bio *make_bio(struct blk_request *request, unsigned int nr_vecs,
			    blk_opf_t opf, sector_t sector)
{
	struct bio *bio = bio_alloc(request->queue->vbd->bdev, nr_vecs, opf,
				    GFP_NOIO);

	bio->bi_iter.bi_sector = sector;
	bio->bi_private = request;
	bio->bi_end_io = bio_done;
	atomic_inc(&request->pending);
	return bio;
}

static void submit_data(struct blk_request *request, blk_opf_t opf)
{
	const struct blk_data *data = &request->data;
	const struct blk_segment *segment;
	sector_t sector = request->command.sector;
	struct bio *bio = NULL;
	unsigned int i;

	for (i = 0; i < data->nr; i++) {
		segment = &data->segment[i];
		while (!bio || !bio_add_page(bio, blk_segment_page(segment),
					     segment->length, segment->offset)) {
			if (bio)
				submit_bio(bio);
			bio = make_bio(request, min_t(unsigned int, data->nr - i,
						      BIO_MAX_VECS), opf,
				       sector);
			/* Only the first bio of a write empties the cache. */
			opf &= ~REQ_PREFLUSH;
		}
		sector += segment->length >> SECTOR_SHIFT;
	}
	submit_bio(bio);
}

static void submit_discard(struct blk_request *request)
{
	const struct blk_command *command = &request->command;
	u64 rest = command->nr_sectors - request->discarded;
	unsigned int nr = min_t(u64, rest, DISCARD_SECTORS);
	struct bio *bio;

	bio = make_bio(request, 0, REQ_OP_DISCARD,
		       command->sector + request->discarded);
	bio->bi_iter.bi_size = nr << SECTOR_SHIFT;
	request->discarded += nr;
	submit_bio(bio);
}

void blk_io_submit(struct blk_request *request)
{
	const struct blk_command *command = &request->command;
	struct blk_io_stats *io = &request->queue->io;

	trace_xen_blkback_submit(request);
	/* Keeps the request from completing while its bios are being made. */
	atomic_set(&request->pending, 1);

	switch (command->op) {
	case BLK_READ:
		io->rd_req++;
		io->rd_sect += command->nr_sectors;
		submit_data(request, REQ_OP_READ);
		break;
	case BLK_WRITE:
		io->wr_req++;
		io->wr_sect += command->nr_sectors;
		/* As direct I/O marks its writes: a guest waits for them. */
		submit_data(request, REQ_OP_WRITE | REQ_SYNC | REQ_IDLE);
		break;
	case BLK_FLUSH:
		io->f_req++;
		if (request->data.nr)
			submit_data(request, REQ_OP_WRITE | REQ_PREFLUSH);
		else
			submit_bio(make_bio(request, 0,
					    REQ_OP_WRITE | REQ_PREFLUSH, 0));
		break;
	case BLK_DISCARD:
		if (!request->discarded)
			io->ds_req++;
		submit_discard(request);
		break;
	}
	request_part_done(request);
}

bool blk_io_unfinished(const struct blk_request *request)
{
	return request->command.op == BLK_DISCARD &&
	       request->outcome == BLK_DONE &&
	       request->discarded < request->command.nr_sectors;
}
