// SPDX-License-Identifier: GPL-2.0
#include "host.h"
#include "sysfs.h"
#include "xen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#define ACPI_FOLDER	"/sys/kernel/debug/xen-acpi-processor"
#define PCI_FOLDER	"/sys/bus/pci/devices"

void host_collect(struct xen *xen, struct host *host)
{
	struct utsname uts;
	struct timespec now;

	memset(host, 0, sizeof(*host));
	if (!uname(&uts))
		text_copy(host->kernel, sizeof(host->kernel), uts.release);
	xen_version(host->xen, sizeof(host->xen));
	host->domain = xen_store_number(xen, NULL, "domid");
	sysfs_text("/proc/sys/kernel/random", "boot_id", host->boot_id,
		   sizeof(host->boot_id));

	host->module_count = module_collect(&host->modules, host->kernel);
	clock_gettime(CLOCK_BOOTTIME, &now);
	host->time_ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	host->device_count = device_collect(xen, &host->devices);
	acpi_collect(ACPI_FOLDER, PCI_FOLDER, &host->acpi);
	host->dma_device_count = dma_collect(SYSFS, &host->dma_devices);
}

void host_free(struct host *host)
{
	free(host->modules);
	free(host->devices);
	acpi_free(&host->acpi);
	free(host->dma_devices);
	memset(host, 0, sizeof(*host));
}
