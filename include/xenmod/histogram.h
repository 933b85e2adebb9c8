/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often something took how long, in powers of two of a nanosecond.
 */
#ifndef XENMOD_HISTOGRAM_H
#define XENMOD_HISTOGRAM_H

#include <linux/compiler.h>
#include <linux/log2.h>
#include <linux/types.h>

/* The last class has all that took longer: more than two seconds. */
#define XENMOD_HISTOGRAM	32

/**
 * struct xenmod_histogram - numbers of times; one writer at a time
 * @count: count[n] has what took at least 2^n ns, and less than 2^(n+1)
 */
struct xenmod_histogram {
	u64 count[XENMOD_HISTOGRAM];
};

/**
 * xenmod_histogram_add() - count something
 * @histogram: where
 * @ns: what it took
 */
static inline void xenmod_histogram_add(struct xenmod_histogram *histogram,
					u64 ns)
{
	unsigned int class = ns ? ilog2(ns) : 0;

	if (class >= XENMOD_HISTOGRAM)
		class = XENMOD_HISTOGRAM - 1;
	WRITE_ONCE(histogram->count[class], histogram->count[class] + 1);
}

#endif /* XENMOD_HISTOGRAM_H */
