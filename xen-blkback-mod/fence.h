/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A barrier's fence: between what came before it and what comes after it, for
 * all queues of a device.
 *
 * Nobody waits. While the fence is up each queue hands nothing more to the
 * disk, and says so once the disk has given back all it got before. When all
 * have said so the barrier may go to the disk; when it is done the fence comes
 * down. Each step kicks whoever can go on.
 *
 * Nothing is counted while there is no barrier: a queue's pass runs once at a
 * time, so one that has seen the fence knows that all earlier ones are over.
 * It compiles in user space too.
 */
#ifndef XEN_BLKBACK_FENCE_H
#define XEN_BLKBACK_FENCE_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct blk_fence_member - a queue as the fence sees it
 * @node: in the fence's list; both are NULL before blk_fence_join()
 * @kick: see that the queue looks at the fence again; may not sleep
 * @quiet: nothing of it is at the disk, and nothing will be while the fence is
 *	up
 */
struct blk_fence_member {
	struct list_head node;
	void (*kick)(struct blk_fence_member *member);
	bool quiet;
};

/**
 * struct blk_fence - the fence of a device
 * @lock: guards all the rest; innermost
 * @members: the device's queues
 * @barrier: what it was raised for; NULL while it is down
 * @keeper: the queue that @barrier belongs to
 */
struct blk_fence {
	spinlock_t lock; /* members, barrier, keeper */
	struct list_head members;
	const void *barrier;
	struct blk_fence_member *keeper;
};

/**
 * blk_fence_init() - make a fence, down, without members
 * @fence: the fence
 */
void blk_fence_init(struct blk_fence *fence);

/**
 * blk_fence_join() - a queue starts to serve
 * @fence: the fence; may be up
 * @member: its @kick is set
 */
void blk_fence_join(struct blk_fence *fence, struct blk_fence_member *member);

/**
 * blk_fence_leave() - a queue has stopped
 * @fence: the fence
 * @member: a member, or one that never joined; it has nothing at the disk and
 *	no barrier. It is not kicked any more on return.
 */
void blk_fence_leave(struct blk_fence *fence, struct blk_fence_member *member);

/**
 * blk_fence_is_up() - must a pass hold back what it has?
 * @fence: the fence
 *
 * A pass looks once, before it submits anything. If the fence is raised
 * meanwhile, the pass after that one sees it.
 */
static inline bool blk_fence_is_up(const struct blk_fence *fence)
{
	return READ_ONCE(fence->barrier);
}

/**
 * blk_fence_raise() - raise the fence for a barrier, unless it is up
 * @fence: the fence
 * @member: the queue
 * @barrier: its oldest request; all that came before it is at the disk or done
 *
 * Return: true if the fence is up for @barrier and all is quiet: it may go.
 */
bool blk_fence_raise(struct blk_fence *fence, struct blk_fence_member *member,
		     const void *barrier);

/**
 * blk_fence_quiet() - a queue has nothing left at the disk
 * @fence: the fence
 * @member: the queue, whose pass has seen the fence and submitted nothing
 */
void blk_fence_quiet(struct blk_fence *fence, struct blk_fence_member *member);

/**
 * blk_fence_drop() - a barrier is over, well or not: the fence comes down
 * @fence: the fence; nothing happens if it is not up for @barrier
 * @barrier: as for blk_fence_raise()
 */
void blk_fence_drop(struct blk_fence *fence, const void *barrier);

#endif /* XEN_BLKBACK_FENCE_H */
