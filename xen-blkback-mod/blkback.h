/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Block backend: a virtual block device (vbd), its queues, their requests.
 */
#ifndef XEN_BLKBACK_H
#define XEN_BLKBACK_H

#include <linux/bio.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <xenmod/backend.h>
#include <xenmod/event.h>
#include <xenmod/ring.h>
#include "command.h"
#include "fence.h"
#include "request.h"

/* 16 pages of ring: the most that the kernel's mapping helper takes. */
#define BLK_MAX_RING_ORDER	4
#define BLK_MAX_QUEUES		64U

/*
 * Pages that requests in flight of a queue can hold, whatever the guest asks
 * for: eight of the largest requests. More of them wait.
 */
#define BLK_MAX_INFLIGHT	(8 * BLK_MAX_INDIRECT)

/**
 * struct blk_io_stats - what was asked of the disk; the in-tree driver's names
 * @oo_req: times that the queue was out of something
 * @rd_req: reads
 * @wr_req: writes
 * @f_req: flushes
 * @ds_req: discards
 * @rd_sect: sectors read
 * @wr_sect: sectors written
 */
struct blk_io_stats {
	u64 oo_req;
	u64 rd_req;
	u64 wr_req;
	u64 f_req;
	u64 ds_req;
	u64 rd_sect;
	u64 wr_sect;
};

/**
 * struct blk_queue - a ring and all that serves it
 * @base: core's part, with the counters
 * @vbd: the device
 * @ring: the shared ring
 * @event: its event channel
 * @abi: layout of its slots
 * @requests: as many as the ring has slots
 * @transfer: moves the data
 * @work: the pass: takes requests and hands them to the disk
 * @retry: starts a pass when nothing else will
 * @limits: what the disk allows during this pass
 * @nr_indirect: requests in @waiting whose segments are still to be fetched
 * @room_made: segments of indirect requests that got room, ever
 * @nr_prepared: requests in @waiting that can go to the disk
 * @waiting: taken off the ring, in order, still wanting pages
 * @doubtful: an operation failed that something in @waiting may need
 * @fenced: a fence is up: the pass hands nothing more to the disk
 * @starved: something waits for pages that an answer may free, or for the disk
 *	to become quiet
 * @broken: the ring's indices were nonsense: take nothing more for good
 * @worked: requests came with the last event
 * @ready: the ring is attached: events may start a pass
 * @stopping: take nothing more off the ring
 * @squeeze: give back memory that is not in use
 * @poll_skip: waits in Xen still to be left out
 * @poll_skipped: how many were left out last time
 * @lean: memory was short not long ago: keep nothing for later
 * @lean_until: jiffies until which it is so
 * @fence: the queue in the device's fence
 * @server: the thread that runs the pass; NULL while none does
 * @completed: requests on their way from the disk to the answering half;
 *	anybody adds to it, without a lock
 * @answering: answers what is in @completed
 * @lock: guards what follows, @transfer but for its bring batch, and the
 *	responses of @ring. Taken with bottom halves off.
 * @free: requests not in use
 * @busy: done, but to be looked at again later
 * @nr_taken: taken off the ring and not answered
 * @room_freed: segments of indirect requests whose room was freed, ever
 * @drained: woken when nothing is taken any more
 * @io: what was asked of the disk; written by the pass
 * @name: of the interrupt
 *
 * A queue has two halves. The pass is one work item, so it runs once at a time,
 * and owns all that @lock does not guard. The answering half runs as tasklet
 * where the disk completes, or in the pass itself, always under @lock.
 */
struct blk_queue {
	struct xenmod_queue base;
	struct blk_vbd *vbd;
	struct xenmod_ring ring;
	struct xenmod_event event;
	enum blkif_abi abi;
	struct blk_request *requests;
	struct blk_transfer transfer;

	struct work_struct work;
	struct delayed_work retry;
	struct blk_limits limits;
	unsigned int nr_indirect;
	unsigned int room_made;
	unsigned int nr_prepared;
	struct blk_chain waiting;
	bool doubtful;
	bool fenced;
	bool starved;
	bool broken;
	bool worked;
	bool ready;
	bool stopping;
	bool squeeze;
	unsigned int poll_skip;
	unsigned int poll_skipped;
	bool lean;
	unsigned long lean_until;
	struct blk_fence_member fence;
	struct task_struct *server;

	struct llist_head completed;
	struct tasklet_struct answering;
	spinlock_t lock; /* transfer, responses, free, busy, nr_taken, room_freed */
	struct blk_chain free;
	struct blk_chain busy;
	unsigned int nr_taken;
	unsigned int room_freed;
	wait_queue_head_t drained;

	struct blk_io_stats io;
	char name[32];
};

/**
 * struct blk_ring_keys - what the frontend wrote about a ring
 * @port: event channel
 * @nr_refs: pages
 * @refs: their grant references
 */
struct blk_ring_keys {
	u32 port;
	u32 nr_refs;
	u32 refs[1 << BLK_MAX_RING_ORDER];
};

/**
 * struct blk_vbd - a virtual block device
 * @backend: core's part
 * @file: the open backing device; NULL while it is not known
 * @bdev: the same as block device
 * @number: its device number
 * @sectors: size that the frontend was told
 * @readonly: the toolstack's mode has no 'w', or it is a CD-ROM
 * @cdrom: the toolstack says that it is a CD-ROM
 * @discard: discards were offered and will be done
 * @secure: secure ones too
 * @fence: what a barrier puts up between all that comes before and after it
 * @max_queues: queues that the frontend was offered
 * @max_ring_order: ring size that the frontend was offered
 * @abi: layout that the frontend uses
 * @persistent: both ends want persistent grants
 * @nr_queues: queues in service
 * @queues: the queues
 * @lock: guards @nr_queues, @queues and @retired against readers of statistics
 * @retired: sum of the queues gone by
 * @logged: what the log was told last; log.c's
 * @stop_late: logs that stopping the queues takes long
 * @stop_began: jiffies when that began
 */
struct blk_vbd {
	struct xenmod_backend *backend;
	struct file *file;
	struct block_device *bdev;
	dev_t number;
	u64 sectors;
	bool readonly;
	bool cdrom;
	bool discard;
	bool secure;
	struct blk_fence fence;
	unsigned int max_queues;
	unsigned int max_ring_order;
	enum blkif_abi abi;
	bool persistent;
	unsigned int nr_queues;
	struct blk_queue *queues;
	spinlock_t lock; /* nr_queues, queues, retired */
	struct blk_io_stats retired;
	struct blk_io_stats logged;
	struct delayed_work stop_late;
	unsigned long stop_began;
};

/**
 * struct blk_parameters - the module's parameters, see docs/parameters.md
 */
struct blk_parameters {
	unsigned int max_queues;
	unsigned int max_ring_order;
	unsigned int max_buffer_pages;
	unsigned int max_persistent_grants;
	unsigned int persistent_unused_seconds;
	unsigned int copy_max_bytes;
	unsigned int drain_seconds;
	unsigned int squeeze_ms;
	bool persistent;
	bool poll;
	bool log_stats;
};

extern struct blk_parameters blk_parameters;
extern struct workqueue_struct *blk_workqueue;

/* vbd.c: the backing device */

/**
 * blk_vbd_info() - the device's flags
 * @vbd: the device, open
 *
 * Return: BLKIF_INFO_*, for the node "info".
 */
unsigned int blk_vbd_info(const struct blk_vbd *vbd);

/**
 * blk_vbd_open() - open the backing device if it is known by now
 * @vbd: the device; its mode is known, it is not open
 *
 * Return: as &xenmod_backend_driver.prepare.
 */
int blk_vbd_open(struct blk_vbd *vbd);

/**
 * blk_vbd_close() - close it; nothing happens when it is not open
 * @vbd: the device
 */
void blk_vbd_close(struct blk_vbd *vbd);

/**
 * blk_vbd_limits() - what the disk allows now
 * @vbd: the device
 * @limits: receives it; the size can have changed since the last call
 *
 * Context: any, while the device is connected.
 */
void blk_vbd_limits(const struct blk_vbd *vbd, struct blk_limits *limits);

/* queue.c: the life of a queue */

/**
 * blk_queue_start() - map a ring and serve it
 * @queue: zeroed
 * @vbd: its device
 * @id: its number
 * @keys: what the frontend wrote
 *
 * Return: 0 or a negative errno, with nothing left over.
 */
int blk_queue_start(struct blk_queue *queue, struct blk_vbd *vbd,
		    unsigned int id, struct blk_ring_keys *keys);

/**
 * blk_queue_stop() - finish what is in flight, then undo blk_queue_start()
 * @queue: started or not; can be called again
 */
void blk_queue_stop(struct blk_queue *queue);

/**
 * blk_queue_kick() - see that a pass runs
 * @queue: the queue
 *
 * The one place that decides in which context requests are taken: handing bios
 * to a disk can sleep, so it is a worker.
 *
 * Context: any.
 */
static inline void blk_queue_kick(struct blk_queue *queue)
{
	queue_work(blk_workqueue, &queue->work);
}

/**
 * blk_queue_keeps() - how many free pages of a kind may a queue keep?
 * @queue: the queue
 */
static inline unsigned int blk_queue_keeps(const struct blk_queue *queue)
{
	return READ_ONCE(queue->lean) ? 0 :
	       READ_ONCE(blk_parameters.max_buffer_pages);
}

/**
 * blk_queue_too_fat() - does a queue keep more free pages than it may?
 * @queue: the queue
 */
static inline bool blk_queue_too_fat(const struct blk_queue *queue)
{
	const struct blk_transfer *transfer = &queue->transfer;
	unsigned int keep = blk_queue_keeps(queue);

	return READ_ONCE(transfer->mappable.nr_free) > keep ||
	       READ_ONCE(transfer->memory.nr_free) > keep;
}

/* pass.c: the taking half */

/**
 * blk_pass() - serve a queue once
 * @work: the queue's work
 */
void blk_pass(struct work_struct *work);

/* wait.c: when the ring is empty */

/**
 * enum blk_next - what a worker does next
 * @BLK_GO_ON: there are requests
 * @BLK_COME_BACK: let others have the worker, then go on
 * @BLK_REST: let the next event in and end
 */
enum blk_next {
	BLK_GO_ON,
	BLK_COME_BACK,
	BLK_REST,
};

/**
 * struct blk_stay - a worker's stay with a queue
 * @begin: jiffies when it came
 * @tick: jiffies when it last looked whether there is any use in staying
 * @busy: there were requests since then
 */
struct blk_stay {
	unsigned long begin;
	unsigned long tick;
	bool busy;
};

/**
 * blk_wait() - wait for the next request if that is worth while
 * @queue: the queue
 * @stay: the worker's stay; brought up to date
 *
 * Context: the pass.
 * Return: what to do next.
 */
enum blk_next blk_wait(struct blk_queue *queue, struct blk_stay *stay);

/**
 * blk_rest() - let the next event in
 * @queue: the queue
 *
 * Context: the pass.
 * Return: false if requests came in meanwhile that no event will announce.
 */
bool blk_rest(struct blk_queue *queue);

/* answer.c: the answering half */

/**
 * blk_request_done() - hand a request to the answering half
 * @request: nobody else touches it any more
 *
 * Context: any.
 */
void blk_request_done(struct blk_request *request);

/**
 * blk_answer() - answer all requests that are done
 * @queue: the queue
 *
 * Context: process or bottom half; takes the queue's lock.
 */
void blk_answer(struct blk_queue *queue);

/**
 * blk_answer_tasklet() - the same, as a tasklet
 * @tasklet: the queue's @answering
 */
void blk_answer_tasklet(struct tasklet_struct *tasklet);

/* io.c: the disk */

/**
 * blk_io_submit() - hand a request to the disk
 * @request: its data has arrived
 *
 * Context: the pass.
 */
void blk_io_submit(struct blk_request *request);

/**
 * blk_io_unfinished() - is there more of a large discard?
 * @request: the disk is done with what it got
 *
 * Return: true if it has to be submitted once more.
 */
bool blk_io_unfinished(const struct blk_request *request);

/* stats.c */

extern const struct attribute_group *blk_attribute_groups[];
extern const struct attribute_group *blk_driver_groups[];

/**
 * blk_io_stats_add() - add one set of counters to another
 * @sum: receives the sum
 * @part: what to add
 */
void blk_io_stats_add(struct blk_io_stats *sum, const struct blk_io_stats *part);

/**
 * blk_vbd_sum() - sum the counters of all queues
 * @vbd: the device
 * @sum: receives it
 */
void blk_vbd_sum(struct blk_vbd *vbd, struct blk_io_stats *sum);

/**
 * struct blk_visit - what to do with each device
 * @visit: called for each, which is not being unbound meanwhile
 * @data: handed on
 */
struct blk_visit {
	void (*visit)(struct blk_vbd *vbd, void *data);
	void *data;
};

/**
 * blk_visit_all() - visit all devices
 * @visit: what to do
 *
 * Context: may sleep; the driver is registered.
 * Return: 0 or a negative errno.
 */
int blk_visit_all(struct blk_visit *visit);

/* log.c */

extern const struct kernel_param_ops blk_log_ops;

/**
 * blk_log_init() - begin to log statistics, if that is wanted
 *
 * The driver is registered.
 */
void blk_log_init(void);

/**
 * blk_log_exit() - stop to, whatever the parameter says
 */
void blk_log_exit(void);

/* connect.c */

extern struct xenmod_backend_driver blk_backend_driver;

#endif /* XEN_BLKBACK_H */
