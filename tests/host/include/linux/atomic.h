/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_ATOMIC_H
#define HOST_LINUX_ATOMIC_H

#include <stdbool.h>

typedef struct {
	int counter;
} atomic_t;

/* One thread only. */
static inline void atomic_set(atomic_t *v, int value)
{
	v->counter = value;
}

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_inc(atomic_t *v)
{
	v->counter++;
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return !--v->counter;
}

#endif
