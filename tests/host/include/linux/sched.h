/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_SCHED_H
#define HOST_LINUX_SCHED_H

#include <linux/types.h>

struct task_struct;

/* Who runs now: a worker, or NULL in a bottom half and in the test itself. */
extern struct task_struct *fake_current;

#define current fake_current

static inline bool need_resched(void)
{
	return false;
}

static inline void cond_resched(void)
{
}

static inline bool in_task(void)
{
	return fake_current;
}

#endif
