// SPDX-License-Identifier: GPL-2.0
/*
 * Exchanging memory with Xen: scattered frames for contiguous ones, and back.
 */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>
#include "swiotlb.h"

/* Tables of an exchange: pages, the frames they have, and what Xen is told. */
struct exchange {
	unsigned long nr;
	struct page **page;
	xen_pfn_t *frame;
	xen_pfn_t *list;
};

static int exchange_init(struct exchange *ex, struct page *page,
			 unsigned int order)
{
	unsigned long i;

	ex->nr = 1ul << order;
	ex->page = kvmalloc_array(ex->nr, sizeof(*ex->page), GFP_KERNEL);
	ex->frame = kvmalloc_array(ex->nr, sizeof(*ex->frame), GFP_KERNEL);
	ex->list = kvmalloc_array(ex->nr, sizeof(*ex->list), GFP_KERNEL);
	if (!ex->page || !ex->frame || !ex->list)
		return -ENOMEM;
	for (i = 0; i < ex->nr; i++)
		ex->page[i] = pfn_to_page(page_to_pfn(page) + i);
	return 0;
}

static void exchange_exit(struct exchange *ex)
{
	kvfree(ex->list);
	kvfree(ex->frame);
	kvfree(ex->page);
}

static void flush_tlb(void)
{
	struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_ALL };

	HYPERVISOR_mmuext_op(&op, 1, NULL, DOMID_SELF);
}

/* All or nothing: one of the two sides is a single extent. */
static int exchange_frames(xen_pfn_t *in, unsigned long nr_in,
			   unsigned int order_in, xen_pfn_t *out,
			   unsigned long nr_out, unsigned int order_out,
			   unsigned int bits)
{
	struct xen_memory_exchange exchange = {
		.in = {
			.nr_extents = nr_in,
			.extent_order = order_in,
			.domid = DOMID_SELF,
		},
		.out = {
			.nr_extents = nr_out,
			.extent_order = order_out,
			.address_bits = bits,
			.domid = DOMID_SELF,
		},
	};
	int err;

	set_xen_guest_handle(exchange.in.extent_start, in);
	set_xen_guest_handle(exchange.out.extent_start, out);
	err = HYPERVISOR_memory_op(XENMEM_exchange, &exchange);
	if (!err && exchange.nr_exchanged != nr_in)
		err = -EIO;
	return err;
}

/*
 * Exchange the frames of pages that have no mapping but the kernel's own. In the
 * middle the pages have no frames at all, so a guest must not be saved then:
 * that stops all CPUs, which takes the scheduler. A guest that was restored has
 * other frames, which are not in one piece: those stay.
 */
static int exchange_pages(struct exchange *ex, unsigned int order, bool in,
			  unsigned int bits)
{
	unsigned long pfn = page_to_pfn(ex->page[0]), i;
	xen_pfn_t one;
	int err = 0;

	preempt_disable();
	for (i = 0; i < ex->nr; i++) {
		ex->frame[i] = pfn_to_mfn(pfn + i);
		ex->list[i] = in ? ex->frame[i] : pfn + i;
		if (!in && ex->frame[i] != ex->frame[0] + i)
			err = -ESTALE;
	}
	if (err)
		goto out;
	one = in ? pfn : ex->frame[0];
	__xenmem_reservation_va_mapping_reset(ex->nr, ex->page);
	if (in)
		err = exchange_frames(ex->list, ex->nr, 0, &one, 1, order,
				      bits);
	else
		err = exchange_frames(&one, 1, order, ex->list, ex->nr, 0, 0);
	for (i = 0; !err && i < ex->nr; i++)
		ex->frame[i] = in ? one + i : ex->list[i];
	__xenmem_reservation_va_mapping_update(ex->nr, ex->page, ex->frame);
	flush_tlb();
out:
	preempt_enable();
	return err;
}

int xdma_exchange_in(struct page *page, unsigned int order, unsigned int bits,
		     dma_addr_t *dma)
{
	size_t size = PAGE_SIZE << order;
	struct exchange ex;
	int err;

	/* Too few bits for any address; and none means "anywhere" to Xen. */
	if (bits <= PAGE_SHIFT + order)
		return -EINVAL;
	err = exchange_init(&ex, page, order);
	if (err)
		goto out;
	/* Others are to see neither what we had nor what somebody else had. */
	memset(page_address(page), 0, size);
	/* Xen takes no frame that some old mapping of ours still refers to. */
	vm_unmap_aliases();
	err = exchange_pages(&ex, order, true, bits < 52 ? bits : 0);
	if (err)
		goto out;
	memset(page_address(page), 0, size);
	*dma = (dma_addr_t)ex.frame[0] << PAGE_SHIFT;
	if (*dma & (size - 1)) {
		exchange_pages(&ex, order, false, 0);
		err = -EIO;
	}
out:
	exchange_exit(&ex);
	return err;
}

void xdma_exchange_out(struct page *page, unsigned int order)
{
	struct exchange ex;

	memset(page_address(page), 0, PAGE_SIZE << order);
	if (!exchange_init(&ex, page, order)) {
		vm_unmap_aliases();
		exchange_pages(&ex, order, false, 0);
	}
	exchange_exit(&ex);
}
