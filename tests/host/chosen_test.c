// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of PCI devices: what is one, and whom it names.
 */
#include "chosen.h"
#include "test.h"

static void places(void **state)
{
	static const struct {
		const char *text;
		unsigned int domain, bus, devfn;
		char behind;
	} good[] = {
		{ "0000:04:00.0", 0, 4, 0, '\0' },
		{ "04:1f.7", 0, 4, 0xff, '\0' },
		{ "10000:e1:00.1,", 0x10000, 0xe1, 1, ',' },
		{ "0:0:0.0\n", 0, 0, 0, '\n' },
		{ "FFFF:aB:0c.3 ", 0xffff, 0xab, 0x63, ' ' },
	};
	static const char *const bad[] = {
		"", ":", ".", "0", "0:", "0:0", "0:0:", "0:0:0", "0:0.", "0:0:0.",
		"0000:100:00.0", "100:00.0", "0:20.0", "0:0:20.0", "0:0.8",
		"0:0:0:0.0", "-1:0.0", " 0:0.0", "x:0.0", "0:x.0", "0:0.x",
		"100000000:0:0.0", "11111111111111111:0:0.0", "all", ",0:0.0",
	};
	struct xdma_bdf bdf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		const char *end = xdma_bdf_parse(good[i].text, &bdf);

		assert_non_null(end);
		assert_int_equal(*end, good[i].behind);
		assert_int_equal(bdf.domain, good[i].domain);
		assert_int_equal(bdf.bus, good[i].bus);
		assert_int_equal(bdf.devfn, good[i].devfn);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(xdma_bdf_parse(bad[i], &bdf));
}

static void lists(void **state)
{
	static const char *const good[] = {
		"", "\n", "all", "all\n", "04:00.0", "0000:04:00.0\n",
		"04:00.0,04:00.1,0001:00:00.0\n",
	};
	static const char *const bad[] = {
		"none", "al", "alll", "all,04:00.0", "04:00.0,", ",04:00.0",
		"04:00.0,,04:00.1", "04:00.0 ", "04:00.0\n\n", "04:00.0;04:00.1",
		"04:00.0,all", "\n\n", "04:00",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(xdma_chosen_valid(good[i]));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(xdma_chosen_valid(bad[i]));
}

static void who_is_named(void **state)
{
	const struct xdma_bdf one = { .bus = 4 };
	const struct xdma_bdf other = { .bus = 4, .devfn = 1 };
	const struct xdma_bdf far = { .domain = 1, .bus = 4 };

	assert_false(xdma_chosen("", &one));
	assert_false(xdma_chosen("\n", &one));
	assert_true(xdma_chosen("all", &far));
	assert_true(xdma_chosen("all\n", &one));
	assert_true(xdma_chosen("04:00.0", &one));
	assert_false(xdma_chosen("04:00.0", &other));
	assert_false(xdma_chosen("04:00.0", &far));
	assert_true(xdma_chosen("05:00.0,4:0.1,1:4:0.0\n", &other));
	assert_true(xdma_chosen("05:00.0,4:0.1,1:4:0.0\n", &far));
	assert_false(xdma_chosen("05:00.0,4:0.1,1:4:0.0\n", &one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(lists),
		cmocka_unit_test(who_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
