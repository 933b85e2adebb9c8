// SPDX-License-Identifier: GPL-2.0
/*
 * A ring with its three users at once: the frontend, the half of a queue that
 * takes, and the half that answers.
 */
#include "test.h"
#include <linux/types.h>
#include <asm/barrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <xenmod/blkif.h>
#include <xenmod/ring.h>

#define PAGE		4096
#define REQUESTS	1000000u
#define START		0xffff0000u	/* the indices wrap under way */

struct race {
	struct xenmod_ring ring;
	u64 ids[64];		/* of what was taken and not answered */
	u32 taken;		/* so many were handed to the answering half */
	u32 answered;
	u32 sent, received;	/* the frontend's */
	bool failed;
	const char *reason;
};

/* Spin, for the tightest race, but let others run where they cannot. */
static void idle(unsigned int *spins)
{
	if (++*spins % 1024 == 0)
		sched_yield();
}

static void fail_race(struct race *race, const char *reason)
{
	race->reason = reason;
	WRITE_ONCE(race->failed, true);
}

static bool going(const struct race *race, u32 done)
{
	return done < REQUESTS && !READ_ONCE(race->failed);
}

static u64 *slot_of(struct race *race, u32 index)
{
	return xenmod_ring_slot(&race->ring, index);
}

/* As a guest does it: reads what is answered, fills the ring again. */
static void frontend(struct race *race)
{
	struct xenmod_ring_shared *shared = race->ring.shared;
	u32 answered = READ_ONCE(shared->rsp_prod) - START;

	virt_rmb();
	for (; race->received != answered; race->received++)
		if (*slot_of(race, START + race->received) !=
		    ~(u64)race->received)
			fail_race(race, "a wrong response");
	while (race->sent < REQUESTS &&
	       race->sent - race->received < race->ring.nr_slots) {
		*slot_of(race, START + race->sent) = race->sent;
		race->sent++;
	}
	virt_wmb();
	WRITE_ONCE(shared->req_prod, START + race->sent);
}

static void answer(struct race *race)
{
	u32 taken = READ_ONCE(race->taken);
	u64 id;

	virt_rmb();
	for (; race->answered != taken; race->answered++) {
		id = ~race->ids[race->answered % ARRAY_SIZE(race->ids)];
		memcpy(xenmod_ring_response(&race->ring), &id, sizeof(id));
	}
	xenmod_ring_push(&race->ring);
}

/* Both in one thread, so that two processors are enough for a tight race. */
static void *other_side(void *argument)
{
	struct race *race = argument;
	unsigned int spins = 0;

	while (going(race, race->received)) {
		answer(race);
		frontend(race);
		idle(&spins);
	}
	return NULL;
}

static void *taker(void *argument)
{
	u64 slot[BLKIF_SLOT_64 / sizeof(u64)];
	struct race *race = argument;
	unsigned int spins = 0;
	u32 taken = 0;
	int nr;

	while (going(race, taken)) {
		idle(&spins);
		nr = xenmod_ring_pending(&race->ring);
		if (nr < 0)
			fail_race(race, "an honest frontend is accused");
		for (; nr > 0; nr--, taken++) {
			xenmod_ring_take(&race->ring, slot);
			if (slot[0] != taken)
				fail_race(race, "a wrong request");
			race->ids[taken % ARRAY_SIZE(race->ids)] = slot[0];
			virt_wmb();
			WRITE_ONCE(race->taken, taken + 1);
		}
	}
	return NULL;
}

static void all_at_once(void **state)
{
	void *(*const users[])(void *) = { other_side, taker };
	struct xenmod_ring_shared *shared = calloc(1, PAGE);
	pthread_t threads[ARRAY_SIZE(users)];
	struct race race = { .failed = false };
	unsigned int i;

	shared->req_prod = START;
	shared->rsp_prod = START;
	xenmod_ring_init(&race.ring, shared, PAGE, BLKIF_SLOT_64);
	assert_int_equal(xenmod_ring_attach(&race.ring), 0);
	for (i = 0; i < ARRAY_SIZE(users); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, users[i],
						&race), 0);
	for (i = 0; i < ARRAY_SIZE(users); i++)
		pthread_join(threads[i], NULL);
	if (race.failed)
		fail_msg("%s", race.reason);
	assert_int_equal(race.ring.req_cons, START + REQUESTS);
	assert_int_equal(race.ring.rsp_prod, START + REQUESTS);
	free(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_at_once),
	};

	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
