/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that packets from guests are copied to. A frame of usual size takes
 * half a page, together with what the stack keeps behind it, so that it is one
 * copy and two of them share a page; larger ones take further pages.
 */
#ifndef XEN_NETBACK_BUFFER_H
#define XEN_NETBACK_BUFFER_H

#include <linux/mm.h>
#include <linux/skbuff.h>

/* Memory of a head. Two of them are a page. */
#define VIF_HEAD_SIZE		2048U

/* What the stack may put in front of a frame. */
#define VIF_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)

/*
 * Pages that are looked at again whether they came back: as many as whoever
 * receives the frames holds at a time, so that no page has to be made, and
 * cleared, for each that is filled.
 */
#define VIF_MAX_KEPT		1024U
#define VIF_MIN_KEPT		64U

/**
 * struct vif_head - memory of a head
 * @page: the page that it is in, with a reference
 * @offset: where in it
 * @size: bytes
 * @headroom: bytes in front of the frame
 */
struct vif_head {
	struct page *page;
	u16 offset;
	u16 size;
	u16 headroom;
};

/**
 * vif_head_room() - bytes of a frame that fit into a head
 * @head: the head
 */
static inline unsigned int vif_head_room(const struct vif_head *head)
{
	return SKB_WITH_OVERHEAD(head->size) - head->headroom;
}

/**
 * struct vif_buffers - memory of a queue's packets
 * @next: index of the page to look at next
 * @nr: pages in @kept
 * @found: pages that had come back, since one was given up last
 * @half: its page has a head left
 * @kept: pages handed out earlier, each with a reference of ours; one that has
 *	no other has come back. Those longest out are looked at first.
 */
struct vif_buffers {
	unsigned int next;
	unsigned int nr;
	unsigned int found;
	struct vif_head half;
	struct page *kept[VIF_MAX_KEPT];
};

/**
 * vif_buffer_page() - take a page
 * @buffers: the queue's
 *
 * Return: the page, with a reference for the caller, or NULL.
 */
struct page *vif_buffer_page(struct vif_buffers *buffers);

/**
 * vif_buffer_head() - take memory for a head
 * @buffers: the queue's
 * @head: receives it
 * @roomy: a page, with the room in front that XDP programs expect
 *
 * Return: true if there was some.
 */
bool vif_buffer_head(struct vif_buffers *buffers, struct vif_head *head,
		     bool roomy);

/**
 * vif_buffers_drop() - let go of all that is kept
 * @buffers: set up or zeroed
 */
void vif_buffers_drop(struct vif_buffers *buffers);

#endif /* XEN_NETBACK_BUFFER_H */
