/* SPDX-License-Identifier: GPL-2.0 */
/* All there is to report about this machine at one time. */
#ifndef XENMOD_HOST_H
#define XENMOD_HOST_H

#include "acpi.h"
#include "device.h"
#include "dma.h"
#include "module.h"
#include "snapshot.h"

struct host {
	char kernel[128];
	char xen[128];
	struct number domain;		/* our own */
	char boot_id[BOOT_ID_MAX];
	uint64_t time_ns;		/* CLOCK_BOOTTIME */
	struct module *modules;
	size_t module_count;
	struct device *devices;
	size_t device_count;
	struct acpi acpi;
	struct dma_device *dma_devices;
	size_t dma_device_count;
};

struct xen;

void host_collect(struct xen *xen, struct host *host);
void host_free(struct host *host);

#endif
