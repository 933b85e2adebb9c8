// SPDX-License-Identifier: GPL-2.0
#include "sysfs.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool join(char *path, const char *directory, const char *name)
{
	int len = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	return len > 0 && len < PATH_MAX;
}

bool sysfs_text(const char *directory, const char *name, char *dst,
		size_t size)
{
	char path[PATH_MAX];
	FILE *file;
	bool good;

	dst[0] = '\0';
	if (!join(path, directory, name))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;

	good = fgets(dst, size, file);
	fclose(file);
	if (!good)
		dst[0] = '\0';
	text_trim(dst);
	return good;
}

struct number sysfs_number(const char *directory, const char *name)
{
	char text[64];

	if (!sysfs_text(directory, name, text, sizeof(text)))
		return number_parse(NULL);
	return number_parse(text);
}

bool sysfs_link(const char *directory, const char *name, char *dst,
		size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t len;

	dst[0] = '\0';
	if (!join(path, directory, name))
		return false;
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return false;

	target[len] = '\0';
	last = strrchr(target, '/');
	text_copy(dst, size, last ? last + 1 : target);
	return true;
}

bool sysfs_first(const char *directory, const char *name, char *dst,
		 size_t size)
{
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir;

	dst[0] = '\0';
	if (!join(path, directory, name))
		return false;
	dir = opendir(path);
	if (!dir)
		return false;

	do {
		entry = readdir(dir);
	} while (entry && entry->d_name[0] == '.');
	if (entry)
		text_copy(dst, size, entry->d_name);
	closedir(dir);
	return entry;
}

bool sysfs_exists(const char *directory, const char *name)
{
	char path[PATH_MAX];

	return join(path, directory, name) && !access(path, F_OK);
}
