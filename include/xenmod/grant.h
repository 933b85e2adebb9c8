/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grant operations in batches: collect, then one hypercall per kind.
 *
 * Ownership: the batch owns its tables, the caller owns pages and results.
 * Context: one user at a time; each batch says who that is.
 * Operation layout and status codes: Xen's public grant_table.h.
 */
#ifndef XENMOD_GRANT_H
#define XENMOD_GRANT_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>

struct page;
struct xenmod_stats;

/* A status that no hypercall returns: the operation was not done yet. */
#define XENMOD_GRANT_PENDING	1

/* Another: useless, and Xen did not take it back. Never reuse the page. */
#define XENMOD_GRANT_STUCK	0x7000

/**
 * struct xenmod_mapping - one foreign page mapped, or to be mapped
 * @page: the local page that stands for it, from a mappable page pool
 * @handle: Xen's handle, valid while @status is GNTST_okay
 * @status: GNTST_okay only while mapped; every other value means that @page
 *	must not be touched
 */
struct xenmod_mapping {
	struct page *page;
	grant_handle_t handle;
	s16 status;
};

/**
 * struct xenmod_batch - operations waiting for their hypercall
 * @stats: counters of the queue that the batch works for
 * @peer: domain that granted everything in this batch
 * @may_sleep: a copy that Xen asks to repeat may be waited for
 * @room_map: mappings that fit
 * @room_unmap: unmappings that fit
 * @room_copy: copies that fit
 * @nr_map: mappings waiting
 * @nr_unmap: unmappings waiting
 * @nr_copy: copies waiting
 * @map: table for GNTTABOP_map_grant_ref
 * @unmap: table for GNTTABOP_unmap_grant_ref
 * @copy: table for GNTTABOP_copy
 * @map_result: where each result of @map goes
 * @unmap_result: where each result of @unmap goes
 * @copy_result: where each status of @copy goes
 * @map_pages: pages of @map while they are flushed
 * @unmap_pages: pages of @unmap while they are flushed
 */
struct xenmod_batch {
	struct xenmod_stats *stats;
	domid_t peer;
	bool may_sleep;
	unsigned int room_map;
	unsigned int room_unmap;
	unsigned int room_copy;
	unsigned int nr_map;
	unsigned int nr_unmap;
	unsigned int nr_copy;
	struct gnttab_map_grant_ref *map;
	struct gnttab_unmap_grant_ref *unmap;
	struct gnttab_copy *copy;
	struct xenmod_mapping **map_result;
	struct xenmod_mapping **unmap_result;
	s16 **copy_result;
	struct page **map_pages;
	struct page **unmap_pages;
};

/**
 * enum xenmod_batch_kind - the tables of a batch
 * @XENMOD_BATCH_MAP: mappings
 * @XENMOD_BATCH_UNMAP: unmappings
 * @XENMOD_BATCH_COPY: copies
 */
enum xenmod_batch_kind {
	XENMOD_BATCH_MAP,
	XENMOD_BATCH_UNMAP,
	XENMOD_BATCH_COPY,
};

/**
 * xenmod_batch_init() - make room for operations
 * @batch: @stats, @peer, @may_sleep and all @room_ are set, the rest is zero.
 *	A batch that maps has to be allowed to sleep: the kernel's helper does.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM, with nothing left over.
 */
int xenmod_batch_init(struct xenmod_batch *batch);

/**
 * xenmod_batch_grow() - make room for more operations
 * @batch: the batch; what waits in it stays
 * @kind: of which kind
 * @room: how many of them shall fit
 * @lock: taken while the table is exchanged; NULL if the caller is the batch's
 *	only user
 *
 * Context: may sleep.
 * Return: true if so many fit now. If not, nothing has changed.
 */
bool xenmod_batch_grow(struct xenmod_batch *batch, enum xenmod_batch_kind kind,
		       unsigned int room, spinlock_t *lock);

/**
 * xenmod_batch_destroy() - free the tables; all was flushed before
 * @batch: a batch, set up or zeroed; zeroed afterwards
 */
void xenmod_batch_destroy(struct xenmod_batch *batch);

/**
 * xenmod_batch_map() - map a foreign page
 * @batch: where to add the operation
 * @ref: grant reference
 * @readonly: map without the right to write
 * @mapping: its page is set; receives handle and status at the next flush,
 *	is XENMOD_GRANT_PENDING until then
 *
 * Return: false if the batch has to be flushed first.
 */
bool xenmod_batch_map(struct xenmod_batch *batch, grant_ref_t ref,
		      bool readonly, struct xenmod_mapping *mapping);

/**
 * xenmod_batch_unmap() - undo a mapping
 * @batch: where to add the operation
 * @mapping: a mapping whose status is GNTST_okay. After the next flush its
 *	status is XENMOD_GRANT_PENDING if the page is the caller's again, and
 *	GNTST_okay still if Xen refused: the page must then never be reused.
 *
 * Return: false if the batch has to be flushed first.
 */
bool xenmod_batch_unmap(struct xenmod_batch *batch,
			struct xenmod_mapping *mapping);

/* What both directions of a copy have in common. */
static inline struct gnttab_copy *
xenmod_batch_copy(struct xenmod_batch *batch, unsigned int offset,
		  unsigned int length, s16 *status)
{
	struct gnttab_copy *op;

	if (batch->nr_copy == batch->room_copy)
		return NULL;
	*status = XENMOD_GRANT_PENDING;
	batch->copy_result[batch->nr_copy] = status;
	op = &batch->copy[batch->nr_copy++];
	op->source.offset = offset;
	op->dest.offset = offset;
	op->len = length;
	/* Xen overwrites it; what it does not overwrite did not succeed. */
	op->status = GNTST_general_error;
	return op;
}

/**
 * xenmod_batch_copy_from() - copy out of a foreign page
 * @batch: where to add the operation
 * @ref: grant reference to read
 * @page: local page to fill
 * @offset: first byte, the same in both pages
 * @length: bytes; @offset + @length is at most a page
 * @status: receives GNTST_* at the next flush
 *
 * Return: false if the batch has to be flushed first.
 */
static inline bool xenmod_batch_copy_from(struct xenmod_batch *batch,
					  grant_ref_t ref, struct page *page,
					  unsigned int offset,
					  unsigned int length, s16 *status)
{
	struct gnttab_copy *op = xenmod_batch_copy(batch, offset, length,
						   status);

	if (!op)
		return false;
	op->flags = GNTCOPY_source_gref;
	op->source.u.ref = ref;
	op->source.domid = batch->peer;
	op->dest.u.gmfn = xen_page_to_gfn(page);
	op->dest.domid = DOMID_SELF;
	return true;
}

/**
 * xenmod_batch_copy_to() - copy into a foreign page
 * @batch: where to add the operation
 * @ref: grant reference to write
 * @page: local page to read
 * @offset: first byte, the same in both pages
 * @length: bytes; @offset + @length is at most a page
 * @status: receives GNTST_* at the next flush
 *
 * Return: false if the batch has to be flushed first.
 */
static inline bool xenmod_batch_copy_to(struct xenmod_batch *batch,
					grant_ref_t ref, struct page *page,
					unsigned int offset,
					unsigned int length, s16 *status)
{
	struct gnttab_copy *op = xenmod_batch_copy(batch, offset, length,
						   status);

	if (!op)
		return false;
	op->flags = GNTCOPY_dest_gref;
	op->source.u.gmfn = xen_page_to_gfn(page);
	op->source.domid = DOMID_SELF;
	op->dest.u.ref = ref;
	op->dest.domid = batch->peer;
	return true;
}

/**
 * xenmod_batch_flush() - do all that waits, one hypercall per kind
 * @batch: the batch; empty afterwards
 *
 * Each operation's outcome is judged and handed back alone. A copy that Xen
 * asks to repeat (GNTST_eagain) is repeated within a bound if the batch may
 * sleep, and is handed back as it is if not. The kernel's own mapping helper
 * repeats mappings.
 *
 * Context: may sleep if the batch may.
 * Return: how many failed.
 */
unsigned int xenmod_batch_flush(struct xenmod_batch *batch);

/**
 * xenmod_batch_empty() - is nothing waiting?
 * @batch: the batch
 */
static inline bool xenmod_batch_empty(const struct xenmod_batch *batch)
{
	return !(batch->nr_map | batch->nr_unmap | batch->nr_copy);
}

#endif /* XENMOD_GRANT_H */
