// SPDX-License-Identifier: GPL-2.0
/*
 * Rate limits. Tokens are counted in nanoseconds of the line's time, so that
 * neither a timer nor a lock has to fill the bucket.
 */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include "rate.h"

/* Binary digits behind the point in struct vif_rate.cost. */
#define COST_DIGITS	20
/* 8 ms a byte: more would overflow with the largest packets. */
#define COST_MOST	BIT_ULL(43)
/* Limits of what can be asked for: no product below overflows. */
#define BYTES_MOST	BIT_ULL(62)
#define USEC_MOST	BIT_ULL(32)
#define NSEC_PER_USEC	1000

/* Read digits. Returns what stands behind them, or NULL if it is no number. */
static const char *parse_number(const char *text, u64 *number)
{
	u64 value = 0;

	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (value > BYTES_MOST / 10)
			return NULL;
		value = value * 10 + (*text - '0');
	}
	*number = value;
	return text;
}

int vif_rate_parse(const char *text, u64 *bytes, u64 *usec)
{
	u64 first, second;

	text = parse_number(text, &first);
	if (!text || *text++ != ',')
		return -EINVAL;
	text = parse_number(text, &second);
	if (!text || *text)
		return -EINVAL;
	*bytes = first;
	*usec = second;
	return 0;
}

void vif_rate_set(struct vif_rate *rate, u64 bytes, u64 usec, s64 now)
{
	u64 cost = 0, nsec;

	if (bytes && usec) {
		nsec = min_t(u64, usec, USEC_MOST) * NSEC_PER_USEC;
		/* At least something, or it would mean no limit. */
		cost = clamp_t(u64, div64_u64(nsec << COST_DIGITS, bytes), 1,
			       COST_MOST);
		/* What was asked for in one piece may also come in one. */
		WRITE_ONCE(rate->burst, nsec);
	}
	WRITE_ONCE(rate->cost, cost);
	atomic64_set(&rate->paid, now);
}

u64 vif_rate_pass(struct vif_rate *rate, unsigned int bytes, s64 now)
{
	u64 cost = READ_ONCE(rate->cost);
	s64 paid, seen, saved;

	if (!cost)
		return 0;
	cost = (cost * bytes) >> COST_DIGITS;
	saved = now - (s64)READ_ONCE(rate->burst);

	paid = atomic64_read(&rate->paid);
	do {
		if (paid > now)
			return paid - now;
		seen = paid;
		paid = atomic64_cmpxchg(&rate->paid, seen,
					max_t(s64, seen, saved) + cost);
	} while (paid != seen);
	return 0;
}
