/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many frames to wait for before the other end, or this one, is woken. Of a
 * small frame a wake-up is the larger part of the cost; but who waits for an
 * answer must not wait longer for it. So after frames at short intervals, as many
 * are waited for as come in VIF_WAIT_NS at that rate, and never longer than
 * VIF_PATIENCE_NS; and when no second one came, none are for a while, each time
 * longer. Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_PACE_H
#define XEN_NETBACK_PACE_H

#include <linux/types.h>

/* What the first of several frames waits, in a stream; and at most. */
#define VIF_WAIT_NS		100000U
#define VIF_PATIENCE_NS		200000U

/* So many frames, or slots, are enough. */
#define VIF_MOST_AHEAD		64U

/* Who sends so many at once without being asked needs no waiting for. */
#define VIF_BURST		8U

/* So many bytes are worth a wake-up: copying them costs far more. */
#define VIF_BULK_BYTES		16384U

/* Passes that do not wait after one that did in vain: at first, and at most. */
#define VIF_LEAST_HOLD		64U
#define VIF_MOST_HOLD		8192U

/**
 * struct vif_pace - what the passes so far have taught
 * @last: when the last one was, in ns
 * @ahead: frames that the next one is to have; 1 is not to wait
 * @hold: passes to come that do not wait
 * @penalty: how many they are the next time
 */
struct vif_pace {
	u64 last;
	u32 ahead;
	u32 hold;
	u32 penalty;
};

/**
 * vif_pace_init() - begin
 * @pace: receives what is known of nothing
 */
static inline void vif_pace_init(struct vif_pace *pace)
{
	pace->last = 0;
	pace->ahead = 1;
	pace->hold = 0;
	pace->penalty = VIF_LEAST_HOLD;
}

/*
 * So many frames in a pass may be of a stream. More than were waited for, by so
 * much, have come at once.
 */
static inline u32 vif_pace_most(u32 ahead)
{
	u32 most = VIF_BURST - 1 + (ahead > 1 ? ahead + ahead / 2 : 0);

	return most < VIF_MOST_AHEAD ? most : VIF_MOST_AHEAD;
}

/**
 * vif_pace_learn() - a pass is over
 * @pace: of its direction
 * @now: time in ns
 * @nr: frames, or slots, that it had
 * @bytes: in them
 * @late: the time was up before there were enough
 */
static inline void vif_pace_learn(struct vif_pace *pace, u64 now, u32 nr,
				  u64 bytes, bool late)
{
	u32 most = vif_pace_most(pace->ahead);
	u64 gap = now - pace->last;
	u32 wanted;

	pace->last = now;
	if (late && nr <= 1) {
		pace->hold = pace->penalty;
		if (pace->penalty < VIF_MOST_HOLD)
			pace->penalty *= 2;
	} else if (pace->hold) {
		pace->hold--;
	} else if (nr && nr <= most && bytes < VIF_BULK_BYTES &&
		   gap && gap <= (u64)VIF_WAIT_NS / 2 * nr) {
		if (!late && pace->ahead > 1 &&
		    pace->penalty > VIF_LEAST_HOLD)
			pace->penalty /= 2;
		wanted = (VIF_WAIT_NS * nr + (u32)gap - 1) / (u32)gap;
		pace->ahead = wanted < VIF_MOST_AHEAD ? wanted : VIF_MOST_AHEAD;
		return;
	}
	pace->ahead = 1;
}

#endif /* XEN_NETBACK_PACE_H */
