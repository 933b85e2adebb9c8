// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>

static __used void setup(struct hrtimer *timer,
			 enum hrtimer_restart (*ring)(struct hrtimer *timer))
{
	hrtimer_setup(timer, ring, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
