/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xen-swiotlb-mod: what its files share.
 */
#ifndef XEN_SWIOTLB_H
#define XEN_SWIOTLB_H

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/workqueue.h>
#include "compat-dma.h"
#include "reach.h"
#include "pool.h"

struct seq_file;

/* A pool for less would compete with ISA for what little there is. */
#define XDMA_LEAST_BITS	24
#define XDMA_CLASSES	(XDMA_POOL_BITS - XDMA_LEAST_BITS + 1)

/**
 * enum xdma_counter - what is counted for a device
 * @XDMA_IN_PLACE: mappings of memory that the device can use as it is
 * @XDMA_BOUNCED: mappings that go through slots
 * @XDMA_BYTES_IN_PLACE: their sizes
 * @XDMA_BYTES_BOUNCED: their sizes
 * @XDMA_EXHAUSTED: mappings that failed for want of slots
 * @XDMA_SHOWN: end of those that people see
 * @XDMA_RETURNED: mappings that went through slots and ended
 * @XDMA_COUNTERS: number of counters
 */
enum xdma_counter {
	XDMA_IN_PLACE,
	XDMA_BOUNCED,
	XDMA_BYTES_IN_PLACE,
	XDMA_BYTES_BOUNCED,
	XDMA_EXHAUSTED,
	XDMA_SHOWN,
	XDMA_RETURNED = XDMA_SHOWN,
	XDMA_COUNTERS
};

/**
 * struct xdma_stats - counters of a CPU, or sums of them
 * @count: the counters
 */
struct xdma_stats {
	u64 count[XDMA_COUNTERS];
};

/**
 * struct xdma_device - a device that we serve
 * @ops: what its dma_ops points to, so that a mapping finds the rest at once
 * @before: what its dma_ops was
 * @dev: the device; a reference is held
 * @node: in the list of devices
 * @stats: its counters
 * @coherent: allocations that it has
 * @bound: a driver is bound to it, or about to be
 * @held: the module, the reserve and the device's files are kept for it
 * @shown: its folder in sysfs is there
 * @linked: it is named among the module's holders
 * @told: people know that its driver left mappings
 * @gone: it has left the bus
 *
 * @node and what follows @coherent are guarded by the lock of device.c.
 */
struct xdma_device {
	const struct dma_map_ops ops;
	const struct dma_map_ops *before;
	struct device *dev;
	struct list_head node;
	struct xdma_stats __percpu *stats;
	atomic_t coherent;
	bool bound;
	bool held;
	bool shown;
	bool linked;
	bool told;
	bool gone;
};

/**
 * struct xdma_class - the pool for devices that can reach so far
 * @pool: its segments
 * @used: slots in use; exact to 32 slots for each CPU
 * @most_used: the most there have been
 * @bits: its segments lie below 1 << this
 * @retired: segments that a restore of the guest has made useless
 * @ready: the other fields are set up
 * @wanted: somebody found no slots
 * @refused: there is no more memory, or not in one piece
 * @retry: do not ask for more before this time
 */
struct xdma_class {
	struct xdma_pool pool;
	struct percpu_counter used;
	unsigned int most_used;
	unsigned int bits;
	unsigned int retired;
	bool ready;
	bool wanted;
	bool refused;
	unsigned long retry;
};

/* main.c: the parameters, and what runs the work of all files. */
extern unsigned int xdma_pool_mb;
extern unsigned int xdma_pool_max_mb;
extern struct workqueue_struct *xdma_workqueue;

/* ops.c */
extern const struct dma_map_ops xdma_ops;

/* The same for each entry of a scatter list, which is how we are recognised. */
int xdma_map_sg(struct device *dev, struct scatterlist *list, int nents,
		enum dma_data_direction dir, unsigned long attrs);

/**
 * xdma_device_of() - what we keep of a device that we serve
 * @dev: the device
 */
static inline struct xdma_device *xdma_device_of(const struct device *dev)
{
	return container_of(dev->dma_ops, struct xdma_device, ops);
}

/**
 * xdma_serves() - do we serve a device?
 * @dev: the device
 *
 * One that has the operations of its parent, as behind some host bridges, maps
 * as a part of that.
 */
static inline bool xdma_serves(const struct device *dev)
{
	return dev->dma_ops && dev->dma_ops->map_sg == xdma_map_sg &&
	       xdma_device_of(dev)->dev == dev;
}

/**
 * xdma_count() - count for a device
 * @xdev: the device
 * @counter: what
 * @number: how many
 *
 * Context: any.
 */
static inline void xdma_count(const struct xdma_device *xdev,
			      enum xdma_counter counter, u64 number)
{
	this_cpu_add(xdev->stats->count[counter], number);
}

/**
 * xdma_limits_of() - what a device asks of addresses for streaming
 * @dev: the device
 */
static inline struct xdma_limits xdma_limits_of(struct device *dev)
{
	return (struct xdma_limits) {
		.mask = min_not_zero(*dev->dma_mask, dev->bus_dma_limit),
		.boundary = dma_get_seg_boundary(dev),
		.min_align = dma_get_min_align_mask(dev),
	};
}

/**
 * xdma_ops_init() - learn how much memory the machine has
 */
void xdma_ops_init(void);

/* bounce.c */

/**
 * xdma_bounce_map() - map memory by way of slots
 * @dev: the device
 * @limits: what it asks for
 * @phys: physical address of the memory
 * @size: its size
 * @attrs: DMA_ATTR_NO_WARN matters
 *
 * Context: any.
 * Return: the address for the device, or DMA_MAPPING_ERROR.
 */
dma_addr_t xdma_bounce_map(struct device *dev, const struct xdma_limits *limits,
			   phys_addr_t phys, size_t size, unsigned long attrs);

/**
 * xdma_bounce_unmap() - end such a mapping
 * @dev: the device
 * @segment: where it is
 * @dma: its address
 * @copy: copy what the device wrote to where it belongs
 *
 * Context: any.
 */
void xdma_bounce_unmap(struct device *dev, struct xdma_segment *segment,
		       dma_addr_t dma, bool copy);

/**
 * xdma_bounce_sync() - copy a part of such a mapping
 * @dev: the device
 * @segment: where it is
 * @dma: address of the part
 * @size: its size
 * @to_device: copy for the device, not for the CPU
 *
 * Context: any.
 */
void xdma_bounce_sync(struct device *dev, struct xdma_segment *segment,
		      dma_addr_t dma, size_t size, bool to_device);

/**
 * xdma_bounce_alloc() - take slots as coherent memory
 * @mask: largest address that the device can use
 * @size: size, at most that of a segment
 * @dma: receives the address for the device
 *
 * Context: any.
 * Return: the memory, zeroed and aligned to its size, or NULL.
 */
void *xdma_bounce_alloc(u64 mask, size_t size, dma_addr_t *dma);

/**
 * xdma_bounce_free() - give such memory back
 * @segment: where it is
 * @dma: its address
 *
 * Context: any.
 */
void xdma_bounce_free(struct xdma_segment *segment, dma_addr_t dma);

/* coherent.c: these are members of struct dma_map_ops. */
void *xdma_alloc(struct device *dev, size_t size, dma_addr_t *dma, gfp_t gfp,
		 unsigned long attrs);
void xdma_free(struct device *dev, size_t size, void *memory, dma_addr_t dma,
	       unsigned long attrs);
struct page *xdma_alloc_pages(struct device *dev, size_t size, dma_addr_t *dma,
			      enum dma_data_direction dir, gfp_t gfp);
void xdma_free_pages(struct device *dev, size_t size, struct page *page,
		     dma_addr_t dma, enum dma_data_direction dir);
int xdma_mmap(struct device *dev, struct vm_area_struct *vma, void *memory,
	      dma_addr_t dma, size_t size, unsigned long attrs);
int xdma_get_sgtable(struct device *dev, struct sg_table *table, void *memory,
		     dma_addr_t dma, size_t size, unsigned long attrs);

/**
 * xdma_coherent_flush() - wait until what was freed is back where it was
 *
 * Context: may sleep.
 */
void xdma_coherent_flush(void);

/* reserve.c */

/**
 * xdma_reserve_get() - a device needs the pool
 *
 * The first one fills it, or the next one if that failed. If Xen gives no memory
 * there is one line about it, and mappings that would have to bounce fail.
 *
 * Context: may sleep.
 */
void xdma_reserve_get(void);

/**
 * xdma_reserve_put() - a device does not need it any more
 *
 * The last one gives all of it back.
 *
 * Context: may sleep; the device has nothing in the pool.
 */
void xdma_reserve_put(void);

/**
 * xdma_reserve_reach() - have something in the pool for a device's mask
 * @mask: largest address that it can use
 *
 * Context: may sleep.
 * Return: false if that cannot be.
 */
bool xdma_reserve_reach(u64 mask);

/**
 * xdma_class_of() - the pool for a device
 * @mask: largest address that it can use
 *
 * Context: any.
 * Return: the pool, or NULL if there is none.
 */
struct xdma_class *xdma_class_of(u64 mask);

/**
 * xdma_class_use() - account for slots
 * @class: their pool
 * @slots: slots taken; less than 0: given back
 *
 * Asks for more memory in time: a quarter of the slots is left then.
 *
 * Context: any.
 */
void xdma_class_use(struct xdma_class *class, int slots);

/**
 * xdma_class_want() - somebody found no slots
 * @class: the pool
 *
 * Context: any.
 */
void xdma_class_want(struct xdma_class *class);

/**
 * xdma_reserve_show() - write a table of the pools
 * @file: for people
 */
void xdma_reserve_show(struct seq_file *file);

/* exchange.c */

/**
 * xdma_exchange_in() - get machine-contiguous memory for pages
 * @page: first of 1 << @order pages; what they hold is lost
 * @order: how many
 * @bits: below 1 << this; 64: anywhere
 * @dma: receives the machine address, aligned to the size
 *
 * Context: may sleep.
 * Return: 0, or a negative error with the frames that the pages had.
 */
int xdma_exchange_in(struct page *page, unsigned int order, unsigned int bits,
		     dma_addr_t *dma);

/**
 * xdma_exchange_out() - give machine-contiguous memory back for any
 * @page: first of 1 << @order pages; what they hold is lost
 * @order: how many
 *
 * If Xen does not take it we keep what we have: it is memory like any other.
 *
 * Context: may sleep.
 */
void xdma_exchange_out(struct page *page, unsigned int order);

/* device.c */

/**
 * xdma_devices_init() - serve the devices that are there and those that come
 *
 * Return: 0 or a negative error.
 */
int xdma_devices_init(void);

/**
 * xdma_devices_exit() - serve none any more
 *
 * Context: none is bound to a driver, or the module could not go.
 */
void xdma_devices_exit(void);

/**
 * xdma_devices_show() - write a table of all PCI devices
 * @file: for people
 */
void xdma_devices_show(struct seq_file *file);

/**
 * xdma_kernel_ops() - does the kernel have DMA operations for all devices?
 */
bool xdma_kernel_ops(void);

/**
 * xdma_devices_choose() - name the devices that are served though the kernel could
 * @list: a valid list, see xdma_chosen_valid(); copied
 *
 * Those without a driver are served at once, or not any more.
 *
 * Return: 0 or a negative error.
 */
int xdma_devices_choose(const char *list);

/**
 * xdma_devices_choose_none() - forget what was chosen, at the very end
 */
void xdma_devices_choose_none(void);

/**
 * xdma_devices_chosen() - what was chosen last
 * @buffer: a page; receives a line
 *
 * Return: its length.
 */
int xdma_devices_chosen(char *buffer);

/**
 * xdma_devices_rebind() - unbind a device's driver and look for one again
 * @name: the device's place
 *
 * Return: 0 or a negative error.
 */
int xdma_devices_rebind(const char *name);

/* stats.c */

/**
 * xdma_stats_sum() - add up a device's counters
 * @xdev: the device
 * @sum: receives the sums
 */
void xdma_stats_sum(const struct xdma_device *xdev, struct xdma_stats *sum);

/* The folder in sysfs of a device that we serve. */
extern const struct attribute_group xdma_device_group;

void xdma_stats_init(void);
void xdma_stats_exit(void);

#endif /* XEN_SWIOTLB_H */
