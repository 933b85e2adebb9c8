/* SPDX-License-Identifier: GPL-2.0 */
/* The counters of one device and what can be said from two readings. */
#ifndef XENMOD_COUNTERS_H
#define XENMOD_COUNTERS_H

#include "text.h"

#include <stdbool.h>

enum counter {
	/* blkback's, ours and in-tree */
	COUNTER_OO_REQ,
	COUNTER_RD_REQ,
	COUNTER_WR_REQ,
	COUNTER_F_REQ,
	COUNTER_DS_REQ,
	COUNTER_RD_SECT,
	COUNTER_WR_SECT,
	/* the vif's network device, seen from the host */
	COUNTER_RX_PACKETS,
	COUNTER_RX_BYTES,
	COUNTER_TX_PACKETS,
	COUNTER_TX_BYTES,
	/* only our drivers have these */
	COUNTER_REQUESTS,
	COUNTER_RESPONSES,
	COUNTER_BAD_REQUESTS,
	COUNTER_PASSES,
	COUNTER_MAP_HYPERCALLS,
	COUNTER_MAP_OPS,
	COUNTER_UNMAP_HYPERCALLS,
	COUNTER_UNMAP_OPS,
	COUNTER_COPY_HYPERCALLS,
	COUNTER_COPY_OPS,
	COUNTER_GRANT_ERRORS,
	COUNTER_BYTES_COPIED,
	COUNTER_BYTES_MAPPED,
	COUNTER_PERSISTENT_HITS,
	COUNTER_NOTIFICATIONS,
	COUNTER_EVENTS,
	COUNTER_SPURIOUS_EVENTS,
	COUNTER_POLLS,
	COUNTER_SHORTAGES,
	COUNTER_COUNT
};

enum counter_group {
	GROUP_STATISTICS,
	GROUP_NETWORK,
	GROUP_XENMOD,
	GROUP_COUNT
};

struct counter_info {
	enum counter_group group;
	const char *name;		/* the file's name and the JSON key */
};

extern const struct counter_info counter_infos[COUNTER_COUNT];
extern const char *const counter_group_names[GROUP_COUNT];

struct counters {
	struct number values[COUNTER_COUNT];
};

/* A figure that is not known is NAN. */
struct rates {
	double seconds;			/* NAN: there is no interval */
	double requests_per_s;
	double to_guest_bytes_per_s;
	double from_guest_bytes_per_s;
	/* over the interval when there is one, else since it connected */
	double hypercalls_per_op;
	double notifications_per_op;
	double ops_per_pass;
};

/* Requests of a block device, packets of a network device. */
struct number counters_requests(const struct counters *c);
struct number counters_to_guest_bytes(const struct counters *c);
struct number counters_from_guest_bytes(const struct counters *c);
/* Refused requests and failed grant operations. */
struct number counters_errors(const struct counters *c);

/* then may be NULL; a then that is ahead of now is not used either. */
struct rates rates_compute(const struct counters *then,
			   const struct counters *now, double seconds);

#endif
