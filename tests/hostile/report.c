// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "report.h"

struct tally tally;

static const char *name;
static char why[256];
static char note[256];
static unsigned int failures;
static bool exact;
static uint64_t began;

uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

void sleep_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

void report_begin(const char *case_name)
{
	name = case_name;
	why[0] = '\0';
	note[0] = '\0';
	failures = 0;
	exact = true;
	memset(&tally, 0, sizeof(tally));
	began = now_ms();
}

void report_fail(const char *fmt, ...)
{
	va_list args;

	if (failures++)
		return;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
}

bool report_failed(void)
{
	return failures;
}

void report_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
}

void report_inexact(void)
{
	exact = false;
}

static void print_text(const char *key, const char *text)
{
	printf(", \"%s\": \"", key);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text >= ' ' && *text < 127)
			putchar(*text);
		else
			putchar('?');
	putchar('"');
}

static void print_number(const char *key, uint64_t value)
{
	printf(", \"%s\": %llu", key, (unsigned long long)value);
}

bool report_end(void)
{
	printf("{\"case\": \"%s\", \"ok\": %s", name,
	       failures ? "false" : "true");
	if (failures) {
		print_text("why", why);
		print_number("failures", failures);
	}
	if (note[0])
		print_text("note", note);
	printf(", \"exact\": %s", exact ? "true" : "false");
	print_number("requests", tally.requests);
	print_number("responses", tally.responses);
	print_number("okay", tally.okay);
	print_number("errors", tally.errors);
	print_number("unsupported", tally.unsupported);
	print_number("malformed", tally.malformed);
	print_number("events", tally.events);
	print_number("other", tally.other);
	print_number("ms", now_ms() - began);
	printf("}\n");
	fflush(stdout);
	return !failures;
}

void die(const char *fmt, ...)
{
	int err = errno;
	va_list args;

	fflush(stdout);
	fprintf(stderr, "hostile: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " (errno %d: %s)\n", err, strerror(err));
	exit(2);
}
