// SPDX-License-Identifier: GPL-2.0
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define REPLACEMENT	0xfffdu

/*
 * Take one character off *s. Anything that is not shortest-form UTF-8 of a
 * valid code point consumes one byte and yields the replacement character.
 */
static uint32_t next_character(const unsigned char **s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = *s;
	uint32_t c = *p++;
	int i, len;

	*s = p;
	if (c < 0x80)
		return c;

	if ((c & 0xe0) == 0xc0)
		len = 2;
	else if ((c & 0xf0) == 0xe0)
		len = 3;
	else if ((c & 0xf8) == 0xf0)
		len = 4;
	else
		return REPLACEMENT;

	c &= 0x7f >> len;
	for (i = 1; i < len; i++, p++) {
		/* The end of the string is no continuation byte either. */
		if ((*p & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (*p & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return REPLACEMENT;

	*s = p;
	return c;
}

static void put_character(FILE *out, uint32_t c)
{
	if (c == '"' || c == '\\') {
		fprintf(out, "\\%c", (char)c);
	} else if (c >= ' ' && c < 0x7f) {
		fputc(c, out);
	} else if (c < 0x10000) {
		fprintf(out, "\\u%04" PRIx32, c);
	} else {
		c -= 0x10000;
		fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32,
			0xd800 + (c >> 10), 0xdc00 + (c & 0x3ff));
	}
}

static void put_string(FILE *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	fputc('"', out);
	while (*p)
		put_character(out, next_character(&p));
	fputc('"', out);
}

static void new_line(struct json *j)
{
	fprintf(j->out, "\n%*s", 2 * j->depth, "");
}

/* What comes before a value: comma, line, key. */
static void start_member(struct json *j, const char *key)
{
	if (!j->depth)
		return;
	if (j->filled[j->depth])
		fputc(',', j->out);
	j->filled[j->depth] = true;
	new_line(j);
	if (key) {
		put_string(j->out, key);
		fputs(": ", j->out);
	}
}

static void open_level(struct json *j, const char *key, char c)
{
	start_member(j, key);
	fputc(c, j->out);
	if (j->depth + 1 < JSON_DEPTH_MAX)
		j->depth++;
	j->filled[j->depth] = false;
}

static void close_level(struct json *j, char c)
{
	bool filled = j->filled[j->depth];

	if (j->depth)
		j->depth--;
	if (filled)
		new_line(j);
	fputc(c, j->out);
}

void json_begin(struct json *j, FILE *out)
{
	memset(j, 0, sizeof(*j));
	j->out = out;
}

void json_end(struct json *j)
{
	fputc('\n', j->out);
}

void json_open_object(struct json *j, const char *key)
{
	open_level(j, key, '{');
}

void json_close_object(struct json *j)
{
	close_level(j, '}');
}

void json_open_array(struct json *j, const char *key)
{
	open_level(j, key, '[');
}

void json_close_array(struct json *j)
{
	close_level(j, ']');
}

void json_null(struct json *j, const char *key)
{
	start_member(j, key);
	fputs("null", j->out);
}

void json_bool(struct json *j, const char *key, bool value)
{
	start_member(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_number(struct json *j, const char *key, struct number n)
{
	if (!number_valid(n)) {
		json_null(j, key);
		return;
	}
	start_member(j, key);
	fprintf(j->out, "%" PRIu64, n.value);
}

void json_real(struct json *j, const char *key, double value)
{
	if (!isfinite(value)) {
		json_null(j, key);
		return;
	}
	start_member(j, key);
	fprintf(j->out, "%.3f", value);
}

void json_string(struct json *j, const char *key, const char *value)
{
	if (!value || !*value) {
		json_null(j, key);
		return;
	}
	start_member(j, key);
	put_string(j->out, value);
}
