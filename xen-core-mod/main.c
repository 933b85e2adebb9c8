// SPDX-License-Identifier: GPL-2.0
/*
 * xen-core-mod: what xenmod's drivers share.
 */
#include <linux/module.h>
#include <xen/xen.h>
#include "core.h"

static int __init xenmod_init(void)
{
	int err;

	if (!xen_domain()) {
		pr_info("this machine does not run on Xen: nothing to do here\n");
		return -ENODEV;
	}
	err = xenmod_backend_init();
	if (err)
		return err;
	xenmod_stats_init();
	return 0;
}
module_init(xenmod_init);

static void __exit xenmod_exit(void)
{
	xenmod_stats_exit();
	xenmod_backend_exit();
}
module_exit(xenmod_exit);

MODULE_DESCRIPTION("xenmod core: grants, event channels, rings and xenbus for Xen backends");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
