/* SPDX-License-Identifier: GPL-2.0 */
/* A table whose columns are as wide as their content. */
#ifndef XENMOD_TABLE_H
#define XENMOD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_column {
	const char *title;
	bool right;		/* numbers: flush right */
};

struct table_row {
	char **cells;		/* one per column, NULL is blank */
	char *note;		/* a line of its own below the row, or NULL */
};

struct table {
	const struct table_column *columns;
	size_t column_count;
	struct table_row *rows;
	size_t row_count;
	size_t filled;		/* cells of the last row */
};

void table_init(struct table *t, const struct table_column *columns,
		size_t column_count);
void table_free(struct table *t);

void table_add_row(struct table *t);
/* The next cell of the last row; "-" and "" are blank. */
void table_add_cell(struct table *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A line below the last row. */
void table_set_note(struct table *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Columns that are blank in every row are left out, except the first. */
void table_print(const struct table *t, FILE *out);

#endif
