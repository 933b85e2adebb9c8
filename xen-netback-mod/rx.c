// SPDX-License-Identifier: GPL-2.0
/*
 * From host to guest. Sending a frame turns it into copies to the slots that the
 * guest has offered; later one hypercall does all that waits, and the guest gets
 * its slots back with at most one event. Later is
 *
 *	at once		if frames are rare, or much waits
 *	in our NAPI	when a softirq sends: whoever runs now may have more, and
 *			NAPI has its turn behind that
 *	in a while	when a process sends, and frames have come at short intervals
 *
 * There is no queue but the stack's: when slots are short, that is stopped, and
 * the guest's event starts it again.
 */
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <net/xdp.h>
#include <xen/grant_table.h>
#include "compat-net.h"
#include "compat-xdp.h"
#include "netback.h"
#include "slots.h"
#include "trace.h"

/* So many copies do not wait, so that there is room for those of the next packet. */
#define ENOUGH_COPIES	(VIF_COPIES / 2)

/* Are there so many slots? Looks at the ring only if it was not known. */
static bool has_slots(struct vif_queue *queue, u32 nr)
{
	struct vif_rx *rx = &queue->rx;
	int pending;

	if (likely((s32)(rx->posted - rx->ring.req_cons) >= (s32)nr))
		return true;
	pending = xenmod_ring_pending(&rx->ring);
	if (unlikely(pending < 0)) {
		vif_break(queue, "the index of the slots it offers is off the ring");
		return false;
	}
	rx->posted = rx->ring.req_cons + pending;
	if (pending >= (int)rx->needed)
		rx->wanted = rx->needed;
	return pending >= (int)nr;
}

static u32 slot_capacity(const struct vif *vif)
{
	return VIF_GRANT_SIZE - vif->headroom;
}

/* Slots with extra information, of a packet or of a frame of XDP. */
static u32 nr_extras(const struct vif_queue *queue, const struct sk_buff *skb)
{
	return !!queue->vif->headroom +
	       (skb ? skb_is_gso(skb) + queue->rx.hashed : 0);
}

/* Slots that it cannot do without; one that is too large is not waited for. */
static u32 least_slots(const struct vif_queue *queue, const struct sk_buff *skb)
{
	return min(vif_fill_least(skb->len, slot_capacity(queue->vif)) +
		   nr_extras(queue, skb), queue->rx.needed);
}

/* Take the next slot that the guest has offered. Returns its grant. */
static u32 take_slot(struct vif_rx *rx, struct vif_answer **answer)
{
	union netif_rx_slot slot;

	memcpy(&slot, xenmod_ring_slot(&rx->ring, rx->ring.req_cons++),
	       sizeof(slot));
	/* Keep the compiler from reading the slot again behind the copy. */
	barrier();
	*answer = &rx->answer[rx->nr_answers++];
	(*answer)->slot.response.id = slot.request.id;
	(*answer)->slot.response.flags = 0;
	(*answer)->slot.response.status = 0;
	(*answer)->extra = false;
	return slot.request.gref;
}

/*
 * A slot with extra information in place of an answer; the one @before says that
 * it follows.
 */
static struct vif_answer *add_extra(struct vif_rx *rx,
				    struct vif_answer *before,
				    const struct netif_extra_info *extra)
{
	struct vif_answer *answer;

	if (before->extra)
		before->slot.extra.flags |= NETIF_EXTRA_FLAG_MORE;
	else
		before->slot.response.flags |= NETIF_RXF_EXTRA_INFO;
	take_slot(rx, &answer);
	answer->slot.extra = *extra;
	answer->extra = true;
	answer->end = rx->copies.nr;
	return answer;
}

/* What is known of the packet besides its bytes follows its first slot. */
static void add_extras(struct vif_queue *queue, struct sk_buff *skb,
		       struct vif_answer *first)
{
	struct netif_extra_info extra = {};
	struct vif *vif = queue->vif;

	if (skb && skb_is_gso(skb)) {
		extra.type = NETIF_EXTRA_GSO;
		extra.gso.size = skb_shinfo(skb)->gso_size;
		extra.gso.type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
					 NETIF_GSO_TCPV6 : NETIF_GSO_TCPV4;
		first = add_extra(&queue->rx, first, &extra);
	}
	if (unlikely(vif->headroom)) {
		memset(&extra, 0, sizeof(extra));
		extra.type = NETIF_EXTRA_XDP;
		extra.xdp.headroom = vif->headroom;
		first = add_extra(&queue->rx, first, &extra);
	}
	if (unlikely(skb && queue->rx.hashed) &&
	    vif_steer_describe(vif, skb, &extra))
		add_extra(&queue->rx, first, &extra);
}

/**
 * struct filling - a packet on its way into slots
 * @queue: where
 * @skb: the packet; NULL if it is a frame of XDP
 * @fill: which slot the next bytes go to
 * @most: slots that it may take, besides those with extra information
 * @first: its first slot
 * @last: its last one so far
 * @gref: grant of the last one
 */
struct filling {
	struct vif_queue *queue;
	struct sk_buff *skb;
	struct vif_fill fill;
	unsigned int most;
	struct vif_answer *first;
	struct vif_answer *last;
	u32 gref;
};

static void open_slot(struct filling *filling)
{
	struct vif_queue *queue = filling->queue;
	struct vif_answer *answer;
	struct vif_rx *rx = &queue->rx;

	if (filling->last)
		filling->last->slot.response.flags |= NETIF_RXF_MORE_DATA;
	filling->gref = take_slot(rx, &answer);
	filling->last = answer;
	answer->slot.response.offset = queue->vif->headroom;
	answer->end = rx->copies.nr;
	if (!filling->first) {
		filling->first = answer;
		add_extras(queue, filling->skb, answer);
	}
}

/* Bytes that lie in one page of ours. Returns false if the packet is too large. */
static bool add_bytes(struct filling *filling, struct page *page,
		      unsigned int offset, unsigned int length)
{
	struct vif_rx *rx = &filling->queue->rx;
	unsigned int part;

	while (length) {
		part = vif_fill_next(&filling->fill, length);
		if (filling->fill.fresh) {
			if (filling->fill.nr_slots > filling->most)
				return false;
			open_slot(filling);
		}
		if (rx->copies.nr == rx->copies.room)
			return false;
		xenmod_copies_to(&rx->copies, page, offset, filling->gref,
				 filling->queue->vif->headroom +
				 filling->last->slot.response.status, part);
		filling->last->slot.response.status += part;
		filling->last->end = rx->copies.nr;
		offset += part;
		length -= part;
	}
	return true;
}

static bool add_span(struct filling *filling, struct page *page,
		     unsigned int offset, unsigned int length)
{
	unsigned int part;

	page += offset / PAGE_SIZE;
	offset %= PAGE_SIZE;
	while (length) {
		part = min_t(unsigned int, length, PAGE_SIZE - offset);
		if (!add_bytes(filling, page, offset, part))
			return false;
		length -= part;
		offset = 0;
		page++;
	}
	return true;
}

static bool add_skb(struct filling *filling, struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	const skb_frag_t *frag;
	unsigned int i;

	if (skb_headlen(skb) &&
	    !add_span(filling, virt_to_page(skb->data),
		      offset_in_page(skb->data), skb_headlen(skb)))
		return false;
	for (i = 0; i < info->nr_frags; i++) {
		frag = &info->frags[i];
		/* Another guest's, from a disk backend: not ours for Xen. */
		if (unlikely(xen_page_foreign(skb_frag_page(frag))))
			return false;
		if (!add_span(filling, skb_frag_page(frag),
			      skb_frag_off(frag), skb_frag_size(frag)))
			return false;
	}
	return true;
}

static bool add_packet(struct filling *filling, struct sk_buff *skb)
{
	struct sk_buff *part;

	if (!add_skb(filling, skb))
		return false;
	skb_walk_frags(skb, part)
		if (skb_has_frag_list(part) || !add_skb(filling, part))
			return false;
	return true;
}

static u16 checksum_flags(const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return NETIF_RXF_CSUM_BLANK | NETIF_RXF_DATA_VALIDATED;
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		return NETIF_RXF_DATA_VALIDATED;
	return 0;
}

/* Does the whole packet lie in one page, and fit into one slot? */
static bool is_single(const struct vif *vif, const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) &&
	       offset_in_page(skb->data) + skb->len <= PAGE_SIZE &&
	       skb->len <= slot_capacity(vif);
}

static void fill_slot(struct vif_queue *queue, struct sk_buff *skb)
{
	u16 headroom = queue->vif->headroom;
	struct vif_rx *rx = &queue->rx;
	struct vif_answer *answer;
	u32 gref;

	gref = take_slot(rx, &answer);
	xenmod_copies_to(&rx->copies, virt_to_page(skb->data),
			 offset_in_page(skb->data), gref, headroom, skb->len);
	answer->slot.response.offset = headroom;
	answer->slot.response.flags = checksum_flags(skb);
	answer->slot.response.status = skb->len;
	answer->end = rx->copies.nr;
	add_extras(queue, skb, answer);
}

static void fill_begin(struct filling *filling, bool pack)
{
	const struct vif_queue *queue = filling->queue;
	const struct vif_rx *rx = &queue->rx;

	vif_fill_init(&filling->fill, slot_capacity(queue->vif), pack);
	filling->most = min(rx->needed - VIF_RX_EXTRAS,
			    rx->posted - rx->ring.req_cons -
			    nr_extras(queue, filling->skb));
}

/*
 * A page of the packet goes to a slot of its own where that is possible, so that
 * it is one copy; else the slots are filled to the brim.
 */
static bool fill_slots(struct vif_queue *queue, struct sk_buff *skb)
{
	struct vif_rx *rx = &queue->rx;
	unsigned int copies = rx->copies.nr;
	unsigned int answers = rx->nr_answers;
	u32 cons = rx->ring.req_cons;
	unsigned int pack;

	if (likely(is_single(queue->vif, skb) &&
		   rx->copies.nr < rx->copies.room)) {
		fill_slot(queue, skb);
		return true;
	}
	for (pack = 0; pack <= 1; pack++) {
		struct filling filling = { .queue = queue, .skb = skb };

		fill_begin(&filling, pack);
		if (likely(add_packet(&filling, skb))) {
			filling.first->slot.response.flags |=
				checksum_flags(skb);
			return true;
		}
		rx->copies.nr = copies;
		rx->nr_answers = answers;
		rx->ring.req_cons = cons;
	}
	return false;
}

/* Write the answers; those that a copy failed for say so. */
static void answer(struct vif_rx *rx, bool failed)
{
	struct vif_answer *answer;
	unsigned int i, copy = 0;

	for (i = 0; i < rx->nr_answers; i++) {
		answer = &rx->answer[i];
		for (; unlikely(failed) && copy < answer->end; copy++) {
			if (rx->copies.op[copy].status == GNTST_okay ||
			    answer->extra)
				continue;
			answer->slot.response.status = NETIF_RSP_ERROR;
			vif_count(&rx->traffic.errors, 1);
		}
		memcpy(xenmod_ring_response(&rx->ring), &answer->slot,
		       sizeof(answer->slot));
	}
	rx->nr_answers = 0;
}

/* Let the guest have @nr packets. */
static void deliver(struct vif_queue *queue, unsigned int nr)
{
	struct xenmod_stats *stats = &queue->base.done_stats;
	struct vif_rx *rx = &queue->rx;
	unsigned int nr_answers = rx->nr_answers;
	unsigned int failed;

	trace_xen_netback_rx(queue, nr_answers, nr, rx->copies.nr);
	failed = xenmod_copies_flush(&rx->copies);
	answer(rx, failed);
	xenmod_count(stats, XENMOD_PASSES, 1);
	xenmod_count(stats, XENMOD_REQUESTS, nr_answers);
	xenmod_count(stats, XENMOD_RESPONSES, nr_answers);
	if (xenmod_ring_push(&rx->ring))
		xenmod_event_notify(vif_rx_event(queue), stats);
}

/* Do what waits; late if it is because of the time. */
static void do_flush(struct vif_queue *queue, bool late)
{
	struct vif_rx *rx = &queue->rx;
	unsigned int i;

	if (!rx->nr_skbs)
		return;
	deliver(queue, rx->nr_skbs);
	vif_count(&rx->traffic.packets, rx->nr_skbs);
	vif_count(&rx->traffic.bytes, rx->bytes);
	netdev_tx_completed_queue(rx->txq, rx->nr_skbs, rx->bytes);
	for (i = 0; i < rx->nr_skbs; i++)
		dev_consume_skb_any(rx->skb[i]);
	vif_pace_learn(&rx->pace, ktime_get_ns(), rx->nr_skbs, rx->bytes, late);
	rx->flushes++;
	rx->nr_skbs = 0;
	rx->bytes = 0;
}

static void flush(struct vif_queue *queue)
{
	do_flush(queue, false);
}

static void start_flush_timer(struct vif_rx *rx)
{
	if (hrtimer_is_queued(&rx->flush_timer))
		return;
	rx->timed = rx->flushes;
	hrtimer_start(&rx->flush_timer, ns_to_ktime(VIF_PATIENCE_NS),
		      HRTIMER_MODE_REL_PINNED_SOFT);
}

/* No further frame follows at once. */
static void flush_soon(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;

	if (rx->bytes >= VIF_BULK_BYTES || rx->copies.nr >= ENOUGH_COPIES ||
	    netif_xmit_stopped(rx->txq) || irqs_disabled())
		flush(queue);
	else if (in_serving_softirq())
		napi_schedule(&rx->napi);
	else if (rx->nr_skbs >= rx->pace.ahead)
		flush(queue);
	else
		start_flush_timer(rx);
}

int vif_rx_poll(struct napi_struct *napi, int budget)
{
	struct vif_rx *rx = container_of(napi, struct vif_rx, napi);
	struct vif_queue *queue = container_of(rx, struct vif_queue, rx);

	/* What netpoll sends was flushed at once. */
	if (unlikely(!budget))
		return 0;
	__netif_tx_lock(rx->txq, smp_processor_id());
	flush(queue);
	__netif_tx_unlock(rx->txq);
	napi_complete_done(napi, 0);
	return 0;
}

enum hrtimer_restart vif_rx_flush_timer(struct hrtimer *timer)
{
	struct vif_rx *rx = container_of(timer, struct vif_rx, flush_timer);
	struct vif_queue *queue = container_of(rx, struct vif_queue, rx);
	enum hrtimer_restart again = HRTIMER_NORESTART;

	__netif_tx_lock(rx->txq, smp_processor_id());
	if (!rx->nr_skbs || rx->timed == rx->flushes) {
		do_flush(queue, true);
	} else if (!hrtimer_is_queued(timer)) {
		/* These are not those that it was started for. */
		rx->timed = rx->flushes;
		hrtimer_forward_now(timer, ns_to_ktime(VIF_PATIENCE_NS));
		again = HRTIMER_RESTART;
	}
	__netif_tx_unlock(rx->txq);
	return again;
}

/* Is it for the guest, or for a group that it has not joined? */
static bool is_wanted(const struct vif *vif, const u8 *address)
{
	return likely(!READ_ONCE(vif->filter)) ||
	       vif_multicast_wanted(&vif->groups, address);
}

/*
 * Slots are short: wait for as many as are wanted, so that the guest is not woken
 * for each; at least for those that the next packet needs.
 */
static void stop(struct vif_queue *queue, u32 least)
{
	struct vif_rx *rx = &queue->rx;

	rx->least = least;
	WRITE_ONCE(rx->enough, max(least, rx->wanted));
	netif_tx_stop_queue(rx->txq);
	if (!xenmod_ring_await(&rx->ring, rx->enough)) {
		netif_tx_start_queue(rx->txq);
		return;
	}
	rx->stopped = jiffies;
	/* A later date may still stand from an earlier stop. */
	timer_reduce(&rx->timer, jiffies + rx->settle);
}

/*
 * It took its time to offer what there is now: there will not be more. Half of it
 * is a good batch.
 */
static void settle(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;

	if (!has_slots(queue, rx->needed))
		rx->wanted = max(1U, (rx->posted - rx->ring.req_cons) / 2);
}

/* The guest takes packets again. */
static void recover(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;
	struct vif *vif = queue->vif;

	WRITE_ONCE(rx->dropping, false);
	if (!rx->stalled)
		return;
	spin_lock(&vif->lock);
	rx->stalled = false;
	netif_carrier_on(vif->dev);
	spin_unlock(&vif->lock);
}

static netdev_tx_t drop(struct vif_queue *queue, struct sk_buff *skb)
{
	vif_count(&queue->rx.traffic.dropped, 1);
	dev_kfree_skb_any(skb);
	/* Those before it may have waited for the last one. */
	if (!netdev_xmit_more())
		flush(queue);
	return NETDEV_TX_OK;
}

/* Returns false if it cannot be sent; nothing waits then. */
static bool add(struct vif_queue *queue, struct sk_buff *skb)
{
	struct vif_rx *rx = &queue->rx;

	if (rx->copies.nr >= ENOUGH_COPIES)
		flush(queue);
	if (unlikely(!fill_slots(queue, skb))) {
		flush(queue);
		if (skb_linearize(skb) || !fill_slots(queue, skb))
			return false;
	}
	skb_tx_timestamp(skb);
	rx->skb[rx->nr_skbs++] = skb;
	rx->bytes += skb->len;
	return true;
}

netdev_tx_t vif_rx_send(struct vif_queue *queue, struct sk_buff *skb)
{
	struct vif_rx *rx = &queue->rx;
	unsigned int length = skb->len;
	bool more = netdev_xmit_more();
	u32 least;

	if (unlikely(READ_ONCE(queue->vif->broken)))
		return drop(queue, skb);
	if (unlikely(!is_wanted(queue->vif, skb->data)))
		return drop(queue, skb);
	/* It may change at any time; the slots must do. */
	rx->hashed = rcu_access_pointer(queue->vif->hash);
	if (unlikely(!has_slots(queue, rx->needed))) {
		least = least_slots(queue, skb);
		if (!has_slots(queue, least)) {
			if (rx->dropping)
				return drop(queue, skb);
			flush(queue);
			stop(queue, least);
			return NETDEV_TX_BUSY;
		}
	}
	if (unlikely(rx->dropping))
		recover(queue);
	if (unlikely(vif_rate_limited(&queue->vif->rx_limit.rate)) &&
	    !vif_limit_rx(queue, length)) {
		flush(queue);
		return NETDEV_TX_BUSY;
	}

	if (unlikely(!add(queue, skb)))
		return drop(queue, skb);
	if (unlikely(!has_slots(queue, rx->wanted))) {
		netdev_tx_sent_queue(rx->txq, length);
		flush(queue);
		stop(queue, 1);
	} else if (__netdev_tx_sent_queue(rx->txq, length, more)) {
		flush_soon(queue);
	}
	return NETDEV_TX_OK;
}

static u32 frame_slots(const struct vif_queue *queue,
		       const struct xdp_frame *frame)
{
	return vif_fill_least(frame->len, slot_capacity(queue->vif)) +
	       nr_extras(queue, NULL);
}

static bool add_frame(struct vif_queue *queue, const struct xdp_frame *frame)
{
	struct filling filling = { .queue = queue };
	struct vif_rx *rx = &queue->rx;
	unsigned int answers = rx->nr_answers;
	unsigned int copies = rx->copies.nr;
	u32 cons = rx->ring.req_cons;

	fill_begin(&filling, true);
	if (likely(add_span(&filling, virt_to_page(frame->data),
			    offset_in_page(frame->data), frame->len)))
		return true;
	/* Nothing may go on to refer to it: the frame is the caller's. */
	rx->nr_answers = answers;
	rx->copies.nr = copies;
	rx->ring.req_cons = cons;
	return false;
}

/* Frames that wait, in @frames or of the stack's, go with one hypercall. */
static unsigned int send_frames(struct vif_queue *queue,
				struct xdp_frame **frames, unsigned int nr)
{
	struct vif_rate *rate = &queue->vif->rx_limit.rate;
	struct vif_rx *rx = &queue->rx;
	unsigned int i, bytes = 0, unwanted = 0;

	flush(queue);
	for (i = 0; i < nr; i++) {
		/* One that the guest did not ask for is done with. */
		if (!is_wanted(queue->vif, frames[i]->data)) {
			unwanted++;
			continue;
		}
		/* A frame of several buffers was not asked for. */
		if (xdp_frame_has_frags(frames[i]) ||
		    rx->copies.room - rx->copies.nr < NETIF_MIN_SLOTS ||
		    !has_slots(queue, frame_slots(queue, frames[i])))
			break;
		if (unlikely(rx->dropping))
			recover(queue);
		if (vif_rate_limited(rate) &&
		    vif_rate_pass(rate, frames[i]->len, ktime_get_ns()))
			break;
		if (!add_frame(queue, frames[i]))
			break;
		bytes += frames[i]->len;
	}
	vif_count(&rx->traffic.packets, i - unwanted);
	vif_count(&rx->traffic.bytes, bytes);
	vif_count(&rx->traffic.dropped, nr - i + unwanted);
	if (i > unwanted)
		deliver(queue, i - unwanted);
	return i;
}

unsigned int vif_rx_send_frames(struct vif *vif, unsigned int id,
				struct xdp_frame **frames, unsigned int nr)
{
	struct netdev_queue *txq = netdev_get_tx_queue(vif->dev, id);
	struct vif_queue *queue;
	unsigned int sent = 0;

	__netif_tx_lock(txq, smp_processor_id());
	queue = vif->queues[id];
	/* Who waits for slots must get them; and headroom may be changing. */
	if (queue && READ_ONCE(queue->rx.open) && !READ_ONCE(vif->broken) &&
	    !netif_xmit_frozen_or_drv_stopped(txq))
		sent = send_frames(queue, frames, nr);
	__netif_tx_unlock(txq);
	return sent;
}

bool vif_rx_wake(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;
	u32 prod = READ_ONCE(xenmod_ring_shared(&rx->ring)->req_prod);
	/* New slots, and no more of them than there are. */
	bool worked = (s32)(prod - rx->event_seen) > 0 &&
		      prod - READ_ONCE(rx->ring.req_cons) <= NETIF_RING_SLOTS;

	if (worked)
		rx->event_seen = prod;
	/* Whether the index makes sense is seen when the stack sends. */
	if (!READ_ONCE(rx->open) ||
	    prod - READ_ONCE(rx->ring.req_cons) < READ_ONCE(rx->enough))
		return worked;
	if (unlikely(READ_ONCE(rx->dropping)))
		mod_timer(&rx->timer, jiffies);
	else if (netif_tx_queue_stopped(rx->txq))
		netif_tx_wake_queue(rx->txq);
	return worked;
}

/* If all queues are stalled, nobody needs to try. */
static void stall(struct vif_queue *queue)
{
	struct vif *vif = queue->vif;
	unsigned int i;
	bool all = true;

	spin_lock(&vif->lock);
	queue->rx.stalled = true;
	for (i = 0; i < vif->nr_queues; i++)
		all &= vif->queues[i]->rx.stalled;
	if (all)
		netif_carrier_off(vif->dev);
	spin_unlock(&vif->lock);
	if (all)
		xenmod_backend_report(vif->backend, XENMOD_CAUSE_RESOURCE,
				      "the guest takes no packets on any queue: no carrier");
}

/*
 * What waits is dropped: the stack's memory is not the guest's to hold. From now
 * on any slot is a sign of life.
 */
static void give_up(struct vif_queue *queue, unsigned long waited)
{
	struct vif_rx *rx = &queue->rx;

	WRITE_ONCE(rx->dropping, true);
	rx->least = 1;
	WRITE_ONCE(rx->enough, 1);
	netif_tx_wake_queue(rx->txq);
	/* It does take packets, but none as large as the last one. */
	if (!xenmod_ring_await(&rx->ring, 1))
		return;
	if (rx->stall && waited >= rx->stall)
		stall(queue);
	else if (rx->stall)
		mod_timer(&rx->timer, rx->stopped + rx->stall);
}

void vif_rx_timer(struct timer_list *timer)
{
	struct vif_rx *rx = container_of(timer, struct vif_rx, timer);
	struct vif_queue *queue = container_of(rx, struct vif_queue, rx);
	unsigned long waited;

	__netif_tx_lock(rx->txq, smp_processor_id());
	waited = jiffies - rx->stopped;
	if (!rx->open || READ_ONCE(queue->vif->broken))
		goto unlock;
	/* Stopped and started by the device's own end? */
	if (!rx->dropping && !netif_tx_queue_stopped(rx->txq))
		goto unlock;
	if (!rx->dropping && waited < rx->settle) {
		mod_timer(timer, rx->stopped + rx->settle);
		goto unlock;
	}
	/* A frontend may send no event for what it offers, or offer little. */
	WRITE_ONCE(rx->enough, rx->least);
	if (!xenmod_ring_await(&rx->ring, rx->least)) {
		settle(queue);
		recover(queue);
		netif_tx_wake_queue(rx->txq);
	} else if (rx->drain && waited >= rx->drain) {
		give_up(queue, waited);
	} else if (rx->drain) {
		mod_timer(timer, rx->stopped + rx->drain);
	}
unlock:
	__netif_tx_unlock(rx->txq);
}

void vif_rx_open(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;
	struct vif *vif = queue->vif;

	rx->txq = netdev_get_tx_queue(vif->dev, queue->base.id);
	rx->needed = vif->sg ? VIF_RX_SLOTS : 1 + VIF_RX_EXTRAS;
	rx->wanted = rx->needed;
	rx->enough = rx->needed;
	netdev_tx_reset_queue(rx->txq);
	WRITE_ONCE(rx->open, true);
	netif_tx_start_queue(rx->txq);
}

void vif_rx_close(struct vif_queue *queue)
{
	struct vif_rx *rx = &queue->rx;

	netif_tx_stop_queue(rx->txq);
	flush(queue);
	WRITE_ONCE(rx->open, false);
}
