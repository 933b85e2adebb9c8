/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xenstore, by its wire protocol on /dev/xen/xenbus.
 */
#ifndef HOSTILE_STORE_H
#define HOSTILE_STORE_H

#include <stdbool.h>
#include <stddef.h>

/* Each thread opens its own. Returns a file descriptor. */
int store_open(void);

/* A value, to be freed; NULL when there is none. */
char *store_read(int fd, const char *path);

/* A number, or @fallback when there is none. */
long store_number(int fd, const char *path, long fallback);

/* False when xenstore refuses. */
bool store_write(int fd, const char *path, const char *value);
bool store_write_bytes(int fd, const char *path, const void *value, size_t len);
bool store_print(int fd, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool store_remove(int fd, const char *path);

#endif /* HOSTILE_STORE_H */
