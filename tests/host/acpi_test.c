// SPDX-License-Identifier: GPL-2.0
/*
 * What xen-acpi-processor's debugfs says: read, and shown.
 */
#include "test.h"
#include "report_acpi.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/acpi_test.XXXXXX";

static void write_file(const char *name, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void expect_text(const struct acpi *acpi, const char *right)
{
	char *output;
	size_t length;
	FILE *file = open_memstream(&output, &length);

	report_acpi_text(acpi, file);
	fclose(file);
	assert_string_equal(output, right);
	free(output);
}

static void expect_json(const struct acpi *acpi, const char *right)
{
	char *output;
	size_t length;
	FILE *file = open_memstream(&output, &length);
	struct json j;

	json_begin(&j, file);
	json_open_object(&j, NULL);
	report_acpi_json(acpi, &j);
	json_close_object(&j);
	fclose(file);
	assert_string_equal(output, right);
	free(output);
}

static bool processor(const char *text, struct acpi_processor *p)
{
	char line[512];

	snprintf(line, sizeof(line), "%s", text);
	return acpi_parse_processor(line, p);
}

static bool route(const char *text, struct acpi_route *r)
{
	char line[512];

	snprintf(line, sizeof(line), "%s", text);
	return acpi_parse_route(line, r);
}

static void a_processor(void **state)
{
	struct acpi_processor p;

	assert_true(processor("acpi=3 apic=6 xen=2 online=1 object=\\_SB.C003 c=3/2/0 p=16/16/-19 t=8/-/- cppc=-/-/- limit=1 uploads=2 dropped=4 later=new",
			      &p));
	assert_int_equal(p.acpi_id.value, 3);
	assert_int_equal(p.apic_id.value, 6);
	assert_int_equal(p.cpu.value, 2);
	assert_true(number_true(p.online));
	assert_string_equal(p.object, "\\_SB.C003");
	assert_int_equal(p.states[ACPI_C_STATES].read.value, 3);
	assert_int_equal(p.states[ACPI_C_STATES].sent.value, 2);
	assert_true(number_valid(p.states[ACPI_C_STATES].error));
	assert_int_equal(p.states[ACPI_P_STATES].error.value, 19);
	assert_int_equal(p.states[ACPI_T_STATES].sent.kind, NUMBER_ABSENT);
	assert_int_equal(p.states[ACPI_T_STATES].error.kind, NUMBER_ABSENT);
	assert_int_equal(p.states[ACPI_CPPC].read.kind, NUMBER_ABSENT);
	assert_int_equal(p.limit.value, 1);
	assert_int_equal(p.uploads.value, 2);
	assert_int_equal(p.dropped.value, 4);

	/* Without an id, but with a name. */
	assert_true(processor("acpi=- object=\\_SB.ODD0", &p));
	assert_int_equal(p.acpi_id.kind, NUMBER_ABSENT);
}

static void a_route(void **state)
{
	struct acpi_route r;

	assert_true(route("bus=0000:00 device=1f pin=A link=\\_SB.LNKA gsi=16 trigger=level polarity=low pirq=16 irq=- state=verified",
			  &r));
	assert_string_equal(r.bus, "0000:00");
	assert_string_equal(r.device, "1f");
	assert_string_equal(r.pin, "A");
	assert_string_equal(r.link, "\\_SB.LNKA");
	assert_int_equal(r.gsi.value, 16);
	assert_string_equal(r.trigger, "level");
	assert_string_equal(r.polarity, "low");
	assert_int_equal(r.pirq.value, 16);
	assert_int_equal(r.irq.kind, NUMBER_ABSENT);
	assert_string_equal(r.state, "verified");

	assert_true(route("bus=0000:00 device=01 pin=B link=- gsi=17 state=absent",
			  &r));
	assert_string_equal(r.link, "");
}

static void nonsense(void **state)
{
	static const char *const processors[] = {
		"", "acpi", "acpi=1 c", "acpi=1 c=", "acpi=1 c=1/2",
		"acpi=1 c=1/2/3/4", "acpi=x", "=", "online=1",
	};
	static const char *const routes[] = {
		"", "bus", "bus=0000:00", "bus=0000:00 device=1f",
		"bus=- device=- pin=-", "bus=0000:00 device=1f pin=A gsi",
	};
	struct acpi_processor p;
	struct acpi_route r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(processors); i++)
		assert_false(processor(processors[i], &p));
	for (i = 0; i < ARRAY_SIZE(routes); i++)
		assert_false(route(routes[i], &r));

	/* What is too long is cut, and what is no number is marked. */
	assert_true(route("bus=0123456789abcdef0123 device=1f pin=A gsi=many",
			  &r));
	assert_string_equal(r.bus, "0123456789ab...");
	assert_int_equal(r.gsi.kind, NUMBER_BAD);
}

/* A PCI function whose interrupt pin is A. */
static void make_device(const char *name)
{
	char path[64], config[65] = "";

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/config", name);
	memset(config, ' ', 64);
	config[0x3d] = 1;
	write_file(path, config);
}

static void remove_device(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s/config", folder, name);
	unlink(path);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	rmdir(path);
}

static void whole_module(void **state)
{
	struct acpi acpi;

	make_device("0000:00:02.1");
	write_file("processors",
		   "acpi=0 apic=0 xen=0 online=1 object=\\_SB.C000 c=3/3/0 p=4/4/0 t=4/4/-38 cppc=-/-/- limit=0 uploads=2 dropped=0\n"
		   "acpi=1 apic=1 xen=1 online=0 object=\\_SB.C001 c=3/2/0 p=4/0/- t=0/0/- cppc=0/0/- limit=0 uploads=1 dropped=3\n"
		   "what is this?\n"
		   "acpi=- apic=- xen=- online=0 object=\\_SB.ODD0 c=-/-/- p=-/-/- t=-/-/- cppc=-/-/- limit=- uploads=0 dropped=1\n");
	write_file("routing",
		   "bus=0000:00 device=02 pin=A link=\\_SB.LNKB gsi=11 trigger=level polarity=high pirq=11 irq=11 state=verified\n"
		   "bus=0000:00 device=1e pin=A link=\\_SB.LNKC gsi=10 trigger=level polarity=high pirq=- irq=- state=absent\n"
		   "bus=0000:00 device=1e pin=B link=\\_SB.LNKD gsi=- trigger=level polarity=low pirq=- irq=- state=unset\n");
	acpi_collect(folder, folder, &acpi);
	remove_device("0000:00:02.1");
	expect_text(&acpi,
		    "ACPI ID  PROCESSOR  APIC ID  CPU        C-STATES  P-STATES    LIMIT  T-STATES        UPLOADS  DROPPED\n"
		    "      0  \\_SB.C000        0  0          3         4               0  4 refused (38)        2        0\n"
		    "      1  \\_SB.C001        1  1 offline  2 of 3    4 not sent      0  -                     1        3\n"
		    "      -  \\_SB.ODD0        -  -          -         -               -  -                     0        1\n"
		    "\n"
		    "PCI DEVICE  PIN  LINK       GSI  TRIGGER  POLARITY  PIRQ  IRQ  ROUTING\n"
		    "0000:00:02  A    \\_SB.LNKB   11  level    high        11   11  verified\n"
		    "2 more routes are of pins that no device has\n"
		    "\n");
	acpi_free(&acpi);
}

static void as_json(void **state)
{
	struct acpi acpi;

	write_file("processors",
		   "acpi=1 apic=1 xen=1 online=0 object=\\_SB.C001 c=3/2/-22 p=4/-/- t=0/-/- cppc=-/-/- limit=- uploads=1 dropped=3\n");
	write_file("routing",
		   "bus=0000:00 device=02 pin=A link=- gsi=11 trigger=level polarity=high pirq=11 irq=- state=registered\n");
	acpi_collect(folder, folder, &acpi);
	expect_json(&acpi,
		    "{\n"
		    "  \"processors\": [\n"
		    "    {\n"
		    "      \"acpi_id\": 1,\n"
		    "      \"object\": \"\\\\_SB.C001\",\n"
		    "      \"apic_id\": 1,\n"
		    "      \"cpu\": 1,\n"
		    "      \"online\": false,\n"
		    "      \"c_states\": {\n"
		    "        \"read\": 3,\n"
		    "        \"sent\": 2,\n"
		    "        \"error\": 22\n"
		    "      },\n"
		    "      \"p_states\": {\n"
		    "        \"read\": 4,\n"
		    "        \"sent\": null,\n"
		    "        \"error\": null\n"
		    "      },\n"
		    "      \"t_states\": {\n"
		    "        \"read\": 0,\n"
		    "        \"sent\": null,\n"
		    "        \"error\": null\n"
		    "      },\n"
		    "      \"cppc\": {\n"
		    "        \"read\": null,\n"
		    "        \"sent\": null,\n"
		    "        \"error\": null\n"
		    "      },\n"
		    "      \"limit\": null,\n"
		    "      \"uploads\": 1,\n"
		    "      \"dropped\": 3\n"
		    "    }\n"
		    "  ],\n"
		    "  \"routing\": [\n"
		    "    {\n"
		    "      \"bus\": \"0000:00\",\n"
		    "      \"device\": \"02\",\n"
		    "      \"pin\": \"A\",\n"
		    "      \"link\": null,\n"
		    "      \"gsi\": 11,\n"
		    "      \"trigger\": \"level\",\n"
		    "      \"polarity\": \"high\",\n"
		    "      \"pirq\": 11,\n"
		    "      \"irq\": null,\n"
		    "      \"state\": \"registered\"\n"
		    "    }\n"
		    "  ]\n"
		    "}");
	acpi_free(&acpi);
}

static void no_module(void **state)
{
	struct acpi acpi;

	acpi_collect("/nonexistent", "/nonexistent", &acpi);
	assert_int_equal(acpi.processor_count + acpi.route_count, 0);
	expect_text(&acpi, "");
	acpi_free(&acpi);
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/processors", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/routing", folder);
	unlink(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_processor),
		cmocka_unit_test(a_route),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(whole_module),
		cmocka_unit_test(as_json),
		cmocka_unit_test(no_module),
	};

	return cmocka_run_group_tests_name("acpi", tests, make_folder,
					   remove_folder);
}
