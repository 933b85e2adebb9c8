// SPDX-License-Identifier: GPL-2.0
/*
 * _PCT, _PSS, _PSD, _PPC and their likes for throttling.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include "acpi.h"
#include "pstate.h"
#include "test.h"

static union acpi_object *object;
static struct xenacpi_pss pss;
static struct xenacpi_tss tss;
static struct xenacpi_domain domain;
static struct xenacpi_register control, status;
static struct xenacpi_faults faults;

static int fresh(void **state)
{
	memset(&faults, 0, sizeof(faults));
	object = acpi_make_package(0);
	return 0;
}

static int done(void **state)
{
	acpi_free(object);
	return 0;
}

/* Four states of 2000, 1600, 1200 and 800 MHz. */
static int four(void **state)
{
	u64 values[6];
	int i;

	fresh(state);
	acpi_put_package(object, 4);
	for (i = 0; i < 4; i++) {
		values[0] = 2000 - 400 * i;
		values[1] = 35000 - 5000 * i;
		values[2] = 10;
		values[3] = 9;
		values[4] = 0x1400 - 0x400 * i;
		values[5] = values[4] + 1;
		acpi_put_integers(&object->package.elements[i], 6, values);
	}
	return 0;
}

static union acpi_object *field(int entry, int nr)
{
	return &object->package.elements[entry].package.elements[nr];
}

static void parse(u32 good, unsigned int bad)
{
	memset(&pss, 0xa5, sizeof(pss));
	memset(&faults, 0, sizeof(faults));
	xenacpi_pss_parse(object, &pss, &faults);
	assert_int_equal(pss.nr, good);
	assert_int_equal(faults.nr, bad);
}

static void good(void **state)
{
	parse(4, 0);
	assert_int_equal(pss.all, 4);
	assert_true(pss.state[1].mhz == 1600);
	assert_true(pss.state[1].power == 30000);
	assert_true(pss.state[1].latency == 10);
	assert_true(pss.state[1].bm_latency == 9);
	assert_true(pss.state[1].control == 0x1000);
	assert_true(pss.state[1].status == 0x1001);
	assert_int_equal(pss.place[3], 3);
}

static void dropped(const char *what)
{
	static const struct xenacpi_pstate zero;

	parse(3, 1);
	assert_int_equal(faults.fault[0].entry, 1);
	assert_string_equal(faults.fault[0].what, what);
	assert_true(pss.state[1].mhz == 1200);
	assert_int_equal(pss.place[1], 2);
	assert_memory_equal(&pss.state[3], &zero, sizeof(zero));
}

static void frequencies(void **state)
{
	acpi_put_integer(field(1, 0), 0);
	dropped("frequency is zero");
	acpi_put_integer(field(1, 0), 4294968);
	dropped("frequency is absurd");
	acpi_put_integer(field(1, 0), 1ull << 32 | 1600);
	dropped("frequency is absurd");
	acpi_put_integer(field(1, 0), ~0ull);
	dropped("frequency is absurd");
	acpi_put_integer(field(1, 0), 2000);
	dropped("the same frequency again");
	acpi_put_integer(field(1, 0), 2001);
	dropped("faster than the state before");
}

static void latencies(void **state)
{
	acpi_put_integer(field(1, 2), 0xffffffff);
	dropped("latency is absurd");
	acpi_put_integer(field(1, 2), 0);
	parse(4, 0);
	acpi_put_integer(field(1, 3), 4294968);
	dropped("latency is absurd");
	acpi_put_integer(field(1, 3), 4294967);
	parse(4, 0);
}

static void wrong_types(void **state)
{
	static const u64 five[5] = { 1, 2, 3, 4, 5 };
	int i;

	for (i = 0; i < 6; i++) {
		acpi_put_string(field(1, i), "1600");
		dropped("no package of six integers");
		acpi_put_integer(field(1, i), 1600);
	}
	acpi_put_integer(&object->package.elements[1], 1600);
	dropped("no package of six integers");
	acpi_put_integers(&object->package.elements[1], 5, five);
	dropped("no package of six integers");
	acpi_put_package(&object->package.elements[1], 0);
	dropped("no package of six integers");
	acpi_put_buffer(object, "x", 1);
	parse(0, 1);
	acpi_put_package(object, 0);
	parse(0, 1);
}

/* More integers than needed, as a later version may have. */
static void longer_entries(void **state)
{
	static const u64 seven[7] = { 1500, 2, 3, 4, 5, 6, 7 };

	acpi_put_integers(&object->package.elements[1], 7, seven);
	parse(4, 0);
	assert_true(pss.state[1].mhz == 1500);
}

static void many(void **state)
{
	u64 values[6] = { 0 };
	int i;

	acpi_put_package(object, 1000);
	for (i = 0; i < 1000; i++) {
		values[0] = 5000 - i;
		acpi_put_integers(&object->package.elements[i], 6, values);
	}
	parse(XENACPI_PSTATES, 1);
	assert_int_equal(pss.all, 1000);
}

/* _PPC counts what the firmware lists, Xen what it was given. */
static void limits(void **state)
{
	static const struct {
		u64 ppc;
		u32 limit;
		unsigned int faults;
	} cases[] = {
		{ 0, 0, 0 }, { 1, 1, 0 }, { 2, 1, 0 }, { 3, 2, 0 },
		{ 4, 0, 1 }, { 99, 0, 1 }, { ~0ull, 0, 1 },
	};
	unsigned int i;

	acpi_put_integer(field(1, 0), 0);
	parse(3, 1);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&faults, 0, sizeof(faults));
		assert_int_equal(xenacpi_pss_limit(&pss, cases[i].ppc,
						   &faults), cases[i].limit);
		assert_int_equal(faults.nr, cases[i].faults);
	}
	/* The slowest one is broken and the limit. */
	acpi_put_integer(field(1, 0), 1600);
	acpi_put_integer(field(3, 0), 0);
	parse(3, 1);
	assert_int_equal(xenacpi_pss_limit(&pss, 3, &faults), 2);
	memset(&pss, 0, sizeof(pss));
	assert_int_equal(xenacpi_pss_limit(&pss, 0, &faults), 0);
}

static bool parse_pct(unsigned int bad)
{
	bool good;

	memset(&faults, 0, sizeof(faults));
	good = xenacpi_pct_parse(object, &control, &status, &faults);
	assert_int_equal(faults.nr, bad);
	return good;
}

static void control_registers(void **state)
{
	union acpi_object *reg;

	acpi_put_package(object, 2);
	reg = object->package.elements;
	acpi_put_register(&reg[0], 0x7f, 64, 0, 0, 0x199);
	acpi_put_register(&reg[1], 0x7f, 16, 0, 0, 0x198);
	assert_true(parse_pct(0));
	assert_true(control.address == 0x199);
	assert_int_equal(status.width, 16);
	acpi_put_register(&reg[1], 1, 16, 0, 0, 0xb2);
	assert_false(parse_pct(1));
	acpi_put_register(&reg[0], 1, 8, 0, 0, 0xb1);
	assert_true(parse_pct(0));
	acpi_put_register(&reg[0], 1, 7, 0, 0, 0xb1);
	assert_false(parse_pct(1));
	acpi_put_register(&reg[0], 1, 64, 0, 0, 0xb1);
	assert_false(parse_pct(1));
	acpi_put_register(&reg[0], 1, 8, 0, 0, 0);
	assert_false(parse_pct(1));
	acpi_put_register(&reg[0], 0, 8, 0, 0, 0xb1);
	assert_false(parse_pct(1));
	assert_int_equal(faults.fault[0].entry, 0);
	acpi_put_integer(&reg[0], 1);
	assert_false(parse_pct(1));
	acpi_put_package(object, 1);
	assert_false(parse_pct(1));
	acpi_put_string(object, "PCT");
	assert_false(parse_pct(1));
}

static bool parse_psd(unsigned int bad)
{
	bool good;

	memset(&faults, 0, sizeof(faults));
	good = xenacpi_psd_parse(object, &domain, &faults);
	assert_int_equal(faults.nr, bad);
	return good;
}

static void domains(void **state)
{
	static const struct {
		bool good;
		u64 values[5];
	} cases[] = {
		{ true, { 5, 0, 7, 0xfc, 2 } },
		{ true, { 5, 0, 0, 0xfd, 1 } },
		{ true, { 5, 0, 1, 0xfe, 64 } },
		{ false, { 5, 0, 7, 0xfb, 2 } },
		{ false, { 5, 0, 7, 0xff, 2 } },
		{ false, { 5, 0, 7, 0xfc, 0 } },
		{ false, { 5, 0, 7, 0xfc, 0x10000 } },
		{ false, { 5, 1, 7, 0xfc, 2 } },
		{ false, { 6, 0, 7, 0xfc, 2 } },
		{ false, { 0, 0, 0, 0, 0 } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		acpi_put_package(object, 1);
		acpi_put_integers(&object->package.elements[0], 5,
				  cases[i].values);
		assert_int_equal(parse_psd(!cases[i].good), cases[i].good);
		if (!cases[i].good)
			continue;
		assert_true(domain.domain == cases[i].values[2]);
		assert_true(domain.coord == cases[i].values[3]);
		assert_true(domain.processors == cases[i].values[4]);
	}
	acpi_put_integers(&object->package.elements[0], 4, cases[0].values);
	assert_false(parse_psd(1));
	/* Without the package around it. */
	acpi_put_integers(object, 5, cases[0].values);
	assert_false(parse_psd(1));
	acpi_put_package(object, 0);
	assert_false(parse_psd(1));
	xenacpi_psd_alone(&domain, 9);
	assert_true(domain.domain == 9 && domain.processors == 1 &&
		    domain.coord == XENACPI_COORD_SW_ALL);
}

static void parse_tss(u32 good, unsigned int bad)
{
	memset(&tss, 0xa5, sizeof(tss));
	memset(&faults, 0, sizeof(faults));
	xenacpi_tss_parse(object, &tss, &faults);
	assert_int_equal(tss.nr, good);
	assert_int_equal(faults.nr, bad);
}

static void throttling(void **state)
{
	u64 values[5] = { 100, 1000, 0, 0, 0 };
	int i;

	acpi_put_package(object, 8);
	for (i = 0; i < 8; i++) {
		values[0] = 100 - 12 * i;
		values[3] = 16 + i;
		acpi_put_integers(&object->package.elements[i], 5, values);
	}
	parse_tss(8, 0);
	assert_true(tss.state[7].percent == 16);
	assert_true(tss.state[7].control == 23);
	acpi_put_integer(field(1, 0), 0);
	parse_tss(7, 1);
	assert_string_equal(faults.fault[0].what, "no percentage");
	acpi_put_integer(field(1, 0), 101);
	parse_tss(7, 1);
	acpi_put_integer(field(1, 0), 100);
	parse_tss(7, 1);
	assert_string_equal(faults.fault[0].what,
			    "not slower than the state before");
	acpi_put_integer(field(1, 0), 88);
	acpi_put_integer(field(1, 2), 0xffffffff);
	parse_tss(7, 1);
	acpi_put_string(field(1, 2), "");
	parse_tss(7, 1);
	acpi_put_package(object, 100);
	for (i = 0; i < 100; i++) {
		values[0] = 100 - i;
		acpi_put_integers(&object->package.elements[i], 5, values);
	}
	parse_tss(XENACPI_TSTATES, 1);
	acpi_put_integer(object, 8);
	parse_tss(0, 1);
}

#define T(test, setup) cmocka_unit_test_setup_teardown(test, setup, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(good, four), T(frequencies, four), T(latencies, four),
		T(wrong_types, four), T(longer_entries, four), T(many, fresh),
		T(limits, four), T(control_registers, fresh),
		T(domains, fresh), T(throttling, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
