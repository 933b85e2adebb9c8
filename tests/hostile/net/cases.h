/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases by name. Each gets a connected vif and leaves one.
 */
#ifndef HOSTILE_NET_CASES_H
#define HOSTILE_NET_CASES_H

#include "vif.h"

/**
 * struct hostile_case - one of them
 * @name: on the command line
 * @run: what it does
 * @apart: begins without a connection
 */
struct hostile_case {
	const char *name;
	void (*run)(struct vif *vif);
	bool apart;
};

/* What the command line says for all: see main.c. */
extern struct options {
	unsigned long seed;
	unsigned long requests;
	unsigned int seconds;
	unsigned int threads;
} options;

extern const struct hostile_case packet_cases[];
extern const struct hostile_case offload_cases[];
extern const struct hostile_case receive_cases[];
extern const struct hostile_case ring_cases[];
extern const struct hostile_case control_cases[];
extern const struct hostile_case storm_cases[];

/*
 * Whatever was put must have stopped the vif: nothing more is answered, until
 * it was closed and connected again. Puts that on the ring first.
 */
void must_stop(struct vif *vif);

/* Close, connect, and work. */
void recover(struct vif *vif);

#endif /* HOSTILE_NET_CASES_H */
