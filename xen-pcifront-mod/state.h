/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the frontend does next, as a function of what both ends show. Pure: it
 * compiles in user space too (tests/host).
 */
#ifndef XEN_PCIFRONT_STATE_H
#define XEN_PCIFRONT_STATE_H

#include <linux/types.h>
#include <xen/interface/io/xenbus.h>

/**
 * enum pcifront_action - what the state machine wants done
 * @PCIFRONT_NOTHING: wait for the next change
 * @PCIFRONT_PUBLISH: offer page and event channel, then Initialised
 * @PCIFRONT_CONNECT: make the root buses and their devices, then Connected
 * @PCIFRONT_DETACH: remove the devices that are to go, then Reconfiguring
 * @PCIFRONT_ATTACH: look for new devices, then Connected
 * @PCIFRONT_RETRY: detach once more, from Connected to Reconfiguring
 * @PCIFRONT_CLOSE: remove everything, then Closed
 * @PCIFRONT_GIVE_UP: the backend does not answer: remove everything, then Closing
 * @PCIFRONT_REFUSE: the same, the backend is in a state that there is not
 */
enum pcifront_action {
	PCIFRONT_NOTHING,
	PCIFRONT_PUBLISH,
	PCIFRONT_CONNECT,
	PCIFRONT_DETACH,
	PCIFRONT_ATTACH,
	PCIFRONT_RETRY,
	PCIFRONT_CLOSE,
	PCIFRONT_GIVE_UP,
	PCIFRONT_REFUSE,
};

/**
 * pcifront_state_next() - choose the next step
 * @backend: the backend's state as read; any number
 * @frontend: our own state
 * @published: the backend has been offered a page, or even has connected
 * @dead: it has been asked and did not answer
 * @late: we have been Reconfiguring for long
 *
 * Return: the step.
 */
enum pcifront_action pcifront_state_next(int backend,
					 enum xenbus_state frontend,
					 bool published, bool dead, bool late);

#endif /* XEN_PCIFRONT_STATE_H */
