// SPDX-License-Identifier: GPL-2.0
/*
 * Rate limits: what passes in how much time, whatever the packets, the pauses
 * and the number of queues are.
 */
#include <errno.h>
#include <linux/compiler.h>
#include <linux/string.h>
#include <pthread.h>
#include <stdlib.h>
#include "rate.h"
#include "test.h"

#define SECOND	1000000000ll

static struct vif_rate rate;

static int fresh(void **state)
{
	memset(&rate, 0, sizeof(rate));
	return 0;
}

static void texts(void **state)
{
	static const struct {
		const char *text;
		u64 bytes, usec;
	} good[] = {
		{ "0,0", 0, 0 },
		{ "10000,50000", 10000, 50000 },
		{ "4611686018427387903,4294967295", 4611686018427387903ull,
		  4294967295ull },
		{ "0010,1", 10, 1 },
	};
	static const char *const bad[] = {
		"", ",", "1", "1,", ",1", "1,2,", "1,2,3", "1, 2", " 1,2",
		"-1,2", "1,-2", "+1,2", "0x10,2", "1e3,2", "1.5,2", "a,b",
		"1,2\n", "1;2", "99999999999999999999,1",
		"18446744073709551616,1", "1,18446744073709551616",
		"100000000000000000000000000000000000000000000,1", "%n,%n",
	};
	u64 bytes, usec;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(vif_rate_parse(good[i].text, &bytes, &usec),
				 0);
		assert_true(bytes == good[i].bytes);
		assert_true(usec == good[i].usec);
	}
	bytes = 11;
	usec = 12;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(vif_rate_parse(bad[i], &bytes, &usec),
				 -EINVAL);
		assert_true(bytes == 11);
		assert_true(usec == 12);
	}
}

static void without_limit(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		vif_rate_set(&rate, i == 1, i == 2, 5);
		assert_false(vif_rate_limited(&rate));
		assert_int_equal(vif_rate_pass(&rate, 65535, 5), 0);
		assert_int_equal(vif_rate_pass(&rate, 65535, 5), 0);
		assert_int_equal(vif_rate_wait(&rate, 5), 0);
	}
}

/* Bytes that pass in a time when there is always more to send. */
static u64 flood(s64 *now, s64 end, unsigned int (*size)(void))
{
	u64 bytes = 0, wait;
	unsigned int next = size();

	while (*now < end) {
		wait = vif_rate_pass(&rate, next, *now);
		if (wait) {
			assert_int_equal(wait, vif_rate_wait(&rate, *now));
			*now += wait;
			continue;
		}
		bytes += next;
		next = size();
	}
	return bytes;
}

static unsigned int mtu(void)
{
	return 1514;
}

static unsigned int largest(void)
{
	return 65535;
}

static unsigned int any_size(void)
{
	return 1 + random() % 65535;
}

/* What is asked for is what comes, within a packet and the burst. */
static void what_was_asked_for(void **state)
{
	static const struct {
		u64 bytes, usec;
	} limits[] = {
		{ 10000, 50000 }, { 1, 1 }, { 125000, 1000 },
		{ 1250000000, 1000000 }, { 12500, 1000 }, { 1000, 1 },
		{ 1000, 1000000 }, { 50000, 5000000 },
	};
	static unsigned int (*const sizes[])(void) = {
		mtu, largest, any_size,
	};
	unsigned int i, s;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		for (s = 0; s < ARRAY_SIZE(sizes); s++) {
			double per_second = 1e6 * limits[i].bytes /
					    limits[i].usec;
			s64 now = 12345 * SECOND, begin = now;
			double seconds = 200e6 / per_second, bytes, expect;

			vif_rate_set(&rate, limits[i].bytes, limits[i].usec,
				     now);
			bytes = flood(&now, begin + (s64)(seconds * SECOND),
				      sizes[s]);
			expect = per_second * (now - begin) / SECOND;
			assert_true(bytes < expect * 1.0001 + 65535);
			assert_true(bytes > expect * 0.9999 - 65535);
		}
}

/* After a pause, what was to pass in one piece does, and no more. */
static void bursts(void **state)
{
	s64 now = 0;
	unsigned int i;

	vif_rate_set(&rate, 10000, 50000, now);	/* 5 us a byte */
	now += 3600 * SECOND;
	for (i = 0; i < 11; i++)
		assert_int_equal(vif_rate_pass(&rate, 1000, now), 0);
	/* The eleventh was in debt. */
	assert_in_range(vif_rate_pass(&rate, 1000, now), 4999000, 5000000);
	/* Who is refused pays nothing. */
	assert_in_range(vif_rate_wait(&rate, now), 4999000, 5000000);
	now += 5000000;
	assert_int_equal(vif_rate_pass(&rate, 1000, now), 0);
	assert_true(vif_rate_pass(&rate, 1, now) > 0);
}

/* A packet larger than all that a period has passes, and is waited for. */
static void larger_than_the_burst(void **state)
{
	s64 now = SECOND;

	vif_rate_set(&rate, 100, 1000, now);	/* 10 us a byte */
	assert_int_equal(vif_rate_pass(&rate, 65535, now), 0);
	assert_in_range(vif_rate_pass(&rate, 1, now), 655340000, 655350000);
	now += 655350000;
	assert_int_equal(vif_rate_pass(&rate, 1, now), 0);
}

/* Who waits long for a slow limit does not when it is gone, or a fast one. */
static void changed_meanwhile(void **state)
{
	s64 now = SECOND;

	vif_rate_set(&rate, 1, 1000, now);
	assert_int_equal(vif_rate_pass(&rate, 65535, now), 0);
	assert_true(vif_rate_wait(&rate, now) > 65 * SECOND);
	vif_rate_set(&rate, 1000000, 1000, now);
	assert_int_equal(vif_rate_wait(&rate, now), 0);
	assert_int_equal(vif_rate_pass(&rate, 1000, now), 0);
	assert_in_range(vif_rate_wait(&rate, now), 999, 1000);
	vif_rate_set(&rate, 0, 0, now);
	assert_int_equal(vif_rate_pass(&rate, 1000, now), 0);
}

/* Nothing absurd overflows, stops for ever, or counts as no limit. */
static void absurd_limits(void **state)
{
	static const u64 numbers[] = { 1, 2, 1000, 1ull << 32, 1ull << 40,
				       1ull << 62, (1ull << 63) - 1, ~0ull };
	unsigned int b, u, i;
	s64 now = SECOND;

	for (b = 0; b < ARRAY_SIZE(numbers); b++)
		for (u = 0; u < ARRAY_SIZE(numbers); u++) {
			vif_rate_set(&rate, numbers[b], numbers[u], now);
			assert_true(vif_rate_limited(&rate));
			for (i = 0; i < 100; i++) {
				u64 wait = vif_rate_pass(&rate, 65535, now);

				/* 65535 bytes of 8 ms and a bit each */
				assert_true(wait <= 65536ull << 23);
				now += wait;
				if (wait)
					assert_int_equal(vif_rate_wait(&rate,
								       now), 0);
			}
		}
}

/* As many queues as like share one limit. */
#define THREADS		4
#define ROUNDS		200000

static u64 passed[THREADS];
static s64 clock_now;

static void *queue(void *nr)
{
	u64 *bytes = &passed[(uintptr_t)nr];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		s64 now = __atomic_add_fetch(&clock_now, 10, __ATOMIC_RELAXED);

		if (!vif_rate_pass(&rate, 1000, now))
			*bytes += 1000;
	}
	return NULL;
}

static void shared_by_queues(void **state)
{
	pthread_t threads[THREADS];
	u64 bytes = 0, expect;
	uintptr_t i;

	clock_now = 0;
	vif_rate_set(&rate, 1000, 1, 0);	/* 1 ns a byte */
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, queue,
						(void *)i), 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		bytes += passed[i];
	}
	/* 10 ns a round. A late thread has an old time: no great matter. */
	expect = THREADS * ROUNDS * 10ull;
	assert_true(bytes <= expect + 2000);
	assert_true(bytes >= expect / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(texts, fresh),
		cmocka_unit_test_setup(without_limit, fresh),
		cmocka_unit_test_setup(what_was_asked_for, fresh),
		cmocka_unit_test_setup(bursts, fresh),
		cmocka_unit_test_setup(larger_than_the_burst, fresh),
		cmocka_unit_test_setup(changed_meanwhile, fresh),
		cmocka_unit_test_setup(absurd_limits, fresh),
		cmocka_unit_test_setup(shared_by_queues, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
