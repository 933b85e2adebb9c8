// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine against a table of its own.
 */
#include "test.h"
#include <xenmod/state.h>

#define FLAG_SETS	8	/* of three flags */

struct flags {
	bool ready;
	bool connected;
	bool online;
};

static struct flags flags_of(unsigned int set)
{
	return (struct flags){ set & 1, set & 2, set & 4 };
}

static enum xenmod_action next(int frontend, int backend, struct flags flags)
{
	return xenmod_state_next(frontend, backend, flags.ready,
				 flags.connected, flags.online);
}

/*
 * Rows: the frontend's state. Columns: ours, 0 to 8. A letter that depends on
 * flags is worked out in expected().
 *	. nothing  i invite  c connect, if ready and not connected
 *	x close    z closed, or depart when offline
 *	g reconfigure, n nothing, if connected, else refuse    s resume, if connected
 *	o nothing, or depart when offline    d depart    ! refuse
 */
static const char *const table[] = {
	[0] = "ddddddddd",	/* Unknown: its directory is gone */
	[1] = "......i..",	/* Initialising */
	[2] = "!!!!!!!!!",	/* InitWait: a backend's state */
	[3] = "..c.....s",	/* Initialised */
	[4] = "..c.....s",	/* Connected */
	[5] = "xxxxxx.xx",	/* Closing */
	[6] = "zzzzzzozz",	/* Closed */
	[7] = "ggggggggn",	/* Reconfiguring */
	[8] = "!!!!!!!!!",	/* Reconfigured: a backend's state */
};

static enum xenmod_action expected(char letter, struct flags flags)
{
	switch (letter) {
	case '.':
		return XENMOD_NOTHING;
	case 'i':
		return XENMOD_INVITE;
	case 'c':
		return flags.ready && !flags.connected ? XENMOD_CONNECT :
							 XENMOD_NOTHING;
	case 'g':
		return flags.connected ? XENMOD_RECONFIGURE : XENMOD_REFUSE;
	case 'n':
		return flags.connected ? XENMOD_NOTHING : XENMOD_REFUSE;
	case 's':
		return flags.connected ? XENMOD_RESUME : XENMOD_NOTHING;
	case 'x':
		return XENMOD_CLOSE;
	case 'z':
		return flags.online ? XENMOD_CLOSED : XENMOD_DEPART;
	case 'o':
		return flags.online ? XENMOD_NOTHING : XENMOD_DEPART;
	case 'd':
		return XENMOD_DEPART;
	default:
		return XENMOD_REFUSE;
	}
}

static void every_pair_of_states(void **state)
{
	unsigned int frontend, backend, set;

	for (frontend = 0; frontend < ARRAY_SIZE(table); frontend++)
		for (backend = 0; backend < 9; backend++)
			for (set = 0; set < FLAG_SETS; set++)
				if (next(frontend, backend, flags_of(set)) !=
				    expected(table[frontend][backend],
					     flags_of(set)))
					fail_msg("frontend %u backend %u flags %u",
						 frontend, backend, set);
}

static void nonsense_is_refused(void **state)
{
	static const int nonsense[] = {
		-1, 9, 10, 255, 256, 65536 + 4, 0x7fffffff, -0x7fffffff - 1 };
	unsigned int i, backend, set;

	for (i = 0; i < ARRAY_SIZE(nonsense); i++)
		for (backend = 0; backend < 9; backend++)
			for (set = 0; set < FLAG_SETS; set++)
				assert_int_equal(next(nonsense[i], backend,
						      flags_of(set)),
						 XENMOD_REFUSE);
}

static void connects_only_when_invited(void **state)
{
	int frontend, backend;
	unsigned int set;

	for (frontend = -2; frontend < 12; frontend++)
		for (backend = 0; backend < 9; backend++)
			for (set = 0; set < FLAG_SETS; set++) {
				struct flags flags = flags_of(set);

				if (next(frontend, backend, flags) !=
				    XENMOD_CONNECT)
					continue;
				assert_int_equal(backend, XenbusStateInitWait);
				assert_true(flags.ready && !flags.connected);
				assert_true(frontend == 3 || frontend == 4);
			}
}

/* What each action makes of our state; -1 is the end of the device. */
static int apply(enum xenmod_action action, int backend)
{
	switch (action) {
	case XENMOD_INVITE:
		return XenbusStateInitWait;
	case XENMOD_CONNECT:
	case XENMOD_RESUME:
		return XenbusStateConnected;
	case XENMOD_RECONFIGURE:
		return XenbusStateReconfigured;
	case XENMOD_CLOSE:
	case XENMOD_REFUSE:
		return XenbusStateClosing;
	case XENMOD_CLOSED:
		return XenbusStateClosed;
	case XENMOD_DEPART:
		return -1;
	default:
		return backend;
	}
}

/* Asked again without any change outside, the machine comes to rest. */
static void settles(void **state)
{
	int frontend, backend, start;
	unsigned int set, steps;

	for (frontend = 0; frontend < 7; frontend++)
		for (start = 0; start < 9; start++)
			for (set = 0; set < FLAG_SETS; set++) {
				struct flags flags = flags_of(set);

				if (frontend == XenbusStateInitWait)
					continue;
				backend = start;
				for (steps = 0; steps < 3 && backend >= 0;
				     steps++) {
					int was = backend;

					backend = apply(next(frontend, backend,
							     flags), backend);
					flags.connected =
						backend == XenbusStateConnected;
					if (was == backend)
						break;
				}
				assert_true(steps < 3);
			}
}

static void a_frontend_that_reloads(void **state)
{
	struct flags off = { true, false, true }, on = { true, true, true };

	assert_int_equal(next(5, 4, on), XENMOD_CLOSE);
	assert_int_equal(next(6, 5, off), XENMOD_CLOSED);
	assert_int_equal(next(1, 6, off), XENMOD_INVITE);
	assert_int_equal(next(3, 2, off), XENMOD_CONNECT);
	assert_int_equal(next(4, 4, on), XENMOD_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_states),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(connects_only_when_invited),
		cmocka_unit_test(settles),
		cmocka_unit_test(a_frontend_that_reloads),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
