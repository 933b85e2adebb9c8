// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a queue.
 */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include "compat-net.h"
#include "netback.h"

/* The rings may be served: they are attached, and NAPI is enabled. */
static bool is_ready(const struct vif_queue *queue)
{
	/* Pairs with vif_queue_start(). */
	return smp_load_acquire(&queue->ready);
}

static void tx_kick(struct xenmod_event *event)
{
	struct vif_queue *queue = container_of(event, struct vif_queue,
					       tx_event);

	/* From a frontend that makes no sense no further event is let in. */
	if (!is_ready(queue) || READ_ONCE(queue->vif->broken))
		return;
	if (!queue->split && vif_rx_wake(queue)) {
		/* One that only offers slots needs no pass. */
		if (!vif_tx_waits(queue)) {
			xenmod_event_done(event, true);
			return;
		}
		WRITE_ONCE(queue->rx_worked, true);
	}
	if (unlikely(READ_ONCE(vif_parameters.latency)))
		WRITE_ONCE(queue->event_time, ktime_get_ns());
	napi_schedule(&queue->napi);
}

static void rx_kick(struct xenmod_event *event)
{
	struct vif_queue *queue = container_of(event, struct vif_queue,
					       rx_event);

	if (is_ready(queue) && !READ_ONCE(queue->vif->broken))
		xenmod_event_done(event, vif_rx_wake(queue));
}

static void queue_init(struct vif_queue *queue, struct vif *vif,
		       unsigned int id, const struct vif_keys *keys)
{
	const char *name = dev_name(&vif->backend->dev->dev);

	queue->vif = vif;
	queue->split = keys->split;
	queue->tx_event.kick = tx_kick;
	queue->rx_event.kick = rx_kick;
	snprintf(queue->tx_name, sizeof(queue->tx_name), "%s-q%u%s", name, id,
		 keys->split ? "-tx" : "");
	snprintf(queue->rx_name, sizeof(queue->rx_name), "%s-q%u-rx", name,
		 id);
	__skb_queue_head_init(&queue->tx.ready);
	timer_setup(&queue->rx.timer, vif_rx_timer, 0);
	vif_pace_init(&queue->tx.pace);
	vif_pace_init(&queue->rx.pace);
	hrtimer_setup(&queue->tx.timer, vif_tx_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED);
	hrtimer_setup(&queue->rx.flush_timer, vif_rx_flush_timer,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_SOFT);
	vif_limit_init(queue);
	xenmod_queue_add(vif->backend, &queue->base, id);
}

static int map_ring(struct vif_queue *queue, struct xenmod_ring *ring, u32 ref,
		    u32 slot_size, const char *name)
{
	struct xenmod_backend *backend = queue->vif->backend;
	int err;

	err = xenmod_ring_map(backend->dev, ring, &ref, 1, slot_size);
	if (!err)
		return 0;
	return xenmod_backend_fail(backend, err,
				   "queue %u: cannot map the %s ring that the frontend granted",
				   queue->base.id, name);
}

static int map_rings(struct vif_queue *queue, const struct vif_keys *keys)
{
	return map_ring(queue, &queue->tx.ring, keys->tx_ref,
			sizeof(union netif_tx_slot), "tx") ?:
	       map_ring(queue, &queue->rx.ring, keys->rx_ref,
			sizeof(union netif_rx_slot), "rx");
}

static int attach_rings(struct vif_queue *queue)
{
	int err = xenmod_ring_attach(&queue->tx.ring) ?:
		  xenmod_ring_attach(&queue->rx.ring);

	if (err)
		return xenmod_backend_fail(queue->vif->backend, err,
					   "queue %u: the indices of a ring are nonsense",
					   queue->base.id);
	queue->rx.posted = queue->rx.ring.req_cons;
	queue->rx.event_seen = queue->rx.ring.req_cons;
	return 0;
}

static int make_room(struct vif_queue *queue)
{
	struct xenmod_backend *backend = queue->vif->backend;
	int err;

	queue->tx.copies.stats = &queue->base.stats;
	queue->tx.copies.peer = backend->dev->otherend_id;
	queue->tx.copies.room = VIF_COPIES;
	queue->rx.copies.stats = &queue->base.done_stats;
	queue->rx.copies.peer = backend->dev->otherend_id;
	queue->rx.copies.to_peer = true;
	queue->rx.copies.room = VIF_COPIES;
	err = xenmod_copies_init(&queue->tx.copies) ?:
	      xenmod_copies_init(&queue->rx.copies);
	if (err)
		return xenmod_backend_fail(backend, err,
					   "queue %u: not enough memory",
					   queue->base.id);
	return 0;
}

static int bind_event(struct vif_queue *queue, struct xenmod_event *event,
		      u32 port, const char *name, struct xenmod_stats *stats)
{
	struct xenmod_backend *backend = queue->vif->backend;
	int err;

	err = xenmod_event_bind(backend->dev, event, port, name, stats);
	if (!err)
		return 0;
	return xenmod_backend_fail(backend, err,
				   "queue %u: cannot bind event channel %u of the frontend",
				   queue->base.id, port);
}

static int bind_events(struct vif_queue *queue, const struct vif_keys *keys)
{
	int err = bind_event(queue, &queue->tx_event, keys->tx_port,
			     queue->tx_name, &queue->base.stats);

	if (err || !keys->split)
		return err;
	return bind_event(queue, &queue->rx_event, keys->rx_port,
			  queue->rx_name, &queue->base.done_stats);
}

/* A guest that sends no event for slots it offers is looked at more often. */
static void set_patience(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;

	rx->drain = msecs_to_jiffies(READ_ONCE(vif_parameters.drain_msecs));
	rx->stall = msecs_to_jiffies(READ_ONCE(vif_parameters.stall_msecs));
	if (!queue->vif->rx_notify) {
		rx->drain = msecs_to_jiffies(VIF_QUIET_DRAIN_MSECS);
		rx->stall = 0;
	}
	rx->settle = msecs_to_jiffies(VIF_SETTLE_MSECS);
	if (rx->drain)
		rx->settle = min(rx->settle, rx->drain);
}

struct vif_queue *vif_queue_start(struct vif *vif, unsigned int id,
				  const struct vif_keys *keys)
{
	struct vif_queue *queue = kvzalloc(sizeof(*queue), GFP_KERNEL);
	int err;

	if (!queue)
		return ERR_PTR(-ENOMEM);
	queue_init(queue, vif, id, keys);
	set_patience(queue);
	err = map_rings(queue, keys) ?: attach_rings(queue) ?:
	      make_room(queue) ?: bind_events(queue, keys);
	if (err) {
		vif_queue_stop(queue);
		return ERR_PTR(err);
	}
	netif_napi_add(vif->dev, &queue->napi, vif_tx_poll);
	netif_napi_add(vif->dev, &queue->rx.napi, vif_rx_poll);
	napi_enable(&queue->napi);
	napi_enable(&queue->rx.napi);
	queue->polling = true;
	return queue;
}

/* In place of the handler, to which everything may have come too early. */
static void kick(struct xenmod_event *event)
{
	disable_irq(event->irq);
	local_bh_disable();
	event->kick(event);
	local_bh_enable();
	enable_irq(event->irq);
}

void vif_queue_serve(struct vif_queue *queue)
{
	/* After a rebind, events of either end may have gone to nobody. */
	if (queue->tx.ring.rsp_prod)
		xenmod_event_notify(&queue->tx_event, &queue->base.stats);
	if (queue->split && queue->rx.ring.rsp_prod)
		xenmod_event_notify(&queue->rx_event, &queue->base.done_stats);
	/* Pairs with is_ready(). */
	smp_store_release(&queue->ready, true);
	kick(&queue->tx_event);
	if (queue->split)
		kick(&queue->rx_event);
	/* What the last backend asked an event for is not what we want. */
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}

void vif_queue_stop(struct vif_queue *queue)
{
	struct vif *vif = queue->vif;

	hrtimer_cancel(&queue->rx.flush_timer);
	timer_delete_sync(&queue->rx.timer);
	if (queue->polling) {
		napi_disable(&queue->napi);
		napi_disable(&queue->rx.napi);
	}
	/* Polls start it. */
	hrtimer_cancel(&queue->tx.timer);
	xenmod_event_unbind(&queue->tx_event);
	xenmod_event_unbind(&queue->rx_event);
	/* An event can have started it once more. */
	timer_delete_sync(&queue->rx.timer);
	hrtimer_cancel(&queue->tx.limit_timer);
	hrtimer_cancel(&queue->rx.limit_timer);
	if (queue->polling) {
		netif_napi_del(&queue->napi);
		netif_napi_del(&queue->rx.napi);
	}
	__skb_queue_purge(&queue->tx.ready);
	vif_retire(queue);

	vif_xdp_stop(queue);
	vif_buffers_drop(&queue->tx.buffers);
	xenmod_copies_destroy(&queue->tx.copies);
	xenmod_copies_destroy(&queue->rx.copies);
	xenmod_ring_unmap(vif->backend->dev, &queue->tx.ring);
	xenmod_ring_unmap(vif->backend->dev, &queue->rx.ring);
	xenmod_queue_del(vif->backend, &queue->base);
	kvfree(queue);
}
