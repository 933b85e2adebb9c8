/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_WAIT_H
#define HOST_LINUX_WAIT_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

typedef struct {
	unsigned int wakeups;
} wait_queue_head_t;

static inline void init_waitqueue_head(wait_queue_head_t *queue)
{
	queue->wakeups = 0;
}

static inline void wake_up(wait_queue_head_t *queue)
{
	queue->wakeups++;
}

/* Let everything else run until it is true; fails the test if it never is. */
void fake_wait(void);

#define wait_event(queue, condition)			\
	do {						\
		while (!(condition))			\
			fake_wait();			\
	} while (0)

#endif
