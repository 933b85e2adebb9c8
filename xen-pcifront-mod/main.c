// SPDX-License-Identifier: GPL-2.0
/*
 * xen-pcifront: the module and its parameters.
 */
#include <linux/module.h>
#include <xen/interface/xen.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>
#include <xenmod/parameter.h>
#include "pcifront.h"

unsigned int pcifront_timeout = 5;

xenmod_range_param(timeout, pcifront_timeout, 1, 60, 0644);
MODULE_PARM_DESC(timeout,
		 "Seconds after which a backend that does not answer is dead, 1 to 60 (default: 5)");

static int __init pcifront_init(void)
{
	int err;

	/*
	 * The hook for MSI would be called for the initial domain's own
	 * devices. xen_initial_domain() is always false in some kernels.
	 */
	if (!xen_pv_domain() || xen_start_flags & SIF_INITDOMAIN) {
		pr_info("only PV guests get PCI devices this way: nothing to do here\n");
		return -ENODEV;
	}
	if (!xen_has_pv_devices()) {
		pr_info("PV devices are turned off: nothing to do here\n");
		return -ENODEV;
	}

	err = pcifront_intx_init();
	if (err)
		return err;
	pcifront_msi_init();
	err = xenbus_register_frontend(&pcifront_driver);
	if (err) {
		pcifront_msi_exit();
		pcifront_intx_exit();
	}
	return err;
}
module_init(pcifront_init);

static void __exit pcifront_exit(void)
{
	xenbus_unregister_driver(&pcifront_driver);
	pcifront_msi_exit();
	pcifront_intx_exit();
}
module_exit(pcifront_exit);

MODULE_DESCRIPTION("xenmod PCI frontend for Xen PV guests");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
MODULE_ALIAS("xen:pci");
MODULE_SOFTDEP("pre: xen-swiotlb-mod");
