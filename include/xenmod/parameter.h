/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters that are checked when they are set, at load and later.
 */
#ifndef XENMOD_PARAMETER_H
#define XENMOD_PARAMETER_H

#include <linux/moduleparam.h>

/**
 * struct xenmod_range - a number within limits, for module_param_cb()
 * @value: the number
 * @least: smallest that is taken
 * @most: largest that is taken
 */
struct xenmod_range {
	unsigned int *value;
	unsigned int least;
	unsigned int most;
};

/* Takes a struct xenmod_range; says in one line what it does not take. */
extern const struct kernel_param_ops xenmod_range_ops;

/**
 * xenmod_range_param() - declare a checked module parameter
 * @name: its name
 * @variable: unsigned int that holds it, with its default
 * @low: smallest value
 * @high: largest value
 * @mode: of its file in sysfs
 */
#define xenmod_range_param(name, variable, low, high, mode)		\
	static const struct xenmod_range name##_range = {		\
		.value = &(variable), .least = low, .most = high,	\
	};								\
	module_param_cb(name, &xenmod_range_ops, (void *)&name##_range, mode)

#endif /* XENMOD_PARAMETER_H */
