/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters that every queue of every backend keeps.
 *
 * Each counter has one writer at a time: a queue keeps one set for the half
 * that takes requests and one for the half that answers them, and of the first
 * set %XENMOD_EVENTS belongs to the interrupt handler. Readers may see a pass
 * half-counted, never a torn value (64-bit stores on x86-64), so no lock is
 * needed.
 */
#ifndef XENMOD_STATS_H
#define XENMOD_STATS_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * enum xenmod_counter - what is counted; names and units are in stats.c
 * @XENMOD_REQUESTS: requests taken from the ring
 * @XENMOD_RESPONSES: responses put on the ring
 * @XENMOD_BAD_REQUESTS: requests refused because malformed
 * @XENMOD_PASSES: times the ring was served
 * @XENMOD_MAP_HYPERCALLS: hypercalls that map grants
 * @XENMOD_MAP_OPS: grant references mapped
 * @XENMOD_UNMAP_HYPERCALLS: hypercalls that unmap grants
 * @XENMOD_UNMAP_OPS: grant references unmapped
 * @XENMOD_COPY_HYPERCALLS: hypercalls that copy from or to grants
 * @XENMOD_COPY_OPS: grant copy operations
 * @XENMOD_GRANT_ERRORS: grant operations that Xen refused
 * @XENMOD_BYTES_COPIED: bytes moved by grant copy
 * @XENMOD_BYTES_MAPPED: bytes moved through mapped grants
 * @XENMOD_PERSISTENT_HITS: segments whose page was mapped already
 * @XENMOD_NOTIFICATIONS: events sent to the frontend
 * @XENMOD_EVENTS: events received from the frontend
 * @XENMOD_SPURIOUS_EVENTS: events that brought no work
 * @XENMOD_POLLS: times that a worker waited in Xen for the next request
 * @XENMOD_SHORTAGES: times the ring waited for pages
 * @XENMOD_COUNTERS: how many there are
 */
enum xenmod_counter {
	XENMOD_REQUESTS,
	XENMOD_RESPONSES,
	XENMOD_BAD_REQUESTS,
	XENMOD_PASSES,
	XENMOD_MAP_HYPERCALLS,
	XENMOD_MAP_OPS,
	XENMOD_UNMAP_HYPERCALLS,
	XENMOD_UNMAP_OPS,
	XENMOD_COPY_HYPERCALLS,
	XENMOD_COPY_OPS,
	XENMOD_GRANT_ERRORS,
	XENMOD_BYTES_COPIED,
	XENMOD_BYTES_MAPPED,
	XENMOD_PERSISTENT_HITS,
	XENMOD_NOTIFICATIONS,
	XENMOD_EVENTS,
	XENMOD_SPURIOUS_EVENTS,
	XENMOD_POLLS,
	XENMOD_SHORTAGES,
	XENMOD_COUNTERS
};

/**
 * struct xenmod_stats - the counters of a queue
 * @count: indexed by enum xenmod_counter
 */
struct xenmod_stats {
	u64 count[XENMOD_COUNTERS];
};

/**
 * xenmod_count() - count something
 * @stats: counters
 * @counter: which of them
 * @nr: how much
 */
static inline void xenmod_count(struct xenmod_stats *stats,
				enum xenmod_counter counter, u64 nr)
{
	WRITE_ONCE(stats->count[counter], stats->count[counter] + nr);
}

/**
 * xenmod_stats_add() - add one set of counters to another
 * @sum: receives the sum
 * @part: what to add
 */
static inline void xenmod_stats_add(struct xenmod_stats *sum,
				    const struct xenmod_stats *part)
{
	unsigned int i;

	for (i = 0; i < XENMOD_COUNTERS; i++)
		sum->count[i] += READ_ONCE(part->count[i]);
}

#endif /* XENMOD_STATS_H */
