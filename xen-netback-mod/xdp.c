// SPDX-License-Identifier: GPL-2.0
/*
 * XDP programs, and what they send.
 *
 * While a vif has a program, each packet of the guest gets a page of its own with
 * the room in front that programs expect. One that does not fit there, that is,
 * one that the guest leaves to us to segment, is shown to the program in one
 * piece, too, but can only be passed or dropped, with its length unchanged.
 */
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/slab.h>
#include "compat-net.h"
#include "compat-xdp.h"
#include "netback.h"

/* Room for the largest packet, in front of it and behind it. */
#define LINEAR_SIZE	(XDP_PACKET_HEADROOM + SZ_64K + \
			 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

static int make_linear(struct vif_queue *queue)
{
	struct vif_xdp *xdp = &queue->tx.xdp;

	if (!xdp->linear)
		xdp->linear = kvmalloc(LINEAR_SIZE, GFP_KERNEL);
	return xdp->linear ? 0 : -ENOMEM;
}

int vif_xdp_start(struct vif_queue *queue)
{
	struct vif_xdp *xdp = &queue->tx.xdp;
	struct vif *vif = queue->vif;
	int err;

	if (rtnl_dereference(vif->xdp_prog)) {
		err = make_linear(queue);
		if (err)
			return err;
	}
	err = xdp_rxq_info_reg(&xdp->rxq, vif->dev, queue->base.id,
			       queue->napi.napi_id);
	if (!err) {
		xdp->registered = true;
		err = xdp_rxq_info_reg_mem_model(&xdp->rxq,
						 MEM_TYPE_PAGE_SHARED, NULL);
	}
	if (err)
		vif_xdp_stop(queue);
	return err;
}

void vif_xdp_stop(struct vif_queue *queue)
{
	struct vif_xdp *xdp = &queue->tx.xdp;

	if (xdp->registered)
		xdp_rxq_info_unreg(&xdp->rxq);
	xdp->registered = false;
	kvfree(xdp->linear);
	xdp->linear = NULL;
}

static void send_frames(struct vif_queue *queue)
{
	struct vif_xdp *xdp = &queue->tx.xdp;
	unsigned int i, sent;

	sent = vif_rx_send_frames(queue->vif, queue->base.id, xdp->frame,
				  xdp->nr_frames);
	for (i = 0; i < xdp->nr_frames; i++)
		xdp_return_frame(xdp->frame[i]);
	vif_count(&xdp->stats.sent, sent);
	vif_count(&xdp->stats.failed, xdp->nr_frames - sent);
	xdp->nr_frames = 0;
}

/* Returns false if the packet is still the caller's. */
static bool send_back(struct vif_queue *queue, struct xdp_buff *buff)
{
	struct vif_xdp *xdp = &queue->tx.xdp;
	struct xdp_frame *frame = xdp_convert_buff_to_frame(buff);

	if (unlikely(!frame))
		return false;
	xdp->frame[xdp->nr_frames++] = frame;
	if (xdp->nr_frames == VIF_XDP_BATCH)
		send_frames(queue);
	return true;
}

/* All that is not passed. @alone: the packet is in its head as a whole. */
static void act(struct vif_queue *queue, struct vif_job *job,
		struct xdp_buff *buff, u32 action, bool alone)
{
	struct net_device *dev = queue->vif->dev;
	struct vif_xdp *xdp = &queue->tx.xdp;

	switch (action) {
	case XDP_TX:
		if (!alone || !send_back(queue, buff))
			break;
		job->head.page = NULL;
		return;
	case XDP_REDIRECT:
		if (!alone || xdp_do_redirect(dev, buff, xdp->prog))
			break;
		job->head.page = NULL;
		xdp->redirected = true;
		vif_count(&xdp->stats.redirected, 1);
		return;
	case XDP_DROP:
		vif_count(&xdp->stats.dropped, 1);
		return;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(dev, xdp->prog, action);
		break;
	}
	trace_xdp_exception(dev, xdp->prog, action);
	vif_count(&xdp->stats.failed, 1);
}

/* A packet that is in its head as a whole. */
static bool run_alone(struct vif_queue *queue, struct vif_job *job)
{
	struct vif_xdp *xdp = &queue->tx.xdp;
	struct xdp_buff buff;
	u32 action;

	xdp_init_buff(&buff, job->head.size, &xdp->rxq);
	xdp_prepare_buff(&buff, page_address(job->head.page) + job->head.offset,
			 job->head.headroom, job->head_length, false);
	action = bpf_prog_run_xdp(xdp->prog, &buff);
	if (likely(action == XDP_PASS)) {
		job->head.headroom = buff.data - buff.data_hard_start;
		job->head_length = buff.data_end - buff.data;
		job->packet.size = job->head_length;
		return true;
	}
	act(queue, job, &buff, action, true);
	return false;
}

/* Copy a packet of several pages to @linear, or back from it. */
static void copy_linear(struct vif_tx *tx, const struct vif_job *job, u8 *linear,
			bool back)
{
	u8 *from = page_address(job->head.page) + job->head.offset +
		   job->head.headroom;
	unsigned int length = job->head_length, i = 0;

	for (;;) {
		if (back)
			memcpy(from, linear, length);
		else
			memcpy(linear, from, length);
		linear += length;
		if (i == job->nr_pages)
			break;
		from = page_address(tx->page[job->first_page + i].page);
		length = tx->page[job->first_page + i++].length;
	}
}

static bool run_linear(struct vif_queue *queue, struct vif_job *job)
{
	struct vif_xdp *xdp = &queue->tx.xdp;
	struct xdp_buff buff;
	u8 *data;
	u32 action;

	if (unlikely(!xdp->linear)) {
		vif_count(&xdp->stats.failed, 1);
		return false;
	}
	data = xdp->linear + XDP_PACKET_HEADROOM;
	copy_linear(&queue->tx, job, data, false);
	xdp_init_buff(&buff, LINEAR_SIZE, &xdp->rxq);
	xdp_prepare_buff(&buff, xdp->linear, XDP_PACKET_HEADROOM,
			 job->packet.size, false);
	action = bpf_prog_run_xdp(xdp->prog, &buff);
	if (action != XDP_PASS) {
		act(queue, job, &buff, action, false);
		return false;
	}
	if (buff.data != data || buff.data_end != data + job->packet.size) {
		trace_xdp_exception(queue->vif->dev, xdp->prog, action);
		vif_count(&xdp->stats.failed, 1);
		return false;
	}
	copy_linear(&queue->tx, job, data, true);
	return true;
}

bool vif_xdp_run(struct vif_queue *queue, struct vif_job *job)
{
	struct vif_xdp *xdp = &queue->tx.xdp;

	if (!(job->nr_pages ? run_linear(queue, job) : run_alone(queue, job)))
		return false;
	if (unlikely(job->packet.size < ETH_HLEN)) {
		vif_count(&xdp->stats.failed, 1);
		return false;
	}
	vif_count(&xdp->stats.passed, 1);
	return true;
}

void vif_xdp_flush(struct vif_queue *queue)
{
	struct vif_xdp *xdp = &queue->tx.xdp;

	if (xdp->nr_frames)
		send_frames(queue);
	if (xdp->redirected)
		xdp_do_flush();
	xdp->redirected = false;
}

static int set_prog(struct vif *vif, struct bpf_prog *prog)
{
	struct bpf_prog *old = rtnl_dereference(vif->xdp_prog);
	unsigned int i;

	/* With the RTNL held no queue comes or goes. */
	for (i = 0; prog && i < vif->nr_queues; i++)
		if (make_linear(vif->queues[i]))
			return -ENOMEM;
	rcu_assign_pointer(vif->xdp_prog, prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

int vif_xdp_setup(struct net_device *dev, struct netdev_bpf *bpf)
{
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return set_prog(netdev_priv(dev), bpf->prog);
	default:
		return -EINVAL;
	}
}

int vif_xdp_xmit(struct net_device *dev, int nr, struct xdp_frame **frames,
		 u32 flags)
{
	unsigned int nr_queues = dev->real_num_tx_queues;
	int i, sent;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!netif_running(dev) || !netif_carrier_ok(dev)))
		return -ENETDOWN;
	sent = vif_rx_send_frames(netdev_priv(dev),
				  smp_processor_id() % nr_queues, frames, nr);
	for (i = 0; i < sent; i++)
		xdp_return_frame(frames[i]);
	compat_xdp_xmit_rest(frames + sent, nr - sent);
	return sent;
}
