/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much a guest may send or receive per second: one limit per device and
 * direction, however many queues there are. Pure functions of their arguments;
 * they compile in user space too.
 */
#ifndef XEN_NETBACK_RATE_H
#define XEN_NETBACK_RATE_H

#include <linux/atomic.h>
#include <linux/types.h>

/**
 * struct vif_rate - a limit: a bucket of tokens, kept as time
 * @cost: nanoseconds that a byte takes, times 2^20; 0: there is no limit
 * @burst: nanoseconds that may be saved up
 * @paid: time, in nanoseconds, up to which what has passed is paid for. Who
 *	finds it in the past may pass and pays then, so a packet of any size
 *	passes in the end, and the next one waits for it.
 *
 * There is no lock: queues on several CPUs race for @paid.
 */
struct vif_rate {
	u64 cost;
	u64 burst;
	atomic64_t paid;
};

/**
 * vif_rate_parse() - read a limit
 * @text: "bytes,microseconds": so many bytes may pass in so long a time
 * @bytes: receives the bytes
 * @usec: receives the microseconds
 *
 * Return: 0; or -EINVAL if that is not what the text says, with both untouched.
 */
int vif_rate_parse(const char *text, u64 *bytes, u64 *usec);

/**
 * vif_rate_set() - set a limit; can be used meanwhile
 * @rate: the limit
 * @bytes: so many bytes
 * @usec: in so many microseconds; if either is 0 there is no limit
 * @now: time in nanoseconds
 *
 * What passed under the old limit is paid for.
 */
void vif_rate_set(struct vif_rate *rate, u64 bytes, u64 usec, s64 now);

/**
 * vif_rate_limited() - is there a limit?
 * @rate: the limit
 */
static inline bool vif_rate_limited(const struct vif_rate *rate)
{
	return READ_ONCE(rate->cost);
}

/**
 * vif_rate_wait() - how long until something may pass?
 * @rate: the limit
 * @now: time in nanoseconds
 *
 * Return: nanoseconds; 0: now.
 */
static inline u64 vif_rate_wait(const struct vif_rate *rate, s64 now)
{
	s64 paid = atomic64_read(&rate->paid);

	return vif_rate_limited(rate) && paid > now ? paid - now : 0;
}

/**
 * vif_rate_pass() - pass, if that is allowed now
 * @rate: the limit
 * @bytes: what wants to pass
 * @now: time in nanoseconds
 *
 * Return: 0 if it passed; or how long to wait before it is asked again.
 */
u64 vif_rate_pass(struct vif_rate *rate, unsigned int bytes, s64 now);

#endif /* XEN_NETBACK_RATE_H */
