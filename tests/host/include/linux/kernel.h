/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_KERNEL_H
#define HOST_LINUX_KERNEL_H

#include <stddef.h>
#include <stdio.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
/* Fails the test, where the kernel would stop the host. */
void fake_bug(const char *what);

#define BUG_ON(condition)			\
	do {					\
		if (condition)			\
			fake_bug(#condition);	\
	} while (0)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define round_down(x, y) ((x) - (x) % (y))
#define round_up(x, y) round_down((x) + (y) - 1, y)
#define likely(condition) (condition)
#define unlikely(condition) (condition)
#define max(a, b) ((a) > (b) ? (a) : (b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
/* The smaller one, of those that say anything. */
#define min_not_zero(a, b) (!(a) ? (b) : !(b) ? (a) : min(a, b))
#define clamp_t(type, value, low, high) \
	min_t(type, max_t(type, value, low), high)
#define swap(a, b) \
	do { __typeof__(a) held = (a); (a) = (b); (b) = held; } while (0)

#endif
