/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_SPINLOCK_H
#define HOST_LINUX_SPINLOCK_H

#include <linux/types.h>
#include <sched.h>

/* One thread only: what is watched is who holds a lock, and who sleeps. */
typedef struct {
	bool held;
} spinlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

/* Those that several CPUs race for: tests do it with threads. */
#define spin_lock_irqsave(lock, flags)					\
	do {								\
		(flags) = 0;						\
		while (__atomic_test_and_set(&(lock)->held,		\
					     __ATOMIC_ACQUIRE))		\
			sched_yield();					\
	} while (0)
#define spin_unlock_irqrestore(lock, flags)				\
	do {								\
		(void)(flags);						\
		__atomic_clear(&(lock)->held, __ATOMIC_RELEASE);	\
	} while (0)

void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
void fake_assert_held(const spinlock_t *lock);

#define lockdep_assert_held(lock) fake_assert_held(lock)

#endif
