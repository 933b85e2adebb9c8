// SPDX-License-Identifier: GPL-2.0
/* What the admin told modprobe and the kernel about our modules. */
#include "doctor.h"
#include "program.h"
#include "text.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Later ones hide files of the same name in earlier ones. */
static const char *const folders[] = {
	"/lib/modprobe.d", "/usr/lib/modprobe.d", "/usr/local/lib/modprobe.d",
	"/run/modprobe.d", "/etc/modprobe.d",
};

static const char *our_module(const char *name)
{
	size_t i;

	for (i = 0; doctor_modules[i]; i++) {
		if (doctor_same_name(doctor_modules[i], name))
			return doctor_modules[i];
	}
	return NULL;
}

struct parameter {
	const char *name;
	bool known;
};

/* The kernel itself takes these for any module. */
static bool is_general(const char *name)
{
	return !strcmp(name, "dyndbg") || doctor_same_name(name, "async_probe");
}

/* modinfo prints "name:text (type)". */
static void compare(char *line, void *data)
{
	struct parameter *p = data;

	line[strcspn(line, ":")] = '\0';
	if (doctor_same_name(line, p->name))
		p->known = true;
}

static void check_parameter(struct host_state *h, const char *module,
			    const char *setting, const char *where)
{
	char file[PATH_MAX], name[128];
	struct parameter p = { .name = name };
	char *argv[] = { "modinfo", "-F", "parm", file, NULL };
	const char *kernel = h->running;

	if (!doctor_module_file(h, kernel, module, file)) {
		kernel = h->next;
		if (!doctor_module_file(h, kernel, module, file))
			return;
	}
	text_copy(name, sizeof(name), setting);
	name[strcspn(name, "=")] = '\0';
	if (is_general(name) || !program_lines(argv, compare, &p) || p.known)
		return;
	doctor_find(h, "wrong-parameter", module);
	doctor_cause(h, "%s sets %s, which the module does not have", where,
		     name);
	doctor_cure(h, "take it out of %s; 'modinfo -p %s' lists the parameters",
		    where, module);
}

static void report_blacklist(struct host_state *h, const char *module,
			     const char *where)
{
	doctor_find(h, "blacklisted", module);
	doctor_cause(h, "%s keeps it from being loaded", where);
	doctor_cure(h, "take it out of %s; after a change in modprobe.d: update-initramfs -u",
		    where);
}

static void check_line(struct host_state *h, char *line, const char *file)
{
	char *save, *word = strtok_r(line, " \t\n", &save);
	char *name = word ? strtok_r(NULL, " \t\n", &save) : NULL;
	const char *module = name ? our_module(name) : NULL;

	if (!module)
		return;
	if (!strcmp(word, "blacklist") || !strcmp(word, "install")) {
		report_blacklist(h, module, file);
		return;
	}
	while (!strcmp(word, "options") && (name = strtok_r(NULL, " \t\n", &save)))
		check_parameter(h, module, name, file);
}

static void check_file(struct host_state *h, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0)
		check_line(h, line, path + strlen(h->root));
	free(line);
	if (file)
		fclose(file);
}

static void check_list(struct host_state *h, char *list)
{
	char *save, *name = strtok_r(list, ",", &save);

	for (; name; name = strtok_r(NULL, ",", &save)) {
		if (our_module(name))
			report_blacklist(h, our_module(name),
					 "the kernel's command line");
	}
}

/* module_blacklist=a,b  modprobe.blacklist=a,b  module.parameter=value */
static void check_word(struct host_state *h, char *word)
{
	char *value = strchr(word, '='), *dot = strchr(word, '.');
	const char *module;

	if (value && (!strncmp(word, "module_blacklist=", value + 1 - word) ||
		      !strncmp(word, "modprobe.blacklist=", value + 1 - word))) {
		check_list(h, value + 1);
	} else if (dot && (!value || dot < value)) {
		*dot = '\0';
		module = our_module(word);
		if (module)
			check_parameter(h, module, dot + 1,
					"the kernel's command line");
	}
}

static void check_command_line(struct host_state *h)
{
	char path[PATH_MAX], *line = NULL, *word, *save;
	FILE *file = fopen(doctor_path(h, path, "/proc/cmdline"), "re");
	size_t size = 0;

	if (file && getline(&line, &size, file) > 0) {
		for (word = strtok_r(line, " \t\n", &save); word;
		     word = strtok_r(NULL, " \t\n", &save))
			check_word(h, word);
	}
	free(line);
	if (file)
		fclose(file);
}

/* On a merged /usr, /lib is there twice. */
static bool same_folder(const struct host_state *h, size_t i)
{
	char a[PATH_MAX], b[PATH_MAX], *first, *second;
	bool same;

	if (!i)
		return false;
	first = realpath(doctor_path(h, a, "%s", folders[0]), NULL);
	second = realpath(doctor_path(h, b, "%s", folders[i]), NULL);
	same = first && second && !strcmp(first, second);
	free(first);
	free(second);
	return same;
}

/* Does a file of this name in a later folder count instead? */
static bool hidden(const struct host_state *h, size_t i, const char *file)
{
	const char *name = strrchr(file, '/');
	char path[PATH_MAX];

	while (++i < sizeof(folders) / sizeof(*folders)) {
		if (!same_folder(h, i) &&
		    !access(doctor_path(h, path, "%s%s", folders[i], name), F_OK))
			return true;
	}
	return false;
}

void doctor_check_settings(struct host_state *h)
{
	char pattern[PATH_MAX];
	glob_t found;
	size_t i, j;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (same_folder(h, i))
			continue;
		doctor_path(h, pattern, "%s/*.conf", folders[i]);
		if (!glob(pattern, 0, NULL, &found)) {
			for (j = 0; j < found.gl_pathc; j++) {
				if (!hidden(h, i, found.gl_pathv[j]))
					check_file(h, found.gl_pathv[j]);
			}
		}
		globfree(&found);
	}
	check_command_line(h);
}
