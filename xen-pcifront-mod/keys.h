/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the backend writes to xenstore, checked. Pure: it compiles in user
 * space too (tests/host).
 */
#ifndef XEN_PCIFRONT_KEYS_H
#define XEN_PCIFRONT_KEYS_H

#include <linux/types.h>

/* Root buses, and functions, that a backend may name at most. */
#define PCIFRONT_MAX_ROOTS	256
#define PCIFRONT_MAX_DEVICES	1024

/**
 * struct pcifront_address - where a function is
 * @domain: 0 to 0xffff
 * @bus: 0 to 0xff
 * @devfn: 0 to 0xff; nothing when it is about a bus
 */
struct pcifront_address {
	unsigned int domain;
	unsigned int bus;
	unsigned int devfn;
};

/**
 * pcifront_parse_number() - a decimal number
 * @text: the key's value, NULL if there is none
 * @most: largest that is taken
 * @number: set on success
 *
 * Return: 0, -ENOENT without a text, or -EINVAL.
 */
int pcifront_parse_number(const char *text, unsigned int most,
			  unsigned int *number);

/**
 * pcifront_parse_root() - "0000:00", a root bus
 * @text: the key's value, NULL if there is none
 * @address: set on success
 *
 * Return: 0, -ENOENT without a text, or -EINVAL.
 */
int pcifront_parse_root(const char *text, struct pcifront_address *address);

/**
 * pcifront_parse_device() - "0000:00:00.00", a function
 * @text: the key's value, NULL if there is none
 * @address: set on success
 *
 * Return: 0, -ENOENT without a text, or -EINVAL.
 */
int pcifront_parse_device(const char *text, struct pcifront_address *address);

#endif /* XEN_PCIFRONT_KEYS_H */
