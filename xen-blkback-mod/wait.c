// SPDX-License-Identifier: GPL-2.0
/*
 * What a worker does when the ring is empty.
 *
 * Going to sleep costs two thread switches, the idle loop and an interrupt for
 * each request, several times the work itself when requests come one by one. So
 * while they come quickly, the worker keeps the CPU and waits in Xen
 * (SCHEDOP_poll): nothing spins, interrupts are served, and the first thing that
 * needs this CPU ends it. Where waiting was in vain it is not tried for a while.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/stat.h>
#include "blkback.h"

/* Interrupts of others that may come in before the wait was in vain. */
#define POLL_TRIES	4

/* So long a worker serves one queue at most before it asks for its turn anew. */
#define STAY_MOST	HZ

/* Waits left out after so many in vain: 1, 3, 7 ... at most this. */
#define POLL_MOST_SKIPPED	63U

static bool may_wait(const struct blk_queue *queue)
{
	return READ_ONCE(blk_parameters.poll) &&
	       READ_ONCE(queue->event.pending) &&
	       !READ_ONCE(queue->stopping) && !queue->broken &&
	       blk_chain_empty(&queue->waiting) &&
	       blk_chain_empty(&queue->busy);
}

/* Does anybody else want this CPU? Other work has woken a worker of its own. */
static bool disturbed(struct blk_queue *queue)
{
	return need_resched() || !single_task_running() ||
	       work_pending(&queue->work);
}

static enum blk_next wait_in_xen(struct blk_queue *queue, struct blk_stay *stay)
{
	unsigned int tries;

	for (tries = 0; tries < POLL_TRIES; tries++) {
		xenmod_event_forget(&queue->event);
		if (!xenmod_ring_rest(&queue->ring)) {
			queue->poll_skipped = 0;
			return disturbed(queue) ||
			       time_after(jiffies, stay->begin + STAY_MOST) ?
				       BLK_COME_BACK : BLK_GO_ON;
		}
		/* A disturbance says nothing about the guest. */
		if (disturbed(queue))
			return BLK_REST;
		if (time_after(jiffies, stay->tick)) {
			if (!stay->busy)
				break;
			stay->tick = jiffies;
			stay->busy = false;
		}
		xenmod_event_poll(&queue->event);
	}
	if (!stay->busy)
		queue->poll_skipped = min(2 * queue->poll_skipped + 1,
					  POLL_MOST_SKIPPED);
	queue->poll_skip = queue->poll_skipped;
	return BLK_REST;
}

enum blk_next blk_wait(struct blk_queue *queue, struct blk_stay *stay)
{
	if (!may_wait(queue))
		return BLK_REST;
	if (queue->poll_skip) {
		queue->poll_skip--;
		return BLK_REST;
	}
	return wait_in_xen(queue, stay);
}

/* Let the next event in, unless requests came that no event will announce. */
bool blk_rest(struct blk_queue *queue)
{
	/* Before the ring: an event that comes from now on has its own pass. */
	bool event = READ_ONCE(queue->event.pending);

	if (READ_ONCE(queue->stopping) || queue->broken ||
	    !blk_chain_empty(&queue->waiting))
		return true;
	if (event)
		xenmod_event_forget(&queue->event);
	if (!xenmod_ring_rest(&queue->ring))
		return false;
	if (event) {
		xenmod_event_done(&queue->event, queue->worked);
		queue->worked = false;
	}
	return true;
}
