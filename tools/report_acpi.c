// SPDX-License-Identifier: GPL-2.0
#include "report_acpi.h"
#include "table.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

static void add_number(struct table *t, struct number n)
{
	char text[32];

	table_add_cell(t, "%s", number_text(n, text, sizeof(text)));
}

/* "3": Xen has them; "2 of 3"; "3 not sent"; "3 refused (22)". */
static void add_states(struct table *t, const struct acpi_states *s)
{
	char read[32], sent[32], error[32];

	number_text(s->read, read, sizeof(read));
	number_text(s->sent, sent, sizeof(sent));
	number_text(s->error, error, sizeof(error));
	if (!number_true(s->read) && !number_true(s->sent))
		table_add_cell(t, "-");
	else if (s->error.kind == NUMBER_ABSENT)
		table_add_cell(t, "%s not sent", read);
	else if (!number_valid(s->error) || s->error.value)
		table_add_cell(t, "%s refused (%s)", sent, error);
	else if (number_valid(s->read) && s->read.value == s->sent.value)
		table_add_cell(t, "%s", sent);
	else
		table_add_cell(t, "%s of %s", sent, read);
}

static void add_cpu(struct table *t, const struct acpi_processor *p)
{
	char cpu[32];

	table_add_cell(t, "%s%s", number_text(p->cpu, cpu, sizeof(cpu)),
		       number_valid(p->cpu) && !number_true(p->online) ?
		       " offline" : "");
}

static void print_processors(const struct acpi *acpi, FILE *out)
{
	static const struct table_column columns[] = {
		{ "ACPI ID", true }, { "PROCESSOR", false },
		{ "APIC ID", true }, { "CPU", false },
		{ "C-STATES", false }, { "P-STATES", false },
		{ "LIMIT", true }, { "T-STATES", false },
		{ "CPPC", false }, { "UPLOADS", true },
		{ "DROPPED", true },
	};
	struct table t;
	size_t i;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < acpi->processor_count; i++) {
		const struct acpi_processor *p = &acpi->processors[i];

		table_add_row(&t);
		add_number(&t, p->acpi_id);
		table_add_cell(&t, "%s", p->object);
		add_number(&t, p->apic_id);
		add_cpu(&t, p);
		add_states(&t, &p->states[ACPI_C_STATES]);
		add_states(&t, &p->states[ACPI_P_STATES]);
		add_number(&t, p->limit);
		add_states(&t, &p->states[ACPI_T_STATES]);
		add_states(&t, &p->states[ACPI_CPPC]);
		add_number(&t, p->uploads);
		add_number(&t, p->dropped);
	}
	table_print(&t, out);
	table_free(&t);
}

static void add_route(struct table *t, const struct acpi_route *r)
{
	table_add_row(t);
	table_add_cell(t, "%s:%s", r->bus, r->device);
	table_add_cell(t, "%s", r->pin);
	table_add_cell(t, "%s", r->link);
	add_number(t, r->gsi);
	table_add_cell(t, "%s", r->trigger);
	table_add_cell(t, "%s", r->polarity);
	add_number(t, r->pirq);
	add_number(t, r->irq);
	table_add_cell(t, "%s", r->state);
}

static void print_routes(const struct acpi *acpi, FILE *out)
{
	static const struct table_column columns[] = {
		{ "PCI DEVICE", false }, { "PIN", false },
		{ "LINK", false }, { "GSI", true },
		{ "TRIGGER", false }, { "POLARITY", false },
		{ "PIRQ", true }, { "IRQ", true }, { "ROUTING", false },
	};
	struct table t;
	size_t i, idle = 0;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < acpi->route_count; i++) {
		if (acpi->routes[i].used)
			add_route(&t, &acpi->routes[i]);
		else
			idle++;
	}
	if (t.row_count)
		table_print(&t, out);
	if (idle)
		fprintf(out, "%zu more routes are of pins that no device has\n",
			idle);
	table_free(&t);
}

void report_acpi_text(const struct acpi *acpi, FILE *out)
{
	if (acpi->processor_count) {
		print_processors(acpi, out);
		fputc('\n', out);
	}
	if (acpi->route_count) {
		print_routes(acpi, out);
		fputc('\n', out);
	}
}

static void write_states(struct json *j, const char *key,
			 const struct acpi_states *s)
{
	json_open_object(j, key);
	json_number(j, "read", s->read);
	json_number(j, "sent", s->sent);
	json_number(j, "error", s->error);
	json_close_object(j);
}

static void write_processor(struct json *j, const struct acpi_processor *p)
{
	json_open_object(j, NULL);
	json_number(j, "acpi_id", p->acpi_id);
	json_string(j, "object", p->object);
	json_number(j, "apic_id", p->apic_id);
	json_number(j, "cpu", p->cpu);
	if (number_valid(p->online))
		json_bool(j, "online", number_true(p->online));
	else
		json_null(j, "online");
	write_states(j, "c_states", &p->states[ACPI_C_STATES]);
	write_states(j, "p_states", &p->states[ACPI_P_STATES]);
	write_states(j, "t_states", &p->states[ACPI_T_STATES]);
	write_states(j, "cppc", &p->states[ACPI_CPPC]);
	json_number(j, "limit", p->limit);
	json_number(j, "uploads", p->uploads);
	json_number(j, "dropped", p->dropped);
	json_close_object(j);
}

static void write_route(struct json *j, const struct acpi_route *r)
{
	json_open_object(j, NULL);
	json_string(j, "bus", r->bus);
	json_string(j, "device", r->device);
	json_string(j, "pin", r->pin);
	json_string(j, "link", r->link);
	json_number(j, "gsi", r->gsi);
	json_string(j, "trigger", r->trigger);
	json_string(j, "polarity", r->polarity);
	json_number(j, "pirq", r->pirq);
	json_number(j, "irq", r->irq);
	json_string(j, "state", r->state);
	json_close_object(j);
}

void report_acpi_json(const struct acpi *acpi, struct json *j)
{
	size_t i;

	json_open_array(j, "processors");
	for (i = 0; i < acpi->processor_count; i++)
		write_processor(j, &acpi->processors[i]);
	json_close_array(j);
	json_open_array(j, "routing");
	for (i = 0; i < acpi->route_count; i++)
		write_route(j, &acpi->routes[i]);
	json_close_array(j);
}
