// SPDX-License-Identifier: GPL-2.0
#include "report.h"
#include "report_acpi.h"
#include "table.h"

#include <math.h>
#include <string.h>

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

/* How much of a text that a guest may choose gets into a column. */
#define GUEST_NAME_SHOWN	20
#define BACKING_SHOWN		36
#define PROTOCOL_SHOWN		16

const char *report_state_name(struct number state)
{
	static const char *const names[] = {
		"Unknown", "Initialising", "InitWait", "Initialised",
		"Connected", "Closing", "Closed", "Reconfiguring",
		"Reconfigured",
	};

	if (state.kind == NUMBER_ABSENT)
		return "-";
	if (!number_valid(state) || state.value >= COUNT(names))
		return "?";
	return names[state.value];
}

static void add_number(struct table *t, struct number n)
{
	char text[32];

	table_add_cell(t, "%s", number_text(n, text, sizeof(text)));
}

static void add_real(struct table *t, double value, int digits)
{
	if (isfinite(value))
		table_add_cell(t, "%.*f", digits, value);
	else
		table_add_cell(t, "-");
}

static void print_modules(const struct host *host, FILE *out)
{
	static const struct table_column columns[] = {
		{ "MODULE", false }, { "VERSION", false },
		{ "ORIGIN", false }, { "FILE", false },
	};
	struct table t;
	size_t i;

	if (!host->module_count) {
		fputs("no xenmod or in-tree backend modules loaded\n", out);
		return;
	}

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < host->module_count; i++) {
		const struct module *m = &host->modules[i];
		char version[64];

		text_escape(version, sizeof(version), m->version);
		table_add_row(&t);
		table_add_cell(&t, "%s", m->name);
		table_add_cell(&t, "%s", version);
		table_add_cell(&t, "%s", module_origin_name(m->origin));
		table_add_cell(&t, "%s", m->file);
		if (m->file[0] && !m->file_loaded)
			table_set_note(&t, "the loaded module is not this file: reload it to use the file");
	}
	table_print(&t, out);
	table_free(&t);
}

static void add_guest(struct table *t, const struct device *d)
{
	char id[32], name[GUEST_NAME_SHOWN + 1];

	text_escape(name, sizeof(name), d->guest_name);
	table_add_cell(t, "%s%s%s", number_text(d->guest_id, id, sizeof(id)),
		       name[0] ? " " : "", name);
}

static void add_driver(struct table *t, const struct device *d)
{
	const struct module *m = &d->module;
	char version[24];

	if (!d->driver[0]) {
		/* Consoles and QEMU's disks have no driver in the kernel. */
		table_add_cell(t, d->kind == DEVICE_OTHER ? "user space" :
							    "none");
		return;
	}
	if (!m->name[0]) {
		table_add_cell(t, "%s", d->driver);
		return;
	}
	text_escape(version, sizeof(version), m->version);
	table_add_cell(t, "%s (%s%s%s)", m->name,
		       module_origin_name(m->origin), version[0] ? " " : "",
		       version);
}

static void add_backing(struct table *t, const struct device *d)
{
	char params[BACKING_SHOWN + 1], physical[16], mode[8], bridge[32];

	text_escape(params, sizeof(params), d->params);
	text_escape(physical, sizeof(physical), d->physical_device);
	text_escape(mode, sizeof(mode), d->mode);
	text_escape(bridge, sizeof(bridge), d->bridge);

	if (d->kind == DEVICE_VIF)
		table_add_cell(t, "%s%s%s",
			       d->network_device[0] ? d->network_device : "-",
			       bridge[0] ? " on " : "", bridge);
	else if (physical[0])
		table_add_cell(t, "%s [%s] %s", params, physical, mode);
	else
		table_add_cell(t, "%s%s%s", params, params[0] ? " " : "",
			       mode);
}

static void print_devices(const struct host *host, FILE *out)
{
	static const struct table_column columns[] = {
		{ "DEVICE", false }, { "GUEST", false }, { "DRIVER", false },
		{ "BACKEND", false }, { "FRONTEND", false },
		{ "BACKING", false },
	};
	struct table t;
	size_t i;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < host->device_count; i++) {
		const struct device *d = &host->devices[i];

		table_add_row(&t);
		table_add_cell(&t, "%s", d->name);
		add_guest(&t, d);
		add_driver(&t, d);
		table_add_cell(&t, "%s", report_state_name(d->backend_state));
		table_add_cell(&t, "%s", report_state_name(d->frontend_state));
		add_backing(&t, d);
		if (d->error[0]) {
			char error[DEVICE_TEXT_MAX];

			text_escape(error, sizeof(error), d->error);
			table_set_note(&t, "error: %s", error);
		}
	}
	table_print(&t, out);
	table_free(&t);
}

static void append(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? " " : "", word);
}

/* The features in use, and those that only one end is ready for. */
static void add_features(struct table *t, const struct device *d)
{
	char used[DEVICE_TEXT_MAX] = "", unused[DEVICE_TEXT_MAX] = "";
	char word[64];
	size_t i;

	for (i = 0; i < d->feature_count; i++) {
		const struct feature *f = &d->features[i];

		if (f->negotiated) {
			if (f->has_value)
				snprintf(word, sizeof(word), "%s=%llu",
					 f->name, (unsigned long long)
					 f->backend.value);
			else
				snprintf(word, sizeof(word), "%s", f->name);
			append(used, sizeof(used), word);
		} else if (number_true(f->backend) && !f->one_sided) {
			snprintf(word, sizeof(word), "%s (backend)", f->name);
			append(unused, sizeof(unused), word);
		} else if (number_true(f->frontend)) {
			snprintf(word, sizeof(word), "%s (frontend)", f->name);
			append(unused, sizeof(unused), word);
		}
	}
	table_add_cell(t, "%s", used);
	table_add_cell(t, "%s", unused);
}

static void print_negotiation(const struct host *host, FILE *out)
{
	static const struct table_column columns[] = {
		{ "DEVICE", false }, { "PROTOCOL", false },
		{ "QUEUES", true }, { "RING PAGES", true },
		{ "FEATURES", false }, { "ONE END ONLY", false },
	};
	struct table t;
	size_t i;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < host->device_count; i++) {
		const struct device *d = &host->devices[i];
		char protocol[PROTOCOL_SHOWN + 1];

		if (!d->connected || d->kind == DEVICE_OTHER)
			continue;
		text_escape(protocol, sizeof(protocol), d->protocol);
		table_add_row(&t);
		table_add_cell(&t, "%s", d->name);
		table_add_cell(&t, "%s", protocol[0] ? protocol :
			       d->kind == DEVICE_VBD ? "(default)" : "-");
		add_number(&t, d->queues);
		add_number(&t, d->ring_pages);
		add_features(&t, d);
	}
	if (t.row_count) {
		fputc('\n', out);
		table_print(&t, out);
	}
	table_free(&t);
}

static void add_traffic(struct table *t, const struct device *d)
{
	const struct rates *r = &d->rates;

	add_number(t, counters_requests(&d->counters));
	add_number(t, counters_errors(&d->counters));
	add_real(t, r->requests_per_s, 0);
	add_real(t, r->to_guest_bytes_per_s / 1e6, 2);
	add_real(t, r->from_guest_bytes_per_s / 1e6, 2);
	add_real(t, r->hypercalls_per_op, 3);
	add_real(t, r->notifications_per_op, 3);
	add_real(t, r->ops_per_pass, 1);
	if (isfinite(r->seconds))
		table_add_cell(t, "%.1f s", r->seconds);
	else
		table_add_cell(t, "lifetime");
}

static void print_traffic(const struct host *host, FILE *out)
{
	static const struct table_column columns[] = {
		{ "DEVICE", false }, { "REQUESTS", true },
		{ "ERRORS", true }, { "IOPS", true },
		{ "TO GUEST MB/s", true }, { "FROM GUEST MB/s", true },
		{ "HYPERCALLS/OP", true }, { "NOTIFY/OP", true },
		{ "OPS/PASS", true }, { "OVER", true },
	};
	struct table t;
	size_t i;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < host->device_count; i++) {
		const struct device *d = &host->devices[i];

		if (!number_valid(counters_requests(&d->counters)))
			continue;
		table_add_row(&t);
		table_add_cell(&t, "%s", d->name);
		add_traffic(&t, d);
	}
	if (t.row_count) {
		fputc('\n', out);
		table_print(&t, out);
	}
	table_free(&t);
}

static void add_megabytes(struct table *t, struct number bytes)
{
	add_real(t, number_valid(bytes) ? bytes.value / 1e6 : NAN, 1);
}

static void print_dma(const struct host *host, FILE *out)
{
	static const struct table_column columns[] = {
		{ "PCI DEVICE", false }, { "DRIVER", false }, { "DMA", false },
		{ "IN PLACE", true }, { "BOUNCED", true },
		{ "IN PLACE MB", true }, { "BOUNCED MB", true },
		{ "EXHAUSTED", true }, { "COHERENT", true },
	};
	struct table t;
	size_t i;

	table_init(&t, columns, COUNT(columns));
	for (i = 0; i < host->dma_device_count; i++) {
		const struct dma_device *d = &host->dma_devices[i];
		const char *server = dma_server_name(d->server);

		table_add_row(&t);
		table_add_cell(&t, "%s", d->name);
		table_add_cell(&t, "%s", d->driver[0] ? d->driver : "none");
		table_add_cell(&t, "%s", server ? server : "?");
		add_number(&t, d->counters.in_place);
		add_number(&t, d->counters.bounced);
		add_megabytes(&t, d->counters.bytes_in_place);
		add_megabytes(&t, d->counters.bytes_bounced);
		add_number(&t, d->counters.exhausted);
		add_number(&t, d->counters.coherent);
	}
	if (t.row_count) {
		fputc('\n', out);
		table_print(&t, out);
	}
	table_free(&t);
}

void report_text(const struct host *host, FILE *out)
{
	char domain[32];

	fprintf(out, "kernel %s, Xen %s, domain %s\n\n", host->kernel,
		host->xen[0] ? host->xen : "?",
		number_text(host->domain, domain, sizeof(domain)));
	print_modules(host, out);
	fputc('\n', out);
	report_acpi_text(&host->acpi, out);

	if (host->device_count) {
		print_devices(host, out);
		print_negotiation(host, out);
		print_traffic(host, out);
	} else {
		fputs("no backend devices\n", out);
	}
	print_dma(host, out);
}
