// SPDX-License-Identifier: GPL-2.0
/*
 * _CST: what good firmware says, and what broken firmware does.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include "acpi.h"
#include "cstate.h"
#include "test.h"

static union acpi_object *cst;
static struct xenacpi_cstates states;
static struct xenacpi_faults faults;

/* Three states, as Intel's firmware has them. */
static int intel(void **state)
{
	static const u64 latencies[] = { 1, 80, 200 };
	static const u64 hints[] = { 0, 0x10, 0x20 };
	union acpi_object *entry;
	int i;

	memset(&faults, 0, sizeof(faults));
	cst = acpi_make_package(4);
	acpi_put_integer(&cst->package.elements[0], 3);
	for (i = 0; i < 3; i++) {
		entry = &cst->package.elements[i + 1];
		acpi_put_package(entry, 4);
		acpi_put_register(&entry->package.elements[0],
				  ACPI_ADR_SPACE_FIXED_HARDWARE, 1, 2, 1,
				  hints[i]);
		acpi_put_integer(&entry->package.elements[1], i + 1);
		acpi_put_integer(&entry->package.elements[2], latencies[i]);
		acpi_put_integer(&entry->package.elements[3], 1000 - 300 * i);
	}
	return 0;
}

static int done(void **state)
{
	acpi_free(cst);
	return 0;
}

static union acpi_object *field(int entry, int nr)
{
	return &cst->package.elements[entry].package.elements[nr];
}

static void parse(u32 good, unsigned int bad)
{
	memset(&states, 0xa5, sizeof(states));
	xenacpi_cst_parse(cst, &states, &faults);
	assert_int_equal(states.nr, good);
	assert_int_equal(faults.nr, bad);
}

static void good(void **state)
{
	parse(3, 0);
	assert_true(states.from_cst);
	assert_int_equal(states.state[1].type, 2);
	assert_int_equal(states.state[1].latency, 80);
	assert_int_equal(states.state[1].power, 700);
	assert_int_equal(states.state[1].reg.space, 0x7f);
	assert_int_equal(states.state[1].reg.width, 1);
	assert_int_equal(states.state[1].reg.offset, 2);
	assert_int_equal(states.state[1].reg.access, 1);
	assert_true(states.state[1].reg.address == 0x10);
}

/* All that is not used is zero: tables are compared as bytes. */
static void nothing_left_over(void **state)
{
	static const struct xenacpi_cstate zero;

	acpi_put_integer(field(3, 1), 9);
	parse(2, 1);
	assert_memory_equal(&states.state[2], &zero, sizeof(zero));
	assert_memory_equal(&states.state[15], &zero, sizeof(zero));
}

static void port(void **state)
{
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_SYSTEM_IO, 8, 0, 1,
			  0x1014);
	parse(3, 0);
	assert_int_equal(states.state[1].reg.space, 1);
	assert_true(states.state[1].reg.address == 0x1014);
}

/* One entry is broken: it is named, and the others stay. */
static void dropped(const char *what)
{
	parse(2, 1);
	assert_int_equal(faults.fault[0].entry, 2);
	assert_string_equal(faults.fault[0].what, what);
	assert_int_equal(states.state[1].type, 3);
}

static void type(void **state)
{
	static const u64 bad[] = { 0, 4, 255, 1ull << 32, ~0ull };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&faults, 0, sizeof(faults));
		acpi_put_integer(field(2, 1), bad[i]);
		dropped("no such type of state");
	}
}

static void latency(void **state)
{
	acpi_put_integer(field(2, 2), 0);
	dropped("latency is zero");
	memset(&faults, 0, sizeof(faults));
	acpi_put_integer(field(2, 2), 65536);
	dropped("latency is absurd");
	memset(&faults, 0, sizeof(faults));
	acpi_put_integer(field(2, 2), 65535);
	/* C1 costs nothing where nobody measured it. */
	acpi_put_integer(field(1, 2), 0);
	parse(3, 0);
}

static void absurd_power(void **state)
{
	acpi_put_integer(field(2, 3), ~0ull);
	parse(3, 0);
	assert_int_equal(states.state[1].power, 0xffffffff);
}

static void places(void **state)
{
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_SYSTEM_MEMORY, 8, 0, 1,
			  0x1000);
	dropped("neither port nor fixed hardware");
	memset(&faults, 0, sizeof(faults));
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_SYSTEM_IO, 8, 0, 1, 0);
	dropped("no such port");
	memset(&faults, 0, sizeof(faults));
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_SYSTEM_IO, 8, 0, 1,
			  0x10000);
	dropped("no such port");
	memset(&faults, 0, sizeof(faults));
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_FIXED_HARDWARE, 1, 2, 1,
			  1ull << 32);
	dropped("no such hint");
}

static void registers(void **state)
{
	static const u8 bytes[17] = { 0x82, 12 };
	u8 other[17] = { 0x82, 13 };
	u32 length;

	for (length = 0; length < 15; length++) {
		memset(&faults, 0, sizeof(faults));
		acpi_put_buffer(field(2, 0), bytes, length);
		dropped("register is too short");
	}
	memset(&faults, 0, sizeof(faults));
	acpi_put_buffer(field(2, 0), other, sizeof(other));
	dropped("register is no generic register");
	memset(&faults, 0, sizeof(faults));
	other[0] = 0x79;
	acpi_put_buffer(field(2, 0), other, sizeof(other));
	dropped("register is no generic register");
	memset(&faults, 0, sizeof(faults));
	acpi_put_integer(field(2, 0), 5);
	dropped("register is no buffer");
	memset(&faults, 0, sizeof(faults));
	acpi_put_string(field(2, 0), "register of sixteen");
	dropped("register is no buffer");
}

static void wrong_types(void **state)
{
	int i;

	for (i = 1; i < 4; i++) {
		memset(&faults, 0, sizeof(faults));
		acpi_put_string(field(2, i), "1");
		dropped("no integer where one belongs");
		acpi_put_integer(field(2, i), i == 1 ? 2 : 80);
	}
	memset(&faults, 0, sizeof(faults));
	acpi_put_integer(&cst->package.elements[2], 2);
	dropped("no package of four");
	memset(&faults, 0, sizeof(faults));
	acpi_put_package(&cst->package.elements[2], 3);
	dropped("no package of four");
	memset(&faults, 0, sizeof(faults));
	acpi_put_package(&cst->package.elements[2], 0);
	dropped("no package of four");
}

static void duplicate(void **state)
{
	acpi_put_integer(field(2, 1), 1);
	acpi_put_register(field(2, 0), ACPI_ADR_SPACE_FIXED_HARDWARE, 1, 2, 1,
			  0);
	dropped("the same state again");
}

static void count(void **state)
{
	static const u64 wrong[] = { 0, 2, 4, ~0ull };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memset(&faults, 0, sizeof(faults));
		acpi_put_integer(&cst->package.elements[0], wrong[i]);
		parse(3, 1);
		assert_int_equal(faults.fault[0].entry, 0);
	}
}

static void no_package(void **state)
{
	acpi_put_integer(cst, 3);
	parse(0, 1);
	assert_int_equal(faults.fault[0].entry, XENACPI_WHOLE);
	assert_false(states.from_cst);
	memset(&faults, 0, sizeof(faults));
	acpi_put_package(cst, 0);
	parse(0, 1);
	memset(&faults, 0, sizeof(faults));
	acpi_put_package(cst, 1);
	parse(0, 1);
	assert_string_equal(faults.fault[0].what, "no state in it");
	assert_true(states.from_cst);
}

/* More states than anybody has, and more faults than are told. */
static void many(void **state)
{
	int i;

	acpi_put_package(cst, 101);
	acpi_put_integer(&cst->package.elements[0], 100);
	for (i = 1; i <= 100; i++) {
		union acpi_object *entry = &cst->package.elements[i];

		acpi_put_package(entry, 4);
		acpi_put_register(&entry->package.elements[0], 0x7f, 1, 2, 0,
				  i);
		acpi_put_integer(&entry->package.elements[1], 3);
		acpi_put_integer(&entry->package.elements[2], i);
	}
	parse(XENACPI_CSTATES, 1);
	memset(&faults, 0, sizeof(faults));
	for (i = 1; i <= 100; i++)
		acpi_put_string(&cst->package.elements[i], "x");
	parse(0, 100);
	assert_int_equal(faults.fault[XENACPI_FAULTS - 1].entry,
			 XENACPI_FAULTS);
}

static void register_block(void **state)
{
	xenacpi_pblk_parse(0xb010, 6, 100, 1000, true, &states);
	assert_int_equal(states.nr, 2);
	assert_false(states.from_cst);
	assert_int_equal(states.state[0].type, 2);
	assert_true(states.state[0].reg.address == 0xb014);
	assert_int_equal(states.state[1].type, 3);
	assert_true(states.state[1].reg.address == 0xb015);
	assert_int_equal(states.state[1].latency, 1000);
	xenacpi_pblk_parse(0xb010, 6, 101, 1001, true, &states);
	assert_int_equal(states.nr, 0);
	xenacpi_pblk_parse(0xb010, 6, 100, 1001, false, &states);
	assert_int_equal(states.nr, 0);
	xenacpi_pblk_parse(0xb010, 5, 100, 1000, true, &states);
	assert_int_equal(states.nr, 0);
	xenacpi_pblk_parse(0, 6, 100, 1000, true, &states);
	assert_int_equal(states.nr, 0);
	xenacpi_pblk_parse(0xffff, 6, 100, 1000, true, &states);
	assert_int_equal(states.nr, 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, intel, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(good), T(nothing_left_over), T(port), T(type), T(latency),
		T(absurd_power), T(places), T(registers), T(wrong_types),
		T(duplicate), T(count), T(no_package), T(many),
		T(register_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
