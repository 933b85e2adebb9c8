/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_MM_H
#define HOST_LINUX_MM_H

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define offset_in_page(address) ((unsigned long)(address) & (PAGE_SIZE - 1))

/*
 * A page of the fake host. Its memory is on the heap and page-aligned, so that
 * its address doubles as its frame number and ASan watches every access.
 */
struct page {
	void *memory;
	int count;
	bool mappable;
	/* a foreign page is mapped here */
	bool foreign;
};

#define PHYS_PFN(phys) ((unsigned long)((phys) >> PAGE_SHIFT))

static inline unsigned int get_order(size_t size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

/* Belong to the test. */
void *phys_to_virt(unsigned long long phys);
bool pfn_valid(unsigned long pfn);

struct page *alloc_page(gfp_t gfp);
void put_page(struct page *page);

static inline int page_count(const struct page *page)
{
	return page->count;
}

static inline void *page_address(const struct page *page)
{
	return page->memory;
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return (unsigned long)page->memory >> PAGE_SHIFT;
}

static inline void *pfn_to_kaddr(unsigned long pfn)
{
	return (void *)(pfn << PAGE_SHIFT);
}

/* Counted, so that a test can tell that the code noticed. */
extern unsigned int fake_warnings;
#define WARN_ON_ONCE(condition) ({		\
	bool warn = !!(condition);		\
						\
	fake_warnings += warn;			\
	warn;					\
})

#endif
