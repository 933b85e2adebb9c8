// SPDX-License-Identifier: GPL-2.0
/*
 * The fake kernel: work, tasklets and timers that run when a test lets them.
 */
#include "test.h"
#include "machine.h"
#include <linux/jiffies.h>

/* More than any test needs: what takes longer goes on for ever. */
#define MOST_STEPS	100000

bool fake_pv_domain;

static int worker;
struct task_struct *fake_current = (struct task_struct *)&worker;

static struct work_struct *works;
static struct tasklet_struct *tasklets;
static struct delayed_work *timers;

bool queue_work(struct workqueue_struct *workqueue, struct work_struct *work)
{
	struct work_struct **end = &works;

	if (work->queued)
		return false;
	while (*end)
		end = &(*end)->next;
	work->queued = true;
	work->next = NULL;
	*end = work;
	return true;
}

static bool work_remove(struct work_struct *work)
{
	struct work_struct **at;

	for (at = &works; *at; at = &(*at)->next) {
		if (*at != work)
			continue;
		*at = work->next;
		work->queued = false;
		return true;
	}
	return false;
}

static void work_run(struct work_struct *work)
{
	struct task_struct *before = fake_current;

	work_remove(work);
	fake_current = (struct task_struct *)work;
	work->func(work);
	fake_current = before;
	assert_int_equal(fake_locks_held, 0);
}

bool fake_run_work(void)
{
	if (!works)
		return false;
	work_run(works);
	return true;
}

bool flush_work(struct work_struct *work)
{
	fake_may_sleep();
	if (!work->queued)
		return false;
	work_run(work);
	return true;
}

bool cancel_work_sync(struct work_struct *work)
{
	fake_may_sleep();
	return work_remove(work);
}

static bool timer_remove(struct delayed_work *work)
{
	struct delayed_work **at;

	for (at = &timers; *at; at = &(*at)->next) {
		if (*at != work)
			continue;
		*at = work->next;
		work->armed = false;
		return true;
	}
	return false;
}

bool queue_delayed_work(struct workqueue_struct *workqueue,
			struct delayed_work *work, unsigned long delay)
{
	if (work->armed || work->work.queued)
		return false;
	work->armed = true;
	work->expires = jiffies + delay;
	work->next = timers;
	timers = work;
	return true;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	fake_may_sleep();
	return timer_remove(work) || work_remove(&work->work);
}

/* The one that is due next, and time goes there. */
bool fake_run_timer(void)
{
	struct delayed_work *next = timers, *timer;

	if (!next)
		return false;
	for (timer = timers; timer; timer = timer->next)
		if (time_before(timer->expires, next->expires))
			next = timer;
	if (time_before(jiffies, next->expires))
		jiffies = next->expires;
	timer_remove(next);
	queue_work(NULL, &next->work);
	return true;
}

void tasklet_setup(struct tasklet_struct *tasklet,
		   void (*callback)(struct tasklet_struct *tasklet))
{
	*tasklet = (struct tasklet_struct){ .callback = callback };
}

void tasklet_schedule(struct tasklet_struct *tasklet)
{
	if (tasklet->scheduled)
		return;
	tasklet->scheduled = true;
	tasklet->next = tasklets;
	tasklets = tasklet;
}

bool fake_run_tasklet(void)
{
	struct task_struct *before = fake_current;
	struct tasklet_struct *tasklet = tasklets;

	if (!tasklet)
		return false;
	tasklets = tasklet->next;
	tasklet->scheduled = false;
	fake_current = NULL;
	tasklet->callback(tasklet);
	fake_current = before;
	return true;
}

void tasklet_kill(struct tasklet_struct *tasklet)
{
	fake_may_sleep();
	while (tasklet->scheduled)
		fake_run_tasklet();
}

void fake_run(void)
{
	unsigned int steps;

	for (steps = 0; fake_run_tasklet() || fake_run_work(); steps++)
		if (steps > MOST_STEPS)
			fail_msg("work does not come to an end");
}

void fake_run_all(void)
{
	unsigned int steps;

	for (steps = 0; fake_run_tasklet() || fake_run_work() ||
			fake_disk_complete(0) || fake_run_timer(); steps++)
		if (steps > MOST_STEPS)
			fail_msg("work does not come to an end");
}

void fake_wait(void)
{
	fake_may_sleep();
	if (!fake_run_tasklet() && !fake_run_work() && !fake_disk_complete(0) &&
	    !fake_run_timer())
		fail_msg("waits for what never comes");
}

unsigned int fake_left_to_run(void)
{
	return !!works + !!tasklets + !!timers;
}

/* After a test that failed, too. */
void fake_kernel_reset(void)
{
	works = NULL;
	tasklets = NULL;
	timers = NULL;
	fake_meanwhile = NULL;
	fake_current = (struct task_struct *)&worker;
}
