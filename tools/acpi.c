// SPDX-License-Identifier: GPL-2.0
/*
 * The lines are words of the form key=value, "-" for what is not known. Later
 * versions of the module may have further words.
 */
#include "acpi.h"
#include "memory.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE	1024
#define PCI_INTERRUPT_PIN	0x3d
#define PCI_FUNCTIONS		8

static struct number parse_number(const char *value)
{
	return number_parse(strcmp(value, "-") ? value : NULL);
}

static void parse_text(const char *value, char *dst, size_t size)
{
	text_copy(dst, size, strcmp(value, "-") ? value : "");
}

/* READ/SENT/ANSWER, the answer being 0 or a negative error number. */
static bool parse_states(char *value, struct acpi_states *states)
{
	const char *read = strsep(&value, "/");
	const char *sent = strsep(&value, "/");
	const char *answer = strsep(&value, "/");

	if (!answer || value)
		return false;
	states->read = parse_number(read);
	states->sent = parse_number(sent);
	states->error = parse_number(answer[0] == '-' && answer[1] ?
				     answer + 1 : answer);
	return true;
}

static bool set_processor(struct acpi_processor *p, const char *key,
			  char *value)
{
	static const char *const kinds[ACPI_KIND_COUNT] = {
		[ACPI_C_STATES] = "c", [ACPI_P_STATES] = "p",
		[ACPI_T_STATES] = "t", [ACPI_CPPC] = "cppc",
	};
	struct {
		const char *key;
		struct number *number;
	} numbers[] = {
		{ "acpi", &p->acpi_id }, { "apic", &p->apic_id },
		{ "xen", &p->cpu }, { "online", &p->online },
		{ "limit", &p->limit }, { "uploads", &p->uploads },
		{ "dropped", &p->dropped },
	};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (!strcmp(numbers[i].key, key))
			*numbers[i].number = parse_number(value);
	}
	for (i = 0; i < ACPI_KIND_COUNT; i++) {
		if (!strcmp(kinds[i], key))
			return parse_states(value, &p->states[i]);
	}
	if (!strcmp(key, "object"))
		parse_text(value, p->object, sizeof(p->object));
	return true;
}

bool acpi_parse_processor(char *line, struct acpi_processor *p)
{
	char *word, *value;

	memset(p, 0, sizeof(*p));
	while ((word = strsep(&line, " "))) {
		value = strchr(word, '=');
		if (!value)
			return false;
		*value++ = '\0';
		if (!set_processor(p, word, value))
			return false;
	}
	return number_valid(p->acpi_id) || p->object[0];
}

static void set_route(struct acpi_route *r, const char *key, const char *value)
{
	struct {
		const char *key;
		char *text;
		size_t size;
	} texts[] = {
		{ "bus", r->bus, sizeof(r->bus) },
		{ "device", r->device, sizeof(r->device) },
		{ "pin", r->pin, sizeof(r->pin) },
		{ "link", r->link, sizeof(r->link) },
		{ "trigger", r->trigger, sizeof(r->trigger) },
		{ "polarity", r->polarity, sizeof(r->polarity) },
		{ "state", r->state, sizeof(r->state) },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (!strcmp(texts[i].key, key))
			parse_text(value, texts[i].text, texts[i].size);
	}
	if (!strcmp(key, "gsi"))
		r->gsi = parse_number(value);
	else if (!strcmp(key, "pirq"))
		r->pirq = parse_number(value);
	else if (!strcmp(key, "irq"))
		r->irq = parse_number(value);
}

bool acpi_parse_route(char *line, struct acpi_route *r)
{
	char *word, *value;

	memset(r, 0, sizeof(*r));
	while ((word = strsep(&line, " "))) {
		value = strchr(word, '=');
		if (!value)
			return false;
		*value++ = '\0';
		set_route(r, word, value);
	}
	return r->bus[0] && r->device[0] && r->pin[0];
}

/* The register that tells a function's pin: 1 is A. */
static bool has_pin(const char *pci, const struct acpi_route *r, int function)
{
	char path[PATH_MAX];
	FILE *file;
	int pin = 0;

	snprintf(path, sizeof(path), "%s/%s:%s.%d/config", pci, r->bus,
		 r->device, function);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fseek(file, PCI_INTERRUPT_PIN, SEEK_SET))
		pin = fgetc(file);
	fclose(file);
	return pin == r->pin[0] - 'A' + 1;
}

static bool is_used(const char *pci, const struct acpi_route *r)
{
	int function;

	for (function = 0; function < PCI_FUNCTIONS; function++) {
		if (has_pin(pci, r, function))
			return true;
	}
	return false;
}

static FILE *open_file(const char *folder, const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", folder, name);

	return len < (int)sizeof(path) ? fopen(path, "re") : NULL;
}

static void collect_processors(FILE *file, struct acpi *acpi)
{
	struct acpi_processor p;
	char line[LINE_SIZE];

	while (fgets(line, sizeof(line), file)) {
		text_trim(line);
		if (!acpi_parse_processor(line, &p))
			continue;
		acpi->processors = memory_grow(acpi->processors,
					       acpi->processor_count,
					       sizeof(p));
		acpi->processors[acpi->processor_count++] = p;
	}
}

static void collect_routes(FILE *file, const char *pci, struct acpi *acpi)
{
	char line[LINE_SIZE];
	struct acpi_route r;

	while (fgets(line, sizeof(line), file)) {
		text_trim(line);
		if (!acpi_parse_route(line, &r))
			continue;
		r.used = is_used(pci, &r);
		acpi->routes = memory_grow(acpi->routes, acpi->route_count,
					   sizeof(r));
		acpi->routes[acpi->route_count++] = r;
	}
}

void acpi_collect(const char *folder, const char *pci, struct acpi *acpi)
{
	FILE *file;

	memset(acpi, 0, sizeof(*acpi));
	file = open_file(folder, "processors");
	if (file) {
		collect_processors(file, acpi);
		fclose(file);
	}
	file = open_file(folder, "routing");
	if (file) {
		collect_routes(file, pci, acpi);
		fclose(file);
	}
}

void acpi_free(struct acpi *acpi)
{
	free(acpi->processors);
	free(acpi->routes);
	memset(acpi, 0, sizeof(*acpi));
}
