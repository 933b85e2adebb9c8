// SPDX-License-Identifier: GPL-2.0
/*
 * What the backend writes to xenstore, checked.
 */
#include <linux/errno.h>
#include "keys.h"

#define MOST_DOMAIN	0xffffU
#define MOST_BUS	0xffU
#define MOST_SLOT	0x1fU
#define MOST_FUNCTION	7U

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * Digits up to the character that ends them. Returns what is behind it, NULL
 * when that was no number or too large a one.
 */
static const char *take_number(const char *text, int base, char end,
			       unsigned int most, unsigned int *number)
{
	u64 value = 0;
	int digit;

	if (!text || *text == end)
		return NULL;
	for (; *text != end; text++) {
		digit = digit_of(*text);
		if (digit < 0 || digit >= base)
			return NULL;
		value = value * base + digit;
		if (value > most)
			return NULL;
	}
	*number = value;
	/* Nothing is behind the end of the text. */
	return end ? text + 1 : text;
}

int pcifront_parse_number(const char *text, unsigned int most,
			  unsigned int *number)
{
	if (!text)
		return -ENOENT;
	return take_number(text, 10, '\0', most, number) ? 0 : -EINVAL;
}

int pcifront_parse_root(const char *text, struct pcifront_address *address)
{
	unsigned int domain, bus;
	const char *rest;

	if (!text)
		return -ENOENT;
	rest = take_number(text, 16, ':', MOST_DOMAIN, &domain);
	if (!take_number(rest, 16, '\0', MOST_BUS, &bus))
		return -EINVAL;

	address->domain = domain;
	address->bus = bus;
	address->devfn = 0;
	return 0;
}

int pcifront_parse_device(const char *text, struct pcifront_address *address)
{
	unsigned int domain, bus, slot, function;
	const char *rest;

	if (!text)
		return -ENOENT;
	rest = take_number(text, 16, ':', MOST_DOMAIN, &domain);
	rest = take_number(rest, 16, ':', MOST_BUS, &bus);
	rest = take_number(rest, 16, '.', MOST_SLOT, &slot);
	if (!take_number(rest, 16, '\0', MOST_FUNCTION, &function))
		return -EINVAL;

	address->domain = domain;
	address->bus = bus;
	address->devfn = slot << 3 | function;
	return 0;
}
