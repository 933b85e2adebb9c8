// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a queue.
 */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <xen/xen.h>
#include "blkback.h"
#include "trace.h"

/* Grant operations that one hypercall carries, to begin with. */
#define BATCH_ROOM	32

/* How long the driver before us may take to answer what it has. */
#define REBIND_TRIES	100
#define REBIND_WAIT_MS	50

static void queue_event(struct xenmod_event *event)
{
	struct blk_queue *queue = container_of(event, struct blk_queue, event);

	/* Pairs with blk_queue_start(): the ring is attached. */
	if (smp_load_acquire(&queue->ready))
		blk_queue_kick(queue);
}

static void queue_fence(struct blk_fence_member *member)
{
	blk_queue_kick(container_of(member, struct blk_queue, fence));
}

static void queue_retry(struct work_struct *work)
{
	blk_queue_kick(container_of(to_delayed_work(work), struct blk_queue,
				    retry));
}

static int batches_init(struct blk_queue *queue)
{
	struct blk_transfer *transfer = &queue->transfer;

	transfer->bring.stats = &queue->base.stats;
	transfer->bring.peer = queue->vbd->backend->dev->otherend_id;
	transfer->bring.may_sleep = true;
	transfer->bring.room_map = BATCH_ROOM;
	transfer->bring.room_copy = BATCH_ROOM;

	transfer->end.stats = &queue->base.done_stats;
	transfer->end.peer = transfer->bring.peer;
	transfer->end.room_unmap = BATCH_ROOM;
	transfer->end.room_copy = BATCH_ROOM;
	return xenmod_batch_init(&transfer->bring) ?:
	       xenmod_batch_init(&transfer->end);
}

static int transfer_init(struct blk_queue *queue)
{
	struct blk_transfer *transfer = &queue->transfer;
	struct xenmod_cache *cache = &transfer->cache;

	transfer->policy.persistent = queue->vbd->persistent;
	transfer->policy.map = xen_pv_domain();
	transfer->policy.copy_max = blk_parameters.copy_max_bytes;

	cache->map = &transfer->bring;
	cache->unmap = &transfer->end;
	cache->pool = &transfer->mappable;
	if (transfer->policy.persistent)
		cache->max = blk_parameters.max_persistent_grants;
	cache->idle = blk_parameters.persistent_unused_seconds * HZ;
	xenmod_cache_init(cache);

	transfer->mappable.lock = &queue->lock;
	transfer->mappable.mappable = true;
	transfer->mappable.limit = BLK_MAX_INFLIGHT + cache->max;
	transfer->memory.lock = &queue->lock;
	transfer->memory.limit = BLK_MAX_INFLIGHT;
	return batches_init(queue) ?: xenmod_pool_init(&transfer->mappable) ?:
	       xenmod_pool_init(&transfer->memory);
}

/* Right from any state that transfer_init() leaves. */
static void transfer_destroy(struct blk_transfer *transfer)
{
	xenmod_cache_destroy(&transfer->cache);
	xenmod_pool_destroy(&transfer->memory);
	xenmod_pool_destroy(&transfer->mappable);
	xenmod_batch_destroy(&transfer->bring);
	xenmod_batch_destroy(&transfer->end);
}

static int requests_init(struct blk_queue *queue)
{
	unsigned int i;

	queue->requests = kvcalloc(queue->ring.nr_slots,
				   sizeof(*queue->requests), GFP_KERNEL);
	if (!queue->requests)
		return -ENOMEM;
	for (i = 0; i < queue->ring.nr_slots; i++) {
		queue->requests[i].queue = queue;
		blk_chain_add(&queue->free, &queue->requests[i]);
	}
	return 0;
}

static void queue_init(struct blk_queue *queue, struct blk_vbd *vbd,
		       unsigned int id)
{
	struct xenbus_device *dev = vbd->backend->dev;

	queue->vbd = vbd;
	queue->abi = vbd->abi;
	blk_chain_init(&queue->free);
	blk_chain_init(&queue->waiting);
	blk_chain_init(&queue->busy);
	init_llist_head(&queue->completed);
	init_waitqueue_head(&queue->drained);
	spin_lock_init(&queue->lock);
	INIT_WORK(&queue->work, blk_pass);
	tasklet_setup(&queue->answering, blk_answer_tasklet);
	INIT_DELAYED_WORK(&queue->retry, queue_retry);
	queue->event.kick = queue_event;
	queue->fence.kick = queue_fence;
	snprintf(queue->name, sizeof(queue->name), "%s-q%u",
		 dev_name(&dev->dev), id);
	xenmod_queue_add(vbd->backend, &queue->base, id);
}

/*
 * After a rebind the driver before us can still have a request at the disk, and
 * keeps its event channel until that is answered. Only then is the ring ours.
 */
static int bind_event(struct blk_queue *queue, u32 port)
{
	struct xenmod_backend *backend = queue->vbd->backend;
	unsigned int tries = backend->rebound ? REBIND_TRIES : 1;
	int err;

	while (tries--) {
		err = xenmod_event_bind(backend->dev, &queue->event, port,
					queue->name, &queue->base.stats);
		if (!err)
			return 0;
		if (tries)
			msleep(REBIND_WAIT_MS);
	}
	return xenmod_backend_fail(backend, err,
				   "queue %u: cannot bind event channel %u of the frontend",
				   queue->base.id, port);
}

static int map_ring(struct blk_queue *queue, struct blk_ring_keys *keys)
{
	struct xenmod_backend *backend = queue->vbd->backend;
	int err;

	err = xenmod_ring_map(backend->dev, &queue->ring, keys->refs,
			      keys->nr_refs, blkif_slot_size(queue->abi));
	if (!err)
		return 0;
	return xenmod_backend_fail(backend, err,
				   "queue %u: cannot map the ring of %u pages that the frontend granted",
				   queue->base.id, keys->nr_refs);
}

static int make_room(struct blk_queue *queue)
{
	int err = transfer_init(queue) ?: requests_init(queue);

	if (!err)
		return 0;
	return xenmod_backend_fail(queue->vbd->backend, err,
				   "queue %u: not enough memory for a ring of %u slots",
				   queue->base.id, queue->ring.nr_slots);
}

int blk_queue_start(struct blk_queue *queue, struct blk_vbd *vbd,
		    unsigned int id, struct blk_ring_keys *keys)
{
	int err;

	queue_init(queue, vbd, id);
	err = map_ring(queue, keys) ?: make_room(queue) ?:
	      bind_event(queue, keys->port);
	if (err)
		goto err_stop;
	err = xenmod_ring_attach(&queue->ring);
	if (err) {
		xenmod_backend_fail(vbd->backend, err,
				    "queue %u: the indices of the ring are nonsense",
				    id);
		goto err_stop;
	}
	trace_xen_blkback_start(queue);
	blk_fence_join(&vbd->fence, &queue->fence);
	/* After a rebind, events of either end may have gone to nobody. */
	if (queue->ring.rsp_prod)
		xenmod_event_notify(&queue->event, &queue->base.stats);
	/* Pairs with queue_event(). */
	smp_store_release(&queue->ready, true);
	blk_queue_kick(queue);
	return 0;

err_stop:
	blk_queue_stop(queue);
	return err;
}

void blk_queue_stop(struct blk_queue *queue)
{
	if (!queue->vbd)
		return;

	WRITE_ONCE(queue->stopping, true);
	if (queue->ready) {
		/* A pass that did not see it yet may still take requests. */
		blk_queue_kick(queue);
		flush_work(&queue->work);
	}
	wait_event(queue->drained, !READ_ONCE(queue->nr_taken));
	/* Whoever answered last still has to push and to send the event. */
	spin_lock_bh(&queue->lock);
	spin_unlock_bh(&queue->lock);
	blk_fence_leave(&queue->vbd->fence, &queue->fence);
	xenmod_event_unbind(&queue->event);
	/* Whoever completed last still has to start the tasklet. */
	synchronize_rcu();
	/* Each of these can start the next one, but not the one before. */
	tasklet_kill(&queue->answering);
	cancel_delayed_work_sync(&queue->retry);
	cancel_work_sync(&queue->work);
	trace_xen_blkback_stop(queue);

	transfer_destroy(&queue->transfer);
	kvfree(queue->requests);
	xenmod_ring_unmap(queue->vbd->backend->dev, &queue->ring);
	xenmod_queue_del(queue->vbd->backend, &queue->base);
	queue->requests = NULL;
	queue->vbd = NULL;
}
