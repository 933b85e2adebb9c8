/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long a backend may keep us waiting, all its answers together. Pure: it
 * compiles in user space too (tests/host).
 *
 * A deadline for each operation is not enough: a backend that answers each one
 * just in time would hold up every access to the configuration space, some of
 * them with interrupts off, for ever. So what an answer takes beyond a short
 * time comes out of an allowance, which is some deadlines long and grows back
 * slowly. A host under heavy load is slow now and then, not all the time.
 */
#ifndef XEN_PCIFRONT_PATIENCE_H
#define XEN_PCIFRONT_PATIENCE_H

#include <linux/types.h>

/* An answer within so many nanoseconds costs nothing. */
#define PCIFRONT_FREE_NS	1000000000ULL
/* Out of so much time that passes, one part comes back. */
#define PCIFRONT_REGAIN		8

/* Who waits looks more often than that, if it runs at all. */
#define PCIFRONT_LOOK_NS	100000000ULL

/**
 * struct pcifront_patience - what is left
 * @left: nanoseconds
 * @most: it never becomes more than this
 * @last: when it was last reckoned
 */
struct pcifront_patience {
	u64 left;
	u64 most;
	u64 last;
};

/**
 * pcifront_patience_init() - all of it is there
 * @patience: filled in
 * @most: how much that is, in nanoseconds
 * @now: the time, in nanoseconds
 */
static inline void pcifront_patience_init(struct pcifront_patience *patience,
					  u64 most, u64 now)
{
	patience->left = most;
	patience->most = most;
	patience->last = now;
}

/**
 * pcifront_patience_spend() - an answer came
 * @patience: what is left
 * @waited: nanoseconds that it took
 * @now: the time, in nanoseconds
 *
 * Return: whether any patience is left.
 */
static inline bool pcifront_patience_spend(struct pcifront_patience *patience,
					   u64 waited, u64 now)
{
	u64 gain = now > patience->last ? now - patience->last : 0;

	patience->last = now;
	patience->left += gain / PCIFRONT_REGAIN;
	if (patience->left > patience->most)
		patience->left = patience->most;
	if (waited <= PCIFRONT_FREE_NS)
		return true;
	waited -= PCIFRONT_FREE_NS;
	if (waited >= patience->left) {
		patience->left = 0;
		return false;
	}
	patience->left -= waited;
	return true;
}

/**
 * pcifront_waited() - time between two looks, as it counts
 * @last: when the page was last looked at, in nanoseconds
 * @now: the time, in nanoseconds; may be a little before @last, from another
 *	CPU's clock
 *
 * While the guest was paused, or had no CPU, nobody waited.
 *
 * Return: nanoseconds.
 */
static inline u64 pcifront_waited(u64 last, u64 now)
{
	if (now <= last)
		return 0;
	return now - last < PCIFRONT_LOOK_NS ? now - last : PCIFRONT_LOOK_NS;
}

#endif /* XEN_PCIFRONT_PATIENCE_H */
