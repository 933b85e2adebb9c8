// SPDX-License-Identifier: GPL-2.0
/*
 * The fence of a barrier.
 */
#include "fence.h"

void blk_fence_init(struct blk_fence *fence)
{
	spin_lock_init(&fence->lock);
	INIT_LIST_HEAD(&fence->members);
	fence->barrier = NULL;
	fence->keeper = NULL;
}

static bool all_quiet(const struct blk_fence *fence)
{
	const struct blk_fence_member *member;

	list_for_each_entry(member, &fence->members, node)
		if (!member->quiet)
			return false;
	return true;
}

static void kick_all(struct blk_fence *fence)
{
	struct blk_fence_member *member;

	list_for_each_entry(member, &fence->members, node)
		member->kick(member);
}

void blk_fence_join(struct blk_fence *fence, struct blk_fence_member *member)
{
	spin_lock_bh(&fence->lock);
	member->quiet = false;
	list_add_tail(&member->node, &fence->members);
	spin_unlock_bh(&fence->lock);
}

void blk_fence_leave(struct blk_fence *fence, struct blk_fence_member *member)
{
	spin_lock_bh(&fence->lock);
	if (member->node.next) {
		list_del(&member->node);
		member->node.next = NULL;
		/* It may have been the last that the barrier waited for. */
		if (fence->barrier && all_quiet(fence))
			fence->keeper->kick(fence->keeper);
	}
	spin_unlock_bh(&fence->lock);
}

bool blk_fence_raise(struct blk_fence *fence, struct blk_fence_member *member,
		     const void *barrier)
{
	struct blk_fence_member *other;
	bool go;

	spin_lock_bh(&fence->lock);
	if (!fence->barrier) {
		list_for_each_entry(other, &fence->members, node)
			other->quiet = false;
		fence->keeper = member;
		WRITE_ONCE(fence->barrier, barrier);
		kick_all(fence);
	}
	go = fence->barrier == barrier && all_quiet(fence);
	spin_unlock_bh(&fence->lock);
	return go;
}

void blk_fence_quiet(struct blk_fence *fence, struct blk_fence_member *member)
{
	spin_lock_bh(&fence->lock);
	/* Only the news is: the barrier itself is also found quiet in the end. */
	if (fence->barrier && !member->quiet) {
		member->quiet = true;
		if (all_quiet(fence))
			fence->keeper->kick(fence->keeper);
	}
	spin_unlock_bh(&fence->lock);
}

void blk_fence_drop(struct blk_fence *fence, const void *barrier)
{
	spin_lock_bh(&fence->lock);
	if (fence->barrier == barrier) {
		WRITE_ONCE(fence->barrier, NULL);
		fence->keeper = NULL;
		kick_all(fence);
	}
	spin_unlock_bh(&fence->lock);
}
