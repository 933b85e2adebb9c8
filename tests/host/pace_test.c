// SPDX-License-Identifier: GPL-2.0
/*
 * How long frames wait for each other: in a stream, not before an answer.
 */
#include "test.h"
#include "../../xen-netback-mod/pace.h"

#define US	1000ULL

/* A pass of @nr small frames, @gap ns after the last one. */
static void pass(struct vif_pace *pace, u64 gap, u32 nr)
{
	vif_pace_learn(pace, pace->last + gap, nr, 64 * nr, false);
}

static struct vif_pace fresh(void)
{
	struct vif_pace pace;

	vif_pace_init(&pace);
	/* No clock starts at 0. */
	pass(&pace, 1000000 * US, 1);
	return pace;
}

static void rare_frames_do_not_wait(void **state)
{
	struct vif_pace pace = fresh();
	unsigned int i;

	assert_int_equal(pace.ahead, 1);
	for (i = 0; i < 100; i++) {
		pass(&pace, 51 * US, 1);
		assert_int_equal(pace.ahead, 1);
	}
	pass(&pace, ~0ULL / 2, 64);
	assert_int_equal(pace.ahead, 1);
}

/* Each frame takes so long: what the passes settle at. */
static u32 settled(u64 each)
{
	struct vif_pace pace = fresh();
	unsigned int i;

	for (i = 0; i < 20; i++)
		pass(&pace, each * pace.ahead, pace.ahead);
	return pace.ahead;
}

static void a_stream_waits_for_as_many_as_come(void **state)
{
	assert_int_equal(settled(50 * US), 2);
	assert_int_equal(settled(20 * US), 5);
	assert_int_equal(settled(7 * US), 15);
	assert_int_equal(settled(US), VIF_MOST_AHEAD);
	assert_int_equal(settled(1), VIF_MOST_AHEAD);
}

static void much_does_not_wait(void **state)
{
	struct vif_pace pace = fresh();

	pass(&pace, 20 * US, 1);
	assert_int_equal(pace.ahead, 5);
	vif_pace_learn(&pace, pace.last + 20 * US, 4, VIF_BULK_BYTES, false);
	assert_int_equal(pace.ahead, 1);
	pass(&pace, 20 * US, VIF_MOST_AHEAD + 1);
	assert_int_equal(pace.ahead, 1);
	/* Two at the same time, or nothing at all: nothing to divide by. */
	pass(&pace, 0, 4);
	assert_int_equal(pace.ahead, 1);
	pass(&pace, 20 * US, 0);
	assert_int_equal(pace.ahead, 1);
}

static void bursts_need_no_waiting(void **state)
{
	struct vif_pace pace = fresh();
	unsigned int i;

	for (i = 0; i < 100; i++) {
		pass(&pace, 8 * 20 * US, 8);
		assert_int_equal(pace.ahead, 1);
	}
	/* But one that came of waiting goes on to. */
	pass(&pace, 10 * US, 1);
	pass(&pace, 10 * 10 * US, 10);
	assert_int_equal(pace.ahead, 10);
}

/* Something has cut one in two, and the first part looked like a stream. */
static void a_burst_that_was_waited_for_is_one(void **state)
{
	struct vif_pace pace = fresh();
	unsigned int i;

	pass(&pace, 250 * US, 7);
	assert_int_equal(pace.ahead, 3);
	pass(&pace, 290 * US, 32);
	assert_int_equal(pace.ahead, 1);
	pass(&pace, 8 * US, 1);
	assert_int_equal(pace.ahead, 13);
	for (i = 0; i < 100; i++) {
		pass(&pace, 290 * US, 32);
		assert_int_equal(pace.ahead, 1);
	}
	/* A few more than were waited for come before the wake-up. */
	pass(&pace, 10 * US, 1);
	pass(&pace, 16 * 10 * US, 16);
	assert_int_equal(pace.ahead, 10);
}

static void a_slower_stream_waits_for_fewer(void **state)
{
	struct vif_pace pace = fresh();

	pass(&pace, 10 * US, 1);
	assert_int_equal(pace.ahead, 10);
	vif_pace_learn(&pace, pace.last + VIF_PATIENCE_NS, 6, 6 * 64, true);
	assert_int_equal(pace.ahead, 3);
	assert_int_equal(pace.hold, 0);
}

/* Late and alone. */
static void disappoint(struct vif_pace *pace)
{
	vif_pace_learn(pace, pace->last + VIF_PATIENCE_NS, 1, 64, true);
}

/* Passes until it waits again. */
static u32 reluctance(struct vif_pace *pace)
{
	u32 passes = 0;

	while (pace->ahead == 1) {
		pass(pace, 20 * US, 1);
		passes++;
	}
	return passes;
}

static void who_waited_in_vain_waits_less_often(void **state)
{
	struct vif_pace pace = fresh();
	u32 expected = VIF_LEAST_HOLD;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		disappoint(&pace);
		assert_int_equal(pace.ahead, 1);
		assert_int_equal(reluctance(&pace), expected + 1);
		if (expected < VIF_MOST_HOLD)
			expected *= 2;
	}
	/* And is taught better by a stream. */
	for (i = 0; i < 20; i++)
		pass(&pace, 20 * US * pace.ahead, pace.ahead);
	disappoint(&pace);
	assert_int_equal(reluctance(&pace), VIF_LEAST_HOLD + 1);
}

static void answers_are_hardly_later(void **state)
{
	const u64 each = 30 * US;
	struct vif_pace pace = fresh();
	u64 lost = 0;
	unsigned int i;

	for (i = 0; i < 100000; i++) {
		if (pace.ahead == 1) {
			pass(&pace, each, 1);
		} else {
			lost += VIF_PATIENCE_NS;
			vif_pace_learn(&pace, pace.last + each +
				       VIF_PATIENCE_NS, 1, 64, true);
		}
	}
	assert_true(lost < 100000 * each / 500);
	assert_true(lost > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rare_frames_do_not_wait),
		cmocka_unit_test(a_stream_waits_for_as_many_as_come),
		cmocka_unit_test(much_does_not_wait),
		cmocka_unit_test(bursts_need_no_waiting),
		cmocka_unit_test(a_burst_that_was_waited_for_is_one),
		cmocka_unit_test(a_slower_stream_waits_for_fewer),
		cmocka_unit_test(who_waited_in_vain_waits_less_often),
		cmocka_unit_test(answers_are_hardly_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
