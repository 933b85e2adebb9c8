// SPDX-License-Identifier: GPL-2.0
/*
 * The taking half of a queue. One pass is:
 *
 *	take	copy each request off the ring, once, and check the copy
 *	fetch	one hypercall copies the descriptors of all indirect requests
 *	prepare	all segments of all requests become one batch of operations
 *	submit	what has arrived goes to the disk, under one plug
 *
 * and then an answer to what is done already. What cannot get pages waits, in
 * order, for the next pass.
 */
#include <linux/blkdev.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "blkback.h"
#include "compat-block.h"
#include "trace.h"

/* When nothing is in flight that would start the next pass. */
#define RETRY_DELAY	msecs_to_jiffies(10)

/*
 * What a pass takes at most before others have their turn: so many requests, or
 * as many as want so many pages.
 */
#define PASS_REQUESTS	128
#define PASS_PAGES	512

/* Pages that are made at a time, when some are missing. */
#define FILL_PAGES	64

/* End a request that is in no chain. */
static void give_up(struct blk_request *request, enum blk_outcome outcome)
{
	request->outcome = outcome;
	blk_request_done(request);
}

/* Check a request's segments and lay them out. */
static void accept(struct blk_request *request, const struct blkif_segment *wire)
{
	struct blk_command *command = &request->command;

	request->verdict = blk_command_check(command, wire,
					     &request->queue->limits);
	if (request->verdict != BLK_GOOD)
		return;
	blk_data_init(&request->data, wire, command->nr_segments,
		      command->op == BLK_READ);
	request->stage = BLK_SEGMENTS;
}

/* Do what was collected; who is in doubt looks at each operation's status. */
static void bring(struct blk_queue *queue)
{
	if (xenmod_batch_flush(&queue->transfer.bring))
		queue->doubtful = true;
}

/* As many as the ring can announce are free. */
static void get_requests(struct blk_queue *queue, unsigned int nr,
			 struct blk_chain *taken)
{
	struct blk_request *request;

	blk_chain_init(taken);
	spin_lock_bh(&queue->lock);
	while (nr-- && (request = blk_chain_take(&queue->free))) {
		blk_chain_add(taken, request);
		WRITE_ONCE(queue->nr_taken, queue->nr_taken + 1);
	}
	spin_unlock_bh(&queue->lock);
}

static void put_requests(struct blk_queue *queue, struct blk_chain *taken)
{
	struct blk_request *request;

	spin_lock_bh(&queue->lock);
	while ((request = blk_chain_take(taken))) {
		blk_chain_add(&queue->free, request);
		WRITE_ONCE(queue->nr_taken, queue->nr_taken - 1);
	}
	spin_unlock_bh(&queue->lock);
}

static void take_one(struct blk_queue *queue, struct blk_request *request)
{
	union blkif_slot slot;

	xenmod_ring_take(&queue->ring, &slot);
	if (queue->abi == BLKIF_ABI_X86_32)
		blk_slot_widen(&slot);

	request->data.segment = request->inline_segments;
	request->vecs = request->inline_vecs;
	request->data.nr = 0;
	request->data.nr_ready = 0;
	request->stage = BLK_DESCRIPTORS;
	request->tries = 0;
	request->discarded = 0;
	request->outcome = BLK_DONE;
	request->verdict = blk_command_decode(&request->command, &slot);
	if (request->verdict == BLK_GOOD && !request->command.indirect)
		accept(request, request->command.segment);
	if (request->verdict != BLK_GOOD) {
		give_up(request, BLK_REFUSED);
		return;
	}
	blk_chain_add(&queue->waiting, request);
	queue->nr_indirect += request->command.indirect;
}

/* Returns true if there were requests. */
static bool take(struct blk_queue *queue)
{
	unsigned int nr_requests = 0, nr_pages = 0;
	struct blk_request *request;
	struct blk_chain taken;
	int nr;

	/* What waits for pages goes first. */
	if (queue->stopping || queue->broken || !blk_chain_empty(&queue->waiting))
		return false;

	nr = xenmod_ring_pending(&queue->ring);
	if (nr < 0) {
		queue->broken = true;
		trace_xen_blkback_broken(queue);
		xenmod_backend_error(queue->vbd->backend, XENMOD_CAUSE_RING,
				     -EPROTO,
				     "queue %u stopped: its request index is off the ring (taken %u, answered %u)",
				     queue->base.id, queue->ring.req_cons,
				     queue->ring.rsp_prod);
		return false;
	}
	if (!nr)
		return false;
	queue->worked = true;
	get_requests(queue, min(nr, PASS_REQUESTS), &taken);
	while (nr_pages < PASS_PAGES && (request = blk_chain_take(&taken))) {
		take_one(queue, request);
		nr_requests++;
		nr_pages += request->command.nr_segments;
	}
	if (!blk_chain_empty(&taken))
		put_requests(queue, &taken);
	xenmod_count(&queue->base.stats, XENMOD_REQUESTS, nr_requests);
	return true;
}

static unsigned int descriptor_bytes(const struct blk_request *request)
{
	return request->command.nr_segments * sizeof(struct blkif_segment);
}

/*
 * Room for the segments of indirect requests, no more of it than can have pages.
 * Returns false if that or memory ran out.
 */
static bool make_room(struct blk_queue *queue)
{
	struct blk_request *request;
	struct blk_segment *segments;
	unsigned int nr;

	for (request = queue->waiting.first; request; request = request->next) {
		if (request->stage != BLK_DESCRIPTORS ||
		    request->data.segment != request->inline_segments)
			continue;
		nr = request->command.nr_segments;
		if (queue->room_made + nr - READ_ONCE(queue->room_freed) >
		    BLK_MAX_INFLIGHT)
			return false;
		segments = kmalloc_array(nr, sizeof(*segments) +
					 sizeof(*request->vecs),
					 GFP_NOIO | __GFP_NOWARN);
		if (!segments)
			return false;
		queue->room_made += nr;
		request->data.segment = segments;
		request->vecs = (struct bio_vec *)(segments + nr);
	}
	return true;
}

/* Collect what fetches segments, as far as room, pages and batch go. */
static enum blk_progress fetch_some(struct blk_queue *queue)
{
	enum blk_progress progress = BLK_READY;
	struct blk_request *request;

	spin_lock_bh(&queue->lock);
	for (request = queue->waiting.first; request; request = request->next) {
		if (request->stage != BLK_DESCRIPTORS)
			continue;
		if (request->data.segment == request->inline_segments)
			break;
		progress = blk_fetch_prepare(&queue->transfer, &request->fetch,
					     request->command.indirect_gref,
					     descriptor_bytes(request));
		if (progress != BLK_READY)
			break;
		request->stage = BLK_FETCHING;
	}
	spin_unlock_bh(&queue->lock);
	return progress;
}

/* Collect the operations of what waits, as far as pages and batch go. */
static enum blk_progress prepare_some(struct blk_queue *queue)
{
	enum blk_progress progress = BLK_READY;
	struct blk_request *request;

	spin_lock_bh(&queue->lock);
	for (request = queue->waiting.first; request; request = request->next) {
		/*
		 * What comes behind a request that has no descriptors yet must
		 * not take the pages that it is waiting for.
		 */
		if (request->stage == BLK_DESCRIPTORS)
			break;
		if (request->stage == BLK_PREPARED)
			continue;
		progress = blk_data_prepare(&queue->transfer, &request->data);
		if (progress != BLK_READY)
			break;
		request->stage = BLK_PREPARED;
		queue->nr_prepared++;
	}
	spin_unlock_bh(&queue->lock);
	return progress;
}

/*
 * Let @some collect until it is through, and get what it asks for. Returns
 * false if pages ran out.
 */
static bool gather(struct blk_queue *queue,
		   enum blk_progress (*some)(struct blk_queue *queue))
{
	struct blk_transfer *transfer = &queue->transfer;

	for (;;) {
		switch (some(queue)) {
		case BLK_READY:
			return true;
		case BLK_WANTS_FLUSH:
			if (!blk_transfer_widen(transfer, BLK_MAX_INFLIGHT))
				bring(queue);
			break;
		case BLK_WANTS_MAPPABLE:
			if (!xenmod_pool_fill(&transfer->mappable, FILL_PAGES))
				return false;
			break;
		case BLK_WANTS_MEMORY:
			if (!xenmod_pool_fill(&transfer->memory, FILL_PAGES))
				return false;
			break;
		}
	}
}

/* A barrier goes alone, and nothing goes while it or another one is under way. */
static bool held_back(struct blk_queue *queue, struct blk_request *request)
{
	if (request->command.op != BLK_BARRIER)
		return queue->fenced;
	queue->fenced = true;
	return !blk_fence_raise(&queue->vbd->fence, &queue->fence, request);
}

/* Returns false if the request has come to its end. */
static bool fetched(struct blk_queue *queue, struct blk_request *request)
{
	const struct blkif_segment *wire;

	wire = blk_fetch_finish(&request->fetch, descriptor_bytes(request));
	if (wire)
		accept(request, wire);
	spin_lock_bh(&queue->lock);
	blk_fetch_release(&queue->transfer, &request->fetch);
	spin_unlock_bh(&queue->lock);
	queue->nr_indirect--;
	if (wire && request->verdict == BLK_GOOD)
		return true;
	give_up(request, wire ? BLK_REFUSED : BLK_NO_GRANT);
	return false;
}

/* Returns false if memory ran out; then the rest of the list waits. */
static bool fetch(struct blk_queue *queue)
{
	struct blk_request *request;
	struct blk_chain waiting;
	bool complete;

	if (!queue->nr_indirect)
		return true;
	complete = make_room(queue);
	complete = gather(queue, fetch_some) && complete;
	bring(queue);
	blk_chain_take_all(&queue->waiting, &waiting);
	while ((request = blk_chain_take(&waiting)))
		if (request->stage != BLK_FETCHING || fetched(queue, request))
			blk_chain_add(&queue->waiting, request);
	return complete;
}

/* Does all that was taken still wait, so that nothing is at the disk? */
static bool nothing_in_flight(const struct blk_queue *queue)
{
	const struct blk_request *request;
	unsigned int nr = 0;

	for (request = queue->waiting.first; request; request = request->next)
		nr++;
	return nr == READ_ONCE(queue->nr_taken);
}

/* Tell the fence when the disk has given back all that the queue gave it. */
static void watch_fence(struct blk_queue *queue)
{
	if (queue->fenced && nothing_in_flight(queue))
		blk_fence_quiet(&queue->vbd->fence, &queue->fence);
}

static void submit(struct blk_queue *queue)
{
	struct blk_request *request;
	struct blk_plug plug;
	bool arrived;

	queue->fenced = blk_fence_is_up(&queue->vbd->fence);
	blk_start_plug_nr_ios(&plug, queue->nr_prepared);
	while (queue->nr_prepared) {
		request = queue->waiting.first;
		arrived = !queue->doubtful || blk_data_arrived(&request->data);
		if (arrived && held_back(queue, request))
			break;
		blk_chain_take(&queue->waiting);
		queue->nr_prepared--;
		if (arrived)
			blk_io_submit(request);
		else
			give_up(request, BLK_NO_GRANT);
	}
	blk_finish_plug(&plug);
	/* Whoever still waits may have been part of what failed. */
	if (blk_chain_empty(&queue->waiting))
		queue->doubtful = false;
}

/* A large discard goes to the disk in parts, one at a time. */
static void submit_rest(struct blk_queue *queue)
{
	struct blk_chain busy, rest;
	struct blk_request *request;

	if (blk_chain_empty(&queue->busy))
		return;
	blk_chain_init(&rest);
	spin_lock_bh(&queue->lock);
	blk_chain_take_all(&queue->busy, &busy);
	while ((request = blk_chain_take(&busy)))
		blk_chain_add(blk_io_unfinished(request) ? &rest : &queue->busy,
			      request);
	spin_unlock_bh(&queue->lock);

	while ((request = blk_chain_take(&rest))) {
		/* A guest that goes must not hold its device with a discard. */
		if (queue->stopping)
			give_up(request, BLK_NO_TIME);
		else
			blk_io_submit(request);
	}
}

/*
 * The queue has to stop, and nothing is in flight that would free pages for
 * what waits: it fails, or the queue would never stop.
 */
static void give_up_all(struct blk_queue *queue)
{
	struct blk_request *request;

	if (!nothing_in_flight(queue))
		return;
	while ((request = blk_chain_take(&queue->waiting)))
		give_up(request, BLK_NO_MEMORY);
	queue->nr_indirect = 0;
	queue->nr_prepared = 0;
}

static void shortage(struct blk_queue *queue)
{
	xenmod_count(&queue->base.stats, XENMOD_SHORTAGES, 1);
	queue->io.oo_req++;
	trace_xen_blkback_shortage(queue);
	/* What waits for a fence has its turn yet, and its pages come back. */
	if (queue->stopping && !queue->fenced)
		give_up_all(queue);
	if (!blk_chain_empty(&queue->waiting))
		queue_delayed_work(blk_workqueue, &queue->retry, RETRY_DELAY);
}

/* Give back memory: all that is not in use if the host is short of it. */
static void trim(struct blk_queue *queue)
{
	struct blk_transfer *transfer = &queue->transfer;
	unsigned int keep;

	if (READ_ONCE(queue->squeeze)) {
		WRITE_ONCE(queue->squeeze, false);
		queue->lean_until = jiffies +
			msecs_to_jiffies(READ_ONCE(blk_parameters.squeeze_ms));
		WRITE_ONCE(queue->lean, true);
		spin_lock_bh(&queue->lock);
		xenmod_cache_shrink(&transfer->cache, 0, UINT_MAX);
		spin_unlock_bh(&queue->lock);
	} else if (queue->lean && time_after_eq(jiffies, queue->lean_until)) {
		WRITE_ONCE(queue->lean, false);
	}
	keep = blk_queue_keeps(queue);
	if (READ_ONCE(transfer->mappable.nr_free) > keep)
		xenmod_pool_trim(&transfer->mappable, keep);
	if (READ_ONCE(transfer->memory.nr_free) > keep)
		xenmod_pool_trim(&transfer->memory, keep);
}

/* Returns true if there were requests. */
static bool serve(struct blk_queue *queue)
{
	bool complete, busy;

	xenmod_count(&queue->base.stats, XENMOD_PASSES, 1);
	WRITE_ONCE(queue->server, current);
	blk_vbd_limits(queue->vbd, &queue->limits);
	busy = take(queue);
	complete = fetch(queue);
	complete = gather(queue, prepare_some) && complete;
	bring(queue);
	blk_transfer_fit(&queue->transfer, BLK_MAX_INFLIGHT);
	submit(queue);
	submit_rest(queue);
	WRITE_ONCE(queue->starved, !complete || queue->fenced);
	if (!complete)
		shortage(queue);
	WRITE_ONCE(queue->server, NULL);

	blk_answer(queue);
	watch_fence(queue);
	trim(queue);
	return busy;
}

void blk_pass(struct work_struct *work)
{
	struct blk_queue *queue = container_of(work, struct blk_queue, work);
	struct blk_stay stay = { .begin = jiffies, .tick = jiffies };
	enum blk_next next;
	unsigned int noio;

	/* The kernel's own part of mapping allocates memory, too. */
	noio = memalloc_noio_save();
	do {
		stay.busy |= serve(queue);
		next = blk_wait(queue, &stay);
		cond_resched();
	} while (next == BLK_GO_ON);
	memalloc_noio_restore(noio);

	if (next == BLK_COME_BACK || !blk_rest(queue))
		blk_queue_kick(queue);
}
