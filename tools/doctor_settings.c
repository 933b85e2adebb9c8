// SPDX-License-Identifier: GPL-2.0
/* What the admin told modprobe and the kernel about our modules. */
#include "doctor.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Later ones hide files of the same name in earlier ones. */
static const char *const folders[] = {
	"/lib/modprobe.d", "/usr/lib/modprobe.d", "/usr/local/lib/modprobe.d",
	"/run/modprobe.d", "/etc/modprobe.d",
};

static void report_blacklist(struct host_state *h, const char *module,
			     const char *where)
{
	doctor_find(h, "blacklisted", module);
	doctor_cause(h, "%s keeps it from being loaded", where);
	doctor_cure(h, "take it out of %s; after a change in modprobe.d: update-initramfs -u",
		    where);
}

/* "install" may also do more than load a module; then it names modprobe. */
static bool keeps_away(const char *word, const char *command)
{
	return !strcmp(word, "blacklist") ||
	       (!strcmp(word, "install") && !strstr(command, "modprobe"));
}

static void check_line(struct host_state *h, char *line, const char *file)
{
	char *rest, *word = strtok_r(line, " \t", &rest);
	char *name = word ? strtok_r(NULL, " \t", &rest) : NULL;
	const char *module = name ? doctor_our_module(name) : NULL;

	if (!module)
		return;
	if (keeps_away(word, rest)) {
		report_blacklist(h, module, file);
		return;
	}
	while (!strcmp(word, "options") && (name = strtok_r(NULL, " \t", &rest)))
		doctor_check_parameter(h, module, name, file);
}

/* A line that ends in a backslash goes on in the next one. */
static void join_lines(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] == '\n')
			text += 2;
		else
			*to++ = *text++;
	}
	*to = '\0';
}

/* All of a file; NULL where it is empty, or cannot be read, which is a finding. */
static char *read_file(struct host_state *h, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	bool good = file && getdelim(&text, &size, '\0', file) > 0;

	if (!file || ferror(file))
		doctor_unreadable(h, path + strlen(h->root), errno);
	if (file)
		fclose(file);
	if (good)
		return text;
	free(text);
	return NULL;
}

static void check_file(struct host_state *h, const char *path)
{
	char *text = read_file(h, path), *line, *save;

	if (text)
		join_lines(text);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		check_line(h, line, path + strlen(h->root));
	free(text);
}

static void check_list(struct host_state *h, char *list)
{
	char *save, *name = strtok_r(list, ",", &save);

	for (; name; name = strtok_r(NULL, ",", &save)) {
		if (doctor_our_module(name))
			report_blacklist(h, doctor_our_module(name),
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
		module = doctor_our_module(word);
		if (module)
			doctor_check_parameter(h, module, dot + 1,
					       "the kernel's command line");
	}
}

static void check_command_line(struct host_state *h)
{
	char path[PATH_MAX], *word, *save;
	char *line = read_file(h, doctor_path(h, path, "/proc/cmdline"));

	for (word = line ? strtok_r(line, " \t\n", &save) : NULL; word;
	     word = strtok_r(NULL, " \t\n", &save))
		check_word(h, word);
	free(line);
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

static void check_folder(struct host_state *h, size_t i)
{
	char pattern[PATH_MAX];
	glob_t found;
	size_t j;

	doctor_path(h, pattern, "%s", folders[i]);
	if (same_folder(h, i) || access(pattern, F_OK))
		return;
	if (access(pattern, R_OK | X_OK)) {
		doctor_unreadable(h, folders[i], errno);
		return;
	}
	doctor_path(h, pattern, "%s/*.conf", folders[i]);
	if (!glob(pattern, 0, NULL, &found)) {
		for (j = 0; j < found.gl_pathc; j++) {
			if (!hidden(h, i, found.gl_pathv[j]))
				check_file(h, found.gl_pathv[j]);
		}
	}
	globfree(&found);
}

void doctor_check_settings(struct host_state *h)
{
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		check_folder(h, i);
	check_command_line(h);
}
