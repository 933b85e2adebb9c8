/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a backend does next, as a function of what both ends show. Pure: it
 * compiles in user space too (tests/host).
 */
#ifndef XENMOD_STATE_H
#define XENMOD_STATE_H

#include <linux/types.h>
#include <xen/interface/io/xenbus.h>

/**
 * enum xenmod_action - what the state machine wants done
 * @XENMOD_NOTHING: wait for the next change
 * @XENMOD_INVITE: offer a new connection: InitWait
 * @XENMOD_CONNECT: connect, then Connected
 * @XENMOD_RECONFIGURE: read anew what the frontend changed while connected, then
 *	Reconfigured; the frontend is refused if the driver knows nothing of that
 * @XENMOD_RESUME: the frontend has seen that: Connected again
 * @XENMOD_CLOSE: disconnect, then Closing
 * @XENMOD_CLOSED: disconnect, then Closed
 * @XENMOD_DEPART: disconnect, then Closed, then remove the device
 * @XENMOD_REFUSE: the frontend is in a state that it must never be in
 */
enum xenmod_action {
	XENMOD_NOTHING,
	XENMOD_INVITE,
	XENMOD_CONNECT,
	XENMOD_RECONFIGURE,
	XENMOD_RESUME,
	XENMOD_CLOSE,
	XENMOD_CLOSED,
	XENMOD_DEPART,
	XENMOD_REFUSE,
};

/**
 * xenmod_state_next() - choose the next step
 * @frontend: the frontend's state as read; any number
 * @backend: our own state
 * @ready: the resource behind the device is there
 * @connected: rings are mapped
 * @online: the toolstack wants the device to stay
 *
 * Return: the step.
 */
enum xenmod_action xenmod_state_next(int frontend, enum xenbus_state backend,
				     bool ready, bool connected, bool online);

#endif /* XENMOD_STATE_H */
