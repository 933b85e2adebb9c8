// SPDX-License-Identifier: GPL-2.0
/*
 * The PCI frontend's state machine against a table of its own.
 */
#include <stdlib.h>
#include "test.h"
#include "state.h"

#define STATES	9

/*
 * Rows: the backend's state. Columns: ours, 0 to 8. First without a page that
 * was offered, then with one.
 *	. nothing  p publish  c connect  d detach  a attach  r retry  x close
 */
static const char *const unpublished[STATES] = {
	[0] = ".........",	/* Unknown: its directory is gone */
	[1] = ".p..x.px.",	/* Initialising */
	[2] = ".p..x.px.",	/* InitWait */
	[3] = ".p..x.px.",	/* Initialised */
	[4] = ".........",	/* Connected */
	[5] = "xxxxxx.xx",	/* Closing */
	[6] = "xxxxxx.xx",	/* Closed */
	[7] = ".........",	/* Reconfiguring */
	[8] = ".........",	/* Reconfigured */
};

static const char *const published[STATES] = {
	[0] = "xxxxxxxxx",
	[1] = "....x..x.",
	[2] = "....x..x.",
	[3] = "....x..x.",
	[4] = "...c...a.",
	[5] = "xxxxxxxxx",
	[6] = "xxxxxxxxx",
	[7] = "....d....",
	[8] = ".......a.",
};

/* Where it makes a difference that it is late. */
static const char *const published_late[STATES] = {
	[7] = "....d..r.",
};

static enum pcifront_action meaning(char letter)
{
	switch (letter) {
	case 'p':
		return PCIFRONT_PUBLISH;
	case 'c':
		return PCIFRONT_CONNECT;
	case 'd':
		return PCIFRONT_DETACH;
	case 'a':
		return PCIFRONT_ATTACH;
	case 'r':
		return PCIFRONT_RETRY;
	case 'x':
		return PCIFRONT_CLOSE;
	default:
		return PCIFRONT_NOTHING;
	}
}

static void every_pair_of_states(void **state)
{
	unsigned int backend, frontend;

	for (backend = 0; backend < STATES; backend++)
		for (frontend = 0; frontend < STATES; frontend++) {
			if (pcifront_state_next(backend, frontend, false,
						true, false) !=
			    meaning(unpublished[backend][frontend]))
				fail_msg("unpublished: backend %u frontend %u",
					 backend, frontend);
			if (pcifront_state_next(backend, frontend, true,
						false, false) !=
			    meaning(published[backend][frontend]))
				fail_msg("published: backend %u frontend %u",
					 backend, frontend);
		}
}

static void every_pair_when_late(void **state)
{
	unsigned int backend, frontend;
	const char *row;

	for (backend = 0; backend < STATES; backend++) {
		row = published_late[backend] ? published_late[backend] :
						published[backend];
		for (frontend = 0; frontend < STATES; frontend++) {
			if (pcifront_state_next(backend, frontend, true, false,
						true) !=
			    meaning(row[frontend]))
				fail_msg("late: backend %u frontend %u",
					 backend, frontend);
			if (pcifront_state_next(backend, frontend, false,
						false, true) !=
			    meaning(unpublished[backend][frontend]))
				fail_msg("late, unpublished: %u, %u", backend,
					 frontend);
		}
	}
}

static void a_dead_backend_is_given_up(void **state)
{
	int backend;
	unsigned int frontend;

	for (backend = -1; backend <= STATES; backend++)
		for (frontend = 0; frontend < STATES; frontend++)
			assert_int_equal(pcifront_state_next(backend, frontend,
							     true, true,
							     backend & 1),
					 PCIFRONT_GIVE_UP);
}

static void nonsense_is_refused_once(void **state)
{
	static const int nonsense[] = {
		-1, 9, 10, 255, 256, 65536 + 4, 0x7fffffff, -0x7fffffff - 1 };
	unsigned int i, frontend;

	for (i = 0; i < ARRAY_SIZE(nonsense); i++)
		for (frontend = 0; frontend < STATES; frontend++) {
			bool over = frontend == XenbusStateClosing ||
				    frontend == XenbusStateClosed;

			assert_int_equal(pcifront_state_next(nonsense[i],
							     frontend, true,
							     false, i & 1),
					 over ? PCIFRONT_NOTHING :
						PCIFRONT_REFUSE);
		}
}

/* What each action makes of our state and of the page. */
static void apply(enum pcifront_action action, enum xenbus_state *frontend,
		  bool *page, bool *late)
{
	switch (action) {
	case PCIFRONT_PUBLISH:
		*frontend = XenbusStateInitialised;
		*page = true;
		break;
	case PCIFRONT_CONNECT:
	case PCIFRONT_ATTACH:
		*frontend = XenbusStateConnected;
		break;
	case PCIFRONT_DETACH:
	case PCIFRONT_RETRY:
		*frontend = XenbusStateReconfiguring;
		*late = false;
		break;
	case PCIFRONT_CLOSE:
		*frontend = XenbusStateClosed;
		*page = false;
		break;
	case PCIFRONT_GIVE_UP:
	case PCIFRONT_REFUSE:
		*frontend = XenbusStateClosing;
		*page = false;
		break;
	case PCIFRONT_NOTHING:
		break;
	}
}

/* Asked again without any change outside, the machine comes to rest. */
static void settles(void **state)
{
	enum pcifront_action action;
	enum xenbus_state frontend;
	unsigned int start, set;
	int backend, steps;

	for (backend = -1; backend <= STATES; backend++)
		for (start = 0; start < STATES; start++)
			for (set = 0; set < 8; set++) {
				bool page = set & 1, dead = set & 2;
				bool late = set & 4;

				frontend = start;
				for (steps = 0; steps < 5; steps++) {
					action = pcifront_state_next(backend,
								     frontend,
								     page,
								     dead,
								     late);
					if (action == PCIFRONT_NOTHING)
						break;
					apply(action, &frontend, &page, &late);
					/* A new page, a new channel. */
					if (action == PCIFRONT_PUBLISH)
						dead = false;
				}
				assert_true(steps < 5);
			}
}

/* The backend's state; negative: when we have waited for long. */
struct moment {
	int backend;
	enum pcifront_action action;
};

/* What a life of the device asks for, and what it leaves our state at. */
static void follow(const struct moment *moments, unsigned int count,
		   enum xenbus_state *frontend, bool *page)
{
	enum pcifront_action action;
	bool late = false;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (moments[i].backend < 0)
			late = true;
		action = pcifront_state_next(abs(moments[i].backend),
					     *frontend, *page, !*page, late);
		if (action != moments[i].action)
			fail_msg("moment %u: backend %d, action %d", i,
				 moments[i].backend, action);
		apply(action, frontend, page, &late);
	}
}

static void a_device_comes_another_goes(void **state)
{
	static const struct moment moments[] = {
		{ XenbusStateInitialising, PCIFRONT_PUBLISH },
		{ XenbusStateInitWait, PCIFRONT_NOTHING },
		{ XenbusStateInitialised, PCIFRONT_NOTHING },
		{ XenbusStateConnected, PCIFRONT_CONNECT },
		{ XenbusStateConnected, PCIFRONT_NOTHING },
		{ XenbusStateReconfiguring, PCIFRONT_DETACH },
		{ XenbusStateReconfiguring, PCIFRONT_NOTHING },
		{ XenbusStateReconfigured, PCIFRONT_ATTACH },
		{ XenbusStateReconfigured, PCIFRONT_NOTHING },
		{ XenbusStateConnected, PCIFRONT_NOTHING },
		{ XenbusStateClosing, PCIFRONT_CLOSE },
		{ XenbusStateClosed, PCIFRONT_NOTHING },
	};
	enum xenbus_state frontend = XenbusStateInitialising;
	bool page = false;

	follow(moments, ARRAY_SIZE(moments), &frontend, &page);
	assert_int_equal(frontend, XenbusStateClosed);
}

/* pciback fails at something, and stays in that state. */
static void a_backend_that_cannot_reconfigure(void **state)
{
	static const struct moment moments[] = {
		{ XenbusStateInitWait, PCIFRONT_PUBLISH },
		{ XenbusStateConnected, PCIFRONT_CONNECT },
		{ XenbusStateReconfiguring, PCIFRONT_DETACH },
		{ XenbusStateReconfiguring, PCIFRONT_NOTHING },
		{ -XenbusStateReconfiguring, PCIFRONT_RETRY },
		{ XenbusStateReconfiguring, PCIFRONT_NOTHING },
		{ -XenbusStateReconfiguring, PCIFRONT_RETRY },
		{ XenbusStateReconfigured, PCIFRONT_ATTACH },
		{ XenbusStateConnected, PCIFRONT_NOTHING },
		/* One that follows us, instead. */
		{ XenbusStateReconfiguring, PCIFRONT_DETACH },
		{ -XenbusStateReconfiguring, PCIFRONT_RETRY },
		{ XenbusStateConnected, PCIFRONT_ATTACH },
		{ XenbusStateConnected, PCIFRONT_NOTHING },
	};
	enum xenbus_state frontend = XenbusStateInitialising;
	bool page = false;

	follow(moments, ARRAY_SIZE(moments), &frontend, &page);
	assert_int_equal(frontend, XenbusStateConnected);
}

static void a_backend_that_starts_anew(void **state)
{
	static const struct moment moments[] = {
		{ XenbusStateInitWait, PCIFRONT_PUBLISH },
		{ XenbusStateConnected, PCIFRONT_CONNECT },
		/* Closed and open again before we looked. */
		{ XenbusStateInitialised, PCIFRONT_CLOSE },
		{ XenbusStateInitialised, PCIFRONT_PUBLISH },
		{ XenbusStateConnected, PCIFRONT_CONNECT },
	};
	enum xenbus_state frontend = XenbusStateInitialising;
	bool page = false;

	follow(moments, ARRAY_SIZE(moments), &frontend, &page);
	assert_int_equal(frontend, XenbusStateConnected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_states),
		cmocka_unit_test(every_pair_when_late),
		cmocka_unit_test(a_dead_backend_is_given_up),
		cmocka_unit_test(nonsense_is_refused_once),
		cmocka_unit_test(settles),
		cmocka_unit_test(a_device_comes_another_goes),
		cmocka_unit_test(a_backend_that_cannot_reconfigure),
		cmocka_unit_test(a_backend_that_starts_anew),
	};

	return cmocka_run_group_tests_name("pcifront_state", tests, NULL, NULL);
}
