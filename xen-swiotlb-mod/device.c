// SPDX-License-Identifier: GPL-2.0
/*
 * Which devices are served. A device that we serve has our operations in its
 * dma_ops. While a driver is bound to it, or anything of it is still mapped, it
 * also keeps the module loaded: the device is then named in the module's folder
 * "holders", where lsmod and rmmod find those whom they name.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <xen/interface/xen.h>
#include <xen/xen.h>
#include "chosen.h"
#include "swiotlb.h"

#define DRAIN_DELAY	(HZ / 10)
#define DRAIN_PERIOD	HZ

static LIST_HEAD(devices);
/*
 * Guards @devices, what struct xdma_device says, @chosen and @ready. Taken
 * inside the locks of devices.
 */
static DEFINE_MUTEX(devices_lock);
static char *chosen;
static bool ready;

bool xdma_kernel_ops(void)
{
	/* Not xen_initial_domain(), which some kernels take for impossible. */
	return dma_ops || (xen_start_flags & SIF_INITDOMAIN);
}

static bool is_chosen(struct device *dev)
{
	struct pci_dev *pci = to_pci_dev(dev);
	struct xdma_bdf bdf = {
		.domain = pci_domain_nr(pci->bus),
		.bus = pci->bus->number,
		.devfn = pci->devfn,
	};

	return chosen && xdma_chosen(chosen, &bdf);
}

/* Who serves a device that we are not to serve; NULL: we are. */
static const char *who_serves(struct device *dev)
{
	if (use_dma_iommu(dev))
		return "iommu";
	if (dev->dma_ops && !xdma_serves(dev))
		return "other";
	if (xdma_kernel_ops() && !is_chosen(dev))
		return "kernel";
	return NULL;
}

/* What goes through slots, and coherent memory. */
static s64 nr_mapped(const struct xdma_device *xdev)
{
	struct xdma_stats sum;

	xdma_stats_sum(xdev, &sum);
	return sum.count[XDMA_BOUNCED] - sum.count[XDMA_RETURNED] +
	       atomic_read(&xdev->coherent);
}

static void hold(struct xdma_device *xdev)
{
	struct device *dev = xdev->dev;

	xdma_reserve_get();
	xdev->linked = !sysfs_create_link(THIS_MODULE->holders_dir, &dev->kobj,
					  dev_name(dev));
	if (!xdev->linked)
		pr_warn("%s: cannot be named as holder\n", dev_name(dev));
	xdev->shown = !sysfs_create_group(&dev->kobj, &xdma_device_group);
	xdev->held = true;
	pr_info("%s: served, with driver %s; the module stays loaded for it\n",
		dev_name(dev), dev->driver->name);
}

/* Give up its name, which a new device may get while this one is held. */
static void hide(struct xdma_device *xdev)
{
	if (xdev->shown)
		sysfs_remove_group(&xdev->dev->kobj, &xdma_device_group);
	if (xdev->linked)
		sysfs_remove_link(THIS_MODULE->holders_dir,
				  dev_name(xdev->dev));
	xdev->shown = false;
	xdev->linked = false;
}

static void let_go(struct xdma_device *xdev)
{
	hide(xdev);
	xdma_coherent_flush();
	xdma_reserve_put();
	xdev->held = false;
}

/* What had our operations before must have lost sight of them meanwhile. */
static void free_device(struct xdma_device *xdev)
{
	synchronize_rcu();
	put_device(xdev->dev);
	free_percpu(xdev->stats);
	kfree(xdev);
}

static void detach(struct xdma_device *xdev)
{
	lockdep_assert_held(&devices_lock);
	list_del(&xdev->node);
	set_dma_ops(xdev->dev, xdev->before);
	free_device(xdev);
}

/*
 * Let go of those whose last driver left mappings, when these have ended.
 * Returns how many still have some.
 */
static unsigned int drain(unsigned int *done)
{
	struct xdma_device *xdev, *next;
	unsigned int waiting = 0;
	s64 mapped;

	lockdep_assert_held(&devices_lock);
	list_for_each_entry_safe(xdev, next, &devices, node) {
		if (xdev->bound || !xdev->held)
			continue;
		mapped = nr_mapped(xdev);
		if (mapped) {
			if (!xdev->told)
				pr_warn("%s: has no driver and still has %lld mappings: the module stays loaded for it\n",
					dev_name(xdev->dev), mapped);
			xdev->told = true;
			waiting++;
			continue;
		}
		let_go(xdev);
		if (xdev->gone)
			detach(xdev);
		++*done;
	}
	return waiting;
}

static void drain_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(drain_work, drain_work_fn);

static void drain_work_fn(struct work_struct *work)
{
	unsigned int done = 0, waiting;

	mutex_lock(&devices_lock);
	waiting = drain(&done);
	mutex_unlock(&devices_lock);
	if (waiting)
		queue_delayed_work(xdma_workqueue, &drain_work, DRAIN_PERIOD);
	while (done--)
		module_put(THIS_MODULE);
}

/* The driver is gone, or failed. Some give memory back a little later. */
static void unbound(struct xdma_device *xdev)
{
	if (!xdev->bound)
		return;
	xdev->bound = false;
	if (nr_mapped(xdev)) {
		queue_delayed_work(xdma_workqueue, &drain_work, DRAIN_DELAY);
		return;
	}
	let_go(xdev);
	module_put(THIS_MODULE);
}

static struct xdma_device *attach(struct device *dev)
{
	struct xdma_device *xdev = kzalloc(sizeof(*xdev), GFP_KERNEL);

	if (!xdev)
		return NULL;
	xdev->stats = alloc_percpu(struct xdma_stats);
	if (!xdev->stats) {
		kfree(xdev);
		return NULL;
	}
	memcpy((void *)&xdev->ops, &xdma_ops, sizeof(xdma_ops));
	xdev->before = dev->dma_ops;
	xdev->dev = get_device(dev);
	list_add_tail(&xdev->node, &devices);
	set_dma_ops(dev, &xdev->ops);
	return xdev;
}

/*
 * Serve a device, or not any more, as it is to be now; it has no driver.
 * Returns what we keep of it if we serve it.
 */
static struct xdma_device *settle(struct device *dev)
{
	struct xdma_device *xdev = xdma_serves(dev) ? xdma_device_of(dev) : NULL;
	bool serve = !who_serves(dev);

	lockdep_assert_held(&devices_lock);
	if (!ready)
		return NULL;
	if (!xdev && serve) {
		xdev = attach(dev);
		if (!xdev)
			pr_err("%s: no memory to serve it\n", dev_name(dev));
	} else if (xdev && !serve && !xdev->held) {
		detach(xdev);
		xdev = NULL;
	}
	return xdev;
}

/* A driver is about to be bound: the last moment before it maps anything. */
static void bind(struct device *dev)
{
	struct xdma_device *xdev = settle(dev);

	if (!xdev)
		return;
	/* Where the last driver left mappings, all is still held. */
	if (!xdev->held) {
		if (!try_module_get(THIS_MODULE)) {
			detach(xdev);
			return;
		}
		hold(xdev);
	}
	xdev->bound = true;
	xdev->told = false;
	/* The kernel remembers of earlier operations that they need none. */
	dma_reset_need_sync(dev);
}

static void removed(struct xdma_device *xdev)
{
	if (!xdev->held) {
		detach(xdev);
		return;
	}
	hide(xdev);
	xdev->gone = true;
}

static int notify(struct notifier_block *block, unsigned long event,
		  void *device)
{
	struct device *dev = device;

	mutex_lock(&devices_lock);
	switch (event) {
	case BUS_NOTIFY_ADD_DEVICE:
		settle(dev);
		break;
	case BUS_NOTIFY_BIND_DRIVER:
		bind(dev);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		if (xdma_serves(dev))
			unbound(xdma_device_of(dev));
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		if (xdma_serves(dev))
			removed(xdma_device_of(dev));
		break;
	}
	mutex_unlock(&devices_lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/* Those without a driver are settled; of others people are told what to do. */
static int settle_one(struct device *dev, void *unused)
{
	device_lock(dev);
	mutex_lock(&devices_lock);
	if (!dev->driver)
		settle(dev);
	else if (!xdma_serves(dev) && !who_serves(dev))
		pr_info("%s: is in use by %s: to serve it, write its name to the parameter rebind\n",
			dev_name(dev), dev->driver->name);
	mutex_unlock(&devices_lock);
	device_unlock(dev);
	return 0;
}

int xdma_devices_choose(const char *list)
{
	char *copy = kstrdup(list, GFP_KERNEL);
	bool tell;

	if (!copy)
		return -ENOMEM;
	mutex_lock(&devices_lock);
	swap(chosen, copy);
	tell = ready;
	mutex_unlock(&devices_lock);
	kfree(copy);
	if (tell)
		bus_for_each_dev(&pci_bus_type, NULL, NULL, settle_one);
	return 0;
}

void xdma_devices_choose_none(void)
{
	kfree(chosen);
	chosen = NULL;
}

int xdma_devices_chosen(char *buffer)
{
	int length;

	mutex_lock(&devices_lock);
	length = scnprintf(buffer, PAGE_SIZE, "%s", chosen ?: "");
	mutex_unlock(&devices_lock);
	if (!length || buffer[length - 1] != '\n')
		length += scnprintf(buffer + length, PAGE_SIZE - length, "\n");
	return length;
}

int xdma_devices_rebind(const char *name)
{
	struct xdma_bdf bdf;
	struct pci_dev *pci;
	int err;

	if (!ready || !xdma_bdf_parse(name, &bdf))
		return -EINVAL;
	pci = pci_get_domain_bus_and_slot(bdf.domain, bdf.bus, bdf.devfn);
	if (!pci)
		return -ENODEV;
	err = device_reprobe(&pci->dev);
	pci_dev_put(pci);
	return err;
}

static int show_one(struct device *dev, void *data)
{
	struct seq_file *file = data;
	const char *driver = dev_driver_string(dev);
	struct xdma_device *xdev;
	struct xdma_stats sum;

	if (!xdma_serves(dev)) {
		seq_printf(file, "%-13s %-15s %-15s\n", dev_name(dev),
			   who_serves(dev) ?: "none", driver);
		return 0;
	}
	xdev = xdma_device_of(dev);
	xdma_stats_sum(xdev, &sum);
	seq_printf(file, "%-13s %-15s %-15s %11llu %11llu %6lld %8d %9llu\n",
		   dev_name(dev), "xen-swiotlb-mod", driver,
		   sum.count[XDMA_IN_PLACE], sum.count[XDMA_BOUNCED],
		   (s64)(sum.count[XDMA_BOUNCED] - sum.count[XDMA_RETURNED]),
		   atomic_read(&xdev->coherent), sum.count[XDMA_EXHAUSTED]);
	return 0;
}

void xdma_devices_show(struct seq_file *file)
{
	seq_puts(file, "device        DMA by          driver             in place     bounced    now coherent exhausted\n");
	mutex_lock(&devices_lock);
	bus_for_each_dev(&pci_bus_type, NULL, file, show_one);
	mutex_unlock(&devices_lock);
}

int xdma_devices_init(void)
{
	int err;

	ready = true;
	err = bus_register_notifier(&pci_bus_type, &notifier);
	if (!err)
		bus_for_each_dev(&pci_bus_type, NULL, NULL, settle_one);
	return err;
}

void xdma_devices_exit(void)
{
	struct xdma_device *xdev, *next;

	/* Whoever is bound to a driver from now on is not served. */
	mutex_lock(&devices_lock);
	ready = false;
	list_for_each_entry_safe(xdev, next, &devices, node)
		detach(xdev);
	mutex_unlock(&devices_lock);
	bus_unregister_notifier(&pci_bus_type, &notifier);
	cancel_delayed_work_sync(&drain_work);
}
