// SPDX-License-Identifier: GPL-2.0
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct number number_parse(const char *text)
{
	struct number n = { NUMBER_ABSENT, 0 };
	uint64_t value = 0;

	if (!text)
		return n;

	n.kind = NUMBER_BAD;
	while (is_blank(*text))
		text++;
	if (*text < '0' || *text > '9')
		return n;

	for (; *text >= '0' && *text <= '9'; text++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *text - '0', &value))
			return n;
	}
	while (is_blank(*text))
		text++;
	if (*text)
		return n;

	return number_of(value);
}

struct number number_of(uint64_t value)
{
	struct number n = { NUMBER_VALID, value };

	return n;
}

bool number_valid(struct number n)
{
	return n.kind == NUMBER_VALID;
}

bool number_true(struct number n)
{
	return n.kind == NUMBER_VALID && n.value;
}

const char *number_text(struct number n, char *dst, size_t size)
{
	if (number_valid(n))
		snprintf(dst, size, "%" PRIu64, n.value);
	else
		snprintf(dst, size, "%s", n.kind == NUMBER_BAD ? "?" : "-");
	return dst;
}

/* The text did not fit: let its last three characters say so. */
static void mark_cut(char *dst, size_t size)
{
	if (size > 3)
		memcpy(dst + size - 4, "...", 4);
}

void text_copy(char *dst, size_t size, const char *src)
{
	size_t len = strnlen(src, size);

	if (!size)
		return;
	if (len < size) {
		memcpy(dst, src, len + 1);
		return;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	mark_cut(dst, size);
}

void text_escape(char *dst, size_t size, const char *src)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = 0;

	if (!size)
		return;
	for (; *src; src++) {
		unsigned char c = *src;
		char piece[4];
		size_t len;

		if (c == '\\') {
			memcpy(piece, "\\\\", 2);
			len = 2;
		} else if (c >= ' ' && c < 0x7f) {
			piece[0] = c;
			len = 1;
		} else {
			memcpy(piece, "\\x", 2);
			piece[2] = hex[c >> 4];
			piece[3] = hex[c & 15];
			len = 4;
		}
		if (used + len >= size) {
			/* Fill up, so that the mark ends the text. */
			memset(dst + used, '.', size - 1 - used);
			dst[size - 1] = '\0';
			mark_cut(dst, size);
			return;
		}
		memcpy(dst + used, piece, len);
		used += len;
	}
	dst[used] = '\0';
}

void text_trim(char *s)
{
	size_t len = strlen(s);

	while (len && is_blank(s[len - 1]))
		s[--len] = '\0';
}
