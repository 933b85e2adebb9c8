// SPDX-License-Identifier: GPL-2.0
/*
 * From slots of the ring to packets.
 */
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include "packet.h"

static enum vif_verdict parse_gso(const struct netif_extra_info *extra)
{
	if (!extra->gso.size)
		return VIF_GSO_SIZE;
	if (extra->gso.type != NETIF_GSO_TCPV4 &&
	    extra->gso.type != NETIF_GSO_TCPV6)
		return VIF_GSO_TYPE;
	return VIF_GOOD;
}

static enum vif_verdict parse_extra(struct vif_packet *packet,
				    const struct netif_extra_info *extra)
{
	if (!extra->type || extra->type >= NETIF_EXTRA_TYPES)
		return VIF_BAD_EXTRA;
	if (packet->extras & (1U << extra->type))
		return VIF_TWICE_EXTRA;
	packet->extras |= 1U << extra->type;

	switch (extra->type) {
	case NETIF_EXTRA_GSO:
		packet->gso = *extra;
		return parse_gso(extra);
	case NETIF_EXTRA_MCAST_ADD:
	case NETIF_EXTRA_MCAST_DEL:
		packet->mcast = *extra;
		break;
	case NETIF_EXTRA_HASH:
		packet->hash = *extra;
		break;
	}
	return VIF_GOOD;
}

/* The slots with extra information follow the first one. */
static enum vif_verdict parse_extras(struct vif_packet *packet,
				     const union netif_tx_slot *slots,
				     unsigned int nr)
{
	const struct netif_extra_info *extra;
	enum vif_verdict verdict;

	do {
		if (packet->nr_slots == nr)
			return VIF_UNFINISHED;
		extra = &slots[packet->nr_slots++].extra;
		packet->nr_extras++;
		verdict = parse_extra(packet, extra);
		if (verdict != VIF_GOOD)
			return verdict;
	} while (extra->flags & NETIF_EXTRA_FLAG_MORE);
	return VIF_GOOD;
}

static bool crosses_page(unsigned int offset, unsigned int size)
{
	return offset + size > VIF_GRANT_SIZE;
}

/* The slots with the rest of the packet. */
static enum vif_verdict parse_rest(struct vif_packet *packet,
				   const union netif_tx_slot *slots,
				   unsigned int nr, unsigned int fatal_slots)
{
	enum vif_verdict verdict = VIF_GOOD;
	const struct netif_tx_request *request;
	unsigned int nr_data = 1;

	do {
		if (packet->nr_slots == nr)
			return VIF_UNFINISHED;
		if (nr_data == fatal_slots)
			return VIF_ENDLESS;
		request = &slots[packet->nr_slots++].request;
		if (crosses_page(request->offset, request->size))
			return VIF_CROSSES_PAGE;
		/* The whole chain has to be answered, so find its end. */
		if (++nr_data > NETIF_MIN_SLOTS)
			verdict = VIF_TOO_MANY_SLOTS;
		else if (request->size > packet->first_size)
			verdict = VIF_TOO_LONG;
		if (verdict == VIF_GOOD)
			packet->first_size -= request->size;
	} while (request->flags & NETIF_TXF_MORE_DATA);
	return verdict;
}

static enum vif_verdict check_gso(const struct vif_packet *packet)
{
	return packet->extras & (1U << NETIF_EXTRA_GSO) &&
	       packet->gso.gso.size < VIF_MIN_GSO_SIZE ? VIF_BAD_GSO : VIF_GOOD;
}

static enum vif_verdict parse(struct vif_packet *packet,
			      const union netif_tx_slot *slots,
			      unsigned int nr, unsigned int fatal_slots)
{
	const struct netif_tx_request *first = &slots->request;
	enum vif_verdict verdict;

	if (first->flags & NETIF_TXF_EXTRA_INFO) {
		verdict = parse_extras(packet, slots, nr);
		if (verdict != VIF_GOOD)
			return verdict;
		if (packet->extras & (1U << NETIF_EXTRA_MCAST_ADD |
				      1U << NETIF_EXTRA_MCAST_DEL))
			return VIF_CONTROL;
	}
	if (first->flags & NETIF_TXF_MORE_DATA) {
		verdict = parse_rest(packet, slots, nr, fatal_slots);
		if (verdict != VIF_GOOD)
			return verdict;
	}
	if (crosses_page(first->offset, packet->first_size))
		return VIF_CROSSES_PAGE;
	if (packet->size < ETH_HLEN)
		return VIF_TOO_SHORT;
	return check_gso(packet);
}

enum vif_verdict vif_packet_parse(struct vif_packet *packet,
				  const union netif_tx_slot *slots,
				  unsigned int nr, unsigned int fatal_slots)
{
	packet->nr_slots = 1;
	packet->nr_extras = 0;
	packet->flags = slots->request.flags;
	packet->size = slots->request.size;
	packet->first_size = packet->size;
	packet->extras = 0;
	packet->verdict = parse(packet, slots, nr, fatal_slots);
	return packet->verdict;
}

static void add_piece(struct vif_layout *layout, u32 gref, unsigned int from,
		      unsigned int length, unsigned int page, unsigned int to)
{
	struct vif_piece *piece = &layout->piece[layout->nr_pieces++];

	piece->gref = gref;
	piece->from = from;
	piece->length = length;
	piece->page = page;
	piece->to = to;
}

/* A slot's bytes to a page of their own. */
static void add_page(struct vif_layout *layout, u32 gref, unsigned int from,
		     unsigned int length)
{
	layout->page_length[layout->nr_pages++] = length;
	add_piece(layout, gref, from, length, layout->nr_pages, 0);
}

/* A slot's bytes behind those of the one before. */
static void add_packed(struct vif_layout *layout, u32 gref, unsigned int from,
		       unsigned int length)
{
	unsigned int used, part;

	while (length) {
		if (!layout->nr_pages ||
		    layout->page_length[layout->nr_pages - 1] == VIF_GRANT_SIZE)
			layout->page_length[layout->nr_pages++] = 0;
		used = layout->page_length[layout->nr_pages - 1];
		part = min(length, VIF_GRANT_SIZE - used);
		add_piece(layout, gref, from, part, layout->nr_pages, used);
		layout->page_length[layout->nr_pages - 1] = used + part;
		from += part;
		length -= part;
	}
}

/* All of it in the head. */
static void layout_small(struct vif_layout *layout,
			 const struct vif_packet *packet,
			 const union netif_tx_slot *slots)
{
	const struct netif_tx_request *request = &slots->request;
	unsigned int i, done = packet->first_size;

	if (done)
		add_piece(layout, request->gref, request->offset, done, 0, 0);
	for (i = packet->nr_extras + 1; i < packet->nr_slots; i++) {
		request = &slots[i].request;
		if (!request->size)
			continue;
		add_piece(layout, request->gref, request->offset, request->size,
			  0, done);
		done += request->size;
	}
	layout->head = done;
}

static void layout_large(struct vif_layout *layout,
			 const struct vif_packet *packet,
			 const union netif_tx_slot *slots, unsigned int room,
			 unsigned int max_pages)
{
	void (*add)(struct vif_layout *layout, u32 gref, unsigned int from,
		    unsigned int length);
	const struct netif_tx_request *request = &slots->request;
	unsigned int i, pages, first = packet->first_size;

	layout->head = first <= room ? first : VIF_HEAD_LEAST;
	pages = packet->nr_slots - packet->nr_extras - (first <= room);
	add = pages > max_pages ? add_packed : add_page;
	if (layout->head)
		add_piece(layout, request->gref, request->offset, layout->head,
			  0, 0);
	if (first > layout->head)
		add(layout, request->gref, request->offset + layout->head,
		    first - layout->head);
	for (i = packet->nr_extras + 1; i < packet->nr_slots; i++) {
		request = &slots[i].request;
		if (request->size)
			add(layout, request->gref, request->offset,
			    request->size);
	}
}

void vif_packet_layout(struct vif_layout *layout,
		       const struct vif_packet *packet,
		       const union netif_tx_slot *slots, unsigned int room,
		       unsigned int max_pages)
{
	layout->nr_pages = 0;
	layout->nr_pieces = 0;
	if (packet->size <= room)
		layout_small(layout, packet, slots);
	else
		layout_large(layout, packet, slots, room, max_pages);
}

const char *vif_verdict_text(enum vif_verdict verdict)
{
	static const char *const texts[VIF_VERDICTS] = {
		[VIF_GOOD] = "good",
		[VIF_CONTROL] = "not a packet",
		[VIF_TOO_SHORT] = "shorter than an Ethernet header",
		[VIF_TOO_LONG] = "its parts are longer than the whole",
		[VIF_TOO_MANY_SLOTS] = "more slots than the protocol allows",
		[VIF_BAD_GSO] = "segments are smaller than those of any TCP",
		[VIF_UNFINISHED] = "goes on behind what was announced",
		[VIF_ENDLESS] = "far more slots than the protocol allows",
		[VIF_CROSSES_PAGE] = "a part does not lie within its page",
		[VIF_BAD_EXTRA] = "extra information of an unknown type",
		[VIF_TWICE_EXTRA] = "extra information of one type twice",
		[VIF_GSO_SIZE] = "segments of no size",
		[VIF_GSO_TYPE] = "segments of an unknown protocol",
	};

	return texts[verdict];
}
