/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that others wrote: xenstore values and sysfs files. A guest chooses
 * its own name and keys, so nothing here trusts what it is given.
 */
#ifndef XENMOD_TEXT_H
#define XENMOD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_kind {
	NUMBER_ABSENT,		/* nobody wrote it */
	NUMBER_VALID,
	NUMBER_BAD,		/* written, but not a number */
};

struct number {
	enum number_kind kind;
	uint64_t value;		/* only when NUMBER_VALID */
};

/* Decimal digits only, surrounding blanks allowed; NULL is absent. */
struct number number_parse(const char *text);
struct number number_of(uint64_t value);
bool number_valid(struct number n);
bool number_true(struct number n);

/* "-" when absent, "?" when bad. Returns dst. */
const char *number_text(struct number n, char *dst, size_t size);

/* Bounded copy; what does not fit ends in "...". */
void text_copy(char *dst, size_t size, const char *src);

/* As text_copy, into printable ASCII: everything else becomes \xNN. */
void text_escape(char *dst, size_t size, const char *src);

/* Cut blanks and line ends off the end of s. */
void text_trim(char *s);

#endif
