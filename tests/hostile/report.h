/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a case found, as one line of JSON on standard output.
 */
#ifndef HOSTILE_REPORT_H
#define HOSTILE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct tally - what was sent and what came back
 * @requests: published on a ring that the backend served
 * @responses: taken off the ring
 * @okay: of them BLKIF_RSP_OKAY
 * @errors: BLKIF_RSP_ERROR
 * @unsupported: BLKIF_RSP_EOPNOTSUPP
 * @malformed: requests that the backend has to refuse by their looks
 * @events: sent
 * @other: what else a case counts: flips, writes to xenstore
 */
struct tally {
	uint64_t requests;
	uint64_t responses;
	uint64_t okay;
	uint64_t errors;
	uint64_t unsupported;
	uint64_t malformed;
	uint64_t events;
	uint64_t other;
};

/* Of the running case; one thread counts, helpers have their own. */
extern struct tally tally;

void report_begin(const char *name);

/* The first one is told; any makes the case fail. */
void report_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

bool report_failed(void);

/* Something worth knowing of the case; the last one is told. */
void report_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The backend's counters need not agree with ours. */
void report_inexact(void);

/* Prints the line. Returns true if the case was good. */
bool report_end(void);

/* Ends the program: its own trouble, not the backend's. */
void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* Milliseconds of a clock that only goes forward. */
uint64_t now_ms(void);

void sleep_ms(unsigned int ms);

#endif /* HOSTILE_REPORT_H */
