// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of grant copies.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/xen/hypercall.h>
#include <xenmod/copy.h>
#include <xenmod/stats.h>
#include "trace.h"

int xenmod_copies_init(struct xenmod_copies *copies)
{
	struct gnttab_copy *op;
	unsigned int i;

	copies->op = kvcalloc(copies->room, sizeof(*copies->op), GFP_KERNEL);
	if (!copies->op)
		return -ENOMEM;
	for (i = 0; i < copies->room; i++) {
		op = &copies->op[i];
		op->source.domid = copies->to_peer ? DOMID_SELF : copies->peer;
		op->dest.domid = copies->to_peer ? copies->peer : DOMID_SELF;
		op->flags = copies->to_peer ? GNTCOPY_dest_gref :
					      GNTCOPY_source_gref;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(xenmod_copies_init);

void xenmod_copies_destroy(struct xenmod_copies *copies)
{
	kvfree(copies->op);
	copies->op = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_copies_destroy);

unsigned int xenmod_copies_flush(struct xenmod_copies *copies)
{
	struct xenmod_stats *stats = copies->stats;
	unsigned int i, nr = copies->nr, failed = 0;
	u64 bytes = 0;

	if (!nr)
		return 0;
	copies->nr = 0;
	xenmod_count(stats, XENMOD_COPY_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_COPY_OPS, nr);
	/* Its own result only repeats what each operation's status says. */
	HYPERVISOR_grant_table_op(GNTTABOP_copy, copies->op, nr);

	for (i = 0; i < nr; i++) {
		if (likely(copies->op[i].status == GNTST_okay))
			bytes += copies->op[i].len;
		else
			failed++;
	}
	xenmod_count(stats, XENMOD_BYTES_COPIED, bytes);
	if (failed)
		xenmod_count(stats, XENMOD_GRANT_ERRORS, failed);
	trace_xenmod_grant_flush(GNTTABOP_copy, copies->peer, nr, failed);
	return failed;
}
EXPORT_SYMBOL_GPL(xenmod_copies_flush);
