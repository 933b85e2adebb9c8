/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest block layer's names on older kernels.
 */
#ifndef XENMOD_COMPAT_BLOCK_H
#define XENMOD_COMPAT_BLOCK_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/slab.h>

#ifndef HAVE_BLK_OPEN
#define blk_mode_t fmode_t
#define BLK_OPEN_READ FMODE_READ
#define BLK_OPEN_WRITE FMODE_WRITE
#define BLK_OPEN_EXCL FMODE_EXCL
#endif

/*
 * A block device is opened as a file now. Here the "file" is our own note of
 * what was opened; nobody looks into it but these three functions.
 */
#ifndef HAVE_BDEV_FILE
struct compat_bdev_file {
	struct block_device *bdev;
	blk_mode_t mode;
};

static inline struct file *bdev_file_open_by_dev(dev_t dev, blk_mode_t mode,
						 void *holder, const void *hops)
{
	struct compat_bdev_file *file;
	struct block_device *bdev;

	file = kmalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return ERR_PTR(-ENOMEM);
	if (holder)
		mode |= BLK_OPEN_EXCL;
	bdev = blkdev_get_by_dev(dev, mode, holder);
	if (IS_ERR(bdev)) {
		kfree(file);
		return ERR_CAST(bdev);
	}
	file->bdev = bdev;
	file->mode = mode;
	return (struct file *)file;
}

static inline struct block_device *file_bdev(struct file *file)
{
	return ((struct compat_bdev_file *)file)->bdev;
}

static inline void bdev_fput(struct file *file)
{
	struct compat_bdev_file *ours = (struct compat_bdev_file *)file;

	blkdev_put(ours->bdev, ours->mode);
	kfree(ours);
}
#endif

#ifndef HAVE_BLK_OPF_T
#define blk_opf_t unsigned int
#endif

#ifndef HAVE_BIO_INIT_BDEV
static inline void compat_bio_init(struct bio *bio, struct block_device *bdev,
				   struct bio_vec *vecs, unsigned short nr_vecs,
				   blk_opf_t opf)
{
	bio_init(bio, vecs, nr_vecs);
	bio_set_dev(bio, bdev);
	bio->bi_opf = opf;
}

#define bio_init compat_bio_init
#endif

/*
 * The kernel's own function of this name is not for modules, the field is; the
 * bound is the kernel's, too.
 */
static inline void compat_start_plug_nr_ios(struct blk_plug *plug,
					    unsigned short nr_ios)
{
	blk_start_plug(plug);
#ifdef HAVE_PLUG_NR_IOS
	plug->nr_ios = min_t(unsigned short, nr_ios, 32);
#endif
}

#define blk_start_plug_nr_ios compat_start_plug_nr_ios

#ifndef HAVE_BDEV_NR_SECTORS
static inline sector_t bdev_nr_sectors(struct block_device *bdev)
{
	return i_size_read(bdev->bd_inode) >> SECTOR_SHIFT;
}
#endif

#ifndef HAVE_BDEV_LIMITS
static inline unsigned int bdev_max_discard_sectors(struct block_device *bdev)
{
	struct request_queue *q = bdev_get_queue(bdev);

	return blk_queue_discard(q) ? q->limits.max_discard_sectors : 0;
}

static inline unsigned int bdev_discard_granularity(struct block_device *bdev)
{
	return bdev_get_queue(bdev)->limits.discard_granularity;
}

static inline unsigned int
bdev_max_secure_erase_sectors(struct block_device *bdev)
{
	struct request_queue *q = bdev_get_queue(bdev);

	return blk_queue_secure_erase(q) ? q->limits.max_discard_sectors : 0;
}

static inline bool bdev_write_cache(struct block_device *bdev)
{
	return test_bit(QUEUE_FLAG_WC, &bdev_get_queue(bdev)->queue_flags);
}
#endif

#endif /* XENMOD_COMPAT_BLOCK_H */
