// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers and text that others wrote.
 */
#include "test.h"
#include "text.h"
#include <string.h>

static void numbers(void **state)
{
	static const struct {
		const char *text;
		enum number_kind kind;
		uint64_t value;
	} cases[] = {
		{ NULL, NUMBER_ABSENT, 0 },
		{ "0", NUMBER_VALID, 0 },
		{ "1", NUMBER_VALID, 1 },
		{ "007", NUMBER_VALID, 7 },
		{ " \t42\r\n", NUMBER_VALID, 42 },
		{ "18446744073709551615", NUMBER_VALID, UINT64_MAX },
		{ "18446744073709551616", NUMBER_BAD, 0 },
		{ "18446744073709551620", NUMBER_BAD, 0 },
		{ "99999999999999999999999", NUMBER_BAD, 0 },
		{ "", NUMBER_BAD, 0 },
		{ " ", NUMBER_BAD, 0 },
		{ "-1", NUMBER_BAD, 0 },
		{ "+1", NUMBER_BAD, 0 },
		{ "0x10", NUMBER_BAD, 0 },
		{ "1 2", NUMBER_BAD, 0 },
		{ "1.5", NUMBER_BAD, 0 },
		{ "1\xc3\xa9", NUMBER_BAD, 0 },
	};
	struct number n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		n = number_parse(cases[i].text);
		assert_int_equal(n.kind, cases[i].kind);
		assert_int_equal(number_valid(n),
				 cases[i].kind == NUMBER_VALID);
		if (number_valid(n))
			assert_true(n.value == cases[i].value);
	}
}

static void numbers_as_text(void **state)
{
	char text[32];

	assert_string_equal(number_text(number_parse(NULL), text,
					sizeof(text)), "-");
	assert_string_equal(number_text(number_parse("x"), text,
					sizeof(text)), "?");
	assert_string_equal(number_text(number_of(UINT64_MAX), text,
					sizeof(text)), "18446744073709551615");
	assert_true(number_true(number_of(2)));
	assert_false(number_true(number_of(0)));
	assert_false(number_true(number_parse("x")));
	assert_false(number_true(number_parse(NULL)));
}

/* Every size, down to none, with a guard behind. */
static void copies_fit(void **state)
{
	static const char source[] = "abcdefghij";
	char buffer[16];
	size_t size;

	for (size = 0; size < sizeof(buffer); size++) {
		memset(buffer, '#', sizeof(buffer));
		text_copy(buffer, size, source);
		assert_int_equal(buffer[size], '#');
		if (!size)
			continue;
		assert_true(strlen(buffer) == (size > strlen(source) ?
					       strlen(source) : size - 1));
		if (size > strlen(source))
			assert_string_equal(buffer, source);
		else if (size > 3)
			assert_string_equal(buffer + size - 4, "...");
	}
}

static void escapes(void **state)
{
	char text[64];

	text_escape(text, sizeof(text), "plain ~text");
	assert_string_equal(text, "plain ~text");
	text_escape(text, sizeof(text), "a\\b\x1b[31m\n\x7f\xff");
	assert_string_equal(text, "a\\\\b\\x1b[31m\\x0a\\x7f\\xff");
	text_escape(text, sizeof(text), "");
	assert_string_equal(text, "");
}

static void escapes_fit(void **state)
{
	char source[41], buffer[128];
	size_t size, i, piece;

	for (piece = 0; piece < 3; piece++) {
		for (i = 0; i < sizeof(source) - 1; i++)
			source[i] = "a\\\x01"[piece];
		source[i] = '\0';
		for (size = 0; size < sizeof(buffer); size++) {
			memset(buffer, '#', sizeof(buffer));
			text_escape(buffer, size, source);
			assert_int_equal(buffer[size], '#');
			if (size)
				assert_true(strlen(buffer) < size);
			for (i = 0; size && buffer[i]; i++)
				assert_true(buffer[i] >= ' ' &&
					    buffer[i] < 0x7f);
		}
	}
}

static void trims(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { " ", "" }, { "\n", "" }, { "a", "a" },
		{ "a \t\r\n", "a" }, { " a b ", " a b" },
	};
	char text[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(text, cases[i][0]);
		text_trim(text);
		assert_string_equal(text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(numbers_as_text),
		cmocka_unit_test(copies_fit),
		cmocka_unit_test(escapes),
		cmocka_unit_test(escapes_fit),
		cmocka_unit_test(trims),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
