/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interdomain event channel with late end-of-interrupt: no further event
 * comes in until the backend has served the last one, and a frontend that
 * sends events without work is slowed down by the kernel (XSA-332).
 */
#ifndef XENMOD_EVENT_H
#define XENMOD_EVENT_H

#include <linux/types.h>
#include <xen/interface/event_channel.h>

struct xenbus_device;
struct xenmod_stats;

/**
 * struct xenmod_event - one bound event channel
 * @kick: called in interrupt context when an event came in
 * @stats: counters of the queue that it belongs to
 * @irq: Linux interrupt number, 0 while not bound
 * @pending: an event came in and its end-of-interrupt is still due. Set by the
 *	interrupt handler, which cannot run again before the pass cleared it.
 */
struct xenmod_event {
	void (*kick)(struct xenmod_event *event);
	struct xenmod_stats *stats;
	unsigned int irq;
	bool pending;
};

/**
 * xenmod_event_bind() - bind to a port that the frontend offers
 * @dev: the backend device
 * @event: its @kick is set
 * @port: the frontend's port
 * @name: shown in /proc/interrupts; must live as long as the binding
 * @stats: counters to keep
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int xenmod_event_bind(struct xenbus_device *dev, struct xenmod_event *event,
		      evtchn_port_t port, const char *name,
		      struct xenmod_stats *stats);

/**
 * xenmod_event_unbind() - unbind; nothing happens when it is not bound
 * @event: the event. Its handler is not running any more on return.
 *
 * Context: may sleep.
 */
void xenmod_event_unbind(struct xenmod_event *event);

/**
 * xenmod_event_done() - the last event was served, let the next one in
 * @event: the event
 * @worked: whether it brought any work
 *
 * Context: the queue's pass.
 */
void xenmod_event_done(struct xenmod_event *event, bool worked);

/**
 * xenmod_event_poll() - let Xen have the CPU until something happens
 * @event: an event that is pending, so that the next one makes no interrupt
 *
 * Waits, at most to the next tick, until the frontend sends an event or any
 * interrupt of this CPU was served. The scheduler takes no part in that: what
 * else is runnable on this CPU has to wait, too.
 *
 * Context: the queue's pass.
 */
void xenmod_event_poll(struct xenmod_event *event);

/**
 * xenmod_event_forget() - what the frontend sent so far needs no further event
 * @event: a pending event; look at the ring after this
 *
 * Context: the queue's pass.
 */
void xenmod_event_forget(struct xenmod_event *event);

/**
 * xenmod_event_notify() - send the frontend an event
 * @event: a bound event
 * @stats: counters of whoever sends it
 *
 * Context: any.
 */
void xenmod_event_notify(struct xenmod_event *event, struct xenmod_stats *stats);

#endif /* XENMOD_EVENT_H */
