/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Block backend: a virtual block device (vbd), its queues, their requests.
 */
#ifndef XEN_BLKBACK_H
#define XEN_BLKBACK_H

#include <linux/blk_types.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <xenmod/backend.h>
#include <xenmod/event.h>
#include <xenmod/ring.h>
#include "command.h"
#include "transfer.h"

/* 16 pages of ring: the most that the kernel's mapping helper takes. */
#define BLK_MAX_RING_ORDER	4
#define BLK_MAX_QUEUES		64U

/**
 * enum blk_stage - how far a request has come
 * @BLK_DESCRIPTORS: its segments still have to be fetched from the guest
 * @BLK_SEGMENTS: its segments are known, pages are wanted
 * @BLK_PREPARED: operations are in the batch
 */
enum blk_stage {
	BLK_DESCRIPTORS,
	BLK_SEGMENTS,
	BLK_PREPARED,
};

/**
 * struct blk_request - a request between its ring slot and its response
 * @queue: where it came from
 * @node: in one of the queue's lists
 * @completed: in the queue's list of requests that the disk is done with
 * @command: the request itself
 * @data: its segments
 * @inline_segments: room for those of a request that is not indirect
 * @descriptors: page that receives the segments of an indirect request
 * @descriptor_status: outcome of fetching it
 * @stage: how far it has come
 * @discarded: sectors of a discard that were handed to the disk
 * @pending: bios at the disk, and one while more are being made
 * @failed: a bio failed
 */
struct blk_request {
	struct blk_queue *queue;
	struct list_head node;
	struct llist_node completed;
	struct blk_command command;
	struct blk_data data;
	struct blk_segment inline_segments[BLKIF_SEGMENTS];
	struct page *descriptors;
	s16 descriptor_status;
	u8 stage;
	u64 discarded;
	atomic_t pending;
	bool failed;
};

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
 * @transfer: moves the data
 * @requests: as many as the ring has slots
 * @free: requests not in use
 * @waiting: taken off the ring, in order, still wanting pages
 * @busy: done, but a page is still held by somebody else
 * @nr_taken: taken off the ring and not answered
 * @completed: the disk is done with these; the only thing here that others
 *	than the pass touch, without a lock
 * @work: the pass
 * @retry: starts a pass when nothing else will
 * @in_pass: a pass is running and will look at @completed again
 * @stopping: take nothing more off the ring
 * @broken: the ring's indices were nonsense: take nothing more for good
 * @squeeze: give back memory that is not in use
 * @worked: requests came with the last event
 * @drained: woken when @stopping and nothing is taken any more
 * @io: what was asked of the disk
 * @name: of the interrupt
 *
 * All but @completed, @in_pass, @stopping and @squeeze belongs to the pass, of
 * which only one runs at a time.
 */
struct blk_queue {
	struct xenmod_queue base;
	struct blk_vbd *vbd;
	struct xenmod_ring ring;
	struct xenmod_event event;
	enum blkif_abi abi;
	struct blk_transfer transfer;
	struct blk_request *requests;
	struct list_head free;
	struct list_head waiting;
	struct list_head busy;
	unsigned int nr_taken;
	struct llist_head completed;
	struct work_struct work;
	struct delayed_work retry;
	bool in_pass;
	bool stopping;
	bool broken;
	bool squeeze;
	bool worked;
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
 * @readonly: the toolstack's mode has no 'w'
 * @max_queues: queues that the frontend was offered
 * @max_ring_order: ring size that the frontend was offered
 * @abi: layout that the frontend uses
 * @persistent: both ends want persistent grants
 * @nr_queues: queues in service
 * @queues: the queues
 * @lock: guards @nr_queues, @queues and @retired against readers of statistics
 * @retired: sum of the queues gone by
 */
struct blk_vbd {
	struct xenmod_backend *backend;
	struct file *file;
	struct block_device *bdev;
	dev_t number;
	bool readonly;
	unsigned int max_queues;
	unsigned int max_ring_order;
	enum blkif_abi abi;
	bool persistent;
	unsigned int nr_queues;
	struct blk_queue *queues;
	spinlock_t lock; /* nr_queues, queues, retired */
	struct blk_io_stats retired;
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
	bool persistent;
};

extern struct blk_parameters blk_parameters;
extern struct workqueue_struct *blk_workqueue;

/* vbd.c: the backing device */

/**
 * blk_vbd_open() - open the backing device if it is known by now
 * @vbd: the device
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
 */
void blk_vbd_limits(const struct blk_vbd *vbd, struct blk_limits *limits);

/* queue.c: the life of a queue; pass.c: its work */

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
 * The one place that decides in which context a queue is served.
 * Context: any.
 */
static inline void blk_queue_kick(struct blk_queue *queue)
{
	queue_work(blk_workqueue, &queue->work);
}

/**
 * blk_pass() - serve a queue once
 * @work: the queue's work
 */
void blk_pass(struct work_struct *work);

/* io.c: the disk */

/**
 * blk_io_submit() - hand a request to the disk
 * @request: its data has arrived
 *
 * Context: the pass.
 */
void blk_io_submit(struct blk_request *request);

/**
 * blk_io_continue() - hand the rest of a large discard to the disk
 * @request: the disk is done with what it got
 *
 * Return: true if there was a rest, so the request is not done.
 */
bool blk_io_continue(struct blk_request *request);

/* stats.c */

extern const struct attribute_group *blk_attribute_groups[];

/**
 * blk_io_stats_add() - add one set of counters to another
 * @sum: receives the sum
 * @part: what to add
 */
void blk_io_stats_add(struct blk_io_stats *sum, const struct blk_io_stats *part);

/* connect.c */

extern struct xenmod_backend_driver blk_backend_driver;

#endif /* XEN_BLKBACK_H */
