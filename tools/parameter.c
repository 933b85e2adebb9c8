// SPDX-License-Identifier: GPL-2.0
#include "parameter.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct range {
	uint64_t least;
	uint64_t most;
};

/* As the kernel reads numbers: 10, +10, 0xa and 012, and nothing behind them. */
static bool read_number(const char *text, uint64_t *number)
{
	char *end;

	if (*text == '+')
		text++;
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return !errno && !*end;
}

static bool read_bool(const char *text)
{
	return strchr("yYnNtTfF01", text[0]) ? text[0] :
	       !strncasecmp(text, "on", 2) || !strncasecmp(text, "of", 2);
}

/* What modinfo puts in brackets at the end. */
static bool has_type(const char *description, const char *type)
{
	const char *last = strrchr(description, '(');
	size_t length = strlen(type);

	return last && !strncmp(last + 1, type, length) &&
	       !strcmp(last + 1 + length, ")");
}

/*
 * ", 1 to 64" before what is in brackets. The upper end may be another parameter,
 * "1 to pool_max_mb".
 */
static bool find_range(const char *description, struct range *range)
{
	const char *p, *end = strchr(description, '(');
	char *behind;

	for (p = strstr(description, " to "); p && (!end || p < end);
	     p = strstr(p + 1, " to ")) {
		const char *first = p;

		while (first > description && isdigit((unsigned char)first[-1]))
			first--;
		if (first == p)
			continue;
		range->least = strtoull(first, NULL, 10);
		range->most = strtoull(p + 4, &behind, 10);
		if (behind == p + 4)
			range->most = UINT_MAX;
		return true;
	}
	return false;
}

bool parameter_refused(const char *description, const char *value, char *dst,
		       size_t size)
{
	struct range range = { 0, UINT_MAX };
	bool ranged = find_range(description, &range);
	uint64_t number;

	if (has_type(description, "bool")) {
		snprintf(dst, size, "is neither Y nor N");
		return value && !read_bool(value);
	}
	if (!ranged && !has_type(description, "uint"))
		return false;
	if (!value) {
		snprintf(dst, size, "needs a value");
		return true;
	}
	if (!read_number(value, &number)) {
		snprintf(dst, size, "is not a number");
		return true;
	}
	if (range.most == UINT_MAX)
		snprintf(dst, size, "is less than %ju, or too large",
			 (uintmax_t)range.least);
	else
		snprintf(dst, size, "is not in the range of %ju to %ju",
			 (uintmax_t)range.least, (uintmax_t)range.most);
	return number < range.least || number > range.most;
}
