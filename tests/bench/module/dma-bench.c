// SPDX-License-Identifier: GPL-2.0
/*
 * Maps and unmaps a buffer for a PCI device, many times, without the device
 * noticing: what a mapping costs, whatever serves it. Test code.
 */
#include <linux/dma-mapping.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#define MAX_BYTES	SZ_1M
#define MAX_HELD	4096u

static char device[16];
module_param_string(device, device, sizeof(device), 0644);
MODULE_PARM_DESC(device, "PCI device with a driver, like 0000:00:01.0");
static unsigned int bytes = PAGE_SIZE;
module_param(bytes, uint, 0644);
MODULE_PARM_DESC(bytes, "Size of a mapping, up to 1 MiB");
static unsigned int held;
module_param(held, uint, 0644);
MODULE_PARM_DESC(held, "Mappings of that size that are held meanwhile, up to 4096");

static unsigned long nanoseconds;
module_param(nanoseconds, ulong, 0444);
MODULE_PARM_DESC(nanoseconds, "What the last run took");

static struct pci_dev *find_device(void)
{
	unsigned int domain, bus, slot, function;

	if (sscanf(device, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return NULL;
	return pci_get_domain_bus_and_slot(domain, bus,
					   PCI_DEVFN(slot, function));
}

static int map_and_unmap(struct device *dev, struct page *page,
			 unsigned int count)
{
	u64 begin = ktime_get_ns();
	dma_addr_t address;

	while (count--) {
		address = dma_map_page(dev, page, 0, bytes, DMA_TO_DEVICE);
		if (dma_mapping_error(dev, address))
			return -ENOMEM;
		dma_unmap_page(dev, address, bytes, DMA_TO_DEVICE);
		cond_resched();
	}
	nanoseconds = ktime_get_ns() - begin;
	return 0;
}

static int measure(struct device *dev, struct page *page, dma_addr_t *hold,
		   unsigned int count)
{
	unsigned int n;
	int err = 0;

	for (n = 0; n < held; n++) {
		hold[n] = dma_map_page(dev, page, 0, bytes, DMA_TO_DEVICE);
		if (dma_mapping_error(dev, hold[n])) {
			err = -ENOMEM;
			break;
		}
	}
	if (!err)
		err = map_and_unmap(dev, page, count);
	while (n--)
		dma_unmap_page(dev, hold[n], bytes, DMA_TO_DEVICE);
	return err;
}

static int run(struct device *dev, unsigned int count)
{
	struct page *page;
	dma_addr_t *hold;
	int err = -ENOMEM;

	page = alloc_pages(GFP_KERNEL | __GFP_COMP, get_order(bytes));
	hold = kvcalloc(held + 1, sizeof(*hold), GFP_KERNEL);
	if (page && hold)
		err = measure(dev, page, hold, count);
	kvfree(hold);
	if (page)
		__free_pages(page, get_order(bytes));
	return err;
}

static int run_set(const char *text, const struct kernel_param *param)
{
	struct pci_dev *pdev;
	unsigned int count;
	int err;

	err = kstrtouint(text, 0, &count);
	if (err)
		return err;
	if (!bytes || bytes > MAX_BYTES || held > MAX_HELD)
		return -EINVAL;
	pdev = find_device();
	if (!pdev)
		return -ENODEV;
	/* Its driver stays. */
	device_lock(&pdev->dev);
	err = pdev->dev.driver ? run(&pdev->dev, count) : -ENODEV;
	device_unlock(&pdev->dev);
	pci_dev_put(pdev);
	return err;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "Write how many times to map and unmap");

MODULE_DESCRIPTION("What DMA mappings cost");
MODULE_LICENSE("GPL");
