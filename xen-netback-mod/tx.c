// SPDX-License-Identifier: GPL-2.0
/*
 * From guest to host. One pass is:
 *
 *	take	copy all requests off the ring, once
 *	parse	find the packets in the copies, check them, say where they go
 *	copy	one hypercall for all of them
 *	answer	write all responses, publish them, send at most one event
 *	make	turn what arrived into frames
 *
 * What a pass took is handed up in portions of NAPI's budget, which is smaller
 * than the ring: the polls that follow hand up the rest before they take more.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include "compat-net.h"
#include "netback.h"
#include "trace.h"

/* Take everything that there is. Returns how many slots. */
static unsigned int take(struct vif_queue *queue)
{
	struct vif_tx *tx = &queue->tx;
	int nr = xenmod_ring_pending(&tx->ring);

	if (unlikely(nr < 0)) {
		vif_break(queue, "the index of its requests is off the ring");
		return 0;
	}
	if (!nr)
		return 0;
	xenmod_ring_take_many(&tx->ring, tx->slot, nr);
	return nr;
}

/* Give back what a packet has. Right from any state that prepare() leaves. */
static void give_up(struct vif_tx *tx, struct vif_job *job)
{
	unsigned int i;

	if (job->head.page)
		put_page(job->head.page);
	for (i = 0; i < job->nr_pages; i++)
		put_page(tx->page[job->first_page + i].page);
	job->head.page = NULL;
	job->nr_pages = 0;
	job->taken = false;
}

/* A packet that is in one slot, and in the head as a whole: the usual one. */
static bool prepare_one(struct vif_tx *tx, struct vif_job *job)
{
	const struct netif_tx_request *request =
		&tx->slot[job->first_slot].request;

	xenmod_copies_from(&tx->copies, request->gref, request->offset,
			   job->head.page, job->head.offset + job->head.headroom,
			   request->size);
	job->head_length = request->size;
	return true;
}

static bool prepare_many(struct vif_tx *tx, struct vif_job *job)
{
	struct vif_layout layout;
	struct vif_piece *piece;
	unsigned int i;
	struct page *page;

	vif_packet_layout(&layout, &job->packet, &tx->slot[job->first_slot],
			  vif_head_room(&job->head), MAX_SKB_FRAGS);
	if (job->packet.nr_slots - job->packet.nr_extras > MAX_SKB_FRAGS)
		vif_count(&tx->frag_overflows, 1);
	for (i = 0; i < layout.nr_pages; i++) {
		page = vif_buffer_page(&tx->buffers);
		if (!page)
			return false;
		tx->page[tx->nr_pages].page = page;
		tx->page[tx->nr_pages++].length = layout.page_length[i];
		job->nr_pages++;
	}
	for (i = 0; i < layout.nr_pieces; i++) {
		piece = &layout.piece[i];
		if (piece->page)
			xenmod_copies_from(&tx->copies, piece->gref,
					   piece->from,
					   tx->page[job->first_page +
						    piece->page - 1].page,
					   piece->to, piece->length);
		else
			xenmod_copies_from(&tx->copies, piece->gref,
					   piece->from, job->head.page,
					   job->head.offset + job->head.headroom +
					   piece->to, piece->length);
	}
	job->head_length = layout.head;
	return true;
}

/* Find a place for a packet, and say what goes there. */
static void prepare(struct vif_queue *queue, struct vif_job *job)
{
	struct vif_tx *tx = &queue->tx;

	job->first_copy = tx->copies.nr;
	job->first_page = tx->nr_pages;
	if (likely(vif_buffer_head(&tx->buffers, &job->head,
				   tx->xdp.prog)))
		job->taken = job->packet.nr_slots == 1 &&
			     job->packet.size <= vif_head_room(&job->head) ?
				     prepare_one(tx, job) :
				     prepare_many(tx, job);
	if (unlikely(!job->taken)) {
		give_up(tx, job);
		vif_count(&tx->traffic.dropped, 1);
	}
	job->nr_copies = tx->copies.nr - job->first_copy;
}

/* May the next @bytes pass? If not, there will be another pass in time. */
static bool pass_limit(struct vif_queue *queue, unsigned int bytes)
{
	if (likely(!vif_rate_limited(&queue->vif->tx_limit.rate)))
		return true;
	queue->tx.limited = !vif_limit_tx(queue, bytes);
	return !queue->tx.limited;
}

/*
 * Find the packets in @nr slots. Returns how many of the slots belong to them;
 * if not all do, the frontend makes no sense, or has reached its limit.
 */
static unsigned int parse(struct vif_queue *queue, unsigned int nr)
{
	unsigned int fatal = READ_ONCE(vif_parameters.fatal_slots);
	struct vif_tx *tx = &queue->tx;
	unsigned int done = 0;
	struct vif_job *job;

	tx->nr_jobs = 0;
	tx->nr_pages = 0;
	while (done < nr) {
		job = &tx->job[tx->nr_jobs];
		job->first_slot = done;
		job->nr_copies = 0;
		job->nr_pages = 0;
		job->taken = false;
		job->head.page = NULL;
		vif_packet_parse(&job->packet, &tx->slot[done], nr - done,
				 fatal);
		if (unlikely(job->packet.verdict >= VIF_FATAL)) {
			vif_break(queue, vif_verdict_text(job->packet.verdict));
			break;
		}
		if (unlikely(!pass_limit(queue, job->packet.size))) {
			xenmod_ring_leave(&tx->ring, nr - done);
			break;
		}
		tx->nr_jobs++;
		done += job->packet.nr_slots;
		if (likely(job->packet.verdict == VIF_GOOD)) {
			prepare(queue, job);
		} else if (job->packet.verdict != VIF_CONTROL) {
			vif_count(&tx->traffic.errors, 1);
			xenmod_count(&queue->base.stats, XENMOD_BAD_REQUESTS,
				     1);
		}
	}
	return done;
}

/* Something of the pass did not arrive: find out whose it was. */
static void find_failed(struct vif_tx *tx)
{
	struct vif_job *job;
	unsigned int i, j;

	for (i = 0; i < tx->nr_jobs; i++) {
		job = &tx->job[i];
		for (j = 0; j < job->nr_copies && job->taken; j++) {
			if (tx->copies.op[job->first_copy + j].status ==
			    GNTST_okay)
				continue;
			give_up(tx, job);
			vif_count(&tx->traffic.errors, 1);
		}
	}
}

/* No packet but a request of its own: to join a group, or to leave one. */
static s16 control(struct vif_queue *queue, const struct vif_packet *packet)
{
	const u8 *address = packet->mcast.mcast.address;
	struct vif *vif = queue->vif;
	int err = 0;

	spin_lock(&vif->groups_lock);
	if (packet->mcast.type == NETIF_EXTRA_MCAST_ADD)
		err = vif_multicast_add(&vif->groups, address);
	else
		vif_multicast_del(&vif->groups, address);
	spin_unlock(&vif->groups_lock);
	if (!err)
		return NETIF_RSP_OKAY;
	xenmod_count(&queue->base.stats, XENMOD_BAD_REQUESTS, 1);
	return NETIF_RSP_ERROR;
}

static void respond(struct xenmod_ring *ring, u16 id, s16 status)
{
	struct netif_tx_response response = { .id = id, .status = status };

	memcpy(xenmod_ring_response(ring), &response, sizeof(response));
}

static void answer_one(struct vif_queue *queue, struct vif_job *job)
{
	const struct vif_packet *packet = &job->packet;
	struct vif_tx *tx = &queue->tx;
	unsigned int i;
	s16 status;

	if (likely(packet->verdict == VIF_GOOD))
		status = job->taken ? NETIF_RSP_OKAY : NETIF_RSP_ERROR;
	else if (packet->verdict == VIF_CONTROL)
		status = control(queue, packet);
	else
		status = NETIF_RSP_ERROR;

	respond(&tx->ring, tx->slot[job->first_slot].request.id, status);
	for (i = 1; i < packet->nr_slots; i++)
		if (i <= packet->nr_extras)
			respond(&tx->ring, 0, NETIF_RSP_NULL);
		else
			respond(&tx->ring,
				tx->slot[job->first_slot + i].request.id,
				status);
}

/* Before the frames go up: the guest can go on meanwhile. */
static void answer(struct vif_queue *queue, unsigned int nr)
{
	struct vif_tx *tx = &queue->tx;
	unsigned int i;

	for (i = 0; i < tx->nr_jobs; i++)
		answer_one(queue, &tx->job[i]);
	xenmod_count(&queue->base.stats, XENMOD_RESPONSES, nr);
	if (xenmod_ring_push(&tx->ring))
		xenmod_event_notify(&queue->tx_event, &queue->base.stats);
}

static void make(struct vif_queue *queue)
{
	bool running = netif_running(queue->vif->dev);
	struct vif_tx *tx = &queue->tx;
	struct sk_buff *skb;
	struct vif_job *job;
	unsigned int i;

	for (i = 0; i < tx->nr_jobs; i++) {
		job = &tx->job[i];
		if (unlikely(!job->taken))
			continue;
		if (unlikely(tx->xdp.prog) && running &&
		    !vif_xdp_run(queue, job)) {
			give_up(tx, job);
			continue;
		}
		skb = likely(running) ? vif_skb_make(queue, job) : NULL;
		if (likely(skb)) {
			vif_count(&tx->traffic.packets, 1);
			vif_count(&tx->traffic.bytes, job->packet.size);
			__skb_queue_tail(&tx->ready, skb);
		} else {
			give_up(tx, job);
		}
	}
}

static void measure(struct vif_queue *queue)
{
	xenmod_histogram_add(&queue->base.latency,
			     ktime_get_ns() - queue->event_time);
	WRITE_ONCE(queue->event_time, 0);
}

static void serve(struct vif_queue *queue)
{
	unsigned int nr, copies;

	nr = take(queue);
	if (!nr)
		return;
	nr = parse(queue, nr);
	if (unlikely(!nr))
		return;
	xenmod_count(&queue->base.stats, XENMOD_REQUESTS, nr);
	xenmod_count(&queue->base.stats, XENMOD_PASSES, 1);
	queue->tx.worked = true;
	queue->tx.taken += nr;
	copies = queue->tx.copies.nr;
	if (unlikely(xenmod_copies_flush(&queue->tx.copies)))
		find_failed(&queue->tx);
	trace_xen_netback_tx(queue, nr, queue->tx.nr_jobs, copies);
	answer(queue, nr);
	if (unlikely(READ_ONCE(queue->event_time)))
		measure(queue);
	make(queue);
	if (unlikely(queue->tx.xdp.prog))
		vif_xdp_flush(queue);
}

static void pass(struct vif_queue *queue)
{
	/* Nothing of what is there may pass yet? */
	if (unlikely(!pass_limit(queue, 0)))
		return;
	rcu_read_lock();
	queue->tx.xdp.prog = rcu_dereference(queue->vif->xdp_prog);
	serve(queue);
	rcu_read_unlock();
}

/*
 * May the stack join it with others? What is no TCP only costs a look; and where
 * the checksum is still to be checked, that is for whom the frame is for.
 */
static bool can_join(const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_NONE ||
	    skb_headlen(skb) < sizeof(struct ipv6hdr))
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return ip_hdr(skb)->protocol == IPPROTO_TCP;
	return skb->protocol == htons(ETH_P_IPV6) &&
	       ipv6_hdr(skb)->nexthdr == IPPROTO_TCP;
}

static int hand_up(struct vif_queue *queue, int budget)
{
	bool join = queue->vif->dev->features & NETIF_F_GRO;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int done = 0;

	while (done < budget && (skb = __skb_dequeue(&queue->tx.ready))) {
		done++;
		if (join && can_join(skb))
			napi_gro_receive(&queue->napi, skb);
		else
			list_add_tail(&skb->list, &list);
	}
	if (!list_empty(&list))
		netif_receive_skb_list(&list);
	return done;
}

enum hrtimer_restart vif_tx_timer(struct hrtimer *timer)
{
	struct vif_tx *tx = container_of(timer, struct vif_tx, timer);
	struct vif_queue *queue = container_of(tx, struct vif_queue, tx);

	if (READ_ONCE(tx->waiting)) {
		WRITE_ONCE(tx->late, true);
		napi_schedule(&queue->napi);
	}
	return HRTIMER_NORESTART;
}

static void learn(struct vif_tx *tx, bool late)
{
	if (!tx->taken && !late)
		return;
	vif_pace_learn(&tx->pace, ktime_get_ns(), tx->taken,
		       tx->traffic.bytes - tx->bytes, late);
	tx->bytes = tx->traffic.bytes;
	tx->taken = 0;
}

/* Ask for the next event. Returns false if what it is for is there already. */
static bool rest(struct vif_tx *tx)
{
	if (tx->pace.ahead == 1)
		return xenmod_ring_rest(&tx->ring);
	if (!xenmod_ring_await(&tx->ring, tx->pace.ahead))
		return false;
	WRITE_ONCE(tx->waiting, true);
	hrtimer_start(&tx->timer, ns_to_ktime(VIF_PATIENCE_NS),
		      HRTIMER_MODE_REL_PINNED);
	return true;
}

int vif_tx_poll(struct napi_struct *napi, int budget)
{
	struct vif_queue *queue = container_of(napi, struct vif_queue, napi);
	struct vif_tx *tx = &queue->tx;
	bool worked, late;
	int done;

	/* Netpoll wants room for what is sent, which takes no poll here. */
	if (unlikely(!budget))
		return 0;
	WRITE_ONCE(tx->waiting, false);
	if (unlikely(READ_ONCE(tx->squeeze))) {
		WRITE_ONCE(tx->squeeze, false);
		vif_buffers_drop(&tx->buffers);
	}
	if (skb_queue_empty(&tx->ready) &&
	    likely(!READ_ONCE(queue->vif->broken)))
		pass(queue);
	done = hand_up(queue, budget);
	if (done == budget)
		return done;
	if (unlikely(READ_ONCE(queue->vif->broken))) {
		/* And no event comes in any more. */
		napi_complete_done(napi, done);
		return done;
	}
	/*
	 * All of this before the poll is over: an event that comes in now has
	 * it called once more.
	 */
	late = READ_ONCE(tx->late);
	WRITE_ONCE(tx->late, false);
	learn(tx, late);
	if (likely(!tx->limited) && !rest(tx))
		return budget;
	tx->limited = false;
	worked = tx->worked | queue->rx_worked;
	/* What the timer was for may still have its event. */
	tx->worked &= late;
	queue->rx_worked = false;
	xenmod_event_done(&queue->tx_event, worked);
	napi_complete_done(napi, done);
	return done;
}
