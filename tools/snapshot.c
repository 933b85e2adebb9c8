// SPDX-License-Identifier: GPL-2.0
/*
 * The file: "xenmod-status 1 BOOT_ID TIME_NS", then one line per device: its
 * name and the counters in the order of enum counter, "-" for an absent one.
 * A change of that order needs another number behind the word.
 */
#include "snapshot.h"
#include "memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC		"xenmod-status"
#define VERSION		"1"
#define LINE_SIZE	4096

void snapshot_add(struct snapshot *s, const char *device,
		  const struct counters *counters)
{
	struct snapshot_entry *entry;

	s->entries = memory_grow(s->entries, s->count, sizeof(*s->entries));
	entry = &s->entries[s->count++];
	text_copy(entry->device, sizeof(entry->device), device);
	entry->counters = *counters;
}

void snapshot_free(struct snapshot *s)
{
	free(s->entries);
	memset(s, 0, sizeof(*s));
}

const struct counters *snapshot_find(const struct snapshot *s,
				     const char *device)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (!strcmp(s->entries[i].device, device))
			return &s->entries[i].counters;
	}
	return NULL;
}

static bool load_header(FILE *file, const char *boot_id, uint64_t now_ns,
			struct snapshot *s)
{
	char line[LINE_SIZE], *rest = line;
	struct number time;
	const char *word;

	if (!fgets(line, sizeof(line), file))
		return false;
	text_trim(line);

	word = strsep(&rest, " ");
	if (!rest || strcmp(word, MAGIC))
		return false;
	word = strsep(&rest, " ");
	if (!rest || strcmp(word, VERSION))
		return false;
	word = strsep(&rest, " ");
	if (!rest || !*boot_id || strcmp(word, boot_id))
		return false;
	time = number_parse(rest);
	if (!number_valid(time) || time.value > now_ns)
		return false;

	text_copy(s->boot_id, sizeof(s->boot_id), boot_id);
	s->time_ns = time.value;
	return true;
}

static bool load_entry(char *line, struct snapshot *s)
{
	struct counters counters;
	const char *device = strsep(&line, " ");
	int i;

	for (i = 0; i < COUNTER_COUNT; i++) {
		const char *word = strsep(&line, " ");

		if (!word)
			return false;
		if (!strcmp(word, "-"))
			word = NULL;
		counters.values[i] = number_parse(word);
		if (word && !number_valid(counters.values[i]))
			return false;
	}
	if (line)
		return false;
	snapshot_add(s, device, &counters);
	return true;
}

bool snapshot_load(const char *path, const char *boot_id, uint64_t now_ns,
		   struct snapshot *s)
{
	char line[LINE_SIZE];
	FILE *file;
	bool good;

	memset(s, 0, sizeof(*s));
	file = fopen(path, "re");
	if (!file)
		return false;

	good = load_header(file, boot_id, now_ns, s);
	while (good && fgets(line, sizeof(line), file)) {
		/* A line without its end was cut. */
		good = strchr(line, '\n');
		text_trim(line);
		good = good && load_entry(line, s);
	}
	good = good && !ferror(file);
	fclose(file);
	if (!good)
		snapshot_free(s);
	return good;
}

static void write_snapshot(FILE *file, const struct snapshot *s)
{
	char text[32];
	size_t i;
	int n;

	fprintf(file, MAGIC " " VERSION " %s %" PRIu64 "\n", s->boot_id,
		s->time_ns);
	for (i = 0; i < s->count; i++) {
		const struct snapshot_entry *entry = &s->entries[i];

		fputs(entry->device, file);
		for (n = 0; n < COUNTER_COUNT; n++) {
			struct number value = entry->counters.values[n];

			if (!number_valid(value))
				value.kind = NUMBER_ABSENT;
			fprintf(file, " %s",
				number_text(value, text, sizeof(text)));
		}
		fputc('\n', file);
	}
}

bool snapshot_save(const char *path, const struct snapshot *s)
{
	char directory[256], temporary[300];
	char *slash;
	FILE *file;
	bool good;
	int fd;

	text_copy(directory, sizeof(directory), path);
	slash = strrchr(directory, '/');
	if (slash && slash != directory) {
		*slash = '\0';
		mkdir(directory, 0755);
	}

	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return false;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		unlink(temporary);
		return false;
	}

	write_snapshot(file, s);
	good = !fflush(file) && !ferror(file);
	good = !fclose(file) && good;
	good = good && !rename(temporary, path);
	if (!good)
		unlink(temporary);
	return good;
}
