// SPDX-License-Identifier: GPL-2.0
/*
 * The toolstack's limits: "rate" for what the guest sends, as the in-tree driver
 * has it, and "rate-rx" for what it receives. Each is the vif's, whatever its
 * queues, and can be changed at any time.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include "compat-net.h"
#include "netback.h"
#include "trace.h"

/* Take over one limit. Returns true if it is another one than before. */
static bool read_limit(struct vif *vif, struct vif_limit *limit,
		       const char *node)
{
	u64 bytes = 0, usec = 0;
	char *text;

	text = xenbus_read(XBT_NIL, vif->backend->dev->nodename, node, NULL);
	if (!IS_ERR(text)) {
		if (vif_rate_parse(text, &bytes, &usec))
			xenmod_backend_report(vif->backend, XENMOD_CAUSE_SETUP,
					      "%s is not \"bytes,microseconds\": no limit",
					      node);
		kfree(text);
	}
	if (limit->bytes == bytes && limit->usec == usec)
		return false;
	limit->bytes = bytes;
	limit->usec = usec;
	vif_rate_set(&limit->rate, bytes, usec, ktime_get_ns());
	return true;
}

/* Whoever waits for the old limit looks at the new one. */
static void wake(struct vif *vif)
{
	unsigned int i;

	spin_lock_bh(&vif->lock);
	for (i = 0; i < vif->nr_queues; i++) {
		hrtimer_start(&vif->queues[i]->tx.limit_timer, 0,
			      HRTIMER_MODE_REL);
		hrtimer_start(&vif->queues[i]->rx.limit_timer, 0,
			      HRTIMER_MODE_REL);
	}
	spin_unlock_bh(&vif->lock);
}

void vif_limit_refresh(struct vif *vif)
{
	bool tx = read_limit(vif, &vif->tx_limit, "rate");
	bool rx = read_limit(vif, &vif->rx_limit, "rate-rx");

	if (tx || rx)
		wake(vif);
}

static enum hrtimer_restart tx_again(struct hrtimer *timer)
{
	struct vif_queue *queue =
		container_of(timer, struct vif_queue, tx.limit_timer);

	napi_schedule(&queue->napi);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart rx_again(struct hrtimer *timer)
{
	struct vif_queue *queue =
		container_of(timer, struct vif_queue, rx.limit_timer);

	if (READ_ONCE(queue->rx.open))
		netif_tx_wake_queue(queue->rx.txq);
	return HRTIMER_NORESTART;
}

void vif_limit_init(struct vif_queue *queue)
{
	hrtimer_setup(&queue->tx.limit_timer, tx_again, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	hrtimer_setup(&queue->rx.limit_timer, rx_again, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
}

static void wait_for(const struct vif_rate *rate, struct hrtimer *timer,
		     u64 wait)
{
	hrtimer_start(timer, ns_to_ktime(wait), HRTIMER_MODE_REL);
	/* The limit may have been changed, and the timer started for that. */
	if (!vif_rate_wait(rate, ktime_get_ns()))
		hrtimer_start(timer, 0, HRTIMER_MODE_REL);
}

bool vif_limit_tx(struct vif_queue *queue, unsigned int bytes)
{
	u64 wait;

	wait = vif_rate_pass(&queue->vif->tx_limit.rate, bytes, ktime_get_ns());
	if (!wait)
		return true;
	trace_xen_netback_tx_limit(queue, wait);
	wait_for(&queue->vif->tx_limit.rate, &queue->tx.limit_timer, wait);
	return false;
}

bool vif_limit_rx(struct vif_queue *queue, unsigned int bytes)
{
	u64 wait;

	wait = vif_rate_pass(&queue->vif->rx_limit.rate, bytes, ktime_get_ns());
	if (!wait)
		return true;
	trace_xen_netback_rx_limit(queue, wait);
	netif_tx_stop_queue(queue->rx.txq);
	wait_for(&queue->vif->rx_limit.rate, &queue->rx.limit_timer, wait);
	return false;
}
