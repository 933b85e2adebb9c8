// SPDX-License-Identifier: GPL-2.0
/*
 * The answering half of a queue: what is done, one batch copies out and unmaps;
 * then all responses are published at once, with at most one event.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "blkback.h"
#include "trace.h"

/* How often Xen may ask to repeat a copy, and when a request is looked at again. */
#define COPY_TRIES	8
#define RETRY_DELAY	msecs_to_jiffies(5)

/* Segments that one answer ends, more or less, before others have their turn. */
#define ANSWER_SEGMENTS		512

/* One line for the cause, if it is one to be told. */
static void report(const struct blk_request *request)
{
	const struct blk_command *command = &request->command;
	const struct blk_queue *queue = request->queue;
	enum xenmod_cause cause;
	const char *reason;

	switch (request->outcome) {
	case BLK_REFUSED:
		cause = XENMOD_CAUSE_REQUEST;
		reason = blk_verdict_text(request->verdict);
		break;
	case BLK_NO_GRANT:
		cause = XENMOD_CAUSE_GRANT;
		reason = "Xen refused a grant of the guest";
		break;
	case BLK_NO_DISK:
		cause = XENMOD_CAUSE_RESOURCE;
		reason = "the disk failed it";
		break;
	default:
		return;
	}
	xenmod_backend_report(queue->vbd->backend, cause,
			      "queue %u: request failed: %s (operation %u, %u segments, sector %llu+%llu)",
			      queue->base.id, reason, command->wire_op,
			      command->nr_segments, command->sector,
			      command->nr_sectors);
}

static s16 request_status(const struct blk_request *request)
{
	switch (request->outcome) {
	case BLK_DONE:
		return BLKIF_RSP_OKAY;
	case BLK_REFUSED:
		return blk_verdict_status(request->verdict);
	default:
		return BLKIF_RSP_ERROR;
	}
}

static void respond(struct blk_queue *queue, struct blk_request *request)
{
	s16 status = request_status(request);

	report(request);
	trace_xen_blkback_respond(request, status);
	if (request->command.op == BLK_BARRIER)
		blk_fence_drop(&queue->vbd->fence, request);
	blk_response_write(xenmod_ring_response(&queue->ring), queue->abi,
			   &request->command, status);
	if (request->fetch.page)
		blk_fetch_release(&queue->transfer, &request->fetch);
	if (request->data.segment != request->inline_segments) {
		kfree(request->data.segment);
		WRITE_ONCE(queue->room_freed,
			   queue->room_freed + request->command.nr_segments);
	}
	blk_chain_add(&queue->free, request);
	WRITE_ONCE(queue->nr_taken, queue->nr_taken - 1);
	xenmod_count(&queue->base.done_stats, XENMOD_RESPONSES, 1);
	if (request->outcome == BLK_REFUSED)
		xenmod_count(&queue->base.done_stats, XENMOD_BAD_REQUESTS, 1);
}

static void look_again(struct blk_queue *queue, struct blk_request *request)
{
	blk_chain_add(&queue->busy, request);
	queue_delayed_work(blk_workqueue, &queue->retry, RETRY_DELAY);
}

/*
 * Add the last operations of a request to the batch if it can be ended now.
 * Returns how many segments that are.
 */
static unsigned int collect_one(struct blk_queue *queue,
				struct blk_request *request,
				struct blk_chain *ending)
{
	if (blk_io_unfinished(request)) {
		blk_chain_add(&queue->busy, request);
		blk_queue_kick(queue);
		return 0;
	}
	if (blk_data_busy(&request->data)) {
		look_again(queue, request);
		return 0;
	}
	blk_data_finish(&queue->transfer, &request->data,
			request->outcome == BLK_DONE);
	blk_chain_add(ending, request);
	return request->data.nr;
}

static void collect(struct blk_queue *queue, struct blk_chain *ending)
{
	struct blk_request *request, *next;
	struct llist_node *completed;
	struct blk_chain candidates;
	unsigned int segments = 0;

	blk_chain_take_all(&queue->busy, &candidates);
	completed = llist_reverse_order(llist_del_all(&queue->completed));
	llist_for_each_entry_safe(request, next, completed, completed)
		blk_chain_add(&candidates, request);

	while (segments < ANSWER_SEGMENTS &&
	       (request = blk_chain_take(&candidates)))
		segments += collect_one(queue, request, ending);
	if (blk_chain_empty(&candidates))
		return;
	while ((request = blk_chain_take(&candidates)))
		blk_chain_add(&queue->busy, request);
	tasklet_schedule(&queue->answering);
}

static void end(struct blk_queue *queue)
{
	struct blk_transfer *transfer = &queue->transfer;
	struct blk_request *request;
	struct blk_chain ending;
	unsigned int failed;

	blk_chain_init(&ending);
	transfer->end_failed = 0;
	collect(queue, &ending);
	failed = transfer->end_failed + xenmod_batch_flush(&transfer->end);

	while ((request = blk_chain_take(&ending))) {
		if (failed && request->outcome == BLK_DONE &&
		    blk_data_again(&request->data) &&
		    request->tries++ < COPY_TRIES) {
			look_again(queue, request);
			continue;
		}
		if (!blk_data_release(transfer, &request->data) &&
		    request->outcome == BLK_DONE)
			request->outcome = BLK_NO_GRANT;
		respond(queue, request);
	}
}

void blk_answer(struct blk_queue *queue)
{
	bool drained;

	spin_lock_bh(&queue->lock);
	end(queue);
	if (xenmod_ring_push(&queue->ring))
		xenmod_event_notify(&queue->event, &queue->base.done_stats);
	drained = !queue->nr_taken;
	spin_unlock_bh(&queue->lock);

	if (drained && READ_ONCE(queue->stopping))
		wake_up(&queue->drained);
}

void blk_answer_tasklet(struct tasklet_struct *tasklet)
{
	struct blk_queue *queue = from_tasklet(queue, tasklet, answering);

	blk_answer(queue);
	if (READ_ONCE(queue->starved) || blk_queue_too_fat(queue))
		blk_queue_kick(queue);
}

void blk_request_done(struct blk_request *request)
{
	struct blk_queue *queue = request->queue;

	/* What completes within the pass itself, the pass answers at its end. */
	if (in_task() && READ_ONCE(queue->server) == current) {
		llist_add(&request->completed, &queue->completed);
		return;
	}
	/* Once added, it can be answered, and the queue be gone but for this. */
	rcu_read_lock();
	llist_add(&request->completed, &queue->completed);
	tasklet_schedule(&queue->answering);
	rcu_read_unlock();
}
