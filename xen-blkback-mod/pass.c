// SPDX-License-Identifier: GPL-2.0
/*
 * One pass over a queue:
 *
 *	take	copy each request off the ring, once, and check the copy
 *	fetch	one hypercall copies the descriptors of all indirect requests
 *	prepare	all segments of all requests become one batch of operations
 *	submit	what has arrived goes to the disk, under one plug
 *	reap	what the disk is done with: one batch copies out and unmaps
 *	push	all responses at once, at most one event
 *
 * What cannot get pages waits, in order, for the next pass.
 */
#include <linux/blkdev.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "blkback.h"
#include "trace.h"

/* When nothing is in flight that would start the next pass. */
#define RETRY_DELAY	msecs_to_jiffies(10)

static void answer(struct blk_queue *queue, struct blk_request *request,
		   s16 status)
{
	trace_xen_blkback_respond(request, status);
	blk_response_write(xenmod_ring_response(&queue->ring), queue->abi,
			   &request->command, status);
	if (request->data.segment != request->inline_segments)
		kfree(request->data.segment);
	list_add(&request->node, &queue->free);
	xenmod_count(&queue->base.stats, XENMOD_RESPONSES, 1);
	WRITE_ONCE(queue->nr_taken, queue->nr_taken - 1);
}

static void refuse(struct blk_queue *queue, struct blk_request *request,
		   enum blk_verdict verdict)
{
	const struct blk_command *command = &request->command;

	xenmod_count(&queue->base.stats, XENMOD_BAD_REQUESTS, 1);
	xenmod_backend_report(queue->vbd->backend, XENMOD_CAUSE_REQUEST,
			      "queue %u: request refused: %s (operation %u, %u segments, sector %llu+%llu)",
			      queue->base.id, blk_verdict_text(verdict),
			      command->wire_op, command->nr_segments,
			      command->sector, command->nr_sectors);
	answer(queue, request, blk_verdict_status(verdict));
}

static void refuse_grant(struct blk_queue *queue, struct blk_request *request)
{
	xenmod_backend_report(queue->vbd->backend, XENMOD_CAUSE_GRANT,
			      "queue %u: request failed: Xen refused a grant of the guest (operation %u, %u segments)",
			      queue->base.id, request->command.wire_op,
			      request->command.nr_segments);
	answer(queue, request, BLKIF_RSP_ERROR);
}

/* Check a request's segments and lay them out. */
static enum blk_verdict accept(struct blk_request *request,
			       const struct blkif_segment *wire)
{
	struct blk_command *command = &request->command;
	enum blk_verdict verdict;
	struct blk_limits limits;

	blk_vbd_limits(request->queue->vbd, &limits);
	verdict = blk_command_check(command, wire, &limits);
	if (verdict != BLK_GOOD)
		return verdict;
	blk_data_init(&request->data, wire, command->nr_segments,
		      command->op == BLK_READ);
	request->stage = BLK_SEGMENTS;
	return BLK_GOOD;
}

static void take_one(struct blk_queue *queue)
{
	union blkif_slot slot;
	struct blk_request *request;
	enum blk_verdict verdict;

	request = list_first_entry(&queue->free, struct blk_request, node);
	list_del(&request->node);
	WRITE_ONCE(queue->nr_taken, queue->nr_taken + 1);
	xenmod_count(&queue->base.stats, XENMOD_REQUESTS, 1);

	xenmod_ring_take(&queue->ring, &slot);
	if (queue->abi == BLKIF_ABI_X86_32)
		blk_slot_widen(&slot);

	request->data.segment = request->inline_segments;
	request->data.nr = 0;
	request->data.nr_ready = 0;
	request->stage = BLK_DESCRIPTORS;
	verdict = blk_command_decode(&request->command, &slot);
	if (verdict == BLK_GOOD && !request->command.indirect)
		verdict = accept(request, request->command.segment);
	if (verdict == BLK_GOOD)
		list_add_tail(&request->node, &queue->waiting);
	else
		refuse(queue, request, verdict);
}

static void take(struct blk_queue *queue)
{
	int nr;

	/* What waits for pages goes first. */
	if (queue->stopping || queue->broken || !list_empty(&queue->waiting))
		return;

	nr = xenmod_ring_pending(&queue->ring);
	if (nr < 0) {
		queue->broken = true;
		trace_xen_blkback_broken(queue);
		xenmod_backend_report(queue->vbd->backend, XENMOD_CAUSE_RING,
				      "queue %u stopped: its request index is off the ring (taken %u, answered %u)",
				      queue->base.id, queue->ring.req_cons,
				      queue->ring.rsp_prod);
		return;
	}
	if (nr)
		queue->worked = true;
	while (nr--)
		take_one(queue);
}

/* Get a page for the descriptors, and room for the segments in them. */
static bool fetch_one(struct blk_queue *queue, struct blk_request *request)
{
	struct blk_transfer *transfer = &queue->transfer;
	unsigned int nr = request->command.nr_segments;
	struct blk_segment *segments;

	segments = kmalloc_array(nr, sizeof(*segments), GFP_NOIO | __GFP_NOWARN);
	if (!segments)
		return false;
	request->descriptors = xenmod_pool_get(&transfer->memory);
	if (!request->descriptors) {
		kfree(segments);
		return false;
	}
	request->data.segment = segments;
	xenmod_batch_copy_from(&transfer->batch, request->command.indirect_gref,
			       request->descriptors, 0,
			       nr * sizeof(struct blkif_segment),
			       &request->descriptor_status);
	return true;
}

/* Returns false if pages ran out; then the rest of the list waits. */
static bool fetch(struct blk_queue *queue)
{
	struct blk_request *request, *next;
	enum blk_verdict verdict;
	bool complete = true;

	list_for_each_entry(request, &queue->waiting, node) {
		request->descriptors = NULL;
		if (request->stage == BLK_DESCRIPTORS && complete)
			complete = fetch_one(queue, request);
	}
	xenmod_batch_flush(&queue->transfer.batch);

	list_for_each_entry_safe(request, next, &queue->waiting, node) {
		if (!request->descriptors)
			continue;
		verdict = BLK_GOOD;
		if (request->descriptor_status == GNTST_okay)
			verdict = accept(request,
					 page_address(request->descriptors));
		xenmod_pool_put(&queue->transfer.memory, request->descriptors);
		if (verdict == BLK_GOOD && request->stage == BLK_SEGMENTS)
			continue;
		list_del(&request->node);
		if (verdict == BLK_GOOD)
			refuse_grant(queue, request);
		else
			refuse(queue, request, verdict);
	}
	return complete;
}

/* Collect the operations of all that waits; false if pages ran out. */
static bool prepare(struct blk_queue *queue)
{
	struct blk_request *request;

	list_for_each_entry(request, &queue->waiting, node) {
		if (request->stage != BLK_SEGMENTS ||
		    !blk_data_prepare(&queue->transfer, &request->data))
			return false;
		request->stage = BLK_PREPARED;
	}
	return true;
}

static void submit(struct blk_queue *queue)
{
	struct blk_request *request, *next;
	struct blk_plug plug;
	LIST_HEAD(failed);

	blk_start_plug(&plug);
	list_for_each_entry_safe(request, next, &queue->waiting, node) {
		if (request->stage != BLK_PREPARED)
			break;
		list_del(&request->node);
		if (blk_data_arrived(&request->data)) {
			blk_io_submit(request);
		} else {
			blk_data_finish(&queue->transfer, &request->data, false);
			list_add_tail(&request->node, &failed);
		}
	}
	blk_finish_plug(&plug);

	xenmod_batch_flush(&queue->transfer.batch);
	list_for_each_entry_safe(request, next, &failed, node) {
		blk_data_release(&queue->transfer, &request->data, false);
		refuse_grant(queue, request);
	}
}

/* Sort what is done: into @done if it can be ended now. */
static void collect(struct blk_queue *queue, struct list_head *done)
{
	struct blk_request *request, *next;
	struct llist_node *completed;
	LIST_HEAD(candidates);

	list_splice_init(&queue->busy, &candidates);
	completed = llist_reverse_order(llist_del_all(&queue->completed));
	llist_for_each_entry_safe(request, next, completed, completed)
		if (!blk_io_continue(request))
			list_add_tail(&request->node, &candidates);

	list_for_each_entry_safe(request, next, &candidates, node) {
		if (blk_data_busy(&request->data)) {
			list_move_tail(&request->node, &queue->busy);
			continue;
		}
		blk_data_finish(&queue->transfer, &request->data,
				!request->failed);
		list_move_tail(&request->node, done);
	}
}

static void reap(struct blk_queue *queue)
{
	struct blk_request *request, *next;
	s16 status;
	LIST_HEAD(done);

	collect(queue, &done);
	xenmod_batch_flush(&queue->transfer.batch);

	list_for_each_entry_safe(request, next, &done, node) {
		if (!blk_data_release(&queue->transfer, &request->data,
				      !request->failed)) {
			refuse_grant(queue, request);
			continue;
		}
		status = request->failed ? BLKIF_RSP_ERROR : BLKIF_RSP_OKAY;
		if (request->failed)
			xenmod_backend_report(queue->vbd->backend,
					      XENMOD_CAUSE_RESOURCE,
					      "queue %u: the disk failed a request (operation %u, sector %llu+%llu)",
					      queue->base.id,
					      request->command.wire_op,
					      request->command.sector,
					      request->command.nr_sectors);
		answer(queue, request, status);
	}
}

/* Nothing is in flight that would free pages for what waits. */
static bool stuck(const struct blk_queue *queue)
{
	const struct blk_request *request;
	unsigned int nr = 0;

	list_for_each_entry(request, &queue->waiting, node)
		nr++;
	return nr == queue->nr_taken;
}

/*
 * The queue has to stop, and what waits for pages cannot get any: it fails, or
 * the queue would never stop.
 */
static void give_up(struct blk_queue *queue)
{
	struct blk_request *request, *next;
	LIST_HEAD(waiting);

	list_splice_init(&queue->waiting, &waiting);
	list_for_each_entry(request, &waiting, node)
		blk_data_finish(&queue->transfer, &request->data, false);
	xenmod_batch_flush(&queue->transfer.batch);
	list_for_each_entry_safe(request, next, &waiting, node) {
		blk_data_release(&queue->transfer, &request->data, false);
		answer(queue, request, BLKIF_RSP_ERROR);
	}
}

static void serve(struct blk_queue *queue)
{
	bool complete;

	reap(queue);
	take(queue);
	complete = fetch(queue);
	complete = prepare(queue) && complete;
	xenmod_batch_flush(&queue->transfer.batch);
	submit(queue);
	reap(queue);

	if (!complete) {
		xenmod_count(&queue->base.stats, XENMOD_SHORTAGES, 1);
		queue->io.oo_req++;
		trace_xen_blkback_shortage(queue);
		if (queue->stopping && stuck(queue))
			give_up(queue);
	}
	if (READ_ONCE(queue->squeeze)) {
		WRITE_ONCE(queue->squeeze, false);
		xenmod_cache_shrink(&queue->transfer.cache, 0, UINT_MAX);
		xenmod_pool_shrink(&queue->transfer.mappable);
		xenmod_pool_shrink(&queue->transfer.memory);
	}
	if (!list_empty(&queue->waiting) || !list_empty(&queue->busy))
		queue_delayed_work(blk_workqueue, &queue->retry, RETRY_DELAY);
}

/* Let the next event in, unless requests came that no event will announce. */
static bool rest(struct blk_queue *queue)
{
	if (queue->stopping || queue->broken || !list_empty(&queue->waiting))
		return true;
	if (!xenmod_ring_rest(&queue->ring))
		return false;
	if (READ_ONCE(queue->event.pending)) {
		xenmod_event_done(&queue->event, queue->worked);
		queue->worked = false;
	}
	return true;
}

void blk_pass(struct work_struct *work)
{
	struct blk_queue *queue = container_of(work, struct blk_queue, work);
	bool again;

	xenmod_count(&queue->base.stats, XENMOD_PASSES, 1);
	WRITE_ONCE(queue->in_pass, true);
	serve(queue);
	if (xenmod_ring_push(&queue->ring))
		xenmod_event_notify(&queue->event);
	again = !rest(queue);
	WRITE_ONCE(queue->in_pass, false);
	/* Pairs with llist_add() in request_part_done(): one of us sees it. */
	smp_mb();
	if (again || !llist_empty(&queue->completed))
		blk_queue_kick(queue);

	if (queue->stopping && !queue->nr_taken)
		wake_up(&queue->drained);
}
