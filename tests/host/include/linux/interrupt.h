/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_INTERRUPT_H
#define HOST_LINUX_INTERRUPT_H

#include <linux/kernel.h>
#include <linux/types.h>

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

#define IRQ_HANDLED	1

struct tasklet_struct {
	void (*callback)(struct tasklet_struct *tasklet);
	bool scheduled;
	struct tasklet_struct *next;
};

#define from_tasklet(variable, tasklet, member) \
	container_of(tasklet, __typeof__(*variable), member)

void tasklet_setup(struct tasklet_struct *tasklet,
		   void (*callback)(struct tasklet_struct *tasklet));
void tasklet_schedule(struct tasklet_struct *tasklet);
void tasklet_kill(struct tasklet_struct *tasklet);

#endif
