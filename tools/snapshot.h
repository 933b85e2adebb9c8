/* SPDX-License-Identifier: GPL-2.0 */
/* The counters of all devices at one time, kept in a file between calls. */
#ifndef XENMOD_SNAPSHOT_H
#define XENMOD_SNAPSHOT_H

#include "counters.h"

#include <stddef.h>
#include <stdint.h>

#define DEVICE_NAME_MAX	64
#define BOOT_ID_MAX	64

struct snapshot_entry {
	char device[DEVICE_NAME_MAX];
	struct counters counters;
};

struct snapshot {
	char boot_id[BOOT_ID_MAX];
	uint64_t time_ns;		/* CLOCK_BOOTTIME */
	struct snapshot_entry *entries;
	size_t count;
};

void snapshot_add(struct snapshot *s, const char *device,
		  const struct counters *counters);
void snapshot_free(struct snapshot *s);

/* NULL when the device was not there then. */
const struct counters *snapshot_find(const struct snapshot *s,
				     const char *device);

/*
 * False, and *s empty, when there is none, it cannot be understood, or it
 * is of another boot or of the future.
 */
bool snapshot_load(const char *path, const char *boot_id, uint64_t now_ns,
		   struct snapshot *s);
/* Replaces the file in one step. */
bool snapshot_save(const char *path, const struct snapshot *s);

#endif
