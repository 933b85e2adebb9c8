// SPDX-License-Identifier: GPL-2.0
/*
 * xen-blkback: the module and its parameters.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <xenmod/parameter.h>
#include "blkback.h"
#include "compat.h"

struct blk_parameters blk_parameters = {
	.max_ring_order = BLK_MAX_RING_ORDER,
	.max_buffer_pages = 1024,
	.max_persistent_grants = 1056,
	.persistent_unused_seconds = 60,
	.copy_max_bytes = 131072,
	.drain_seconds = 30,
	.squeeze_ms = 10,
	.persistent = true,
	.poll = true,
};

struct workqueue_struct *blk_workqueue;

xenmod_range_param(max_queues, blk_parameters.max_queues, 1, BLK_MAX_QUEUES, 0644);
MODULE_PARM_DESC(max_queues,
		 "Queues offered to a frontend, 1 to 64 (default: the number of CPUs)");
xenmod_range_param(max_ring_page_order, blk_parameters.max_ring_order, 0,
		   BLK_MAX_RING_ORDER, 0644);
MODULE_PARM_DESC(max_ring_page_order,
		 "Largest ring offered to a frontend, 0 to 4: that power of two in pages (default: 4)");
xenmod_range_param(max_buffer_pages, blk_parameters.max_buffer_pages, 0, 65536,
		   0644);
MODULE_PARM_DESC(max_buffer_pages,
		 "Free pages that a queue keeps for later, 0 to 65536 (default: 1024)");
xenmod_range_param(max_persistent_grants, blk_parameters.max_persistent_grants,
		   0, 65536, 0644);
MODULE_PARM_DESC(max_persistent_grants,
		 "Grants that a queue keeps mapped, 0 to 65536 (default: 1056)");
xenmod_range_param(persistent_grant_unused_seconds,
		   blk_parameters.persistent_unused_seconds, 0, 86400, 0644);
MODULE_PARM_DESC(persistent_grant_unused_seconds,
		 "Seconds after which an unused persistent grant may make room for another, 0 to 86400 (default: 60)");
xenmod_range_param(copy_max_bytes, blk_parameters.copy_max_bytes, 0,
		   BLK_MAX_INDIRECT * 4096, 0644);
MODULE_PARM_DESC(copy_max_bytes,
		 "Requests up to this size are copied, larger ones mapped, where mapping is possible, 0 to 1048576 (default: 131072)");
xenmod_range_param(drain_seconds, blk_parameters.drain_seconds, 1, 86400, 0644);
MODULE_PARM_DESC(drain_seconds,
		 "Seconds that unbinding waits for requests that the disk holds, 1 to 86400 (default: 30)");
xenmod_range_param(buffer_squeeze_duration_ms, blk_parameters.squeeze_ms, 0,
		   3600000, 0644);
MODULE_PARM_DESC(buffer_squeeze_duration_ms,
		 "Milliseconds for which queues keep no free pages after memory was short, 0 to 3600000 (default: 10)");
module_param_cb(log_stats, &blk_log_ops, &blk_parameters.log_stats, 0644);
MODULE_PARM_DESC(log_stats,
		 "Log statistics of each device that is in use, every ten seconds (default: no)");
module_param_named(feature_persistent, blk_parameters.persistent, bool, 0644);
MODULE_PARM_DESC(feature_persistent, "Offer persistent grants (default: yes)");

module_param_named(poll, blk_parameters.poll, bool, 0644);
MODULE_PARM_DESC(poll,
		 "Wait in Xen for the next request while requests come quickly, instead of going to sleep each time (default: yes)");

static int __init blk_init(void)
{
	int err;

	if (!blk_parameters.max_queues)
		blk_parameters.max_queues = min(num_online_cpus(),
						BLK_MAX_QUEUES);

	/*
	 * A guest's pages can be what the host waits for to free memory. And
	 * other work of a CPU gets a worker of its own, so that one that waits
	 * in Xen finds out that it is no longer alone.
	 */
	blk_workqueue = alloc_workqueue("xen-blkback",
					WQ_MEM_RECLAIM | WQ_PERCPU |
					WQ_CPU_INTENSIVE, 0);
	if (!blk_workqueue)
		return -ENOMEM;
	err = xenmod_backend_register(&blk_backend_driver);
	if (err) {
		destroy_workqueue(blk_workqueue);
		return err;
	}
	blk_log_init();
	return 0;
}
module_init(blk_init);

static void __exit blk_exit(void)
{
	blk_log_exit();
	xenmod_backend_unregister(&blk_backend_driver);
	destroy_workqueue(blk_workqueue);
}
module_exit(blk_exit);

MODULE_DESCRIPTION("xenmod block backend for Xen guests");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
MODULE_ALIAS("xen-backend:vbd");
