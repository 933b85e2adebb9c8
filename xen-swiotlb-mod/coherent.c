// SPDX-License-Identifier: GPL-2.0
/*
 * Coherent memory: pages that lie in one piece for the device too. Where the
 * kernel's own pages do not, their frames are exchanged; who may not sleep gets
 * slots of the pool.
 */
#include <linux/gfp.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include "swiotlb.h"

/*
 * Pages whose frames were exchanged, by the first one's number: page_private() is
 * the driver's, who may have them from dma_alloc_pages(). Those that were freed
 * wait in a list, as an exchange may sleep.
 */
struct exchanged {
	struct llist_node node;
	struct page *page;
	unsigned int order;
};

static DEFINE_XARRAY_FLAGS(exchanged, XA_FLAGS_LOCK_IRQ);
static LLIST_HEAD(freed);

static void return_freed(struct work_struct *work)
{
	struct exchanged *one, *next;

	llist_for_each_entry_safe(one, next, llist_del_all(&freed), node) {
		xdma_exchange_out(one->page, one->order);
		__free_pages(one->page, one->order);
		kfree(one);
	}
}

static DECLARE_WORK(freed_work, return_freed);

void xdma_coherent_flush(void)
{
	flush_work(&freed_work);
}

/* Have the frames of pages exchanged. Returns 0 or a negative error. */
static int exchange(struct page *page, unsigned int order, u64 mask,
		    dma_addr_t *dma)
{
	/* Whoever asks may be on the way to free memory: write none out here. */
	unsigned int noio = memalloc_noio_save();
	struct exchanged *one = kmalloc(sizeof(*one), GFP_KERNEL);
	int err = -ENOMEM;

	if (!one)
		goto out;
	one->page = page;
	one->order = order;
	err = xa_insert_irq(&exchanged, page_to_pfn(page), one, GFP_KERNEL);
	if (err)
		goto err_free;
	err = xdma_exchange_in(page, order, xdma_mask_bits(mask), dma);
	if (!err)
		goto out;

	xa_erase_irq(&exchanged, page_to_pfn(page));
err_free:
	kfree(one);
out:
	memalloc_noio_restore(noio);
	return err;
}

/* What there is to undo for pages, now the caller's; NULL: nothing. */
static struct exchanged *take_exchanged(struct page *page)
{
	struct exchanged *one;
	unsigned long flags;

	xa_lock_irqsave(&exchanged, flags);
	one = __xa_erase(&exchanged, page_to_pfn(page));
	xa_unlock_irqrestore(&exchanged, flags);
	return one;
}

static bool in_one_piece(struct page *page, size_t size, unsigned int order,
			 u64 mask, dma_addr_t *dma)
{
	*dma = xdma_translate(page_to_phys(page), size);
	return *dma != XDMA_NOWHERE && *dma + size - 1 <= mask &&
	       IS_ALIGNED(*dma, PAGE_SIZE << order);
}

void *xdma_alloc(struct device *dev, size_t size, dma_addr_t *dma, gfp_t gfp,
		 unsigned long attrs)
{
	struct xdma_device *xdev = xdma_device_of(dev);
	u64 mask = min_not_zero(dev->coherent_dma_mask, dev->bus_dma_limit);
	unsigned int order = get_order(size);
	struct page *page;
	void *memory;

	size = PAGE_ALIGN(size);
	if (attrs & DMA_ATTR_NO_WARN)
		gfp |= __GFP_NOWARN;
	page = alloc_pages_node(dev_to_node(dev), gfp | __GFP_ZERO, order);
	if (page) {
		memory = page_address(page);
		if (in_one_piece(page, size, order, mask, dma))
			goto out;
		if (gfpflags_allow_blocking(gfp) &&
		    !exchange(page, order, mask, dma))
			goto out;
		__free_pages(page, order);
	}
	memory = xdma_bounce_alloc(mask, size, dma);
	if (!memory)
		return NULL;
out:
	atomic_inc(&xdev->coherent);
	return memory;
}

void xdma_free(struct device *dev, size_t size, void *memory, dma_addr_t dma,
	       unsigned long attrs)
{
	struct xdma_segment *segment = xdma_window(dma);
	struct page *page = virt_to_page(memory);
	struct exchanged *one;

	if (segment && xdma_segment_has(segment, memory)) {
		xdma_bounce_free(segment, dma);
	} else {
		one = take_exchanged(page);
		if (one) {
			llist_add(&one->node, &freed);
			queue_work(xdma_workqueue, &freed_work);
		} else {
			__free_pages(page, get_order(size));
		}
	}
	atomic_dec(&xdma_device_of(dev)->coherent);
}

struct page *xdma_alloc_pages(struct device *dev, size_t size, dma_addr_t *dma,
			      enum dma_data_direction dir, gfp_t gfp)
{
	void *memory = xdma_alloc(dev, size, dma, gfp, 0);

	return memory ? virt_to_page(memory) : NULL;
}

void xdma_free_pages(struct device *dev, size_t size, struct page *page,
		     dma_addr_t dma, enum dma_data_direction dir)
{
	xdma_free(dev, size, page_address(page), dma, 0);
}

int xdma_mmap(struct device *dev, struct vm_area_struct *vma, void *memory,
	      dma_addr_t dma, size_t size, unsigned long attrs)
{
	unsigned long pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	unsigned long wanted = vma_pages(vma);

	if (vma->vm_pgoff >= pages || wanted > pages - vma->vm_pgoff)
		return -ENXIO;
	return remap_pfn_range(vma, vma->vm_start,
			       page_to_pfn(virt_to_page(memory)) + vma->vm_pgoff,
			       wanted << PAGE_SHIFT, vma->vm_page_prot);
}

int xdma_get_sgtable(struct device *dev, struct sg_table *table, void *memory,
		     dma_addr_t dma, size_t size, unsigned long attrs)
{
	int err = sg_alloc_table(table, 1, GFP_KERNEL);

	if (!err)
		sg_set_page(table->sgl, virt_to_page(memory), PAGE_ALIGN(size),
			    0);
	return err;
}
