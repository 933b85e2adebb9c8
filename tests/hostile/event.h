/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event channel of our own, through /dev/xen/evtchn.
 */
#ifndef HOSTILE_EVENT_H
#define HOSTILE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct event {
	int fd;
	uint32_t port;
};

/* A port that dom0 may bind to. */
void event_open(struct event *event);

/* Harmless when it is closed already. */
void event_close(struct event *event);

/* One hypercall. */
void event_send(struct event *event);

/* Wait for the other end; false when the time is over. */
bool event_wait(struct event *event, unsigned int timeout_ms);

#endif /* HOSTILE_EVENT_H */
