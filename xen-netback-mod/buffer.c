// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that packets from guests are copied to.
 */
#include "buffer.h"

struct page *vif_buffer_page(struct vif_buffers *buffers)
{
	struct page **kept = &buffers->kept[buffers->next];
	struct page *page = *kept;

	buffers->next = (buffers->next + 1) % VIF_KEPT_PAGES;
	if (page && page_ref_count(page) == 1)
		goto found;
	if (page) {
		*kept = NULL;
		put_page(page);
	}
	/* Nothing of the reserves: a packet is what can be lost. */
	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN | __GFP_NOMEMALLOC);
	if (!page)
		return NULL;
	*kept = page;
found:
	get_page(page);
	return page;
}

bool vif_buffer_head(struct vif_buffers *buffers, struct vif_head *head)
{
	struct page *page;

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
	get_page(page);
	buffers->half.page = page;
	buffers->half.offset = VIF_HEAD_SIZE;
	return true;
}

void vif_buffers_destroy(struct vif_buffers *buffers)
{
	unsigned int i;

	if (buffers->half.page)
		put_page(buffers->half.page);
	for (i = 0; i < VIF_KEPT_PAGES; i++)
		if (buffers->kept[i])
			put_page(buffers->kept[i]);
	memset(buffers, 0, sizeof(*buffers));
}
