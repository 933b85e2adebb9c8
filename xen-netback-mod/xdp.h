/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XDP: a program of the administrator's sees each packet of a guest before
 * there is a frame for the stack, and other devices' programs send to guests.
 */
#ifndef XEN_NETBACK_XDP_H
#define XEN_NETBACK_XDP_H

#include <linux/bpf.h>
#include <linux/netdevice.h>
#include <net/xdp.h>
#include <xenmod/netif.h>

struct vif;
struct vif_job;
struct vif_queue;

/* Frames that a program answers with are sent in such portions. */
#define VIF_XDP_BATCH	32U

/**
 * struct vif_xdp_stats - what programs said of the guest's packets
 * @passed: to go to the stack
 * @dropped: to forget
 * @sent: to go back to the guest
 * @redirected: to go elsewhere
 * @failed: nothing sensible, or what could not be done
 */
struct vif_xdp_stats {
	u64 passed;
	u64 dropped;
	u64 sent;
	u64 redirected;
	u64 failed;
};

/**
 * struct vif_xdp - a queue's part
 * @prog: the program of this pass, or NULL
 * @rxq: what the program is told of the queue
 * @registered: @rxq is
 * @redirected: packets of this pass went elsewhere
 * @linear: where a packet of several pages is shown in one piece, or NULL
 * @nr_frames: in @frame
 * @frame: to go back to the guest
 * @stats: what programs said
 */
struct vif_xdp {
	struct bpf_prog *prog;
	struct xdp_rxq_info rxq;
	bool registered;
	bool redirected;
	u8 *linear;
	unsigned int nr_frames;
	struct xdp_frame *frame[VIF_XDP_BATCH];
	struct vif_xdp_stats stats;
};

/**
 * vif_xdp_start() - let programs run for a queue
 * @queue: the queue; not in service yet
 *
 * Context: with the RTNL held.
 * Return: 0 or a negative errno, with nothing left over.
 */
int vif_xdp_start(struct vif_queue *queue);

/**
 * vif_xdp_stop() - the reverse; nothing happens without it
 * @queue: the queue; not in service any more
 */
void vif_xdp_stop(struct vif_queue *queue);

/**
 * vif_xdp_run() - ask the program about a packet
 * @queue: where it came in; there is a program
 * @job: the packet, whose bytes have arrived. The program can have changed
 *	them, and their number.
 *
 * Return: true if the packet goes to the stack. If not, it is @job's still if
 * its head is, and else somebody else's.
 */
bool vif_xdp_run(struct vif_queue *queue, struct vif_job *job);

/**
 * vif_xdp_flush() - send what the program has said to send
 * @queue: at the end of its pass
 */
void vif_xdp_flush(struct vif_queue *queue);

/**
 * vif_xdp_setup() - ndo_bpf
 * @dev: a vif's
 * @bpf: what is asked for
 *
 * Return: 0 or a negative errno.
 */
int vif_xdp_setup(struct net_device *dev, struct netdev_bpf *bpf);

/**
 * vif_xdp_xmit() - ndo_xdp_xmit
 * @dev: a vif's
 * @nr: how many
 * @frames: for the guest
 * @flags: XDP_XMIT_*
 *
 * Return: how many it got, or a negative errno.
 */
int vif_xdp_xmit(struct net_device *dev, int nr, struct xdp_frame **frames,
		 u32 flags);

#endif /* XEN_NETBACK_XDP_H */
