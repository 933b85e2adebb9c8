// SPDX-License-Identifier: GPL-2.0
#include "counters.h"

#include <math.h>

#define SECTOR_SIZE	512	/* the protocol's, whatever the disk's is */

const char *const counter_group_names[GROUP_COUNT] = {
	[GROUP_STATISTICS]	= "statistics",
	[GROUP_NETWORK]		= "network",
	[GROUP_XENMOD]		= "xenmod",
};

const struct counter_info counter_infos[COUNTER_COUNT] = {
	[COUNTER_OO_REQ]	= { GROUP_STATISTICS, "oo_req" },
	[COUNTER_RD_REQ]	= { GROUP_STATISTICS, "rd_req" },
	[COUNTER_WR_REQ]	= { GROUP_STATISTICS, "wr_req" },
	[COUNTER_F_REQ]		= { GROUP_STATISTICS, "f_req" },
	[COUNTER_DS_REQ]	= { GROUP_STATISTICS, "ds_req" },
	[COUNTER_RD_SECT]	= { GROUP_STATISTICS, "rd_sect" },
	[COUNTER_WR_SECT]	= { GROUP_STATISTICS, "wr_sect" },
	[COUNTER_RX_PACKETS]	= { GROUP_NETWORK, "rx_packets" },
	[COUNTER_RX_BYTES]	= { GROUP_NETWORK, "rx_bytes" },
	[COUNTER_TX_PACKETS]	= { GROUP_NETWORK, "tx_packets" },
	[COUNTER_TX_BYTES]	= { GROUP_NETWORK, "tx_bytes" },
	[COUNTER_REQUESTS]	= { GROUP_XENMOD, "requests" },
	[COUNTER_RESPONSES]	= { GROUP_XENMOD, "responses" },
	[COUNTER_BAD_REQUESTS]	= { GROUP_XENMOD, "bad_requests" },
	[COUNTER_PASSES]	= { GROUP_XENMOD, "passes" },
	[COUNTER_MAP_HYPERCALLS] = { GROUP_XENMOD, "map_hypercalls" },
	[COUNTER_MAP_OPS]	= { GROUP_XENMOD, "map_ops" },
	[COUNTER_UNMAP_HYPERCALLS] = { GROUP_XENMOD, "unmap_hypercalls" },
	[COUNTER_UNMAP_OPS]	= { GROUP_XENMOD, "unmap_ops" },
	[COUNTER_COPY_HYPERCALLS] = { GROUP_XENMOD, "copy_hypercalls" },
	[COUNTER_COPY_OPS]	= { GROUP_XENMOD, "copy_ops" },
	[COUNTER_GRANT_ERRORS]	= { GROUP_XENMOD, "grant_errors" },
	[COUNTER_BYTES_COPIED]	= { GROUP_XENMOD, "bytes_copied" },
	[COUNTER_BYTES_MAPPED]	= { GROUP_XENMOD, "bytes_mapped" },
	[COUNTER_PERSISTENT_HITS] = { GROUP_XENMOD, "persistent_hits" },
	[COUNTER_NOTIFICATIONS]	= { GROUP_XENMOD, "notifications" },
	[COUNTER_EVENTS]	= { GROUP_XENMOD, "events" },
	[COUNTER_SPURIOUS_EVENTS] = { GROUP_XENMOD, "spurious_events" },
	[COUNTER_POLLS]		= { GROUP_XENMOD, "polls" },
	[COUNTER_SHORTAGES]	= { GROUP_XENMOD, "shortages" },
};

/* The sum of those that are there; absent when none is. */
static struct number sum(const struct counters *c, const enum counter *which,
			 int count)
{
	struct number total = { NUMBER_ABSENT, 0 };
	int i;

	for (i = 0; i < count; i++) {
		struct number n = c->values[which[i]];

		if (number_valid(n))
			total = number_of(total.value + n.value);
	}
	return total;
}

#define SUM(c, ...) \
	sum(c, (const enum counter[]){ __VA_ARGS__ }, \
	    sizeof((const enum counter[]){ __VA_ARGS__ }) / \
	    sizeof(enum counter))

struct number counters_requests(const struct counters *c)
{
	struct number n;

	n = SUM(c, COUNTER_RD_REQ, COUNTER_WR_REQ, COUNTER_F_REQ,
		COUNTER_DS_REQ);
	if (!number_valid(n))
		n = SUM(c, COUNTER_RX_PACKETS, COUNTER_TX_PACKETS);
	if (!number_valid(n))
		n = c->values[COUNTER_REQUESTS];
	return n;
}

static struct number bytes(const struct counters *c, enum counter sectors,
			   enum counter net_bytes)
{
	if (number_valid(c->values[sectors]))
		return number_of(c->values[sectors].value * SECTOR_SIZE);
	return c->values[net_bytes];
}

struct number counters_to_guest_bytes(const struct counters *c)
{
	return bytes(c, COUNTER_RD_SECT, COUNTER_TX_BYTES);
}

struct number counters_from_guest_bytes(const struct counters *c)
{
	return bytes(c, COUNTER_WR_SECT, COUNTER_RX_BYTES);
}

struct number counters_errors(const struct counters *c)
{
	return SUM(c, COUNTER_BAD_REQUESTS, COUNTER_GRANT_ERRORS);
}

static struct number hypercalls(const struct counters *c)
{
	return SUM(c, COUNTER_MAP_HYPERCALLS, COUNTER_UNMAP_HYPERCALLS,
		   COUNTER_COPY_HYPERCALLS, COUNTER_NOTIFICATIONS);
}

/* A reconnect starts a device's counters anew. */
static bool went_back(const struct counters *then, const struct counters *now)
{
	int i;

	for (i = 0; i < COUNTER_COUNT; i++) {
		if (number_valid(then->values[i]) &&
		    (!number_valid(now->values[i]) ||
		     now->values[i].value < then->values[i].value))
			return true;
	}
	return false;
}

static double difference(struct number then, struct number now)
{
	if (!number_valid(now))
		return NAN;
	/* A counter that only came with now counts from 0. */
	return now.value - (number_valid(then) ? then.value : 0);
}

static double quotient(double dividend, double divisor)
{
	return divisor > 0 ? dividend / divisor : NAN;
}

struct rates rates_compute(const struct counters *then,
			   const struct counters *now, double seconds)
{
	static const struct counters zero;
	struct rates r;
	double requests;

	if (then && (!(seconds > 0) || went_back(then, now)))
		then = NULL;
	r.seconds = then ? seconds : NAN;
	if (!then)
		then = &zero;

	/* A quotient by NAN is NAN: no interval, no rate. */
	r.requests_per_s = quotient(difference(counters_requests(then),
					       counters_requests(now)),
				    r.seconds);
	r.to_guest_bytes_per_s =
		quotient(difference(counters_to_guest_bytes(then),
				    counters_to_guest_bytes(now)), r.seconds);
	r.from_guest_bytes_per_s =
		quotient(difference(counters_from_guest_bytes(then),
				    counters_from_guest_bytes(now)),
			 r.seconds);

	requests = difference(then->values[COUNTER_REQUESTS],
			      now->values[COUNTER_REQUESTS]);
	r.hypercalls_per_op = quotient(difference(hypercalls(then),
						  hypercalls(now)), requests);
	r.notifications_per_op =
		quotient(difference(then->values[COUNTER_NOTIFICATIONS],
				    now->values[COUNTER_NOTIFICATIONS]),
			 requests);
	r.ops_per_pass = quotient(requests,
				  difference(then->values[COUNTER_PASSES],
					     now->values[COUNTER_PASSES]));
	return r;
}
