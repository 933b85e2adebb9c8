// SPDX-License-Identifier: GPL-2.0
#include "module.h"
#include "memory.h"
#include "sysfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of dkms.conf, with "-" for "_". */
static const char *const our_modules[] = { XENMOD_MODULES };

#define OUR_MODULES	(sizeof(our_modules) / sizeof(*our_modules))

const char *module_origin_name(enum module_origin origin)
{
	switch (origin) {
	case ORIGIN_OURS:
		return "ours";
	case ORIGIN_IN_TREE:
		return "in-tree";
	case ORIGIN_BUILT_IN:
		return "built-in";
	case ORIGIN_OTHER:
		return "other";
	case ORIGIN_UNKNOWN:
		break;
	}
	return "unknown";
}

/* Does text begin with this name? "-" may stand for its "_". */
static const char *skip_name(const char *text, const char *name)
{
	for (; *name; name++, text++) {
		if (*text != *name && !(*text == '-' && *name == '_'))
			return NULL;
	}
	return text;
}

static bool is_our_name(const char *name)
{
	size_t i;

	for (i = 0; i < OUR_MODULES; i++) {
		const char *end = skip_name(our_modules[i], name);

		if (end && !*end)
			return true;
	}
	return false;
}

/*
 * The kernel marks what was built outside its tree, and the in-tree Xen
 * modules carry no version. Both speak of the module that is loaded, while a
 * file on disk may have come or gone since.
 */
static enum module_origin find_origin(const char *directory,
				      const struct module *m)
{
	char taint[32];

	if (!sysfs_exists(directory, "initstate"))
		return ORIGIN_BUILT_IN;
	if (!sysfs_exists(directory, "taint"))
		return ORIGIN_UNKNOWN;
	sysfs_text(directory, "taint", taint, sizeof(taint));
	if (!strchr(taint, 'O'))
		return ORIGIN_IN_TREE;
	return m->version[0] && is_our_name(m->name) ? ORIGIN_OURS :
						       ORIGIN_OTHER;
}

bool module_identify(struct module *m, const char *name)
{
	char directory[128];

	memset(m, 0, sizeof(*m));
	text_copy(m->name, sizeof(m->name), name);
	snprintf(directory, sizeof(directory), "/sys/module/%s", m->name);
	if (!sysfs_exists(directory, "."))
		return false;

	sysfs_text(directory, "version", m->version, sizeof(m->version));
	m->origin = find_origin(directory, m);
	return true;
}

/* Does a path of modules.dep name this module? */
static bool names_module(const char *path, const char *name)
{
	const char *base = strrchr(path, '/');
	const char *end = skip_name(base ? base + 1 : path, name);

	return end && !strncmp(end, ".ko", 3);
}

static void find_file(struct module *m, const char *kernel)
{
	char *line = NULL;
	size_t size = 0;
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", kernel);
	file = fopen(path, "re");
	if (!file)
		return;

	while (getline(&line, &size, file) > 0) {
		bool in_tree;

		line[strcspn(line, ":\n")] = '\0';
		if (!names_module(line, m->name))
			continue;
		in_tree = !strncmp(line, "kernel/", 7);
		if (snprintf(m->file, sizeof(m->file), "/lib/modules/%s/%s",
			     kernel, line) >= (int)sizeof(m->file))
			m->file[0] = '\0';
		m->file_loaded = in_tree == (m->origin == ORIGIN_IN_TREE);
		break;
	}
	free(line);
	fclose(file);
}

size_t module_collect(struct module **modules, const char *kernel)
{
	size_t count = 0, i;
	struct module m;

	*modules = NULL;
	for (i = 0; i < OUR_MODULES; i++) {
		char name[sizeof(m.name)], *p;

		text_copy(name, sizeof(name), our_modules[i]);
		for (p = name; *p; p++) {
			if (*p == '-')
				*p = '_';
		}
		if (!module_identify(&m, name) ||
		    m.origin == ORIGIN_BUILT_IN)
			continue;
		find_file(&m, kernel);
		*modules = memory_grow(*modules, count, sizeof(m));
		(*modules)[count++] = m;
	}
	return count;
}
