// SPDX-License-Identifier: GPL-2.0
/*
 * Whether Xen lets this guest reach what a BAR points at, and it is not memory. A driver that maps
 * something else gets no error: the kernel's ioremap() does not look at what
 * Xen says, and the first access would be the guest's end. So ask first.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include "pcifront.h"

/* Map a machine frame where a page of ours is, and that page again. */
static bool frame_reachable(unsigned long address, struct page *page,
			    unsigned long frame)
{
	unsigned long own = pfn_to_mfn(page_to_pfn(page));
	pte_t theirs = mfn_pte(frame, PAGE_KERNEL_NOCACHE);
	bool reachable;

	/* Memory of this guest: a driver would write into it. */
	if (bfn_to_local_pfn(frame) != -1UL)
		return false;
	reachable = !HYPERVISOR_update_va_mapping(address, theirs,
						  UVMF_INVLPG | UVMF_ALL);
	if (reachable)
		HYPERVISOR_update_va_mapping(address,
					     mfn_pte(own, PAGE_KERNEL),
					     UVMF_INVLPG | UVMF_ALL);
	return reachable;
}

/*
 * The first page and the last one: a backend that gives some of a BAR gives
 * all of it.
 */
bool pcifront_bar_reachable(const struct resource *resource)
{
	struct page *page = alloc_page(GFP_KERNEL);
	bool reachable = false;
	void *address;

	if (!page)
		return false;
	address = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	if (address) {
		reachable = frame_reachable((unsigned long)address, page,
					    PHYS_PFN(resource->start)) &&
			    frame_reachable((unsigned long)address, page,
					    PHYS_PFN(resource->end));
		vunmap(address);
	}
	__free_page(page);
	return reachable;
}
