// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the kernel to udev.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <stdlib.h>
#include "uevent.h"
#include "test.h"

#define PLACE	"/devices/system/xen_cpu/xen_cpu"

static struct xenacpi_uevent event;

/* On the heap, so that not a byte beyond is read. */
static bool parse(const char *text, size_t size)
{
	char *copy = malloc(size ? size : 1);
	bool good;

	memcpy(copy, text, size);
	good = xenacpi_uevent_parse(copy, size, &event);
	free(copy);
	return good;
}

#define PARSE(text)	parse(text, sizeof(text))

static void test_cpus(void **state)
{
	assert_true(PARSE("online@" PLACE "3\0ACTION=online"));
	assert_int_equal(event.xen, 3);
	assert_true(event.online);
	assert_true(PARSE("offline@" PLACE "17"));
	assert_int_equal(event.xen, 17);
	assert_false(event.online);
	assert_true(PARSE("add@" PLACE "0"));
	assert_int_equal(event.xen, 0);
	assert_true(event.online);
	assert_true(PARSE("remove@" PLACE "0"));
	assert_false(event.online);
	assert_true(PARSE("online@" PLACE "999999999"));
	assert_int_equal(event.xen, 999999999);
}

static void test_others(void **state)
{
	assert_false(PARSE("online@/devices/system/cpu/cpu3"));
	assert_false(PARSE("add@/devices/vif-1-0"));
	assert_false(PARSE("add@/devices/system/xen_cpu"));
	assert_false(PARSE("libudev"));
	assert_false(PARSE(""));
}

static void test_broken(void **state)
{
	assert_false(PARSE("online@" PLACE));
	assert_false(PARSE("online@" PLACE "x"));
	assert_false(PARSE("online@" PLACE "3/power"));
	assert_false(PARSE("online@" PLACE "-1"));
	assert_false(PARSE("online@" PLACE "1000000000"));
	/* Without an end. */
	assert_false(parse("online@" PLACE "3", sizeof("online@" PLACE)));
	assert_false(parse("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests_name("uevent", tests, NULL, NULL);
}
