/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_SPINLOCK_H
#define HOST_LINUX_SPINLOCK_H

#include <linux/types.h>

/* One thread only: what is watched is who holds a lock, and who sleeps. */
typedef struct {
	bool held;
} spinlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
void fake_assert_held(const spinlock_t *lock);

#define lockdep_assert_held(lock) fake_assert_held(lock)

#endif
