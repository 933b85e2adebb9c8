// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: a device's sums in sysfs, one number per file, for programs; the
 * same per queue in debugfs, as a table, for people.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/seq_file.h>
#include <linux/sysfs.h>
#include <xenmod/backend.h>
#include "core.h"

static struct dentry *xenmod_debugfs;

/* Add a queue's counters to @sum. */
static void queue_sum(const struct xenmod_queue *queue, struct xenmod_stats *sum)
{
	xenmod_stats_add(sum, &queue->stats);
	xenmod_stats_add(sum, &queue->done_stats);
}

void xenmod_queue_add(struct xenmod_backend *backend,
		      struct xenmod_queue *queue, unsigned int id)
{
	queue->id = id;
	spin_lock(&backend->queues_lock);
	list_add_tail(&queue->node, &backend->queues);
	spin_unlock(&backend->queues_lock);
}
EXPORT_SYMBOL_GPL(xenmod_queue_add);

void xenmod_queue_del(struct xenmod_backend *backend,
		      struct xenmod_queue *queue)
{
	spin_lock(&backend->queues_lock);
	list_del(&queue->node);
	queue_sum(queue, &backend->retired);
	spin_unlock(&backend->queues_lock);
}
EXPORT_SYMBOL_GPL(xenmod_queue_del);

static void device_sum(struct xenmod_backend *backend, struct xenmod_stats *sum)
{
	struct xenmod_queue *queue;

	spin_lock(&backend->queues_lock);
	*sum = backend->retired;
	list_for_each_entry(queue, &backend->queues, node)
		queue_sum(queue, sum);
	spin_unlock(&backend->queues_lock);
}

/* Name of the sysfs file, and the meaning for people. */
static const struct {
	const char *name;
	const char *meaning;
} counters[XENMOD_COUNTERS] = {
	[XENMOD_REQUESTS] = { "requests", "taken from the ring" },
	[XENMOD_RESPONSES] = { "responses", "put on the ring" },
	[XENMOD_BAD_REQUESTS] = { "bad_requests", "refused because malformed" },
	[XENMOD_PASSES] = { "passes", "times the ring was served" },
	[XENMOD_MAP_HYPERCALLS] = { "map_hypercalls", "map grants" },
	[XENMOD_MAP_OPS] = { "map_ops", "grant references mapped" },
	[XENMOD_UNMAP_HYPERCALLS] = { "unmap_hypercalls", "unmap grants" },
	[XENMOD_UNMAP_OPS] = { "unmap_ops", "grant references unmapped" },
	[XENMOD_COPY_HYPERCALLS] = { "copy_hypercalls", "copy from or to grants" },
	[XENMOD_COPY_OPS] = { "copy_ops", "grant copy operations" },
	[XENMOD_GRANT_ERRORS] = { "grant_errors", "operations that Xen refused" },
	[XENMOD_BYTES_COPIED] = { "bytes_copied", "by grant copy" },
	[XENMOD_BYTES_MAPPED] = { "bytes_mapped", "through mapped grants" },
	[XENMOD_PERSISTENT_HITS] = { "persistent_hits", "segments mapped already" },
	[XENMOD_NOTIFICATIONS] = { "notifications", "events sent" },
	[XENMOD_EVENTS] = { "events", "events received" },
	[XENMOD_SPURIOUS_EVENTS] = { "spurious_events", "brought no work" },
	[XENMOD_POLLS] = { "polls", "waits in Xen for the next request" },
	[XENMOD_SHORTAGES] = { "shortages", "times the ring waited for pages" },
};

static struct dev_ext_attribute counter_attrs[XENMOD_COUNTERS];
static struct attribute *xenmod_attrs[XENMOD_COUNTERS + 1];

static ssize_t counter_show(struct device *device,
			    struct device_attribute *attr, char *buf)
{
	struct dev_ext_attribute *counter =
		container_of(attr, struct dev_ext_attribute, attr);
	struct xenmod_stats sum;

	device_sum(xenmod_backend_of(device), &sum);
	return sysfs_emit(buf, "%llu\n",
			  sum.count[(uintptr_t)counter->var]);
}

static void counter_attrs_init(void)
{
	struct dev_ext_attribute *counter;
	uintptr_t i;

	for (i = 0; i < XENMOD_COUNTERS; i++) {
		counter = &counter_attrs[i];
		sysfs_attr_init(&counter->attr.attr);
		counter->attr.attr.name = counters[i].name;
		counter->attr.attr.mode = 0444;
		counter->attr.show = counter_show;
		counter->var = (void *)i;
		xenmod_attrs[i] = &counter->attr.attr;
	}
}

static const struct attribute_group xenmod_group = {
	.name = "xenmod",
	.attrs = xenmod_attrs,
};

static void show_counters(struct seq_file *file,
			  const struct xenmod_stats *stats)
{
	unsigned int i;

	for (i = 0; i < XENMOD_COUNTERS; i++)
		seq_printf(file, "  %-18s %14llu  %s\n", counters[i].name,
			   stats->count[i], counters[i].meaning);
}

static void show_latency(struct seq_file *file,
			 const struct xenmod_histogram *latency)
{
	unsigned int i;

	for (i = 0; i < XENMOD_HISTOGRAM; i++)
		if (latency->count[i])
			seq_printf(file, "  below %10llu ns %14llu  from an event to the answers\n",
				   2ULL << i, latency->count[i]);
}

static int queues_show(struct seq_file *file, void *unused)
{
	struct xenmod_backend *backend = file->private;
	struct xenmod_queue *queue;
	struct xenmod_stats sum;

	spin_lock(&backend->queues_lock);
	list_for_each_entry(queue, &backend->queues, node) {
		memset(&sum, 0, sizeof(sum));
		queue_sum(queue, &sum);
		seq_printf(file, "queue %u\n", queue->id);
		show_counters(file, &sum);
		show_latency(file, &queue->latency);
	}
	seq_puts(file, "earlier connections\n");
	show_counters(file, &backend->retired);
	spin_unlock(&backend->queues_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

int xenmod_stats_show_device(struct xenmod_backend *backend)
{
	struct device *device = &backend->dev->dev;
	int err;

	err = sysfs_create_group(&device->kobj, &xenmod_group);
	if (err)
		return err;

	backend->debugfs = debugfs_create_dir(dev_name(device), xenmod_debugfs);
	debugfs_create_file("queues", 0400, backend->debugfs, backend,
			    &queues_fops);
	return 0;
}

void xenmod_stats_hide_device(struct xenmod_backend *backend)
{
	debugfs_remove_recursive(backend->debugfs);
	sysfs_remove_group(&backend->dev->dev.kobj, &xenmod_group);
}

void xenmod_stats_init(void)
{
	counter_attrs_init();
	xenmod_debugfs = debugfs_create_dir("xenmod", NULL);
}

void xenmod_stats_exit(void)
{
	debugfs_remove_recursive(xenmod_debugfs);
}
