// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs files of a vbd, with the in-tree driver's names: xentop and libxl read
 * them.
 */
#include <linux/blkdev.h>
#include <linux/sysfs.h>
#include "blkback.h"

void blk_io_stats_add(struct blk_io_stats *sum, const struct blk_io_stats *part)
{
	sum->oo_req += READ_ONCE(part->oo_req);
	sum->rd_req += READ_ONCE(part->rd_req);
	sum->wr_req += READ_ONCE(part->wr_req);
	sum->f_req += READ_ONCE(part->f_req);
	sum->ds_req += READ_ONCE(part->ds_req);
	sum->rd_sect += READ_ONCE(part->rd_sect);
	sum->wr_sect += READ_ONCE(part->wr_sect);
}

static struct blk_vbd *device_vbd(struct device *device)
{
	return xenmod_backend_of(device)->priv;
}

static void device_sum(struct device *device, struct blk_io_stats *sum)
{
	struct blk_vbd *vbd = device_vbd(device);
	unsigned int i;

	spin_lock(&vbd->lock);
	*sum = vbd->retired;
	for (i = 0; i < vbd->nr_queues; i++)
		blk_io_stats_add(sum, &vbd->queues[i].io);
	spin_unlock(&vbd->lock);
}

static ssize_t statistic_show(struct device *device,
			      struct device_attribute *attr, char *buf)
{
	struct dev_ext_attribute *statistic =
		container_of(attr, struct dev_ext_attribute, attr);
	struct blk_io_stats sum;
	u64 *value = (void *)&sum + (uintptr_t)statistic->var;

	device_sum(device, &sum);
	return sysfs_emit(buf, "%llu\n", *value);
}

static struct dev_ext_attribute statistics[] = {
	{ __ATTR(oo_req, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, oo_req) },
	{ __ATTR(rd_req, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, rd_req) },
	{ __ATTR(wr_req, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, wr_req) },
	{ __ATTR(f_req, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, f_req) },
	{ __ATTR(ds_req, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, ds_req) },
	{ __ATTR(rd_sect, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, rd_sect) },
	{ __ATTR(wr_sect, 0444, statistic_show, NULL),
	  (void *)offsetof(struct blk_io_stats, wr_sect) },
};

static struct attribute *statistics_attrs[] = {
	&statistics[0].attr.attr,
	&statistics[1].attr.attr,
	&statistics[2].attr.attr,
	&statistics[3].attr.attr,
	&statistics[4].attr.attr,
	&statistics[5].attr.attr,
	&statistics[6].attr.attr,
	NULL
};

static const struct attribute_group statistics_group = {
	.name = "statistics",
	.attrs = statistics_attrs,
};

static ssize_t physical_device_show(struct device *device,
				    struct device_attribute *attr, char *buf)
{
	const struct blk_vbd *vbd = device_vbd(device);

	return sysfs_emit(buf, "%x:%x\n", MAJOR(vbd->number),
			  MINOR(vbd->number));
}
static DEVICE_ATTR_RO(physical_device);

static ssize_t mode_show(struct device *device, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%s\n", device_vbd(device)->readonly ? "r" : "w");
}
static DEVICE_ATTR_RO(mode);

static struct attribute *device_attrs[] = {
	&dev_attr_physical_device.attr,
	&dev_attr_mode.attr,
	NULL
};

static const struct attribute_group device_group = {
	.attrs = device_attrs,
};

const struct attribute_group *blk_attribute_groups[] = {
	&device_group,
	&statistics_group,
	NULL
};
