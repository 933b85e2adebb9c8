// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include "frontend.h"
#include "report.h"
#include "store.h"

void frontend_open(struct frontend *frontend, const char *kind,
		   unsigned int number)
{
	char path[96];

	frontend->store = store_open();
	snprintf(frontend->front, sizeof(frontend->front), "device/%s/%u",
		 kind, number);
	snprintf(path, sizeof(path), "%s/backend", frontend->front);
	frontend->back = store_read(frontend->store, path);
	if (!frontend->back)
		die("there is no %s in xenstore", path);
}

long frontend_backend_number(struct frontend *frontend, const char *node,
			     long fallback)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", frontend->back, node);
	return store_number(frontend->store, path, fallback);
}

int frontend_backend_state(struct frontend *frontend)
{
	return frontend_backend_number(frontend, "state", UNKNOWN);
}

void frontend_write(struct frontend *frontend, const char *dir,
		    const char *node, uint32_t value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s/%s", frontend->front, dir, node);
	store_print(frontend->store, path, "%u", value);
}

void frontend_remove(struct frontend *frontend, const char *node)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", frontend->front, node);
	store_remove(frontend->store, path);
}

void frontend_go(struct frontend *frontend, int state)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/state", frontend->front);
	store_print(frontend->store, path, "%d", state);
}

/* One of the two; the last state that was seen. */
static int wait_for(struct frontend *frontend, int one, int other,
		    unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms;
	int state;

	for (;;) {
		state = frontend_backend_state(frontend);
		if (state == one || state == other || now_ms() > end)
			return state;
		sleep_ms(2);
	}
}

static bool must_reach(struct frontend *frontend, int state)
{
	int seen = wait_for(frontend, state, state, STATE_MS);

	if (seen == state)
		return true;
	report_fail("the backend's state is %d, not %d", seen, state);
	return false;
}

bool frontend_invite(struct frontend *frontend)
{
	if (frontend_backend_state(frontend) == INIT_WAIT)
		return true;
	frontend_go(frontend, CLOSED);
	if (!must_reach(frontend, CLOSED))
		return false;
	frontend_go(frontend, INITIALISING);
	return must_reach(frontend, INIT_WAIT);
}

bool frontend_try(struct frontend *frontend, int state)
{
	int seen;

	frontend_go(frontend, state);
	seen = wait_for(frontend, CONNECTED, CLOSING, STATE_MS);
	if (seen != CONNECTED && seen != CLOSING)
		report_fail("the backend's state is %d, not %d", seen,
			    CONNECTED);
	return seen == CONNECTED;
}

bool frontend_close(struct frontend *frontend)
{
	int seen;

	if (frontend_backend_state(frontend) != CLOSED) {
		frontend_go(frontend, CLOSING);
		/* It may still be on its way to Closed, where it stays then. */
		seen = wait_for(frontend, CLOSING, CLOSED, STATE_MS);
		if (seen != CLOSING && seen != CLOSED)
			report_fail("the backend's state is %d, neither %d nor %d",
				    seen, CLOSING, CLOSED);
	}
	frontend_go(frontend, CLOSED);
	return must_reach(frontend, CLOSED);
}
