// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs files: those of a vbd have the in-tree driver's names, which xentop and
 * libxl read; the driver itself has one for udev.
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

void blk_vbd_sum(struct blk_vbd *vbd, struct blk_io_stats *sum)
{
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

	blk_vbd_sum(device_vbd(device), &sum);
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

static int visit_device(struct device *device, void *data)
{
	const struct blk_visit *visit = data;

	/* Keeps the driver from being unbound. */
	device_lock(device);
	if (dev_get_drvdata(device))
		visit->visit(device_vbd(device), visit->data);
	device_unlock(device);
	return 0;
}

int blk_visit_all(struct blk_visit *visit)
{
	return driver_for_each_device(&blk_backend_driver.xenbus.driver, NULL,
				      visit, visit_device);
}

static void refresh_vbd(struct blk_vbd *vbd, void *data)
{
	const dev_t *number = data;

	if (vbd->number == *number)
		xenmod_backend_poke(vbd->backend);
}

/* The kernel has nobody to tell us of a new size, but it tells udev. */
static ssize_t refresh_store(struct device_driver *driver, const char *buf,
			     size_t count)
{
	struct blk_visit visit = { .visit = refresh_vbd };
	unsigned int major, minor;
	dev_t number;

	if (sscanf(buf, "%u:%u", &major, &minor) != 2)
		return -EINVAL;
	number = MKDEV(major, minor);
	visit.data = &number;
	return blk_visit_all(&visit) ?: (ssize_t)count;
}
static DRIVER_ATTR_WO(refresh);

static struct attribute *driver_attrs[] = {
	&driver_attr_refresh.attr,
	NULL
};

static const struct attribute_group driver_group = {
	.attrs = driver_attrs,
};

const struct attribute_group *blk_driver_groups[] = {
	&driver_group,
	NULL
};
