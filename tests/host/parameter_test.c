// SPDX-License-Identifier: GPL-2.0
/*
 * Values of module parameters, judged by modinfo's descriptions.
 */
#include "test.h"
#include "parameter.h"
#include <string.h>

#define RANGED	"Queues offered to a frontend, 1 to 64 (default: 1 to 4 of them)"
#define OPEN	"MiB of memory, 1 to pool_max_mb (default: 4) (uint)"
#define PLAIN	"Number of flows (uint)"
#define SWITCH	"Offer persistent grants, up to 9 (default: yes) (bool)"
#define FREE	"Devices, all to be named (default: none)"

static void values(void **state)
{
	static const struct {
		const char *description;
		const char *value;
		bool refused;
	} cases[] = {
		{ RANGED, "1", false },
		{ RANGED, "64", false },
		{ RANGED, "0x40", false },
		{ RANGED, "+2", false },
		{ RANGED, "0", true },
		{ RANGED, "65", true },
		{ RANGED, "-1", true },
		{ RANGED, "4x", true },
		{ RANGED, "", true },
		{ RANGED, NULL, true },
		{ RANGED, "18446744073709551617", true },
		{ OPEN, "0", true },
		{ OPEN, "1", false },
		{ OPEN, "4294967295", false },
		{ OPEN, "4294967296", true },
		{ PLAIN, "0", false },
		{ PLAIN, "many", true },
		{ PLAIN, NULL, true },
		{ SWITCH, NULL, false },
		{ SWITCH, "Y", false },
		{ SWITCH, "0", false },
		{ SWITCH, "on", false },
		{ SWITCH, "off", false },
		{ SWITCH, "2", true },
		{ SWITCH, "", true },
		{ FREE, "anything", false },
		{ FREE, NULL, false },
		{ "", "7", false },
		{ " to ", "7", false },
		{ "(uint)", "x", true },
	};
	char why[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(parameter_refused(cases[i].description,
						   cases[i].value, why,
						   sizeof(why)),
				 cases[i].refused);
}

static void reasons(void **state)
{
	char why[64];

	assert_true(parameter_refused(RANGED, "65", why, sizeof(why)));
	assert_string_equal(why, "is not in the range of 1 to 64");
	assert_true(parameter_refused(OPEN, "0", why, sizeof(why)));
	assert_string_equal(why, "is less than 1, or too large");
	assert_true(parameter_refused(SWITCH, "maybe", why, sizeof(why)));
	assert_string_equal(why, "is neither Y nor N");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests_name("parameter", tests, NULL, NULL);
}
