/* SPDX-License-Identifier: GPL-2.0 */
/* Small files and links of the kernel. */
#ifndef XENMOD_SYSFS_H
#define XENMOD_SYSFS_H

#include "text.h"

/* The first line of directory/name; false, and dst empty, without one. */
bool sysfs_text(const char *directory, const char *name, char *dst,
		size_t size);
struct number sysfs_number(const char *directory, const char *name);

/* The last part of what the link points to; false, and dst empty, if none. */
bool sysfs_link(const char *directory, const char *name, char *dst,
		size_t size);

/* The first entry of a directory that is to hold only one. */
bool sysfs_first(const char *directory, const char *name, char *dst,
		 size_t size);

bool sysfs_exists(const char *directory, const char *name);

#endif
