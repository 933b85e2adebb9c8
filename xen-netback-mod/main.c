// SPDX-License-Identifier: GPL-2.0
/*
 * xen-netback: the module and its parameters.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <xenmod/parameter.h>
#include "netback.h"

/* Most frontends take no more of them, and each costs the guest two rings. */
#define USUAL_QUEUES	8U

struct vif_parameters vif_parameters = {
	.drain_msecs = 10000,
	.stall_msecs = 60000,
	.fatal_slots = 20,
	.split = true,
};

xenmod_range_param(max_queues, vif_parameters.max_queues, 1, VIF_MAX_QUEUES,
		   0644);
MODULE_PARM_DESC(max_queues,
		 "Queues offered to a frontend, 1 to 64 (default: the number of CPUs, at most 8)");
xenmod_range_param(rx_drain_timeout_msecs, vif_parameters.drain_msecs, 0,
		   3600000, 0644);
MODULE_PARM_DESC(rx_drain_timeout_msecs,
		 "Milliseconds that packets wait for a guest that takes none, before they are dropped, 0 to 3600000, 0 is for ever (default: 10000)");
xenmod_range_param(rx_stall_timeout_msecs, vif_parameters.stall_msecs, 0,
		   3600000, 0644);
MODULE_PARM_DESC(rx_stall_timeout_msecs,
		 "Milliseconds after which a guest that takes no packets on any queue has no carrier, 0 to 3600000, 0 is never (default: 60000)");
xenmod_range_param(fatal_skb_slots, vif_parameters.fatal_slots, NETIF_MIN_SLOTS,
		   NETIF_RING_SLOTS, 0444);
MODULE_PARM_DESC(fatal_skb_slots,
		 "A guest that sends a packet of more slots than this is not served any more, 18 to 256 (default: 20)");
module_param_named(separate_tx_rx_irq, vif_parameters.split, bool, 0644);
MODULE_PARM_DESC(separate_tx_rx_irq,
		 "Offer an event channel for each way (default: yes)");
/* Files in modprobe.d may set it. */
static unsigned int hash_cache_size;
module_param(hash_cache_size, uint, 0444);
MODULE_PARM_DESC(hash_cache_size,
		 "Accepted for the in-tree driver's sake: hashes are computed from a table, without a cache");

module_param_named(latency, vif_parameters.latency, bool, 0644);
MODULE_PARM_DESC(latency,
		 "Measure the time from a guest's event to the answers, for debugfs (default: no)");

static int __init vif_init(void)
{
	int err;

	if (!vif_parameters.max_queues)
		vif_parameters.max_queues = min(num_online_cpus(),
						USUAL_QUEUES);
	vif_debug_init();
	err = xenmod_backend_register(&vif_backend_driver);
	if (err)
		vif_debug_exit();
	return err;
}
module_init(vif_init);

static void __exit vif_exit(void)
{
	xenmod_backend_unregister(&vif_backend_driver);
	vif_debug_exit();
}
module_exit(vif_exit);

MODULE_DESCRIPTION("xenmod network backend for Xen guests");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
MODULE_ALIAS("xen-backend:vif");
