/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is wrong with a host's Xen modules, why, and what helps. All is read from
 * files, below a folder that need not be the root of this system.
 */
#ifndef XENMOD_DOCTOR_H
#define XENMOD_DOCTOR_H

#include "json.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define RELEASE_MAX	128

struct finding {
	const char *id;		/* "headers-missing": xenmod.8 lists them */
	char subject[128];	/* a kernel, module, device, file; empty: the host */
	char cause[512];
	char cure[512];
};

struct host_state {
	const char *root;		/* "" for this system */
	char running[RELEASE_MAX];	/* kernels; empty: unknown */
	char next[RELEASE_MAX];		/* the newest that is installed */
	struct finding *findings;
	size_t count;
	bool signatures_wanted;		/* modules without one are refused */
};

/* The package's modules, as their files are called; NULL is behind the last. */
extern const char *const doctor_modules[];

/* dst gets root and path. Returns dst. */
const char *doctor_path(const struct host_state *h, char dst[PATH_MAX],
			const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The file of ours for a kernel; false without one. */
bool doctor_module_file(const struct host_state *h, const char *kernel,
			const char *module, char dst[PATH_MAX]);

/* The module of ours that is called so; NULL if none is. */
const char *doctor_our_module(const char *name);

/* "-" and "_" are one in modules' names. */
bool doctor_same_name(const char *a, const char *b);

void doctor_find(struct host_state *h, const char *id, const char *subject);
/* Of the last finding. */
void doctor_cause(struct host_state *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_cure(struct host_state *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What could not be looked at; once each. */
void doctor_unreadable(struct host_state *h, const char *file, int error);
void doctor_no_modinfo(struct host_state *h, const char *file);

/* setting: "name=value", or "name", for a module; where: in which file, say. */
void doctor_check_parameter(struct host_state *h, const char *module,
			    const char *setting, const char *where);

/* Each adds what it finds. */
void doctor_check_host(struct host_state *h);
void doctor_check_loaded(struct host_state *h);
void doctor_check_devices(struct host_state *h);
void doctor_check_lockdown(struct host_state *h);
void doctor_check_kernel(struct host_state *h, const char *kernel);
void doctor_check_signatures(struct host_state *h, const char *kernel);
void doctor_check_settings(struct host_state *h);

#endif
