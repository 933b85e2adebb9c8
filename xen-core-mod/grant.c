// SPDX-License-Identifier: GPL-2.0
/*
 * Batches of grant operations.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/xen/hypercall.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xenmod/grant.h>
#include <xenmod/stats.h>
#include "trace.h"

/*
 * Xen asks to repeat a copy while it brings back a page that was paged out.
 * The guest's memory is not the host's to wait for: after this many tries, a
 * millisecond apart, the operation has failed.
 */
#define COPY_TRIES	8

static unsigned long page_kaddr(struct page *page)
{
	return (unsigned long)pfn_to_kaddr(page_to_pfn(page));
}

int xenmod_batch_init(struct xenmod_batch *batch)
{
	unsigned int pages = max(batch->room_map, batch->room_unmap);

	batch->map = kvcalloc(batch->room_map, sizeof(*batch->map), GFP_KERNEL);
	batch->unmap = kvcalloc(batch->room_unmap, sizeof(*batch->unmap),
				GFP_KERNEL);
	batch->copy = kvcalloc(batch->room_copy, sizeof(*batch->copy),
			       GFP_KERNEL);
	batch->map_result = kvcalloc(batch->room_map,
				     sizeof(*batch->map_result), GFP_KERNEL);
	batch->unmap_result = kvcalloc(batch->room_unmap,
				       sizeof(*batch->unmap_result),
				       GFP_KERNEL);
	batch->copy_result = kvcalloc(batch->room_copy,
				      sizeof(*batch->copy_result), GFP_KERNEL);
	batch->pages = kvcalloc(pages, sizeof(*batch->pages), GFP_KERNEL);

	if (batch->map && batch->unmap && batch->copy && batch->map_result &&
	    batch->unmap_result && batch->copy_result && batch->pages)
		return 0;
	xenmod_batch_destroy(batch);
	return -ENOMEM;
}
EXPORT_SYMBOL_GPL(xenmod_batch_init);

void xenmod_batch_destroy(struct xenmod_batch *batch)
{
	kvfree(batch->map);
	kvfree(batch->unmap);
	kvfree(batch->copy);
	kvfree(batch->map_result);
	kvfree(batch->unmap_result);
	kvfree(batch->copy_result);
	kvfree(batch->pages);
	memset(batch, 0, sizeof(*batch));
}
EXPORT_SYMBOL_GPL(xenmod_batch_destroy);

bool xenmod_batch_map(struct xenmod_batch *batch, grant_ref_t ref,
		      bool readonly, struct xenmod_mapping *mapping)
{
	u32 flags = GNTMAP_host_map | (readonly ? GNTMAP_readonly : 0);

	if (batch->nr_map == batch->room_map)
		return false;
	mapping->status = XENMOD_GRANT_PENDING;
	gnttab_set_map_op(&batch->map[batch->nr_map], page_kaddr(mapping->page),
			  flags, ref, batch->peer);
	batch->map_result[batch->nr_map++] = mapping;
	return true;
}
EXPORT_SYMBOL_GPL(xenmod_batch_map);

bool xenmod_batch_unmap(struct xenmod_batch *batch,
			struct xenmod_mapping *mapping)
{
	if (batch->nr_unmap == batch->room_unmap)
		return false;
	gnttab_set_unmap_op(&batch->unmap[batch->nr_unmap],
			    page_kaddr(mapping->page), GNTMAP_host_map,
			    mapping->handle);
	batch->unmap_result[batch->nr_unmap++] = mapping;
	return true;
}
EXPORT_SYMBOL_GPL(xenmod_batch_unmap);

static struct gnttab_copy *batch_copy(struct xenmod_batch *batch,
				      unsigned int offset, unsigned int length,
				      s16 *status)
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

bool xenmod_batch_copy_from(struct xenmod_batch *batch, grant_ref_t ref,
			    struct page *page, unsigned int offset,
			    unsigned int length, s16 *status)
{
	struct gnttab_copy *op = batch_copy(batch, offset, length, status);

	if (!op)
		return false;
	op->flags = GNTCOPY_source_gref;
	op->source.u.ref = ref;
	op->source.domid = batch->peer;
	op->dest.u.gmfn = xen_page_to_gfn(page);
	op->dest.domid = DOMID_SELF;
	return true;
}
EXPORT_SYMBOL_GPL(xenmod_batch_copy_from);

bool xenmod_batch_copy_to(struct xenmod_batch *batch, grant_ref_t ref,
			  struct page *page, unsigned int offset,
			  unsigned int length, s16 *status)
{
	struct gnttab_copy *op = batch_copy(batch, offset, length, status);

	if (!op)
		return false;
	op->flags = GNTCOPY_dest_gref;
	op->source.u.gmfn = xen_page_to_gfn(page);
	op->source.domid = DOMID_SELF;
	op->dest.u.ref = ref;
	op->dest.domid = batch->peer;
	return true;
}
EXPORT_SYMBOL_GPL(xenmod_batch_copy_to);

static void flush_copy(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, tries, failed = 0;
	struct gnttab_copy *op;

	xenmod_count(stats, XENMOD_COPY_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_COPY_OPS, batch->nr_copy);
	/* Its own result only repeats what each operation's status says. */
	HYPERVISOR_grant_table_op(GNTTABOP_copy, batch->copy, batch->nr_copy);

	tries = batch->may_sleep ? 0 : COPY_TRIES;
	for (i = 0; i < batch->nr_copy; i++) {
		op = &batch->copy[i];
		while (op->status == GNTST_eagain && tries++ < COPY_TRIES) {
			usleep_range(1000, 2000);
			xenmod_count(stats, XENMOD_COPY_HYPERCALLS, 1);
			HYPERVISOR_grant_table_op(GNTTABOP_copy, op, 1);
		}
		if (op->status == GNTST_okay)
			xenmod_count(stats, XENMOD_BYTES_COPIED, op->len);
		else
			failed++;
		*batch->copy_result[i] = op->status;
	}

	xenmod_count(stats, XENMOD_GRANT_ERRORS, failed);
	trace_xenmod_grant_flush(GNTTABOP_copy, batch->peer, batch->nr_copy,
				 failed);
	batch->nr_copy = 0;
}

/*
 * The kernel's helper failed as a whole: what Xen mapped all the same has no
 * entry in the kernel's own tables and cannot be used.
 */
static void undo_map(struct xenmod_batch *batch)
{
	struct gnttab_unmap_grant_ref unmap;
	unsigned int i;

	for (i = 0; i < batch->nr_map; i++) {
		if (batch->map[i].status != GNTST_okay)
			continue;
		batch->map[i].status = GNTST_general_error;
		gnttab_set_unmap_op(&unmap, page_kaddr(batch->pages[i]),
				    GNTMAP_host_map, batch->map[i].handle);
		HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &unmap, 1);
	}
}

static void flush_map(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, failed = 0;

	for (i = 0; i < batch->nr_map; i++) {
		batch->pages[i] = batch->map_result[i]->page;
		batch->map[i].status = GNTST_general_error;
	}
	xenmod_count(stats, XENMOD_MAP_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_MAP_OPS, batch->nr_map);
	if (gnttab_map_refs(batch->map, NULL, batch->pages, batch->nr_map))
		undo_map(batch);

	for (i = 0; i < batch->nr_map; i++) {
		struct xenmod_mapping *mapping = batch->map_result[i];

		mapping->status = batch->map[i].status;
		mapping->handle = batch->map[i].handle;
		if (mapping->status != GNTST_okay)
			failed++;
	}

	xenmod_count(stats, XENMOD_GRANT_ERRORS, failed);
	trace_xenmod_grant_flush(GNTTABOP_map_grant_ref, batch->peer,
				 batch->nr_map, failed);
	batch->nr_map = 0;
}

static void flush_unmap(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, failed = 0;

	for (i = 0; i < batch->nr_unmap; i++) {
		batch->pages[i] = batch->unmap_result[i]->page;
		batch->unmap[i].status = GNTST_general_error;
	}
	xenmod_count(stats, XENMOD_UNMAP_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_UNMAP_OPS, batch->nr_unmap);
	gnttab_unmap_refs(batch->unmap, NULL, batch->pages, batch->nr_unmap);

	for (i = 0; i < batch->nr_unmap; i++) {
		if (batch->unmap[i].status == GNTST_okay)
			batch->unmap_result[i]->status = XENMOD_GRANT_PENDING;
		else
			failed++;
	}

	xenmod_count(stats, XENMOD_GRANT_ERRORS, failed);
	trace_xenmod_grant_flush(GNTTABOP_unmap_grant_ref, batch->peer,
				 batch->nr_unmap, failed);
	batch->nr_unmap = 0;
}

void xenmod_batch_flush(struct xenmod_batch *batch)
{
	if (batch->nr_copy)
		flush_copy(batch);
	if (batch->nr_map)
		flush_map(batch);
	if (batch->nr_unmap)
		flush_unmap(batch);
}
EXPORT_SYMBOL_GPL(xenmod_batch_flush);
