/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of grant copies in one direction: collect, then one hypercall. Unlike
 * a batch (xenmod/grant.h) it leaves each outcome in the table, and both ends
 * of a copy have an offset of their own. It never sleeps.
 *
 * Ownership: the table is the user's; one user at a time.
 * Operation layout and status codes: Xen's public grant_table.h.
 */
#ifndef XENMOD_COPY_H
#define XENMOD_COPY_H

#include <linux/types.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>

struct page;
struct xenmod_stats;

/**
 * struct xenmod_copies - copies waiting for their hypercall, or done
 * @stats: counters of the queue that the table works for
 * @peer: domain that granted everything in this table
 * @to_peer: the copies go to the peer, not from it
 * @room: copies that fit
 * @nr: copies waiting
 * @op: the table; after a flush the status of each says what became of it
 */
struct xenmod_copies {
	struct xenmod_stats *stats;
	domid_t peer;
	bool to_peer;
	unsigned int room;
	unsigned int nr;
	struct gnttab_copy *op;
};

/**
 * xenmod_copies_init() - make the table
 * @copies: all but @nr and @op are set, these are zero
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int xenmod_copies_init(struct xenmod_copies *copies);

/**
 * xenmod_copies_destroy() - free the table
 * @copies: a table, set up or zeroed
 */
void xenmod_copies_destroy(struct xenmod_copies *copies);

/**
 * xenmod_copies_from() - copy out of a foreign page
 * @copies: a table from the peer with room
 * @ref: grant reference to read
 * @from: first byte there
 * @page: local page to fill
 * @to: first byte there
 * @length: bytes; neither end crosses its page
 */
static inline void xenmod_copies_from(struct xenmod_copies *copies,
				      grant_ref_t ref, unsigned int from,
				      struct page *page, unsigned int to,
				      unsigned int length)
{
	struct gnttab_copy *op = &copies->op[copies->nr++];

	op->source.u.ref = ref;
	op->source.offset = from;
	op->dest.u.gmfn = xen_page_to_gfn(page);
	op->dest.offset = to;
	op->len = length;
	/* Xen overwrites it; what it does not overwrite did not succeed. */
	op->status = GNTST_general_error;
}

/**
 * xenmod_copies_to() - copy into a foreign page
 * @copies: a table to the peer with room
 * @page: local page to read
 * @from: first byte there
 * @ref: grant reference to write
 * @to: first byte there
 * @length: bytes; neither end crosses its page
 */
static inline void xenmod_copies_to(struct xenmod_copies *copies,
				    struct page *page, unsigned int from,
				    grant_ref_t ref, unsigned int to,
				    unsigned int length)
{
	struct gnttab_copy *op = &copies->op[copies->nr++];

	op->source.u.gmfn = xen_page_to_gfn(page);
	op->source.offset = from;
	op->dest.u.ref = ref;
	op->dest.offset = to;
	op->len = length;
	op->status = GNTST_general_error;
}

/**
 * xenmod_copies_flush() - do all that waits, in one hypercall
 * @copies: the table; has room for as many again afterwards
 *
 * What Xen would have to wait for has failed.
 *
 * Context: any.
 * Return: how many failed.
 */
unsigned int xenmod_copies_flush(struct xenmod_copies *copies);

#endif /* XENMOD_COPY_H */
