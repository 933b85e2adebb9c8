/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a backend can do that none should.
 */
#ifndef PCIBACK_CASE_H
#define PCIBACK_CASE_H

#include <stdbool.h>
#include "page.h"

/**
 * struct behaviour - a case
 * @name: on the command line
 * @prepare: changes the device before it is seen, may be NULL
 * @answer: fills in the answer to an operation; false: there is none
 * @delay_ms: each answer takes so long
 * @quiet: no event comes with an answer
 * @aside: runs in a thread of its own all the time, may be NULL
 */
struct behaviour {
	const char *name;
	void (*prepare)(void);
	bool (*answer)(volatile struct op *op);
	unsigned int delay_ms;
	bool quiet;
	void (*aside)(volatile struct page *page);
};

extern const struct behaviour behaviours[];
extern const unsigned int behaviour_count;

/* The test has asked for what the case does aside, in its own time. */
extern volatile bool told;

/* The steps of a recovery: what the frontend answered to each. */
#define STEPS	4
extern int steps[STEPS];

/* Of one seed, always the same. */
uint32_t random_word(void);

#endif /* PCIBACK_CASE_H */
