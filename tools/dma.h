/* SPDX-License-Identifier: GPL-2.0 */
/* PCI devices, and which DMA operations serve them. */
#ifndef XENMOD_DMA_H
#define XENMOD_DMA_H

#include "text.h"

#define SYSFS	"/sys"

enum dma_server {
	DMA_UNKNOWN,
	DMA_OURS,		/* xen-swiotlb-mod */
	DMA_SWIOTLB_XEN,	/* the kernel's own for Xen */
	DMA_NONE,		/* no translation: right where nothing is virtual */
};

struct dma_counters {
	struct number in_place;
	struct number bounced;
	struct number bytes_in_place;
	struct number bytes_bounced;
	struct number exhausted;
	struct number coherent;
};

struct dma_device {
	char name[32];		/* 0000:00:02.0 */
	char driver[64];	/* empty: none */
	enum dma_server server;
	struct dma_counters counters;	/* when it is DMA_OURS */
};

/* "xen-swiotlb-mod", "swiotlb-xen", "none", or NULL */
const char *dma_server_name(enum dma_server server);

/*
 * The PCI devices that do DMA: those with a driver, and those that our module
 * serves. None unless that module is loaded, since only it tells. The caller
 * frees *devices. sysfs is SYSFS, or what plays it.
 */
size_t dma_collect(const char *sysfs, struct dma_device **devices);

#endif
