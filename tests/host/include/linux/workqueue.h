/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_WORKQUEUE_H
#define HOST_LINUX_WORKQUEUE_H

#include <linux/jiffies.h>
#include <linux/types.h>

struct workqueue_struct;

struct work_struct {
	void (*func)(struct work_struct *work);
	bool queued;
	struct work_struct *next;
};

struct delayed_work {
	struct work_struct work;
	bool armed;
	unsigned long expires;
	struct delayed_work *next;
};

#define work_pending(work) ((work)->queued)

#define INIT_WORK(item, function)				\
	(*(item) = (struct work_struct){ .func = (function) })
#define INIT_DELAYED_WORK(item, function)			\
	(*(item) = (struct delayed_work){ .work.func = (function) })

bool queue_work(struct workqueue_struct *workqueue, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *workqueue,
			struct delayed_work *work, unsigned long delay);
bool flush_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *work);

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return (struct delayed_work *)work;
}

#endif
