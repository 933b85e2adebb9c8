/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices named in a parameter. Functions of their arguments; they compile in
 * user space too.
 */
#ifndef XEN_SWIOTLB_CHOSEN_H
#define XEN_SWIOTLB_CHOSEN_H

#include <linux/types.h>

/**
 * struct xdma_bdf - place of a PCI device
 * @domain: its domain
 * @bus: its bus
 * @devfn: device, times eight, and function
 */
struct xdma_bdf {
	unsigned int domain;
	unsigned int bus;
	unsigned int devfn;
};

/**
 * xdma_bdf_parse() - read the place of a PCI device
 * @text: "0000:04:00.0" or "04:00.0", hexadecimal; whatever may follow
 * @bdf: receives it
 *
 * Return: what stands behind it, or NULL if that is no such place.
 */
const char *xdma_bdf_parse(const char *text, struct xdma_bdf *bdf);

/**
 * xdma_chosen_valid() - can this be a list of devices?
 * @list: nothing, "all", or places with a comma between them; a line end may
 *	follow
 */
bool xdma_chosen_valid(const char *list);

/**
 * xdma_chosen() - does a list name a device?
 * @list: a valid list
 * @bdf: its place
 */
bool xdma_chosen(const char *list, const struct xdma_bdf *bdf);

#endif /* XEN_SWIOTLB_CHOSEN_H */
