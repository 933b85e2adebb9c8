// SPDX-License-Identifier: GPL-2.0
/* The keys are an interface: xenmod.8 lists them, scripts rely on them. */
#include "report.h"
#include "json.h"
#include "report_acpi.h"

#include <ctype.h>

static void write_origin(struct json *j, const struct module *m)
{
	json_string(j, "version", m->version);
	json_string(j, "origin", module_origin_name(m->origin));
}

static void write_modules(struct json *j, const struct host *host)
{
	size_t i;

	json_open_array(j, "modules");
	for (i = 0; i < host->module_count; i++) {
		const struct module *m = &host->modules[i];

		json_open_object(j, NULL);
		json_string(j, "name", m->name);
		write_origin(j, m);
		json_string(j, "file", m->file);
		if (m->file[0])
			json_bool(j, "file_loaded", m->file_loaded);
		else
			json_null(j, "file_loaded");
		json_close_object(j);
	}
	json_close_array(j);
}

static void write_driver(struct json *j, const struct device *d)
{
	json_string(j, "driver", d->driver);
	if (!d->module.name[0]) {
		json_null(j, "module");
		return;
	}
	json_open_object(j, "module");
	json_string(j, "name", d->module.name);
	write_origin(j, &d->module);
	json_close_object(j);
}

static void write_state(struct json *j, const char *key, struct number state)
{
	const char *name = report_state_name(state);
	char word[32];
	size_t i;

	for (i = 0; name[i] && i < sizeof(word) - 1; i++)
		word[i] = tolower((unsigned char)name[i]);
	word[i] = '\0';
	json_string(j, key, isalpha((unsigned char)word[0]) ? word : NULL);
}

static void write_features(struct json *j, const struct device *d)
{
	size_t i;

	json_open_object(j, "features");
	for (i = 0; i < d->feature_count; i++) {
		const struct feature *f = &d->features[i];

		json_open_object(j, f->name);
		json_number(j, "backend", f->backend);
		json_number(j, "frontend", f->frontend);
		json_bool(j, "negotiated", f->negotiated);
		json_close_object(j);
	}
	json_close_object(j);
}

static void write_counters(struct json *j, const struct counters *c)
{
	int group, i;

	for (group = 0; group < GROUP_COUNT; group++) {
		json_open_object(j, counter_group_names[group]);
		for (i = 0; i < COUNTER_COUNT; i++) {
			if ((int)counter_infos[i].group == group)
				json_number(j, counter_infos[i].name,
					    c->values[i]);
		}
		json_close_object(j);
	}
}

static void write_rates(struct json *j, const struct rates *r)
{
	json_open_object(j, "rates");
	json_real(j, "seconds", r->seconds);
	json_real(j, "requests_per_s", r->requests_per_s);
	json_real(j, "to_guest_bytes_per_s", r->to_guest_bytes_per_s);
	json_real(j, "from_guest_bytes_per_s", r->from_guest_bytes_per_s);
	json_real(j, "hypercalls_per_op", r->hypercalls_per_op);
	json_real(j, "notifications_per_op", r->notifications_per_op);
	json_real(j, "ops_per_pass", r->ops_per_pass);
	json_close_object(j);
}

static void write_device(struct json *j, const struct device *d)
{
	static const char *const types[] = {
		[DEVICE_OTHER]	= "other",
		[DEVICE_VBD]	= "vbd",
		[DEVICE_VIF]	= "vif",
	};

	json_open_object(j, NULL);
	json_string(j, "name", d->name);
	json_string(j, "type", types[d->kind]);
	json_number(j, "guest_id", d->guest_id);
	json_string(j, "guest_name", d->guest_name);
	write_driver(j, d);
	write_state(j, "backend_state", d->backend_state);
	write_state(j, "frontend_state", d->frontend_state);
	json_string(j, "params", d->params);
	json_string(j, "physical_device", d->physical_device);
	json_string(j, "mode", d->mode);
	json_string(j, "network_device", d->network_device);
	json_string(j, "bridge", d->bridge);
	json_string(j, "protocol", d->protocol);
	json_number(j, "queues", d->queues);
	json_number(j, "ring_pages", d->ring_pages);
	write_features(j, d);
	json_string(j, "error", d->error);
	json_number(j, "requests", counters_requests(&d->counters));
	write_rates(j, &d->rates);
	write_counters(j, &d->counters);
	json_close_object(j);
}

static void write_dma_device(struct json *j, const struct dma_device *d)
{
	const struct dma_counters *c = &d->counters;

	json_open_object(j, NULL);
	json_string(j, "name", d->name);
	json_string(j, "driver", d->driver);
	json_string(j, "dma", dma_server_name(d->server));
	json_number(j, "in_place", c->in_place);
	json_number(j, "bounced", c->bounced);
	json_number(j, "bytes_in_place", c->bytes_in_place);
	json_number(j, "bytes_bounced", c->bytes_bounced);
	json_number(j, "exhausted", c->exhausted);
	json_number(j, "coherent", c->coherent);
	json_close_object(j);
}

void report_json(const struct host *host, FILE *out)
{
	struct json j;
	size_t i;

	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_string(&j, "kernel", host->kernel);
	json_string(&j, "xen", host->xen);
	json_number(&j, "domain", host->domain);
	write_modules(&j, host);
	json_open_array(&j, "devices");
	for (i = 0; i < host->device_count; i++)
		write_device(&j, &host->devices[i]);
	json_close_array(&j);
	report_acpi_json(&host->acpi, &j);
	json_open_array(&j, "pci_devices");
	for (i = 0; i < host->dma_device_count; i++)
		write_dma_device(&j, &host->dma_devices[i]);
	json_close_array(&j);
	json_close_object(&j);
	json_end(&j);
}
