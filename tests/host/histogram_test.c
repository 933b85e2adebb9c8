// SPDX-License-Identifier: GPL-2.0
/*
 * Each time goes to its class.
 */
#include <linux/string.h>
#include <xenmod/histogram.h>
#include "test.h"

static void each_class(void **state)
{
	struct xenmod_histogram histogram;
	unsigned int class, i;

	for (class = 0; class < XENMOD_HISTOGRAM; class++) {
		memset(&histogram, 0, sizeof(histogram));
		xenmod_histogram_add(&histogram, 1ull << class);
		xenmod_histogram_add(&histogram, (2ull << class) - 1);
		for (i = 0; i < XENMOD_HISTOGRAM; i++)
			assert_int_equal(histogram.count[i],
					 i == class ? 2 : 0);
	}
}

static void both_ends(void **state)
{
	struct xenmod_histogram histogram = { { 0 } };

	xenmod_histogram_add(&histogram, 0);
	assert_int_equal(histogram.count[0], 1);
	xenmod_histogram_add(&histogram, 1ull << XENMOD_HISTOGRAM);
	xenmod_histogram_add(&histogram, ~0ull);
	assert_int_equal(histogram.count[XENMOD_HISTOGRAM - 1], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_class),
		cmocka_unit_test(both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
