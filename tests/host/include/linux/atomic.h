/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_ATOMIC_H
#define HOST_LINUX_ATOMIC_H

#include <linux/types.h>

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

typedef struct {
	s64 counter;
} atomic64_t;

/* Those that several CPUs race for: tests do it with threads. */
static inline void atomic64_set(atomic64_t *v, s64 value)
{
	__atomic_store_n(&v->counter, value, __ATOMIC_RELAXED);
}

static inline s64 atomic64_read(const atomic64_t *v)
{
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);
}

static inline s64 atomic64_cmpxchg(atomic64_t *v, s64 old, s64 value)
{
	__atomic_compare_exchange_n(&v->counter, &old, value, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return old;
}

#endif
