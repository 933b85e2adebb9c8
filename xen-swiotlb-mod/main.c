// SPDX-License-Identifier: GPL-2.0
/*
 * xen-swiotlb-mod: DMA of PV guests. The module and its parameters.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <xen/xen.h>
#include "chosen.h"
#include "swiotlb.h"

/* All that can lie below XDMA_POOL_BITS. */
#define MOST_MB		4096u

unsigned int xdma_pool_mb = 4;
module_param_named(pool_mb, xdma_pool_mb, uint, 0444);
MODULE_PARM_DESC(pool_mb,
		 "MiB for memory that devices cannot reach, taken when the first device needs it, 1 to pool_max_mb (default: 4)");
unsigned int xdma_pool_max_mb = 64;
module_param_named(pool_max_mb, xdma_pool_max_mb, uint, 0444);
MODULE_PARM_DESC(pool_max_mb,
		 "MiB to which that may grow, 1 to 4096 (default: 64)");

static int takeover_set(const char *text, const struct kernel_param *param)
{
	if (!xdma_chosen_valid(text)) {
		pr_err("takeover must be all, or devices like 0000:04:00.0 with commas between them\n");
		return -EINVAL;
	}
	return xdma_devices_choose(text);
}

static int takeover_get(char *buffer, const struct kernel_param *param)
{
	return xdma_devices_chosen(buffer);
}

static void takeover_free(void *unused)
{
	xdma_devices_choose_none();
}

static const struct kernel_param_ops takeover_ops = {
	.set = takeover_set,
	.get = takeover_get,
	.free = takeover_free,
};
module_param_cb(takeover, &takeover_ops, NULL, 0644);
MODULE_PARM_DESC(takeover,
		 "PCI devices to serve though the kernel has swiotlb-xen, with commas between them, or all (default: none)");

static int rebind_set(const char *text, const struct kernel_param *param)
{
	int err = xdma_devices_rebind(text);

	if (err == -EINVAL)
		pr_err("rebind takes a device like 0000:04:00.0, once the module is loaded\n");
	return err;
}

static const struct kernel_param_ops rebind_ops = { .set = rebind_set };
module_param_cb(rebind, &rebind_ops, NULL, 0200);
MODULE_PARM_DESC(rebind,
		 "Write a PCI device: its driver is unbound and bound again, so that it is served, or not, as it is to be now");

static int kernel_ops_get(char *buffer, const struct kernel_param *param)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n",
			 xdma_kernel_ops() ? "swiotlb-xen" : "none");
}

static const struct kernel_param_ops kernel_ops_ops = { .get = kernel_ops_get };
module_param_cb(kernel_ops, &kernel_ops_ops, NULL, 0444);
MODULE_PARM_DESC(kernel_ops,
		 "What serves the devices that this module does not: swiotlb-xen or none");

struct workqueue_struct *xdma_workqueue;

static int __init xdma_init(void)
{
	int err;

	if (!xen_pv_domain()) {
		pr_info("only PV guests of Xen need DMA translation: nothing to do here\n");
		return -ENODEV;
	}
	if (!xdma_pool_max_mb || xdma_pool_max_mb > MOST_MB || !xdma_pool_mb ||
	    xdma_pool_mb > xdma_pool_max_mb) {
		pr_err("pool_mb must be 1 to pool_max_mb, and that at most %u\n",
		       MOST_MB);
		return -EINVAL;
	}
	xdma_workqueue = alloc_workqueue("xen-swiotlb", WQ_UNBOUND, 0);
	if (!xdma_workqueue)
		return -ENOMEM;
	xdma_ops_init();
	xdma_stats_init();
	err = xdma_devices_init();
	if (err) {
		xdma_stats_exit();
		destroy_workqueue(xdma_workqueue);
		return err;
	}
	pr_info("%s\n", xdma_kernel_ops() ?
		"idle: the kernel has swiotlb-xen here; takeover= names devices to serve" :
		"serves PCI devices: the kernel translates no DMA here");
	return 0;
}
module_init(xdma_init);

static void __exit xdma_exit(void)
{
	xdma_devices_exit();
	xdma_stats_exit();
	destroy_workqueue(xdma_workqueue);
}
module_exit(xdma_exit);

MODULE_DESCRIPTION("xenmod DMA translation for PCI devices of PV guests");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
