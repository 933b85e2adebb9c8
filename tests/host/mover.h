/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue's transfer, and what a pass does with it, with locks where a pass
 * has them.
 */
#ifndef HOST_MOVER_H
#define HOST_MOVER_H

#include <linux/spinlock.h>
#include <xenmod/stats.h>
#include "transfer.h"

struct mover {
	spinlock_t lock;
	struct xenmod_stats stats;
	struct blk_transfer transfer;
};

/*
 * @room: operations of each kind that a batch takes; @pages: of each sort;
 * @persistent: grants that may stay mapped
 */
int mover_init(struct mover *mover, unsigned int room, unsigned int pages,
	       unsigned int persistent);
void mover_destroy(struct mover *mover);

/* One try under the lock. */
enum blk_progress mover_try(struct mover *mover, struct blk_data *data);
/* Tries, fills and flushes. Returns false if pages ran out. */
bool mover_prepare(struct mover *mover, struct blk_data *data);

/* Adds what ends a request, and flushes it. */
void mover_end(struct mover *mover, struct blk_data *data, bool deliver);
bool mover_release(struct mover *mover, struct blk_data *data);
/* Both. */
bool mover_finish(struct mover *mover, struct blk_data *data, bool deliver);

void mover_shrink(struct mover *mover, unsigned long idle, unsigned int most);

#endif
