// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that packets from guests are copied to.
 */
#include <linux/bpf.h>
#include "buffer.h"

/* One page in so many that came back is not kept: there may be too many. */
#define GIVE_UP_ONE_IN	64

/* A page that came back, or NULL. One that is out is not waited for. */
static struct page *find(struct vif_buffers *buffers)
{
	unsigned int next = buffers->next;
	struct page *page;

	if (next >= buffers->nr)
		next = 0;
	buffers->next = next + 1;
	page = buffers->kept[next];
	if (!page || page_ref_count(page) > 1)
		return NULL;
	if (++buffers->found >= GIVE_UP_ONE_IN && buffers->nr > VIF_MIN_KEPT) {
		/* Our reference goes to the caller. */
		buffers->found = 0;
		buffers->kept[next] = buffers->kept[--buffers->nr];
		buffers->kept[buffers->nr] = NULL;
		return page;
	}
	get_page(page);
	return page;
}

/* More than that are out: those that we know stay, and come back one day. */
static void keep(struct vif_buffers *buffers, struct page *page)
{
	if (buffers->nr == VIF_MAX_KEPT)
		return;
	get_page(page);
	buffers->kept[buffers->nr++] = page;
}

struct page *vif_buffer_page(struct vif_buffers *buffers)
{
	struct page *page = find(buffers);

	if (likely(page))
		return page;
	/* Nothing of the reserves: a packet is what can be lost. */
	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN | __GFP_NOMEMALLOC);
	if (page)
		keep(buffers, page);
	return page;
}

bool vif_buffer_head(struct vif_buffers *buffers, struct vif_head *head,
		     bool roomy)
{
	struct page *page;

	if (unlikely(roomy)) {
		head->page = vif_buffer_page(buffers);
		head->offset = 0;
		head->size = PAGE_SIZE;
		head->headroom = XDP_PACKET_HEADROOM;
		return head->page;
	}
	if (buffers->half.page) {
		*head = buffers->half;
		buffers->half.page = NULL;
		return true;
	}
	page = vif_buffer_page(buffers);
	if (!page)
		return false;
	head->page = page;
	head->offset = 0;
	head->size = VIF_HEAD_SIZE;
	head->headroom = VIF_HEADROOM;
	get_page(page);
	buffers->half = *head;
	buffers->half.offset = VIF_HEAD_SIZE;
	return true;
}

void vif_buffers_drop(struct vif_buffers *buffers)
{
	unsigned int i;

	if (buffers->half.page)
		put_page(buffers->half.page);
	for (i = 0; i < buffers->nr; i++)
		put_page(buffers->kept[i]);
	memset(buffers, 0, sizeof(*buffers));
}
