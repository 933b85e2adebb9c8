// SPDX-License-Identifier: GPL-2.0
#include <xen/grant_table.h>

static __used void end(grant_ref_t ref, struct page *page)
{
	gnttab_end_foreign_access(ref, page);
}
