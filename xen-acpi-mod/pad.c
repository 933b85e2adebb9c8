// SPDX-License-Identifier: GPL-2.0
/*
 * Processor aggregator devices (ACPI 6.5, 8.5): the firmware asks for a number
 * of processors to be idle, Xen parks them. The kernel of an initial domain has
 * a driver for it; this serves a device that has none.
 */
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/platform.h>
#include "compat-acpi.h"
#include "xenacpi.h"

#define PAD_HID		"ACPI000C"
#define NOTIFY_PUR	0x80
#define PUR_REVISION	1

/* _OST: what was asked for is done, or was not understood. */
#define OST_GOOD	0
#define OST_BAD		1

/* A device that is ours; there is one in a machine, if any. */
static acpi_handle pad;
static bool others;
static void serve(struct work_struct *work);
static DECLARE_WORK(server, serve);

/* How many processors shall be idle. Returns -EINVAL for a bad _PUR. */
static int read_wanted(u32 *wanted)
{
	struct acpi_buffer buffer = { ACPI_ALLOCATE_BUFFER, NULL };
	acpi_status status;
	int err = -EINVAL;
	u64 field[2];

	status = acpi_evaluate_object(pad, "_PUR", NULL, &buffer);
	if (ACPI_SUCCESS(status) && buffer.pointer &&
	    xenacpi_integers(buffer.pointer, 2, field) &&
	    field[0] == PUR_REVISION && field[1] <= S32_MAX) {
		*wanted = field[1];
		err = 0;
	}
	ACPI_FREE(buffer.pointer);
	return err;
}

static int park(u32 type, u32 *number)
{
	struct xen_platform_op op = { .cmd = XENPF_core_parking };
	int err;

	op.u.core_parking.type = type;
	op.u.core_parking.idle_nums = *number;
	err = HYPERVISOR_platform_op(&op);
	*number = op.u.core_parking.idle_nums;
	return err;
}

static void serve(struct work_struct *work)
{
	u32 idle = 0, wanted;
	struct acpi_buffer answer = { sizeof(idle), &idle };
	int err;

	err = read_wanted(&wanted);
	if (err)
		pr_warn_ratelimited("bad _PUR of a processor aggregator, dropped\n");
	else
		err = park(XEN_CORE_PARKING_SET, &wanted);
	park(XEN_CORE_PARKING_GET, &idle);
	acpi_evaluate_ost(pad, NOTIFY_PUR, err ? OST_BAD : OST_GOOD, &answer);
}

static void notified(acpi_handle handle, u32 event, void *data)
{
	if (event == NOTIFY_PUR)
		queue_work(xenacpi_queue, &server);
}

/* Newer kernels have a platform device for it, and drivers bind that. */
static int has_driver(struct device *dev, void *handle)
{
	return ACPI_HANDLE(dev) == handle && dev->driver;
}

static acpi_status found(acpi_handle handle, u32 depth, void *context,
			 void **result)
{
	struct acpi_device *device = acpi_fetch_acpi_dev(handle);

	if ((device && device->dev.driver) ||
	    bus_for_each_dev(&platform_bus_type, NULL, handle, has_driver)) {
		others = true;
		return AE_OK;
	}
	if (!pad && !xenacpi_dryrun &&
	    ACPI_SUCCESS(acpi_install_notify_handler(handle, ACPI_DEVICE_NOTIFY,
						     notified, NULL)))
		pad = handle;
	return AE_OK;
}

bool xenacpi_pad_start(void)
{
	acpi_get_devices(PAD_HID, found, NULL, NULL);
	if (pad)
		pr_info("parking processors when the firmware asks: no other driver does\n");
	return pad;
}

void xenacpi_pad_stop(void)
{
	u32 none = 0;

	if (!pad)
		return;
	acpi_remove_notify_handler(pad, ACPI_DEVICE_NOTIFY, notified);
	cancel_work_sync(&server);
	park(XEN_CORE_PARKING_SET, &none);
}

const char *xenacpi_pad_show(void)
{
	return pad ? "active" : others ? "built-in" : "none";
}
