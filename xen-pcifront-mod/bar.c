// SPDX-License-Identifier: GPL-2.0
/*
 * Whether Xen lets this guest reach what a BAR points at, and it is not memory.
 * A driver that maps something else gets no error: the kernel's ioremap() does
 * not look at what Xen says, and the first access would be the guest's end. So
 * ask first, for each page.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include "pcifront.h"

/* So many pages are asked for at once. */
#define BATCH	64

/**
 * struct probe - a place to map frames at
 * @page: a page of ours, which is there otherwise
 * @address: the place
 * @calls: one for each frame, and one for that page again
 */
struct probe {
	struct page *page;
	void *address;
	struct multicall_entry calls[BATCH + 1];
};

static void fill_in(struct multicall_entry *call, void *address, pte_t pte,
		    unsigned long flags)
{
	*call = (struct multicall_entry) {
		.op = __HYPERVISOR_update_va_mapping,
		.args = { (unsigned long)address, pte.pte, flags },
	};
}

/*
 * Map each frame, one after the other, and that page of ours in the end. Nobody
 * uses the address meanwhile, so other CPUs are told only then.
 */
static bool frames_reachable(struct probe *probe, unsigned long frame,
			     unsigned int count)
{
	unsigned long own = pfn_to_mfn(page_to_pfn(probe->page));
	unsigned int i;

	for (i = 0; i < count; i++) {
		/* Memory of this guest: a driver would write into it. */
		if (bfn_to_local_pfn(frame + i) != -1UL)
			return false;
		fill_in(&probe->calls[i], probe->address,
			mfn_pte(frame + i, PAGE_KERNEL_NOCACHE), UVMF_NONE);
	}
	fill_in(&probe->calls[count], probe->address,
		mfn_pte(own, PAGE_KERNEL), UVMF_INVLPG | UVMF_ALL);
	if (HYPERVISOR_multicall(probe->calls, count + 1))
		return false;
	for (i = 0; i < count; i++)
		if ((long)probe->calls[i].result)
			return false;
	return true;
}

static bool all_reachable(struct probe *probe, unsigned long first,
			  unsigned long last)
{
	unsigned int count;

	/* What a guest does not have ends this, whatever the backend says. */
	for (; first <= last; first += count) {
		count = min(last - first + 1, (unsigned long)BATCH);
		if (!frames_reachable(probe, first, count))
			return false;
		cond_resched();
	}
	return true;
}

bool pcifront_bar_reachable(const struct resource *resource)
{
	struct probe *probe = kzalloc(sizeof(*probe), GFP_KERNEL);
	bool reachable = false;

	if (!probe)
		return false;
	probe->page = alloc_page(GFP_KERNEL);
	if (!probe->page)
		goto out_free;
	probe->address = vmap(&probe->page, 1, VM_MAP, PAGE_KERNEL);
	if (probe->address) {
		reachable = all_reachable(probe, PHYS_PFN(resource->start),
					  PHYS_PFN(resource->end));
		vunmap(probe->address);
	}
	__free_page(probe->page);
out_free:
	kfree(probe);
	return reachable;
}
