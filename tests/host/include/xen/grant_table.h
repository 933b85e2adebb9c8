/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_GRANT_TABLE_H
#define HOST_XEN_GRANT_TABLE_H

#include <linux/mm.h>
#include <xen/interface/grant_table.h>

int gnttab_alloc_pages(int count, struct page **pages);
void gnttab_free_pages(int count, struct page **pages);
int gnttab_map_refs(struct gnttab_map_grant_ref *operations,
		    struct gnttab_map_grant_ref *kernel_operations,
		    struct page **pages, unsigned int count);
int gnttab_unmap_refs(struct gnttab_unmap_grant_ref *operations,
		      struct gnttab_unmap_grant_ref *kernel_operations,
		      struct page **pages, unsigned int count);

/* As the kernel's: a new operation, not a changed one. */
static inline void gnttab_set_map_op(struct gnttab_map_grant_ref *operation,
				     unsigned long address, u32 flags,
				     grant_ref_t ref, domid_t domain)
{
	operation->host_addr = address;
	operation->flags = flags;
	operation->ref = ref;
	operation->dom = domain;
	operation->status = 1;
}

static inline void gnttab_set_unmap_op(struct gnttab_unmap_grant_ref *operation,
				       unsigned long address, u32 flags,
				       grant_handle_t handle)
{
	operation->host_addr = address;
	operation->handle = handle;
	operation->dev_bus_addr = 0;
}

#endif
