// SPDX-License-Identifier: GPL-2.0
/*
 * What is said from two readings of a device's counters.
 */
#include "test.h"
#include "counters.h"
#include <math.h>
#include <string.h>

static struct counters then, now;

static void set(struct counters *c, enum counter which, uint64_t value)
{
	c->values[which] = number_of(value);
}

static int setup(void **state)
{
	memset(&then, 0, sizeof(then));
	memset(&now, 0, sizeof(now));
	return 0;
}

static void expect_real(double value, double right)
{
	assert_true(fabs(value - right) < 1e-9);
}

static void names_are_complete(void **state)
{
	unsigned int i, j;

	for (i = 0; i < COUNTER_COUNT; i++) {
		assert_non_null(counter_infos[i].name);
		assert_true(counter_infos[i].group < GROUP_COUNT);
		for (j = 0; j < i; j++)
			assert_true(counter_infos[i].group !=
				    counter_infos[j].group ||
				    strcmp(counter_infos[i].name,
					   counter_infos[j].name));
	}
	for (i = 0; i < GROUP_COUNT; i++)
		assert_non_null(counter_group_names[i]);
}

static void absent_is_not_zero(void **state)
{
	assert_false(number_valid(counters_requests(&now)));
	assert_false(number_valid(counters_to_guest_bytes(&now)));
	assert_false(number_valid(counters_from_guest_bytes(&now)));
	assert_false(number_valid(counters_errors(&now)));
	assert_true(isnan(rates_compute(NULL, &now, 1).requests_per_s));
	assert_true(isnan(rates_compute(&then, &now, 1).hypercalls_per_op));
}

static void sums_of_a_disk(void **state)
{
	set(&now, COUNTER_RD_REQ, 1);
	set(&now, COUNTER_WR_REQ, 20);
	set(&now, COUNTER_DS_REQ, 300);
	set(&now, COUNTER_REQUESTS, 9999);
	set(&now, COUNTER_RD_SECT, 8);
	set(&now, COUNTER_WR_SECT, 16);
	assert_true(counters_requests(&now).value == 321);
	assert_true(counters_to_guest_bytes(&now).value == 4096);
	assert_true(counters_from_guest_bytes(&now).value == 8192);
	set(&now, COUNTER_BAD_REQUESTS, 2);
	set(&now, COUNTER_GRANT_ERRORS, 3);
	assert_true(counters_errors(&now).value == 5);
}

static void sums_of_a_network(void **state)
{
	set(&now, COUNTER_RX_PACKETS, 7);
	set(&now, COUNTER_TX_PACKETS, 8);
	set(&now, COUNTER_RX_BYTES, 700);
	set(&now, COUNTER_TX_BYTES, 800);
	assert_true(counters_requests(&now).value == 15);
	/* The host sends what the guest receives. */
	assert_true(counters_to_guest_bytes(&now).value == 800);
	assert_true(counters_from_guest_bytes(&now).value == 700);
}

static void both_readings(void)
{
	static const enum counter which[] = {
		COUNTER_RD_REQ, COUNTER_RD_SECT, COUNTER_REQUESTS,
		COUNTER_MAP_HYPERCALLS, COUNTER_UNMAP_HYPERCALLS,
		COUNTER_COPY_HYPERCALLS, COUNTER_NOTIFICATIONS, COUNTER_PASSES };
	static const uint64_t before[] = { 100, 800, 100, 10, 10, 10, 10, 20 };
	static const uint64_t after[] = { 300, 2400, 300, 20, 30, 40, 50, 60 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(which); i++) {
		set(&then, which[i], before[i]);
		set(&now, which[i], after[i]);
	}
}

static void rates_of_an_interval(void **state)
{
	struct rates r;

	both_readings();
	r = rates_compute(&then, &now, 2);
	expect_real(r.seconds, 2);
	expect_real(r.requests_per_s, 100);
	expect_real(r.to_guest_bytes_per_s, 1600 * 512 / 2);
	assert_true(isnan(r.from_guest_bytes_per_s));
	expect_real(r.hypercalls_per_op, (10 + 20 + 30 + 40) / 200.0);
	expect_real(r.notifications_per_op, 40 / 200.0);
	expect_real(r.ops_per_pass, 200 / 40.0);
}

static void since_the_connection(void **state)
{
	static const double no_interval[] = { 0, -1, NAN };
	struct rates r;
	unsigned int i;

	both_readings();
	for (i = 0; i < ARRAY_SIZE(no_interval) + 1; i++) {
		r = i < ARRAY_SIZE(no_interval) ?
			rates_compute(&then, &now, no_interval[i]) :
			rates_compute(NULL, &now, 5);
		assert_true(isnan(r.seconds));
		assert_true(isnan(r.requests_per_s));
		assert_true(isnan(r.to_guest_bytes_per_s));
		expect_real(r.hypercalls_per_op, 140 / 300.0);
		expect_real(r.ops_per_pass, 5);
	}
}

/* After a reconnect the old reading says nothing. */
static void counters_that_went_back(void **state)
{
	struct rates r;

	both_readings();
	set(&now, COUNTER_PASSES, 1);
	r = rates_compute(&then, &now, 2);
	assert_true(isnan(r.seconds));
	expect_real(r.ops_per_pass, 300);

	now.values[COUNTER_PASSES].kind = NUMBER_ABSENT;
	r = rates_compute(&then, &now, 2);
	assert_true(isnan(r.seconds));
	assert_true(isnan(r.ops_per_pass));
}

static void nothing_happened(void **state)
{
	struct rates r;

	both_readings();
	r = rates_compute(&now, &now, 2);
	expect_real(r.requests_per_s, 0);
	assert_true(isnan(r.hypercalls_per_op));
	assert_true(isnan(r.ops_per_pass));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_are_complete, setup),
		cmocka_unit_test_setup(absent_is_not_zero, setup),
		cmocka_unit_test_setup(sums_of_a_disk, setup),
		cmocka_unit_test_setup(sums_of_a_network, setup),
		cmocka_unit_test_setup(rates_of_an_interval, setup),
		cmocka_unit_test_setup(since_the_connection, setup),
		cmocka_unit_test_setup(counters_that_went_back, setup),
		cmocka_unit_test_setup(nothing_happened, setup),
	};

	return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
