// SPDX-License-Identifier: GPL-2.0
/*
 * _CPC.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include "acpi.h"
#include "cpc.h"
#include "test.h"

static union acpi_object *object;
static struct xenacpi_cpc cpc;
static struct xenacpi_faults faults;

/* Revision 3, all integers but the one that is written. */
static int revision3(void **state)
{
	static const u64 values[23] = {
		23, 3, 255, 200, 120, 40, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 200, 400, 2000,
	};

	object = acpi_make_package(0);
	acpi_put_integers(object, 23, values);
	acpi_put_register(&object->package.elements[7], 0x7f, 64, 0, 4,
			  0xc00102b3);
	return 0;
}

static int done(void **state)
{
	acpi_free(object);
	return 0;
}

static union acpi_object *field(int nr)
{
	return &object->package.elements[nr];
}

static bool parse(unsigned int bad)
{
	bool good;

	memset(&faults, 0, sizeof(faults));
	memset(&cpc, 0xa5, sizeof(cpc));
	good = xenacpi_cpc_parse(object, &cpc, &faults);
	assert_int_equal(faults.nr, bad);
	return good;
}

static void good(void **state)
{
	assert_true(parse(0));
	assert_int_equal(cpc.highest, 255);
	assert_int_equal(cpc.nominal, 200);
	assert_int_equal(cpc.lowest_nonlinear, 120);
	assert_int_equal(cpc.lowest, 40);
	assert_int_equal(cpc.lowest_mhz, 400);
	assert_int_equal(cpc.nominal_mhz, 2000);
}

/* What stands in a register is not in the table: Xen reads it. */
static void in_registers(void **state)
{
	int i;

	for (i = 2; i <= 5; i++)
		acpi_put_register(field(i), 0x7f, 8, 8 * i, 4, 0xc00102b0);
	assert_true(parse(0));
	assert_int_equal(cpc.highest | cpc.nominal | cpc.lowest, 0);
	assert_int_equal(cpc.nominal_mhz, 2000);
}

static void revisions(void **state)
{
	acpi_put_integer(field(1), 4);
	assert_true(parse(0));
	acpi_put_integer(field(1), 0);
	assert_false(parse(1));
	object->package.count = 21;
	acpi_put_integer(field(0), 21);
	acpi_put_integer(field(1), 3);
	assert_false(parse(1));
	acpi_put_integer(field(1), 2);
	assert_true(parse(0));
	assert_int_equal(cpc.nominal_mhz, 0);
	object->package.count = 17;
	acpi_put_integer(field(0), 17);
	assert_false(parse(1));
	acpi_put_integer(field(1), 1);
	assert_true(parse(0));
	object->package.count = 23;
}

static void numbers_of_entries(void **state)
{
	u32 count;

	acpi_put_integer(field(0), 21);
	assert_false(parse(1));
	acpi_put_integer(field(0), 23);
	for (count = 0; count < 23; count++) {
		object->package.count = count;
		assert_false(parse(1));
	}
	object->package.count = 23;
	acpi_put_string(field(0), "23");
	assert_false(parse(1));
	acpi_put_integer(field(0), 23);
	acpi_put_string(field(1), "3");
	assert_false(parse(1));
	acpi_put_package(object, 0);
	assert_false(parse(1));
}

static void values(void **state)
{
	acpi_put_string(field(2), "fast");
	assert_false(parse(1));
	assert_int_equal(faults.fault[0].entry, 2);
	acpi_put_integer(field(2), 1ull << 32);
	assert_false(parse(1));
	acpi_put_buffer(field(2), "abc", 3);
	assert_false(parse(1));
	acpi_put_integer(field(2), 199);
	assert_false(parse(1));
	acpi_put_integer(field(2), 200);
	assert_true(parse(0));
	acpi_put_integer(field(5), 121);
	assert_false(parse(1));
	acpi_put_integer(field(5), 40);
	acpi_put_integer(field(4), 201);
	assert_false(parse(1));
}

/* Frequencies are not needed: without good ones the rest is still uploaded. */
static void frequencies(void **state)
{
	acpi_put_integer(field(21), 2001);
	assert_true(parse(1));
	assert_int_equal(cpc.lowest_mhz | cpc.nominal_mhz, 0);
	acpi_put_string(field(21), "");
	assert_true(parse(1));
	assert_int_equal(cpc.nominal_mhz, 2000);
	assert_int_equal(cpc.lowest_mhz, 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, revision3, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(good), T(in_registers), T(revisions), T(numbers_of_entries),
		T(values), T(frequencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
