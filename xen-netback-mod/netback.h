/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network backend: a virtual interface (vif), its queues, their two ways. As
 * everywhere with Xen, "tx" is what the guest sends and "rx" what it receives.
 */
#ifndef XEN_NETBACK_H
#define XEN_NETBACK_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <xenmod/backend.h>
#include <xenmod/copy.h>
#include <xenmod/event.h>
#include <xenmod/netif.h>
#include <xenmod/ring.h>
#include "buffer.h"
#include "limit.h"
#include "multicast.h"
#include "pace.h"
#include "packet.h"
#include "steer.h"
#include "xdp.h"

#define VIF_MAX_QUEUES		64U

/* Copies that one hypercall carries at most, each way. */
#define VIF_COPIES		(2 * NETIF_RING_SLOTS)

/*
 * Slots of the largest packet, and one for each type of extra information that
 * goes to guests.
 */
#define VIF_RX_EXTRAS		3
#define VIF_RX_SLOTS		(NETIF_MIN_SLOTS + VIF_RX_EXTRAS)

/*
 * So long packets wait for a frontend that has not said that it sends events for
 * the slots it offers.
 */
#define VIF_QUIET_DRAIN_MSECS	30

/*
 * So long a queue waits for as many slots as would be good to have, before it
 * makes do with those that it cannot do without.
 */
#define VIF_SETTLE_MSECS	30

/* More in front of each packet, and the largest ones would not fit. */
#define VIF_MAX_HEADROOM	(VIF_GRANT_SIZE - \
				 DIV_ROUND_UP(0xffffU, NETIF_MIN_SLOTS))

/**
 * struct vif_traffic - what went one way; one writer at a time
 * @packets: frames
 * @bytes: in them
 * @errors: malformed, or not to be copied
 * @dropped: for want of memory or room
 */
struct vif_traffic {
	u64 packets;
	u64 bytes;
	u64 errors;
	u64 dropped;
};

/**
 * struct vif_job - a packet of a pass
 * @packet: what the parser said
 * @first_slot: index of its first slot in the pass's table
 * @first_copy: index of its first copy
 * @nr_copies: how many
 * @first_page: index of its first page in the pass's table
 * @nr_pages: how many
 * @head_length: bytes of the head
 * @taken: it has its head and pages and is worth looking at
 * @head: where the head is, headroom included
 */
struct vif_job {
	struct vif_packet packet;
	u16 first_slot;
	u16 first_copy;
	u16 nr_copies;
	u16 first_page;
	u16 nr_pages;
	u16 head_length;
	bool taken;
	struct vif_head head;
};

/**
 * struct vif_page - a page of a packet of a pass
 * @page: the page, with a reference
 * @length: bytes in it, from its first on
 */
struct vif_page {
	struct page *page;
	u16 length;
};

/**
 * struct vif_tx - the guest's way out; all of it belongs to the NAPI poll
 * @ring: the shared ring
 * @copies: out of the guest's pages
 * @buffers: where to
 * @squeeze: memory is short: let go of what they keep
 * @ready: frames to hand up
 * @traffic: what came in
 * @pace: how many slots the next event is to be for
 * @timer: starts a poll if they do not come
 * @bytes: that had come in when @pace learnt last
 * @taken: slots since
 * @waiting: @timer counts
 * @late: it has started the poll
 * @checksum_fixups: packets to be segmented whose checksum was not blank
 * @frag_overflows: packets of more slots than a frame can have fragments
 * @worked: requests came with the last event
 * @limited: more may be taken when @limit_timer says so
 * @limit_timer: starts a pass
 * @xdp: the administrator's program
 * @nr_jobs: in @job
 * @nr_pages: in @page
 * @slot: private copies of the pass's slots
 * @job: the pass's packets
 * @page: the pass's pages
 */
struct vif_tx {
	struct xenmod_ring ring;
	struct xenmod_copies copies;
	struct vif_buffers buffers;
	bool squeeze;
	struct sk_buff_head ready;
	struct vif_traffic traffic;
	struct vif_pace pace;
	struct hrtimer timer;
	u64 bytes;
	unsigned int taken;
	bool waiting;
	bool late;
	u64 checksum_fixups;
	u64 frag_overflows;
	bool worked;
	bool limited;
	struct hrtimer limit_timer;
	struct vif_xdp xdp;
	unsigned int nr_jobs;
	unsigned int nr_pages;
	union netif_tx_slot slot[NETIF_RING_SLOTS];
	struct vif_job job[NETIF_RING_SLOTS];
	struct vif_page page[NETIF_RING_SLOTS];
};

/**
 * struct vif_answer - a slot of the guest's ring that is being filled
 * @slot: what will be written there
 * @end: index of the first copy that is not part of it
 * @extra: it holds extra information, which cannot fail
 */
struct vif_answer {
	union netif_rx_slot slot;
	u16 end;
	bool extra;
};

/**
 * struct vif_rx - the guest's way in; the stack's lock of the queue guards it
 * @ring: the shared ring
 * @txq: the stack's queue
 * @copies: into the guest's pages
 * @posted: the frontend's producer index as last seen
 * @needed: slots that the largest packet needs
 * @wanted: slots that the stack goes on with: @needed, or fewer if the guest has
 *	not offered so many at once of late
 * @least: slots that the packet needs that the queue was stopped for
 * @enough: slots that start it again
 * @hashed: the packet at hand goes with its hash, if it has one
 * @traffic: what went out
 * @napi: flushes what a softirq has sent
 * @flush_timer: flushes what a process has sent
 * @pace: how many of its frames wait for each other
 * @flushes: how many there were
 * @timed: how many before @flush_timer was started
 * @timer: looks what has become of a queue that was stopped
 * @limit_timer: starts a queue that a limit has stopped
 * @stopped: jiffies at which it was
 * @settle: jiffies that a stopped queue waits for the slots that are wanted
 * @drain: jiffies after which a stopped queue drops what comes; 0 is never
 * @stall: jiffies after which it counts as stalled; 0 is never
 * @dropping: it has been stopped for so long that it drops what comes
 * @stalled: and for so long that the guest seems not to take packets at all
 * @open: connected; the timer and events may start the queue
 * @event_seen: producer index at the last event; belongs to its handler
 * @nr_skbs: in @skb
 * @bytes: in them
 * @nr_answers: in @answer
 * @skb: packets whose copies wait
 * @answer: the slots that they go to
 */
struct vif_rx {
	struct xenmod_ring ring;
	struct netdev_queue *txq;
	struct xenmod_copies copies;
	u32 posted;
	u32 needed;
	u32 wanted;
	u32 least;
	u32 enough;
	bool hashed;
	struct vif_traffic traffic;
	struct napi_struct napi;
	struct hrtimer flush_timer;
	struct vif_pace pace;
	u32 flushes;
	u32 timed;
	struct timer_list timer;
	struct hrtimer limit_timer;
	unsigned long stopped;
	unsigned long settle;
	unsigned long drain;
	unsigned long stall;
	bool dropping;
	bool stalled;
	bool open;
	u32 event_seen;
	unsigned int nr_skbs;
	unsigned int bytes;
	unsigned int nr_answers;
	struct sk_buff *skb[NETIF_RING_SLOTS];
	struct vif_answer answer[NETIF_RING_SLOTS];
};

/**
 * struct vif_queue - a pair of rings and all that serves it
 * @base: core's part, with the counters; its stats are those of @tx, its
 *	done_stats those of @rx
 * @vif: the interface
 * @napi: the pass
 * @tx_event: the event channel of @tx, and of @rx unless @split
 * @rx_event: the event channel of @rx if @split
 * @split: there are two
 * @rx_worked: the guest offered slots with an event of both ways
 * @event_time: when the guest's event came in, in nanoseconds; 0 if nobody
 *	wants to know
 * @ready: the stack can send, and events may start a pass
 * @polling: NAPI of both ways is there and enabled
 * @tx: guest to host
 * @rx: host to guest
 * @retired_tx: what the vif's sum has of the traffic of @tx
 * @retired_rx: and of that of @rx
 * @tx_name: of the interrupt
 * @rx_name: of the second one
 */
struct vif_queue {
	struct xenmod_queue base;
	struct vif *vif;
	struct napi_struct napi;
	struct xenmod_event tx_event;
	struct xenmod_event rx_event;
	u64 event_time;
	bool split;
	bool rx_worked;
	bool ready;
	bool polling;
	struct vif_tx tx ____cacheline_aligned_in_smp;
	struct vif_rx rx ____cacheline_aligned_in_smp;
	struct vif_traffic retired_tx;
	struct vif_traffic retired_rx;
	char tx_name[32];
	char rx_name[32];
};

/**
 * struct vif - a virtual interface
 * @backend: core's side of it
 * @dev: its network device; this is its private part
 * @handle: its number among the guest's
 * @max_queues: what the frontend was offered
 * @sg: the frontend takes packets of several slots
 * @gso_tcpv4: and segments them itself
 * @gso_tcpv6: those over IPv6, too
 * @ip_csum: it computes checksums of TCP and UDP
 * @ipv6_csum: those over IPv6, too
 * @rx_notify: it sends an event when it offers slots
 * @headroom: bytes that it wants free in front of each packet
 * @debugfs: its folder
 * @control: its control ring, or NULL
 * @hash: how it wants frames hashed; NULL if it does not
 * @filter: it wants to hear only of the multicast groups in @groups
 * @groups: those that it has joined
 * @groups_lock: one of its queues at a time changes them
 * @xdp_prog: sees each packet that the guest sends, or NULL
 * @tx_limit: on what the guest sends
 * @rx_limit: on what it receives
 * @broken: the frontend does not make sense: its rings are not served any more
 * @reason: why; NULL once it was told
 * @reason_queue: where
 * @carrier: what the frontend was told of the interface: it is up
 * @carrier_told: it was
 * @lock: guards what follows, and that the carrier fits to which queues are
 *	stalled; taken by readers of statistics
 * @nr_queues: in service
 * @queues: the queues, by number; each entry is the stack's to read with the
 *	queue's lock held
 * @retired_tx: what queues gone by have counted
 * @retired_rx: likewise
 */
struct vif {
	struct xenmod_backend *backend;
	struct net_device *dev;
	u32 handle;
	u32 max_queues;

	bool sg;
	bool gso_tcpv4;
	bool gso_tcpv6;
	bool ip_csum;
	bool ipv6_csum;
	bool rx_notify;
	u16 headroom;
	struct dentry *debugfs;
	struct vif_control *control;
	const struct vif_hash __rcu *hash;
	bool filter;
	struct vif_multicast groups;
	spinlock_t groups_lock; /* writers of groups */
	struct bpf_prog __rcu *xdp_prog;
	struct vif_limit tx_limit;
	struct vif_limit rx_limit;

	bool broken;
	const char *reason;
	unsigned int reason_queue;
	bool carrier;
	bool carrier_told;

	spinlock_t lock; /* nr_queues, queues, retired_tx, retired_rx */
	unsigned int nr_queues;
	struct vif_queue **queues;
	struct vif_traffic retired_tx;
	struct vif_traffic retired_rx;
};

/**
 * struct vif_parameters - the module's parameters; see their descriptions
 * @max_queues: queues offered to a frontend
 * @drain_msecs: rx_drain_timeout_msecs
 * @stall_msecs: rx_stall_timeout_msecs
 * @fatal_slots: fatal_skb_slots
 * @split: separate_tx_rx_irq
 * @latency: measure it
 */
struct vif_parameters {
	unsigned int max_queues;
	unsigned int drain_msecs;
	unsigned int stall_msecs;
	unsigned int fatal_slots;
	bool split;
	bool latency;
};

/**
 * struct vif_keys - where a frontend's queue is
 * @tx_ref: grant of the ring it sends through
 * @rx_ref: grant of the ring it receives through
 * @tx_port: event channel, of both unless @split
 * @rx_port: the second one
 * @split: there are two
 */
struct vif_keys {
	u32 tx_ref;
	u32 rx_ref;
	u32 tx_port;
	u32 rx_port;
	bool split;
};

extern struct vif_parameters vif_parameters;
extern struct xenmod_backend_driver vif_backend_driver;

/* main.c has the parameters, connect.c the operations that core calls. */

/* vif.c: the network device */

/**
 * vif_create() - make the network device of a backend
 * @backend: its priv receives the vif
 * @handle: number of the vif
 * @max_queues: queues that the frontend will be offered
 *
 * Return: 0, or what xenmod_backend_fail() returned.
 */
int vif_create(struct xenmod_backend *backend, u32 handle, u32 max_queues);

/**
 * vif_destroy() - remove it
 * @vif: without queues
 */
void vif_destroy(struct vif *vif);

/**
 * vif_carrier_on() - let the stack send, through queues that were started
 * @vif: the vif; its features are those of its frontend
 * @queues: the queues, which become the vif's
 * @nr: how many
 *
 * Return: 0, or a negative errno.
 */
int vif_carrier_on(struct vif *vif, struct vif_queue **queues, unsigned int nr);

/**
 * vif_carrier_off() - the reverse
 * @vif: the vif. Nobody but their own interrupts, NAPI and timers uses its
 *	queues any more on return.
 * @queues: receives them
 *
 * Return: how many.
 */
unsigned int vif_carrier_off(struct vif *vif, struct vif_queue **queues);

/**
 * vif_retire() - add a queue's counters to those of its vif
 * @queue: a queue that is about to go
 */
void vif_retire(struct vif_queue *queue);

/**
 * vif_break() - serve a frontend that makes no sense no more
 * @queue: where that came out
 * @reason: what does not make sense
 *
 * Context: any.
 */
void vif_break(struct vif_queue *queue, const char *reason);

/* queue.c: the life of a queue */

/**
 * vif_queue_start() - make a queue
 * @vif: its vif
 * @id: its number
 * @keys: where it is
 *
 * Return: the queue or an error pointer; the error was told.
 */
struct vif_queue *vif_queue_start(struct vif *vif, unsigned int id,
				  const struct vif_keys *keys);

/**
 * vif_queue_serve() - serve what the guest sends, from now on
 * @queue: the queue, which the stack can send through
 */
void vif_queue_serve(struct vif_queue *queue);

/**
 * vif_queue_stop() - end a queue, in whatever state its start left it
 * @queue: the queue; it is freed
 */
void vif_queue_stop(struct vif_queue *queue);

/* tx.c: guest to host */

/**
 * vif_tx_poll() - a pass
 * @napi: a queue's
 * @budget: how many frames it may hand up
 *
 * Return: how many it did; @budget if it has to be called again.
 */
int vif_tx_poll(struct napi_struct *napi, int budget);

/**
 * vif_tx_timer() - start a poll for what has waited long enough
 * @timer: a queue's
 */
enum hrtimer_restart vif_tx_timer(struct hrtimer *timer);

/* ethtool.c */

extern const struct ethtool_ops vif_ethtool_ops;

/* debug.c: debugfs */

/**
 * vif_debug_init() - make the folder of all vifs
 */
void vif_debug_init(void);

/**
 * vif_debug_exit() - remove it
 */
void vif_debug_exit(void);

/**
 * vif_debug_show() - show a vif's rings
 * @vif: the vif, connected
 */
void vif_debug_show(struct vif *vif);

/**
 * vif_debug_hide() - the reverse; nobody reads them any more on return
 * @vif: the vif, shown or not
 */
void vif_debug_hide(struct vif *vif);

/* skb.c: from the pages of a packet to a frame */

/**
 * vif_skb_make() - make a frame of a packet whose bytes have arrived
 * @queue: where it came in
 * @job: the packet, which gives its head and pages away
 *
 * Return: the frame, or NULL if there is no memory or it cannot be handed up.
 */
struct sk_buff *vif_skb_make(struct vif_queue *queue, struct vif_job *job);

/* rx.c: host to guest */

/**
 * vif_rx_send() - send a frame to the guest
 * @queue: where
 * @skb: the frame; belongs to the queue from now on, unless it is busy
 *
 * Context: with the lock of the stack's queue held.
 * Return: as ndo_start_xmit does.
 */
netdev_tx_t vif_rx_send(struct vif_queue *queue, struct sk_buff *skb);

/**
 * vif_rx_send_frames() - send frames of XDP to the guest
 * @vif: its vif
 * @id: number of a queue
 * @frames: the frames; they stay the caller's
 * @nr: how many
 *
 * Context: a poll.
 * Return: how many it got; the guest does not take the others.
 */
unsigned int vif_rx_send_frames(struct vif *vif, unsigned int id,
				struct xdp_frame **frames, unsigned int nr);

/**
 * vif_rx_wake() - let the stack send again if the guest has offered slots
 * @queue: where
 *
 * Context: any, but after vif_rx_open() and before vif_rx_close().
 * Return: true if the guest has offered any since the last call.
 */
bool vif_rx_wake(struct vif_queue *queue);

/**
 * vif_rx_open() - let the stack send through a queue
 * @queue: the queue
 *
 * Context: its lock is held.
 */
void vif_rx_open(struct vif_queue *queue);

/**
 * vif_rx_close() - the reverse
 * @queue: the queue
 *
 * Context: its lock is held.
 */
void vif_rx_close(struct vif_queue *queue);

/**
 * vif_rx_poll() - do what waits
 * @napi: the rx one of a queue
 * @budget: only whether it is 0, for netpoll
 *
 * Return: 0.
 */
int vif_rx_poll(struct napi_struct *napi, int budget);

/**
 * vif_rx_flush_timer() - likewise
 * @timer: a queue's
 */
enum hrtimer_restart vif_rx_flush_timer(struct hrtimer *timer);

/**
 * vif_rx_timer() - see what has become of a queue that was stopped
 * @timer: a queue's
 */
void vif_rx_timer(struct timer_list *timer);

/* The traffic counters have one writer each, readers may be anywhere. */
static inline void vif_count(u64 *counter, u64 nr)
{
	WRITE_ONCE(*counter, *counter + nr);
}

/**
 * vif_tx_waits() - has the guest announced anything to send?
 * @queue: where; no pass has anything taken that is not answered
 */
static inline bool vif_tx_waits(const struct vif_queue *queue)
{
	const struct xenmod_ring *ring = &queue->tx.ring;

	return READ_ONCE(xenmod_ring_shared(ring)->req_prod) !=
	       READ_ONCE(ring->req_cons);
}

static inline struct xenmod_event *vif_rx_event(struct vif_queue *queue)
{
	return queue->split ? &queue->rx_event : &queue->tx_event;
}

#endif /* XEN_NETBACK_H */
