/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_PERCPU_COUNTER_H
#define HOST_LINUX_PERCPU_COUNTER_H

#include <linux/types.h>

struct percpu_counter {
	s64 count;
};

#endif
