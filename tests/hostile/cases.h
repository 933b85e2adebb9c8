/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases by name. Each gets a connected device and leaves one, unless it
 * says otherwise.
 */
#ifndef HOSTILE_CASES_H
#define HOSTILE_CASES_H

#include "device.h"

/**
 * struct hostile_case - one of them
 * @name: on the command line
 * @run: what it does
 * @apart: begins without a connection, and need not leave one
 */
struct hostile_case {
	const char *name;
	void (*run)(struct device *device);
	bool apart;
};

/* What the command line says for all: see main.c. */
extern struct options {
	unsigned long seed;
	unsigned long requests;
	unsigned int seconds;
	unsigned int threads;
} options;

extern const struct hostile_case request_cases[];
extern const struct hostile_case grant_cases[];
extern const struct hostile_case ring_cases[];
extern const struct hostile_case life_cases[];
extern const struct hostile_case flip_cases[];
extern const struct hostile_case storm_cases[];
extern const struct hostile_case walk_cases[];

#endif /* HOSTILE_CASES_H */
