// SPDX-License-Identifier: GPL-2.0
#include <linux/workqueue.h>

static __used unsigned int flags = WQ_PERCPU;
