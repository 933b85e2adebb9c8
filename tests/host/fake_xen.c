// SPDX-License-Identifier: GPL-2.0
/*
 * The fake Xen: a guest's grants, and operations on them that can fail.
 */
#include "test.h"
#include "fake.h"
#include <asm/xen/hypercall.h>
#include <linux/jiffies.h>
#include <stdlib.h>
#include <xen/grant_table.h>

/* Xen's handles are not the references: keep them apart by an offset. */
#define HANDLE_BASE	0x1000

struct plan {
	unsigned int command;
	grant_ref_t ref;
	s16 status;
	unsigned int times;
};

struct fake_xen fake_xen;
struct fake_log fake_log;

static struct plan plans[64];
static unsigned int nr_plans;
static u8 *guest_pages[FAKE_REFS];
/* Each handle stands for one mapping of one reference. */
static grant_ref_t handles[FAKE_REFS];
static bool handle_used[FAKE_REFS];
static struct page *handle_pages[FAKE_REFS];

int fake_reset(void **state)
{
	memset(&fake_memory, 0, sizeof(fake_memory));
	fake_memory.allocations_left = FAKE_FOREVER;
	fake_memory.pages_left = FAKE_FOREVER;
	memset(&fake_time, 0, sizeof(fake_time));
	memset(&fake_xen, 0, sizeof(fake_xen));
	memset(&fake_log, 0, sizeof(fake_log));
	memset(handle_used, 0, sizeof(handle_used));
	nr_plans = 0;
	fake_warnings = 0;
	fake_locks_held = 0;
	/* About to wrap, as in the kernel. */
	jiffies = -5UL * HZ;
	return 0;
}

int fake_verify(void **state)
{
	unsigned int i;

	for (i = 0; i < FAKE_REFS; i++) {
		free(guest_pages[i]);
		guest_pages[i] = NULL;
	}
	if (fake_memory.allocations || fake_memory.pages ||
	    fake_memory.mappable || fake_xen.mapped) {
		print_error("left behind: %u allocations, %u pages, %u mappable pages, %u mappings\n",
			    fake_memory.allocations, fake_memory.pages,
			    fake_memory.mappable, fake_xen.mapped);
		return -1;
	}
	return 0;
}

void fake_refuse(unsigned int command, grant_ref_t ref, s16 status,
		 unsigned int times)
{
	assert_true(nr_plans < ARRAY_SIZE(plans));
	plans[nr_plans++] = (struct plan){ command, ref, status, times };
}

void fake_relent(void)
{
	nr_plans = 0;
}

void fake_forget_mapped(void)
{
	unsigned int handle;

	for (handle = 0; handle < FAKE_REFS; handle++) {
		if (!handle_used[handle])
			continue;
		handle_used[handle] = false;
		fake_page_quarantined(handle_pages[handle]);
		fake_xen.mapped--;
	}
}

u8 *fake_guest_page(grant_ref_t ref)
{
	assert_true(ref < FAKE_REFS);
	if (!guest_pages[ref])
		guest_pages[ref] = memset(malloc(PAGE_SIZE), 0x5a, PAGE_SIZE);
	return guest_pages[ref];
}

void fake_guest_wrote(grant_ref_t ref)
{
	unsigned int handle;

	for (handle = 0; handle < FAKE_REFS; handle++)
		if (handle_used[handle] && handles[handle] == ref)
			memcpy(handle_pages[handle]->memory,
			       fake_guest_page(ref), PAGE_SIZE);
}

static s16 planned_status(unsigned int command, grant_ref_t ref)
{
	unsigned int i;

	for (i = 0; i < nr_plans; i++) {
		if (plans[i].command != command || plans[i].ref != ref ||
		    !plans[i].times)
			continue;
		if (plans[i].times != FAKE_FOREVER)
			plans[i].times--;
		return plans[i].status;
	}
	return ref < FAKE_REFS ? GNTST_okay : GNTST_bad_gntref;
}

static int account(unsigned int command, unsigned int count)
{
	assert_true(count > 0);
	fake_xen.calls[command]++;
	fake_xen.operations[command] += count;
	if (count > fake_xen.most_operations)
		fake_xen.most_operations = count;
	return fake_xen.call_error[command];
}

static void *frame(unsigned long gmfn)
{
	return pfn_to_kaddr(gmfn);
}

static void copy_one(struct gnttab_copy *op)
{
	bool to_guest = op->flags == GNTCOPY_dest_gref;
	struct fake_copy *entry = &fake_log.copy[fake_log.nr_copy++ % FAKE_LOG];
	grant_ref_t ref = to_guest ? op->dest.u.ref : op->source.u.ref;

	assert_true(to_guest || op->flags == GNTCOPY_source_gref);
	assert_int_equal(to_guest ? op->dest.domid : op->source.domid,
			 FAKE_PEER);
	assert_int_equal(to_guest ? op->source.domid : op->dest.domid,
			 DOMID_SELF);
	assert_true(op->len > 0);
	*entry = (struct fake_copy){
		ref, to_guest, op->dest.offset, op->len };

	op->status = planned_status(GNTTABOP_copy, ref);
	if (op->source.offset + op->len > PAGE_SIZE ||
	    op->dest.offset + op->len > PAGE_SIZE)
		op->status = GNTST_bad_copy_arg;
	if (op->status != GNTST_okay)
		return;
	if (to_guest)
		memcpy(fake_guest_page(ref) + op->dest.offset,
		       frame(op->source.u.gmfn) + op->source.offset, op->len);
	else
		memcpy(frame(op->dest.u.gmfn) + op->dest.offset,
		       fake_guest_page(ref) + op->source.offset, op->len);
}

static void unmap_one(struct gnttab_unmap_grant_ref *op, struct page *page)
{
	unsigned int handle = op->handle - HANDLE_BASE;

	assert_true(handle < FAKE_REFS && handle_used[handle]);
	assert_int_equal(op->host_addr, (u64)page->memory);
	assert_true(page->foreign);
	op->status = planned_status(GNTTABOP_unmap_grant_ref, handles[handle]);
	if (op->status != GNTST_okay)
		return;
	handle_used[handle] = false;
	page->foreign = false;
	fake_xen.mapped--;
}

/* What is undone without the kernel's helper. */
static struct page *page_at(const struct gnttab_unmap_grant_ref *op)
{
	return handle_pages[op->handle - HANDLE_BASE];
}

int HYPERVISOR_grant_table_op(unsigned int command, void *operations,
			      unsigned int count)
{
	struct gnttab_copy *copies = operations;
	unsigned int i;
	int err;

	err = account(command, count);
	if (command == GNTTABOP_unmap_grant_ref) {
		assert_int_equal(count, 1);
		unmap_one(operations, page_at(operations));
		return err;
	}
	assert_int_equal(command, GNTTABOP_copy);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		copy_one(&copies[i]);
	fake_barrier();
	return 0;
}

static void map_one(struct gnttab_map_grant_ref *op, struct page *page)
{
	unsigned int handle;

	fake_log.map[fake_log.nr_map++ % FAKE_LOG] = (struct fake_map){
		op->ref, op->flags & GNTMAP_readonly, op->host_addr };
	assert_true(op->flags & GNTMAP_host_map);
	assert_int_equal(op->dom, FAKE_PEER);
	assert_true(page->mappable);
	assert_int_equal(op->host_addr, (u64)page->memory);

	op->status = planned_status(GNTTABOP_map_grant_ref, op->ref);
	if (op->status != GNTST_okay)
		return;
	assert_false(page->foreign);
	for (handle = 0; handle_used[handle]; handle++)
		;
	handle_used[handle] = true;
	handles[handle] = op->ref;
	handle_pages[handle] = page;
	op->handle = HANDLE_BASE + handle;
	page->foreign = true;
	/* Only a copy of it, which is enough for what is read. */
	memcpy(page->memory, fake_guest_page(op->ref), PAGE_SIZE);
	fake_xen.mapped++;
}

int gnttab_map_refs(struct gnttab_map_grant_ref *operations,
		    struct gnttab_map_grant_ref *kernel_operations,
		    struct page **pages, unsigned int count)
{
	unsigned int i;
	int err = account(GNTTABOP_map_grant_ref, count);

	/* The kernel's helper waits for what Xen asks to repeat. */
	fake_may_sleep();
	assert_null(kernel_operations);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		map_one(&operations[i], pages[i]);
	fake_barrier();
	return fake_xen.late_map_error;
}

int gnttab_unmap_refs(struct gnttab_unmap_grant_ref *operations,
		      struct gnttab_unmap_grant_ref *kernel_operations,
		      struct page **pages, unsigned int count)
{
	unsigned int i;
	int err = account(GNTTABOP_unmap_grant_ref, count);

	assert_null(kernel_operations);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		unmap_one(&operations[i], pages[i]);
	return 0;
}
