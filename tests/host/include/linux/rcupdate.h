/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_RCUPDATE_H
#define HOST_LINUX_RCUPDATE_H

/* One thread only: nobody is ever in the middle of anything. */
static inline void rcu_read_lock(void)
{
}

static inline void rcu_read_unlock(void)
{
}

static inline void synchronize_rcu(void)
{
}

#endif
