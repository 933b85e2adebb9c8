// SPDX-License-Identifier: GPL-2.0
/*
 * Tables as wide as their content.
 */
#include "test.h"
#include "table.h"
#include <stdlib.h>
#include <string.h>

static const struct table_column columns[] = {
	{ "NAME", false }, { "SIZE", true }, { "NOTE", false },
};

static struct table table;

static void expect(const char *right)
{
	char *output;
	size_t length;
	FILE *file = open_memstream(&output, &length);

	table_print(&table, file);
	fclose(file);
	assert_string_equal(output, right);
	free(output);
	table_free(&table);
}

static void begin(void)
{
	table_init(&table, columns, ARRAY_SIZE(columns));
}

static void aligned(void **state)
{
	begin();
	table_add_row(&table);
	table_add_cell(&table, "a");
	table_add_cell(&table, "%d", 5);
	table_add_cell(&table, "x");
	table_add_row(&table);
	table_add_cell(&table, "longer");
	table_add_cell(&table, "%d", 123456);
	expect("NAME      SIZE  NOTE\n"
	       "a            5  x\n"
	       "longer  123456  -\n");
}

static void blank_columns_go(void **state)
{
	begin();
	table_add_row(&table);
	table_add_cell(&table, "a");
	table_add_cell(&table, "-");
	table_add_cell(&table, "x");
	expect("NAME  NOTE\na     x\n");

	/* But not the first. */
	begin();
	table_add_row(&table);
	table_add_cell(&table, "%s", "");
	table_add_cell(&table, "1");
	expect("NAME  SIZE\n-        1\n");
}

static void nothing_in_it(void **state)
{
	begin();
	/* No row to add these to. */
	table_add_cell(&table, "lost");
	table_set_note(&table, "lost");
	expect("NAME\n");
}

static void notes(void **state)
{
	begin();
	table_add_row(&table);
	table_add_cell(&table, "a");
	table_set_note(&table, "first");
	table_set_note(&table, "second %d", 2);
	table_add_row(&table);
	table_add_cell(&table, "b");
	expect("NAME\na\n  second 2\nb\n");
}

static void too_much(void **state)
{
	char huge[2000];
	unsigned int i;

	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	begin();
	table_add_row(&table);
	table_add_cell(&table, "%s", huge);
	for (i = 0; i < 10; i++)
		table_add_cell(&table, "%u", i);
	assert_true(strlen(table.rows[0].cells[0]) < sizeof(huge));
	assert_string_equal(table.rows[0].cells[1], "0");
	table_free(&table);
	/* Freed means empty. */
	table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligned),
		cmocka_unit_test(blank_columns_go),
		cmocka_unit_test(nothing_in_it),
		cmocka_unit_test(notes),
		cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
