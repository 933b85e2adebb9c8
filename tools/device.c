// SPDX-License-Identifier: GPL-2.0
#include "device.h"
#include "feature.h"
#include "memory.h"
#include "sysfs.h"
#include "xen.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES		"/sys/bus/xen-backend/devices"
#define STORE_PATH_MAX	512
#define RING_ORDER_MAX	8	/* beyond any protocol's */

/* enum xenbus_state of the protocol */
enum {
	STATE_INITIALISED = 3,
	STATE_CONNECTED = 4,
	STATE_RECONFIGURING = 7,
	STATE_RECONFIGURED = 8,
};

static bool frontend_ready(struct number state)
{
	return number_valid(state) &&
	       (state.value == STATE_INITIALISED ||
		state.value == STATE_CONNECTED ||
		state.value == STATE_RECONFIGURING ||
		state.value == STATE_RECONFIGURED);
}

static enum device_kind kind_of(const char *name)
{
	if (!strncmp(name, "vbd-", 4))
		return DEVICE_VBD;
	if (!strncmp(name, "vif-", 4))
		return DEVICE_VIF;
	return DEVICE_OTHER;
}

static void read_driver(struct device *d, const char *directory)
{
	char module[64];

	if (!sysfs_link(directory, "driver", d->driver, sizeof(d->driver)))
		return;
	if (sysfs_link(directory, "driver/module", module, sizeof(module)))
		module_identify(&d->module, module);
}

static void read_counters(struct device *d, const char *directory)
{
	char places[GROUP_COUNT][128] = {
		[GROUP_STATISTICS]	= "statistics",
		[GROUP_XENMOD]		= "xenmod",
	};
	int i;

	snprintf(places[GROUP_NETWORK], sizeof(*places), "net/%s/statistics",
		 d->network_device);
	for (i = 0; i < COUNTER_COUNT; i++) {
		const struct counter_info *info = &counter_infos[i];
		char file[256];

		snprintf(file, sizeof(file), "%s/%s", places[info->group],
			 info->name);
		d->counters.values[i] = sysfs_number(directory, file);
	}
}

static void read_guest(struct xen *xen, struct device *d, const char *backend)
{
	char path[STORE_PATH_MAX];

	d->guest_id = xen_store_number(xen, backend, "frontend-id");
	if (!number_valid(d->guest_id))
		return;
	snprintf(path, sizeof(path), "/local/domain/%llu",
		 (unsigned long long)d->guest_id.value);
	xen_store_text(xen, path, "name", d->guest_name,
		       sizeof(d->guest_name));
}

static void read_backing(struct xen *xen, struct device *d,
			 const char *backend)
{
	xen_store_text(xen, backend, "params", d->params, sizeof(d->params));
	xen_store_text(xen, backend, "physical-device", d->physical_device,
		       sizeof(d->physical_device));
	xen_store_text(xen, backend, "mode", d->mode, sizeof(d->mode));
	xen_store_text(xen, backend, "bridge", d->bridge, sizeof(d->bridge));
}

/* Keys that a frontend leaves out mean one queue and one page. */
static void read_ring(struct xen *xen, struct device *d, const char *frontend)
{
	struct number order;

	if (d->kind == DEVICE_OTHER || !d->connected)
		return;

	d->queues = xen_store_number(xen, frontend, "multi-queue-num-queues");
	if (d->queues.kind == NUMBER_ABSENT)
		d->queues = number_of(1);
	if (d->kind != DEVICE_VBD)
		return;

	xen_store_text(xen, frontend, "protocol", d->protocol,
		       sizeof(d->protocol));
	order = xen_store_number(xen, frontend, "ring-page-order");
	if (order.kind == NUMBER_ABSENT)
		order = number_of(0);
	if (number_valid(order) && order.value <= RING_ORDER_MAX)
		d->ring_pages = number_of(1ull << order.value);
	else
		d->ring_pages.kind = NUMBER_BAD;
}

static void read_error(struct xen *xen, struct device *d, const char *node)
{
	char path[STORE_PATH_MAX];

	snprintf(path, sizeof(path), "error/%s", node);
	xen_store_text(xen, path, "error", d->error, sizeof(d->error));
}

static void read_store(struct xen *xen, struct device *d, const char *node)
{
	char frontend[STORE_PATH_MAX];

	read_guest(xen, d, node);
	read_error(xen, d, node);
	read_backing(xen, d, node);
	d->backend_state = xen_store_number(xen, node, "state");
	if (!xen_store_text(xen, node, "frontend", frontend, sizeof(frontend)))
		return;

	d->frontend_state = xen_store_number(xen, frontend, "state");
	d->connected = frontend_ready(d->frontend_state);
	read_ring(xen, d, frontend);
	d->feature_count = feature_collect(xen, d, node, frontend,
					   d->features);
}

static void read_device(struct xen *xen, struct device *d, const char *name)
{
	char directory[PATH_MAX], node[STORE_PATH_MAX / 2];

	text_copy(d->name, sizeof(d->name), name);
	d->kind = kind_of(name);
	snprintf(directory, sizeof(directory), DEVICES "/%s", name);
	read_driver(d, directory);
	if (d->kind == DEVICE_VIF)
		sysfs_first(directory, "net", d->network_device,
			    sizeof(d->network_device));
	read_counters(d, directory);
	/* Relative to this domain's own part of xenstore. */
	if (sysfs_text(directory, "nodename", node, sizeof(node)))
		read_store(xen, d, node);
	d->rates = rates_compute(NULL, &d->counters, 0);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

size_t device_collect(struct xen *xen, struct device **devices)
{
	struct dirent **entries;
	int count, i;

	*devices = NULL;
	count = scandir(DEVICES, &entries, not_hidden, versionsort);
	for (i = 0; i < count; i++) {
		*devices = memory_grow(*devices, i, sizeof(**devices));
		read_device(xen, &(*devices)[i], entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count > 0 ? count : 0;
}
