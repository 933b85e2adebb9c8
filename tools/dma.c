// SPDX-License-Identifier: GPL-2.0
#include "dma.h"
#include "memory.h"
#include "sysfs.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *dma_server_name(enum dma_server server)
{
	switch (server) {
	case DMA_OURS:
		return "xen-swiotlb-mod";
	case DMA_SWIOTLB_XEN:
		return "swiotlb-xen";
	case DMA_NONE:
		return "none";
	case DMA_UNKNOWN:
		break;
	}
	return NULL;
}

static void read_counters(const char *directory, struct dma_counters *c)
{
	c->in_place = sysfs_number(directory, "xenmod/in_place");
	c->bounced = sysfs_number(directory, "xenmod/bounced");
	c->bytes_in_place = sysfs_number(directory, "xenmod/bytes_in_place");
	c->bytes_bounced = sysfs_number(directory, "xenmod/bytes_bounced");
	c->exhausted = sysfs_number(directory, "xenmod/exhausted");
	c->coherent = sysfs_number(directory, "xenmod/coherent");
}

/* What serves the devices that our module does not. */
static enum dma_server server_of_others(const char *sysfs)
{
	char text[32];

	sysfs_text(sysfs, "module/xen_swiotlb_mod/parameters/kernel_ops", text,
		   sizeof(text));
	if (!strcmp(text, "swiotlb-xen"))
		return DMA_SWIOTLB_XEN;
	return strcmp(text, "none") ? DMA_UNKNOWN : DMA_NONE;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

size_t dma_collect(const char *sysfs, struct dma_device **devices)
{
	char bus[PATH_MAX / 4], directory[PATH_MAX / 2];
	enum dma_server others;
	struct dirent **entries;
	struct dma_device d;
	size_t found = 0;
	int count, i;

	*devices = NULL;
	if (!sysfs_exists(sysfs, "module/xen_swiotlb_mod"))
		return 0;

	others = server_of_others(sysfs);
	snprintf(bus, sizeof(bus), "%s/bus/pci/devices", sysfs);
	count = scandir(bus, &entries, not_hidden, alphasort);
	for (i = 0; i < count; i++) {
		memset(&d, 0, sizeof(d));
		text_copy(d.name, sizeof(d.name), entries[i]->d_name);
		snprintf(directory, sizeof(directory), "%s/%s", bus,
			 entries[i]->d_name);
		free(entries[i]);

		sysfs_link(directory, "driver", d.driver, sizeof(d.driver));
		d.server = sysfs_exists(directory, "xenmod") ? DMA_OURS : others;
		if (d.server == DMA_OURS)
			read_counters(directory, &d.counters);
		else if (!d.driver[0])
			continue;
		*devices = memory_grow(*devices, found, sizeof(d));
		(*devices)[found++] = d;
	}
	if (count >= 0)
		free(entries);
	return found;
}
