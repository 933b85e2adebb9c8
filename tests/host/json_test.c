// SPDX-License-Identifier: GPL-2.0
/*
 * The JSON writer, whose strings a guest may choose.
 */
#include "test.h"
#include "json.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *output;
static size_t length;
static struct json json;

static void begin(void)
{
	json_begin(&json, open_memstream(&output, &length));
}

static void expect(const char *right)
{
	json_end(&json);
	fclose(json.out);
	assert_string_equal(output, right);
	free(output);
}

static void structure(void **state)
{
	begin();
	json_open_object(&json, NULL);
	json_number(&json, "n", number_of(5));
	json_open_array(&json, "list");
	json_string(&json, NULL, "a");
	json_open_object(&json, NULL);
	json_close_object(&json);
	json_close_array(&json);
	json_open_array(&json, "empty");
	json_close_array(&json);
	json_bool(&json, "b", true);
	json_close_object(&json);
	expect("{\n  \"n\": 5,\n  \"list\": [\n    \"a\",\n    {}\n  ],\n"
	       "  \"empty\": [],\n  \"b\": true\n}\n");
}

static void values(void **state)
{
	begin();
	json_open_array(&json, NULL);
	json_number(&json, NULL, number_of(UINT64_MAX));
	json_number(&json, NULL, number_parse(NULL));
	json_number(&json, NULL, number_parse("x"));
	json_real(&json, NULL, 1.5);
	json_real(&json, NULL, NAN);
	json_real(&json, NULL, INFINITY);
	json_string(&json, NULL, NULL);
	json_string(&json, NULL, "");
	json_bool(&json, NULL, false);
	json_null(&json, NULL);
	json_close_array(&json);
	expect("[\n  18446744073709551615,\n  null,\n  null,\n  1.500,\n"
	       "  null,\n  null,\n  null,\n  null,\n  false,\n  null\n]\n");
}

static void expect_text(const char *text, const char *right)
{
	begin();
	json_string(&json, NULL, text);
	expect(right);
}

static void strings(void **state)
{
	expect_text("a\"b\\c", "\"a\\\"b\\\\c\"\n");
	expect_text("\x01\n\x1b\x7f", "\"\\u0001\\u000a\\u001b\\u007f\"\n");
	expect_text("\xc3\xa9", "\"\\u00e9\"\n");
	expect_text("\xe2\x82\xac", "\"\\u20ac\"\n");
	expect_text("\xf0\x9f\x98\x80", "\"\\ud83d\\ude00\"\n");
	expect_text("\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"\n");
}

static void what_is_not_utf8(void **state)
{
	/* lone continuation, overlong, surrogate, too large, cut short */
	expect_text("\x80", "\"\\ufffd\"\n");
	expect_text("\xc0\x80", "\"\\ufffd\\ufffd\"\n");
	expect_text("\xc1\xbf", "\"\\ufffd\\ufffd\"\n");
	expect_text("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"\n");
	expect_text("\xf4\x90\x80\x80",
		      "\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n");
	expect_text("\xe2\x82", "\"\\ufffd\\ufffd\"\n");
	expect_text("\xe2\x82" "a", "\"\\ufffd\\ufffda\"\n");
	expect_text("\xf0", "\"\\ufffd\"\n");
	expect_text("\xff\xfe", "\"\\ufffd\\ufffd\"\n");
}

/* Whatever three bytes come in, plain ASCII in quotes goes out. */
static void any_bytes(void **state)
{
	unsigned int bytes;
	size_t i;

	for (bytes = 1; bytes < 1 << 24; bytes += 251) {
		char text[4] = { bytes >> 16, bytes >> 8, bytes, 0 };

		begin();
		json_open_array(&json, NULL);
		json_string(&json, NULL, text);
		json_close_array(&json);
		json_end(&json);
		fclose(json.out);
		for (i = 0; i < length; i++)
			assert_true((output[i] >= ' ' && output[i] < 0x7f) ||
				    output[i] == '\n');
		free(output);
	}
}

static void too_deep(void **state)
{
	unsigned int i;

	begin();
	for (i = 0; i < 2 * JSON_DEPTH_MAX; i++)
		json_open_array(&json, NULL);
	for (i = 0; i < 3 * JSON_DEPTH_MAX; i++)
		json_close_array(&json);
	json_end(&json);
	fclose(json.out);
	assert_true(length > 0);
	free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure),
		cmocka_unit_test(values),
		cmocka_unit_test(strings),
		cmocka_unit_test(what_is_not_utf8),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(too_deep),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
