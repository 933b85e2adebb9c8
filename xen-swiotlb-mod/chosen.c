// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of PCI devices, as people write them.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "chosen.h"

/* Read hexadecimal digits. Returns what stands behind them, or NULL. */
static const char *parse_hex(const char *text, unsigned int most,
			     unsigned int *number)
{
	unsigned int value = 0;
	const char *begin = text;

	for (;; text++) {
		if (*text >= '0' && *text <= '9')
			value = value * 16 + (*text - '0');
		else if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'f')
			value = value * 16 + ((*text | 0x20) - 'a' + 10);
		else
			break;
		if (value > most)
			return NULL;
	}
	*number = value;
	return text == begin ? NULL : text;
}

const char *xdma_bdf_parse(const char *text, struct xdma_bdf *bdf)
{
	unsigned int first, second, device, function;

	text = parse_hex(text, 0xffffffff >> 4, &first);
	if (!text || *text++ != ':')
		return NULL;
	text = parse_hex(text, 0xff, &second);
	if (!text)
		return NULL;
	bdf->domain = 0;
	if (*text == ':') {
		bdf->domain = first;
		bdf->bus = second;
		text = parse_hex(text + 1, 0x1f, &device);
	} else {
		bdf->bus = first;
		device = second;
	}
	if (!text || *text++ != '.' || bdf->bus > 0xff || device > 0x1f)
		return NULL;
	text = parse_hex(text, 7, &function);
	bdf->devfn = device << 3 | function;
	return text;
}

static bool ends(const char *text)
{
	return !*text || (text[0] == '\n' && !text[1]);
}

static bool is_all(const char *list)
{
	return !strncmp(list, "all", 3) && ends(list + 3);
}

bool xdma_chosen_valid(const char *list)
{
	struct xdma_bdf bdf;

	if (ends(list) || is_all(list))
		return true;
	for (;;) {
		list = xdma_bdf_parse(list, &bdf);
		if (!list)
			return false;
		if (ends(list))
			return true;
		if (*list++ != ',')
			return false;
	}
}

bool xdma_chosen(const char *list, const struct xdma_bdf *bdf)
{
	struct xdma_bdf one;

	if (is_all(list))
		return true;
	while (!ends(list)) {
		list = xdma_bdf_parse(list, &one);
		if (!list)
			return false;
		if (one.domain == bdf->domain && one.bus == bdf->bus &&
		    one.devfn == bdf->devfn)
			return true;
		if (*list == ',')
			list++;
	}
	return false;
}
