/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel tells udev about Xen's CPUs.
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_UEVENT_H
#define XEN_ACPI_UEVENT_H

#include <linux/types.h>

/**
 * struct xenacpi_uevent - something happened to a CPU of Xen's
 * @xen: its number
 * @online: it came online, or was added, and may be online already
 */
struct xenacpi_uevent {
	u32 xen;
	bool online;
};

/**
 * xenacpi_uevent_parse() - read a message of the kernel to udev
 * @text: how it begins, "action@path" and a zero; need not be whole
 * @size: bytes of that
 * @event: receives it
 *
 * Return: whether it is about a CPU of Xen's, a device of the kernel's built-in
 * driver for them (/sys/devices/system/xen_cpu).
 */
bool xenacpi_uevent_parse(const char *text, size_t size,
			  struct xenacpi_uevent *event);

#endif /* XEN_ACPI_UEVENT_H */
