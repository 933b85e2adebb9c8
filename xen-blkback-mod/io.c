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

static void bio_done(struct bio *bio)
{
	struct blk_request *request = container_of(bio, struct blk_request, bio);

	if (bio->bi_status)
		request->outcome = BLK_NO_DISK;
	bio_uninit(bio);
	blk_request_done(request);
}

static struct bio *make_bio(struct blk_request *request, unsigned int nr_vecs,
			    blk_opf_t opf, sector_t sector)
{
	struct bio *bio = &request->bio;

	bio_init(bio, request->queue->vbd->bdev, request->vecs, nr_vecs, opf);
	bio->bi_iter.bi_sector = sector;
	bio->bi_end_io = bio_done;
	return bio;
}

/* One bio takes any request: there is a vec for each of its segments. */
static void submit_data(struct blk_request *request, blk_opf_t opf)
{
	const struct blk_data *data = &request->data;
	const struct blk_segment *segment = data->segment;
	struct bio_vec *vec = request->vecs;
	struct bio *bio;
	unsigned int i;

	bio = make_bio(request, data->nr, opf, request->command.sector);
	for (i = 0; i < data->nr; i++, segment++, vec++) {
		vec->bv_page = blk_segment_page(segment);
		vec->bv_len = segment->length;
		vec->bv_offset = segment->offset;
	}
	bio->bi_vcnt = data->nr;
	bio->bi_iter.bi_size = data->bytes;
	submit_bio(bio);
}

/* Without data there is only the cache to empty. */
static void submit_flush(struct blk_request *request, blk_opf_t opf)
{
	if (request->data.nr)
		submit_data(request, opf);
	else
		submit_bio(make_bio(request, 0, opf & ~REQ_FUA, 0));
	request->queue->io.wr_sect += request->command.nr_sectors;
}

/* How much one bio may discard; not every kernel splits those that erase. */
static u64 discard_most(const struct blk_request *request)
{
	struct block_device *bdev = request->queue->vbd->bdev;
	unsigned int block = bdev_logical_block_size(bdev) >> SECTOR_SHIFT;
	u64 most = DISCARD_SECTORS;

	if (request->command.secure)
		most = min_t(u64, most, bdev_max_secure_erase_sectors(bdev));
	return max_t(u64, round_down(most, block), block);
}

static void submit_discard(struct blk_request *request)
{
	const struct blk_command *command = &request->command;
	u64 rest = command->nr_sectors - request->discarded;
	unsigned int nr = min(rest, discard_most(request));
	struct bio *bio;

	bio = make_bio(request, 0, command->secure ? REQ_OP_SECURE_ERASE :
						     REQ_OP_DISCARD,
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
		submit_flush(request, REQ_OP_WRITE | REQ_PREFLUSH);
		break;
	case BLK_BARRIER:
		io->f_req++;
		submit_flush(request, REQ_OP_WRITE | REQ_PREFLUSH | REQ_FUA);
		break;
	case BLK_DISCARD:
		if (!request->discarded)
			io->ds_req++;
		submit_discard(request);
		break;
	}
}

bool blk_io_unfinished(const struct blk_request *request)
{
	return request->command.op == BLK_DISCARD &&
	       request->outcome == BLK_DONE &&
	       request->discarded < request->command.nr_sectors;
}
