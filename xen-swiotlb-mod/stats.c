// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: a device's in sysfs, one number per file, for programs; tables of
 * all devices and of the pools in debugfs, for people.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/seq_file.h>
#include <linux/sysfs.h>
#include "swiotlb.h"

static struct dentry *root;

void xdma_stats_sum(const struct xdma_device *xdev, struct xdma_stats *sum)
{
	const struct xdma_stats *stats;
	unsigned int i, cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(xdev->stats, cpu);
		for (i = 0; i < XDMA_COUNTERS; i++)
			sum->count[i] += READ_ONCE(stats->count[i]);
	}
}

static ssize_t counter_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct dev_ext_attribute *counter =
		container_of(attr, struct dev_ext_attribute, attr);
	struct xdma_stats sum;

	xdma_stats_sum(xdma_device_of(dev), &sum);
	return sysfs_emit(buf, "%llu\n", sum.count[(uintptr_t)counter->var]);
}

static ssize_t coherent_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  atomic_read(&xdma_device_of(dev)->coherent));
}

#define COUNTER(name, counter)						\
	static struct dev_ext_attribute name##_attr = {			\
		__ATTR(name, 0444, counter_show, NULL), (void *)(counter)	\
	}

COUNTER(in_place, XDMA_IN_PLACE);
COUNTER(bounced, XDMA_BOUNCED);
COUNTER(bytes_in_place, XDMA_BYTES_IN_PLACE);
COUNTER(bytes_bounced, XDMA_BYTES_BOUNCED);
COUNTER(exhausted, XDMA_EXHAUSTED);
static DEVICE_ATTR_RO(coherent);

static struct attribute *device_attrs[] = {
	&in_place_attr.attr.attr,
	&bounced_attr.attr.attr,
	&bytes_in_place_attr.attr.attr,
	&bytes_bounced_attr.attr.attr,
	&exhausted_attr.attr.attr,
	&dev_attr_coherent.attr,
	NULL
};

const struct attribute_group xdma_device_group = {
	.name = "xenmod",
	.attrs = device_attrs,
};

static int pool_show(struct seq_file *file, void *unused)
{
	xdma_reserve_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pool);

static int devices_show(struct seq_file *file, void *unused)
{
	xdma_devices_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(devices);

void xdma_stats_init(void)
{
	root = debugfs_create_dir("xen-swiotlb", NULL);
	debugfs_create_file("pool", 0400, root, NULL, &pool_fops);
	debugfs_create_file("devices", 0400, root, NULL, &devices_fops);
}

void xdma_stats_exit(void)
{
	debugfs_remove_recursive(root);
}
