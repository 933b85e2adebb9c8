// SPDX-License-Identifier: GPL-2.0
/*
 * The backing device.
 */
#include "blkback.h"
#include "compat-block.h"

static int read_number(struct blk_vbd *vbd, dev_t *number)
{
	struct xenbus_device *dev = vbd->backend->dev;
	unsigned int major, minor, len;
	char *text, end;
	int err = 0;

	text = xenbus_read(XBT_NIL, dev->nodename, "physical-device", &len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (sscanf(text, "%x:%x%c", &major, &minor, &end) != 2 ||
	    major >> (32 - MINORBITS) || minor >> MINORBITS)
		err = -EINVAL;
	else
		*number = MKDEV(major, minor);
	kfree(text);
	return err;
}

static int check_disk(struct blk_vbd *vbd)
{
	unsigned int size = bdev_logical_block_size(vbd->bdev);

	if (!bdev_nr_sectors(vbd->bdev))
		return xenmod_backend_fail(vbd->backend, -ENODEV,
					   "block device %u:%u has no capacity: is a medium missing?",
					   MAJOR(vbd->number),
					   MINOR(vbd->number));
	if (size > BLKIF_PAGE_SECTORS * BLKIF_SECTOR_SIZE)
		return xenmod_backend_fail(vbd->backend, -EOPNOTSUPP,
					   "block device %u:%u has logical blocks of %u bytes, more than a page",
					   MAJOR(vbd->number),
					   MINOR(vbd->number), size);
	return 1;
}

int blk_vbd_open(struct blk_vbd *vbd)
{
	blk_mode_t mode = BLK_OPEN_READ;
	struct file *file;
	int err;

	err = read_number(vbd, &vbd->number);
	if (err == -ENOENT)
		return 0;
	if (err)
		return xenmod_backend_fail(vbd->backend, err,
					   "physical-device in xenstore is not a device number in the form major:minor, hexadecimal");

	if (!vbd->readonly)
		mode |= BLK_OPEN_WRITE;
	file = bdev_file_open_by_dev(vbd->number, mode, NULL, NULL);
	if (IS_ERR(file))
		return xenmod_backend_fail(vbd->backend, PTR_ERR(file),
					   "cannot open block device %u:%u for %s",
					   MAJOR(vbd->number),
					   MINOR(vbd->number),
					   vbd->readonly ? "reading" :
							   "reading and writing");
	vbd->file = file;
	vbd->bdev = file_bdev(file);
	err = check_disk(vbd);
	if (err < 0)
		blk_vbd_close(vbd);
	return err;
}

void blk_vbd_close(struct blk_vbd *vbd)
{
	if (!vbd->file)
		return;
	/* The host may read the disk next, through its page cache. */
	invalidate_bdev(vbd->bdev);
	bdev_fput(vbd->file);
	vbd->file = NULL;
	vbd->bdev = NULL;
}

unsigned int blk_vbd_info(const struct blk_vbd *vbd)
{
	struct gendisk *disk = vbd->bdev->bd_disk;
	unsigned int info = 0;

	if (vbd->cdrom || disk_to_cdi(disk))
		info |= BLKIF_INFO_CDROM;
	if (disk->flags & GENHD_FL_REMOVABLE)
		info |= BLKIF_INFO_REMOVABLE;
	if (vbd->readonly)
		info |= BLKIF_INFO_READONLY;
	return info;
}

void blk_vbd_limits(const struct blk_vbd *vbd, struct blk_limits *limits)
{
	limits->nr_sectors = bdev_nr_sectors(vbd->bdev);
	if (unlikely(limits->nr_sectors != READ_ONCE(vbd->sectors)))
		xenmod_backend_poke(vbd->backend);
	limits->block_sectors = bdev_logical_block_size(vbd->bdev) /
				BLKIF_SECTOR_SIZE;
	limits->readonly = vbd->readonly;
	limits->discard = vbd->discard;
	limits->secure = vbd->secure;
}
