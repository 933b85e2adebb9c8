// SPDX-License-Identifier: GPL-2.0
#include "table.h"
#include "memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MAX	512

static char *format_text(const char *format, va_list args)
{
	char *text = memory_zeroed(1, CELL_MAX);

	vsnprintf(text, CELL_MAX, format, args);
	return text;
}

static bool is_blank(const char *cell)
{
	return !cell || !*cell || !strcmp(cell, "-");
}

void table_init(struct table *t, const struct table_column *columns,
		size_t column_count)
{
	memset(t, 0, sizeof(*t));
	t->columns = columns;
	t->column_count = column_count;
}

void table_free(struct table *t)
{
	size_t row, col;

	for (row = 0; row < t->row_count; row++) {
		for (col = 0; col < t->column_count; col++)
			free(t->rows[row].cells[col]);
		free(t->rows[row].cells);
		free(t->rows[row].note);
	}
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

void table_add_row(struct table *t)
{
	t->rows = memory_grow(t->rows, t->row_count, sizeof(*t->rows));
	t->rows[t->row_count++].cells = memory_zeroed(t->column_count,
						      sizeof(char *));
	t->filled = 0;
}

void table_add_cell(struct table *t, const char *format, ...)
{
	va_list args;

	if (!t->row_count || t->filled >= t->column_count)
		return;
	va_start(args, format);
	t->rows[t->row_count - 1].cells[t->filled++] =
		format_text(format, args);
	va_end(args);
}

void table_set_note(struct table *t, const char *format, ...)
{
	struct table_row *row;
	va_list args;

	if (!t->row_count)
		return;
	row = &t->rows[t->row_count - 1];
	free(row->note);
	va_start(args, format);
	row->note = format_text(format, args);
	va_end(args);
}

/* 0: nothing in this column. */
static int column_width(const struct table *t, size_t col)
{
	size_t width = 0, row;

	for (row = 0; row < t->row_count; row++) {
		const char *cell = t->rows[row].cells[col];

		if (!is_blank(cell) && strlen(cell) > width)
			width = strlen(cell);
	}
	if (!width && col)
		return 0;
	if (width < strlen(t->columns[col].title))
		width = strlen(t->columns[col].title);
	return width;
}

/* Blanks are owed rather than written, so that no line ends in them. */
static void print_cell(FILE *out, const char *cell, int width, bool right,
		       int *owed)
{
	int len = strlen(cell);

	if (right)
		*owed += width - len;
	fprintf(out, "%*s%s", *owed, "", cell);
	*owed = 2 + (right ? 0 : width - len);
}

void table_print(const struct table *t, FILE *out)
{
	int *widths = memory_zeroed(t->column_count, sizeof(*widths));
	size_t row, col;
	int owed = 0;

	for (col = 0; col < t->column_count; col++) {
		widths[col] = column_width(t, col);
		if (widths[col])
			print_cell(out, t->columns[col].title, widths[col],
				   t->columns[col].right, &owed);
	}
	fputc('\n', out);

	for (row = 0; row < t->row_count; row++) {
		owed = 0;
		for (col = 0; col < t->column_count; col++) {
			const char *cell = t->rows[row].cells[col];

			if (widths[col])
				print_cell(out, is_blank(cell) ? "-" : cell,
					   widths[col], t->columns[col].right,
					   &owed);
		}
		fputc('\n', out);
		if (t->rows[row].note)
			fprintf(out, "  %s\n", t->rows[row].note);
	}
	free(widths);
}
