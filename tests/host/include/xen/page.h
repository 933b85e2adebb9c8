/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_PAGE_H
#define HOST_XEN_PAGE_H

#include <linux/mm.h>

#define XEN_PAGE_SIZE	4096UL

static inline unsigned long xen_page_to_gfn(const struct page *page)
{
	return page_to_pfn(page);
}

#endif
