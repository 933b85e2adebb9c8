// SPDX-License-Identifier: GPL-2.0
/*
 * xen-acpi-processor: the module and its parameters.
 */
#include <linux/acpi.h>
#include <linux/module.h>
#include <linux/suspend.h>
#include <xen/interface/xen.h>
#include <xen/xen.h>
#include "xenacpi.h"

/* Processors, and what Xen takes. */
DEFINE_MUTEX(xenacpi_lock);
struct workqueue_struct *xenacpi_queue;
bool xenacpi_dryrun;

/* An int, as in the in-tree driver. */
static int off;
module_param(off, int, 0400);
MODULE_PARM_DESC(off, "Send nothing to Xen, and read nothing (default: 0)");
module_param_named(dryrun, xenacpi_dryrun, bool, 0400);
MODULE_PARM_DESC(dryrun,
		 "Read everything, say what would be sent to Xen, and send nothing (default: no)");

/* The worker is frozen meanwhile, and does it when all is awake again. */
static int slept(struct notifier_block *block, unsigned long event, void *data)
{
	if (event == PM_POST_SUSPEND)
		xenacpi_upload_again();
	return NOTIFY_OK;
}

static struct notifier_block sleep_notifier = { .notifier_call = slept };
/* It is registered. */
static bool awake;

/* Why there is nothing to do here, or NULL. */
static const char *wrong_place(void)
{
	if (!xen_domain())
		return "this machine does not run on Xen";
	/* xen_initial_domain() is never true on a kernel without support. */
	if (!(xen_start_flags & SIF_INITDOMAIN))
		return "this is not Xen's initial domain";
	if (!IS_ENABLED(CONFIG_XEN_DOM0))
		return "this kernel is built without support for an initial domain";
	if (acpi_disabled)
		return "ACPI is off";
	return NULL;
}

/* The parts do not need each other; each may find nothing to do. */
static int start_processors(void)
{
	int err = xenacpi_processors_start();

	if (err)
		return err;
	err = register_pm_notifier(&sleep_notifier);
	awake = !err;
	return err;
}

static void stop(void)
{
	xenacpi_debug_stop();
	xenacpi_pad_stop();
	if (awake)
		unregister_pm_notifier(&sleep_notifier);
	xenacpi_processors_stop();
	xenacpi_routing_stop();
	destroy_workqueue(xenacpi_queue);
}

static int start(void)
{
	bool pad, routes;
	int err;

	/* No upload while the machine goes to sleep, or comes back. */
	xenacpi_queue = alloc_workqueue("xenacpi", WQ_UNBOUND | WQ_FREEZABLE,
					1);
	if (!xenacpi_queue)
		return -ENOMEM;
	err = start_processors();
	if (err == -ENOMEM)
		goto stop;
	routes = xenacpi_routing_start();
	pad = xenacpi_pad_start();
	if (err && !routes && !pad)
		goto stop;
	xenacpi_debug_start();
	return 0;

stop:
	stop();
	return err;
}

static int __init xenacpi_init(void)
{
	const char *wrong = wrong_place();

	if (wrong) {
		pr_info("%s: nothing to do here\n", wrong);
		return -ENODEV;
	}
	if (off) {
		pr_info("off: nothing is read or sent\n");
		return 0;
	}
	return start();
}
module_init(xenacpi_init);

static void __exit xenacpi_exit(void)
{
	if (off)
		return;
	stop();
}
module_exit(xenacpi_exit);

MODULE_DESCRIPTION("xenmod ACPI for Xen's initial domain: processor states, interrupt routing");
MODULE_LICENSE("GPL");
MODULE_VERSION(XENMOD_VERSION);
