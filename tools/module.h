/* SPDX-License-Identifier: GPL-2.0 */
/* A loaded kernel module and where it comes from. */
#ifndef XENMOD_MODULE_H
#define XENMOD_MODULE_H

#include <stdbool.h>
#include <stddef.h>

enum module_origin {
	ORIGIN_UNKNOWN,
	ORIGIN_OURS,
	ORIGIN_IN_TREE,
	ORIGIN_BUILT_IN,
	ORIGIN_OTHER,		/* out of tree, but not ours */
};

struct module {
	char name[64];
	char version[64];	/* empty: it has none */
	enum module_origin origin;
	char file[512];		/* what modprobe would load; may be empty */
	bool file_loaded;	/* that is the one which is loaded */
};

/* "ours", "in-tree", ... */
const char *module_origin_name(enum module_origin origin);

/* All but the file. False when there is no such module in the kernel. */
bool module_identify(struct module *m, const char *name);

/* The modules of this package that are loaded; the caller frees *modules. */
size_t module_collect(struct module **modules, const char *kernel);

#endif
