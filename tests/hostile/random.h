/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers that look random and come again with the same seed.
 */
#ifndef HOSTILE_RANDOM_H
#define HOSTILE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline void random_seed(struct random *random, uint64_t seed)
{
	random->state = seed * 0x9e3779b97f4a7c15ULL + 1;
}

static inline uint64_t random_next(struct random *random)
{
	uint64_t x = random->state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	random->state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

/* Less than @n. */
static inline uint32_t random_below(struct random *random, uint32_t n)
{
	return (random_next(random) >> 32) * n >> 32;
}

/* True once in @n. */
static inline bool random_once_in(struct random *random, uint32_t n)
{
	return !random_below(random, n);
}

#endif /* HOSTILE_RANDOM_H */
