// SPDX-License-Identifier: GPL-2.0
/*
 * The backend's state machine, as a table in code.
 */
#include <xenmod/state.h>

enum xenmod_action xenmod_state_next(int frontend, enum xenbus_state backend,
				     bool ready, bool connected, bool online)
{
	switch (frontend) {
	case XenbusStateInitialising:
		/* The frontend starts again after a full close. */
		return backend == XenbusStateClosed ? XENMOD_INVITE :
						      XENMOD_NOTHING;

	case XenbusStateInitialised:
	case XenbusStateConnected:
		if (connected && backend == XenbusStateReconfigured)
			return XENMOD_RESUME;
		/*
		 * Only an invited frontend is connected: after a failure we are
		 * in Closing, and the frontend has to close before it may retry.
		 */
		if (connected || !ready || backend != XenbusStateInitWait)
			return XENMOD_NOTHING;
		return XENMOD_CONNECT;

	case XenbusStateReconfiguring:
		if (!connected)
			return XENMOD_REFUSE;
		return backend == XenbusStateReconfigured ? XENMOD_NOTHING :
							    XENMOD_RECONFIGURE;

	case XenbusStateClosing:
		return backend == XenbusStateClosed ? XENMOD_NOTHING :
						      XENMOD_CLOSE;

	case XenbusStateClosed:
		if (!online)
			return XENMOD_DEPART;
		return backend == XenbusStateClosed ? XENMOD_NOTHING :
						      XENMOD_CLOSED;

	case XenbusStateUnknown:
		/* The frontend's directory is gone, and so is the frontend. */
		return XENMOD_DEPART;

	default:
		return XENMOD_REFUSE;
	}
}
