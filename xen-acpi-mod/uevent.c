// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the kernel to udev.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "uevent.h"

#define PLACE	"@/devices/system/xen_cpu/xen_cpu"

/* Most digits of a number that fits 32 bits for sure. */
#define DIGITS	9

static bool is_action(const char *text, const char *end, const char *action)
{
	return (size_t)(end - text) == strlen(action) &&
	       !memcmp(text, action, strlen(action));
}

bool xenacpi_uevent_parse(const char *text, size_t size,
			  struct xenacpi_uevent *event)
{
	const char *end = memchr(text, '\0', size);
	const char *place = end ? strstr(text, PLACE) : NULL;
	const char *digit;

	if (!place)
		return false;
	digit = place + strlen(PLACE);
	if (digit == end || end - digit > DIGITS)
		return false;
	event->xen = 0;
	for (; digit < end; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		event->xen = event->xen * 10 + (*digit - '0');
	}
	event->online = is_action(text, place, "online") ||
			is_action(text, place, "add");
	return true;
}
