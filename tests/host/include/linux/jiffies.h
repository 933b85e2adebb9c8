/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_JIFFIES_H
#define HOST_LINUX_JIFFIES_H

/* A clock that only moves when a test or a sleep moves it. */
extern unsigned long jiffies;

#define HZ 1000
#define msecs_to_jiffies(milliseconds) (milliseconds)
#define time_before(a, b) ((long)((a) - (b)) < 0)
#define time_after(a, b) time_before(b, a)
#define time_after_eq(a, b) (!time_before(a, b))

#endif
