// SPDX-License-Identifier: GPL-2.0
/*
 * The frontend's state machine, as a table in code.
 */
#include "state.h"

static enum pcifront_action while_starting(enum xenbus_state frontend,
					   bool published)
{
	switch (frontend) {
	case XenbusStateInitialising:
	case XenbusStateClosed:
		return published ? PCIFRONT_NOTHING : PCIFRONT_PUBLISH;

	case XenbusStateConnected:
	case XenbusStateReconfiguring:
		/* A new backend, which knows nothing of our page. */
		return PCIFRONT_CLOSE;

	default:
		return PCIFRONT_NOTHING;
	}
}

static enum pcifront_action while_reconfiguring(enum xenbus_state frontend,
						bool late)
{
	if (frontend == XenbusStateConnected)
		return PCIFRONT_DETACH;
	return frontend == XenbusStateReconfiguring && late ? PCIFRONT_RETRY :
							      PCIFRONT_NOTHING;
}

static enum pcifront_action while_closing(enum xenbus_state frontend,
					  bool published)
{
	return frontend == XenbusStateClosed && !published ? PCIFRONT_NOTHING :
							     PCIFRONT_CLOSE;
}

static bool is_over(enum xenbus_state frontend)
{
	return frontend == XenbusStateClosing || frontend == XenbusStateClosed;
}

enum pcifront_action pcifront_state_next(int backend,
					 enum xenbus_state frontend,
					 bool published, bool dead, bool late)
{
	if (published && dead)
		return PCIFRONT_GIVE_UP;

	switch (backend) {
	case XenbusStateUnknown:
		/* Its directory is gone. */
		return published ? PCIFRONT_CLOSE : PCIFRONT_NOTHING;

	case XenbusStateInitialising:
	case XenbusStateInitWait:
	case XenbusStateInitialised:
		return while_starting(frontend, published);

	case XenbusStateConnected:
		if (!published)
			return PCIFRONT_NOTHING;
		if (frontend == XenbusStateInitialised)
			return PCIFRONT_CONNECT;
		/* It changed its mind, or we were slow. */
		return frontend == XenbusStateReconfiguring ? PCIFRONT_ATTACH :
							      PCIFRONT_NOTHING;

	case XenbusStateReconfiguring:
		return published ? while_reconfiguring(frontend, late) :
				   PCIFRONT_NOTHING;

	case XenbusStateReconfigured:
		return published && frontend == XenbusStateReconfiguring ?
		       PCIFRONT_ATTACH : PCIFRONT_NOTHING;

	case XenbusStateClosing:
	case XenbusStateClosed:
		return while_closing(frontend, published);

	default:
		return is_over(frontend) ? PCIFRONT_NOTHING : PCIFRONT_REFUSE;
	}
}
