// SPDX-License-Identifier: GPL-2.0
/*
 * The fake disk: it holds each request to what a disk may be asked for.
 */
#include "test.h"
#include "machine.h"
#include <linux/blkdev.h>

struct fake_disk fake_disk;

static struct bio *waiting;

void blk_start_plug(struct blk_plug *plug)
{
	plug->begun = true;
}

void blk_finish_plug(struct blk_plug *plug)
{
	assert_true(plug->begun);
}

unsigned int bdev_logical_block_size(struct block_device *bdev)
{
	return fake_disk.block_sectors << SECTOR_SHIFT;
}

unsigned int bdev_max_secure_erase_sectors(struct block_device *bdev)
{
	return fake_disk.secure ? 1024 : 0;
}

void bio_init(struct bio *bio, struct block_device *bdev, struct bio_vec *vecs,
	      unsigned short nr_vecs, blk_opf_t opf)
{
	assert_true(nr_vecs <= BIO_MAX_VECS);
	*bio = (struct bio){ .bi_bdev = bdev, .bi_opf = opf,
			     .bi_io_vec = vecs, .bi_max_vecs = nr_vecs };
	fake_disk.alive++;
}

void bio_uninit(struct bio *bio)
{
	fake_disk.alive--;
}

void __bio_add_page(struct bio *bio, struct page *page, unsigned int length,
		    unsigned int offset)
{
	assert_true(length > 0 && offset + length <= PAGE_SIZE);
	assert_true(bio->bi_vcnt < bio->bi_max_vecs);
	bio->bi_io_vec[bio->bi_vcnt++] =
		(struct bio_vec){ page, length, offset };
	bio->bi_iter.bi_size += length;
}

static void check_vecs(const struct bio *bio)
{
	unsigned int i, block = fake_disk.block_sectors << SECTOR_SHIFT;

	for (i = 0; i < bio->bi_vcnt; i++) {
		const struct bio_vec *vec = &bio->bi_io_vec[i];

		assert_int_equal(vec->bv_offset % block, 0);
		assert_int_equal(vec->bv_len % block, 0);
		assert_true(vec->bv_page->count > 0);
		/* A page that nothing is mapped into has no memory. */
		assert_int_equal(vec->bv_page->mappable,
				 vec->bv_page->foreign);
	}
}

static void check_range(const struct bio *bio)
{
	u64 nr = bio->bi_iter.bi_size >> SECTOR_SHIFT;

	assert_true(bio->bi_iter.bi_sector % fake_disk.block_sectors == 0);
	assert_true(nr <= fake_disk.nr_sectors);
	assert_true(bio->bi_iter.bi_sector <= fake_disk.nr_sectors - nr);
}

static void check_bio(const struct bio *bio)
{
	switch (bio->bi_opf & REQ_OP_MASK) {
	case REQ_OP_READ:
		assert_true(bio->bi_vcnt > 0);
		break;
	case REQ_OP_WRITE:
		if (bio->bi_vcnt)
			assert_false(fake_disk.readonly);
		else
			assert_true(bio->bi_opf & REQ_PREFLUSH);
		break;
	case REQ_OP_SECURE_ERASE:
		assert_true(fake_disk.secure);
		/* fallthrough */
	case REQ_OP_DISCARD:
		assert_false(fake_disk.readonly);
		assert_true(fake_disk.discard);
		assert_true(bio->bi_iter.bi_size > 0);
		break;
	default:
		fail_msg("the disk is asked for operation %u",
			 bio->bi_opf & REQ_OP_MASK);
	}
	check_vecs(bio);
	if (bio->bi_iter.bi_size)
		check_range(bio);
}

/* What the disk puts in a page: nobody else writes this. */
static void transfer(const struct bio *bio)
{
	unsigned int i;

	for (i = 0; i < bio->bi_vcnt; i++) {
		const struct bio_vec *vec = &bio->bi_io_vec[i];
		u8 *at = (u8 *)vec->bv_page->memory + vec->bv_offset;

		if ((bio->bi_opf & REQ_OP_MASK) == REQ_OP_READ)
			memset(at, 0xd1, vec->bv_len);
	}
}

static void account(const struct bio *bio)
{
	u64 nr = bio->bi_iter.bi_size >> SECTOR_SHIFT;

	switch (bio->bi_opf & REQ_OP_MASK) {
	case REQ_OP_READ:
		fake_disk.sectors_read += nr;
		break;
	case REQ_OP_WRITE:
		fake_disk.sectors_written += nr;
		break;
	default:
		fake_disk.sectors_discarded += nr;
	}
}

static void finish(struct bio *bio)
{
	/* The pages must have stayed until now. */
	check_vecs(bio);
	bio->bi_status = BLK_STS_OK;
	if (fake_disk.failing) {
		fake_disk.failing--;
		bio->bi_status = BLK_STS_IOERR;
	} else {
		transfer(bio);
		account(bio);
	}
	bio->bi_end_io(bio);
}

void submit_bio(struct bio *bio)
{
	struct bio **end = &waiting;

	fake_may_sleep();
	fake_disk.submitted++;
	check_bio(bio);
	if (fake_disk.at_once) {
		finish(bio);
		return;
	}
	while (*end)
		end = &(*end)->next;
	bio->next = NULL;
	*end = bio;
	fake_disk.waiting++;
	fake_barrier();
}

bool fake_disk_complete(unsigned int place)
{
	struct task_struct *before = fake_current;
	struct bio **at = &waiting, *bio;

	if (!waiting)
		return false;
	for (place %= fake_disk.waiting; place; place--)
		at = &(*at)->next;
	bio = *at;
	*at = bio->next;
	fake_disk.waiting--;
	/* As from an interrupt. */
	fake_current = NULL;
	finish(bio);
	fake_current = before;
	return true;
}

struct page *fake_disk_page(unsigned int place)
{
	struct bio *bio = waiting;

	if (!waiting)
		return NULL;
	for (place %= fake_disk.waiting; place; place--)
		bio = bio->next;
	return bio->bi_vcnt ? bio->bi_io_vec[0].bv_page : NULL;
}

void fake_disk_reset(void)
{
	waiting = NULL;
	fake_disk = (struct fake_disk){
		.nr_sectors = 4096, .block_sectors = 1, .discard = true };
}
