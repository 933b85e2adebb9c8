/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core's own files share.
 */
#ifndef XENMOD_CORE_H
#define XENMOD_CORE_H

struct xenmod_backend;

/**
 * xenmod_backend_init() - prepare what all backend devices share
 *
 * Return: 0 or -ENOMEM.
 */
int xenmod_backend_init(void);

/**
 * xenmod_backend_exit() - the reverse; no driver is registered any more
 */
void xenmod_backend_exit(void);

/**
 * xenmod_stats_init() - create the debugfs folder of all backends
 */
void xenmod_stats_init(void);

/**
 * xenmod_stats_exit() - remove it
 */
void xenmod_stats_exit(void);

/**
 * xenmod_stats_show_device() - show a device's counters in sysfs and debugfs
 * @backend: the device
 *
 * Return: 0 or a negative errno.
 */
int xenmod_stats_show_device(struct xenmod_backend *backend);

/**
 * xenmod_stats_hide_device() - the reverse
 * @backend: the device
 */
void xenmod_stats_hide_device(struct xenmod_backend *backend);

#endif /* XENMOD_CORE_H */
