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

/* Tables of one kind; they have one entry for each operation. */
struct tables {
	struct {
		void **table;
		size_t entry;
	} part[3];
	unsigned int *room;
};

static struct tables batch_tables(struct xenmod_batch *batch,
				  enum xenmod_batch_kind kind)
{
	switch (kind) {
	case XENMOD_BATCH_MAP:
		return (struct tables){ {
			{ (void **)&batch->map, sizeof(*batch->map) },
			{ (void **)&batch->map_result, sizeof(void *) },
			{ (void **)&batch->map_pages, sizeof(void *) },
		}, &batch->room_map };
	case XENMOD_BATCH_UNMAP:
		return (struct tables){ {
			{ (void **)&batch->unmap, sizeof(*batch->unmap) },
			{ (void **)&batch->unmap_result, sizeof(void *) },
			{ (void **)&batch->unmap_pages, sizeof(void *) },
		}, &batch->room_unmap };
	default:
		return (struct tables){ {
			{ (void **)&batch->copy, sizeof(*batch->copy) },
			{ (void **)&batch->copy_result, sizeof(void *) },
		}, &batch->room_copy };
	}
}

static void tables_free(void *const *table)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		kvfree(table[i]);
}

/* Returns false, and leaves nothing, without memory. */
static bool tables_alloc(const struct tables *tables, unsigned int room,
			 void **table)
{
	unsigned int i;

	for (i = 0; i < 3 && tables->part[i].entry; i++) {
		table[i] = kvcalloc(room, tables->part[i].entry,
				    GFP_NOIO | __GFP_NOWARN);
		if (!table[i]) {
			tables_free(table);
			return false;
		}
	}
	return true;
}

/* Puts @table in place of what was there, which it receives. */
static void tables_exchange(const struct tables *tables, unsigned int room,
			    void **table)
{
	unsigned int i;

	for (i = 0; i < 3 && tables->part[i].entry; i++) {
		if (*tables->room)
			memcpy(table[i], *tables->part[i].table,
			       *tables->room * tables->part[i].entry);
		swap(table[i], *tables->part[i].table);
	}
	*tables->room = room;
}

bool xenmod_batch_grow(struct xenmod_batch *batch, enum xenmod_batch_kind kind,
		       unsigned int room, spinlock_t *lock)
{
	struct tables tables = batch_tables(batch, kind);
	void *table[3] = {};

	if (room <= *tables.room)
		return true;
	if (!tables_alloc(&tables, room, table))
		return false;
	if (lock) {
		spin_lock_bh(lock);
		tables_exchange(&tables, room, table);
		spin_unlock_bh(lock);
	} else {
		tables_exchange(&tables, room, table);
	}
	tables_free(table);
	return true;
}
EXPORT_SYMBOL_GPL(xenmod_batch_grow);

int xenmod_batch_init(struct xenmod_batch *batch)
{
	unsigned int map = batch->room_map, unmap = batch->room_unmap,
		     copy = batch->room_copy;

	batch->room_map = 0;
	batch->room_unmap = 0;
	batch->room_copy = 0;
	if (xenmod_batch_grow(batch, XENMOD_BATCH_MAP, map, NULL) &&
	    xenmod_batch_grow(batch, XENMOD_BATCH_UNMAP, unmap, NULL) &&
	    xenmod_batch_grow(batch, XENMOD_BATCH_COPY, copy, NULL))
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
	kvfree(batch->map_pages);
	kvfree(batch->unmap_pages);
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

static unsigned int flush_copy(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, tries, failed = 0;
	struct gnttab_copy *op;
	u64 bytes = 0;

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
			bytes += op->len;
		else
			failed++;
		*batch->copy_result[i] = op->status;
	}
	xenmod_count(stats, XENMOD_BYTES_COPIED, bytes);

	xenmod_count(stats, XENMOD_GRANT_ERRORS, failed);
	trace_xenmod_grant_flush(GNTTABOP_copy, batch->peer, batch->nr_copy,
				 failed);
	batch->nr_copy = 0;
	return failed;
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
		gnttab_set_unmap_op(&unmap, page_kaddr(batch->map_pages[i]),
				    GNTMAP_host_map, batch->map[i].handle);
		unmap.status = GNTST_general_error;
		HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &unmap, 1);
		batch->map[i].status = unmap.status == GNTST_okay ?
				       GNTST_general_error : XENMOD_GRANT_STUCK;
	}
}

static unsigned int flush_map(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, failed = 0;

	for (i = 0; i < batch->nr_map; i++) {
		batch->map_pages[i] = batch->map_result[i]->page;
		batch->map[i].status = GNTST_general_error;
	}
	xenmod_count(stats, XENMOD_MAP_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_MAP_OPS, batch->nr_map);
	if (gnttab_map_refs(batch->map, NULL, batch->map_pages, batch->nr_map))
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
	return failed;
}

static unsigned int flush_unmap(struct xenmod_batch *batch)
{
	struct xenmod_stats *stats = batch->stats;
	unsigned int i, failed = 0;

	for (i = 0; i < batch->nr_unmap; i++) {
		batch->unmap_pages[i] = batch->unmap_result[i]->page;
		batch->unmap[i].status = GNTST_general_error;
	}
	xenmod_count(stats, XENMOD_UNMAP_HYPERCALLS, 1);
	xenmod_count(stats, XENMOD_UNMAP_OPS, batch->nr_unmap);
	gnttab_unmap_refs(batch->unmap, NULL, batch->unmap_pages, batch->nr_unmap);

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
	return failed;
}

unsigned int xenmod_batch_flush(struct xenmod_batch *batch)
{
	unsigned int failed = 0;

	if (batch->nr_copy)
		failed += flush_copy(batch);
	if (batch->nr_map)
		failed += flush_map(batch);
	if (batch->nr_unmap)
		failed += flush_unmap(batch);
	return failed;
}
EXPORT_SYMBOL_GPL(xenmod_batch_flush);
