/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BIO_H
#define HOST_LINUX_BIO_H

#include <linux/blk_types.h>
#include <linux/mm.h>

#define BIO_MAX_VECS	256u

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

struct bio {
	struct block_device *bi_bdev;
	blk_opf_t bi_opf;
	blk_status_t bi_status;
	struct {
		sector_t bi_sector;
		unsigned int bi_size;
	} bi_iter;
	void *bi_private;
	void (*bi_end_io)(struct bio *bio);
	struct bio_vec *bi_io_vec;
	unsigned short bi_vcnt;
	unsigned short bi_max_vecs;
	/* the fake's */
	struct bio *next;
};

void bio_init(struct bio *bio, struct block_device *bdev, struct bio_vec *vecs,
	      unsigned short nr_vecs, blk_opf_t opf);
void bio_uninit(struct bio *bio);
void __bio_add_page(struct bio *bio, struct page *page, unsigned int length,
		    unsigned int offset);
void submit_bio(struct bio *bio);

#endif
