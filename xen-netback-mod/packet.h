/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From slots of the ring to packets: what a guest sends, checked and laid out.
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_PACKET_H
#define XEN_NETBACK_PACKET_H

#include <linux/types.h>
#include <xenmod/netif.h>

/* A grant covers so many bytes. */
#define VIF_GRANT_SIZE		4096U

/* Bytes at the front of a large packet's first page that go to the skb's head. */
#define VIF_HEAD_LEAST		128U

/* Smallest segment that a guest may ask for: no TCP has a smaller one. */
#define VIF_MIN_GSO_SIZE	48U

/* Pieces that a packet can fall into: each slot may be cut once. */
#define VIF_MAX_PIECES		(2 * NETIF_MIN_SLOTS)

/**
 * enum vif_verdict - what the checks say
 * @VIF_GOOD: a packet to hand on
 * @VIF_CONTROL: no packet, but something in its extra information to do
 * @VIF_TOO_SHORT: shorter than an Ethernet header
 * @VIF_TOO_LONG: its parts are longer than the whole
 * @VIF_TOO_MANY_SLOTS: more slots than the protocol promises to take
 * @VIF_BAD_GSO: segments that no TCP could have
 * @VIF_FATAL: from here on the frontend cannot be trusted to make sense
 * @VIF_UNFINISHED: the packet goes on behind what was announced
 * @VIF_ENDLESS: more slots than any frontend ever had
 * @VIF_CROSSES_PAGE: a part does not lie within its page
 * @VIF_BAD_EXTRA: extra information of no or an unknown type
 * @VIF_TWICE_EXTRA: two of one type
 * @VIF_GSO_SIZE: segments of no size
 * @VIF_GSO_TYPE: segments of an unknown protocol
 * @VIF_VERDICTS: how many there are
 */
enum vif_verdict {
	VIF_GOOD,
	VIF_CONTROL,
	VIF_TOO_SHORT,
	VIF_TOO_LONG,
	VIF_TOO_MANY_SLOTS,
	VIF_BAD_GSO,
	VIF_FATAL,
	VIF_UNFINISHED = VIF_FATAL,
	VIF_ENDLESS,
	VIF_CROSSES_PAGE,
	VIF_BAD_EXTRA,
	VIF_TWICE_EXTRA,
	VIF_GSO_SIZE,
	VIF_GSO_TYPE,
	VIF_VERDICTS
};

/**
 * struct vif_packet - a packet, or what was to be one
 * @verdict: what the checks said. Of a fatal one nothing else is valid.
 * @nr_slots: slots that it has on the ring, extra information included
 * @nr_extras: of them with extra information; they follow the first one
 * @flags: NETIF_TXF_* of the first slot
 * @size: bytes
 * @first_size: bytes of them in the first slot
 * @extras: bit n is set if there was extra information of type n
 * @gso: extra information of that type, if there was
 * @mcast: of NETIF_EXTRA_MCAST_ADD or NETIF_EXTRA_MCAST_DEL
 * @hash: of that type
 */
struct vif_packet {
	enum vif_verdict verdict;
	u16 nr_slots;
	u16 nr_extras;
	u16 flags;
	u16 size;
	u16 first_size;
	u16 extras;
	struct netif_extra_info gso;
	struct netif_extra_info mcast;
	struct netif_extra_info hash;
};

/**
 * struct vif_piece - bytes to copy out of a guest's page
 * @gref: its grant
 * @from: first byte in it
 * @length: bytes
 * @page: where they go: 0 is the head, n the nth page
 * @to: first byte there
 */
struct vif_piece {
	u32 gref;
	u16 from;
	u16 length;
	u16 page;
	u16 to;
};

/**
 * struct vif_layout - where a packet's bytes go
 * @head: bytes of the head
 * @nr_pages: further pages
 * @nr_pieces: pieces in @piece
 * @page_length: bytes of each page; each page's bytes start at its first
 * @piece: the pieces, in order
 */
struct vif_layout {
	u16 head;
	u16 nr_pages;
	u16 nr_pieces;
	u16 page_length[NETIF_MIN_SLOTS];
	struct vif_piece piece[VIF_MAX_PIECES];
};

/**
 * vif_packet_parse() - find the next packet and check it
 * @packet: receives it
 * @slots: private copies of slots, in the order of the ring
 * @nr: how many the frontend has announced, at least 1
 * @fatal_slots: a packet of more slots than this is fatal
 *
 * Return: its verdict.
 */
enum vif_verdict vif_packet_parse(struct vif_packet *packet,
				  const union netif_tx_slot *slots,
				  unsigned int nr, unsigned int fatal_slots);

/**
 * vif_packet_layout() - say where the bytes of a packet go
 * @layout: receives it
 * @packet: a good packet
 * @slots: its slots
 * @room: bytes that fit into a head, at least %VIF_HEAD_LEAST
 * @max_pages: pages that an skb can have, at least 17
 *
 * A packet that fits goes to the head as a whole. Of a larger one, the first
 * slot goes there, or the front of it, and each further slot to a page of its
 * own, so that each is one copy; or if there are too many of them, one behind
 * the other.
 */
void vif_packet_layout(struct vif_layout *layout,
		       const struct vif_packet *packet,
		       const union netif_tx_slot *slots, unsigned int room,
		       unsigned int max_pages);

/**
 * vif_verdict_text() - a verdict for people
 * @verdict: what the checks said
 */
const char *vif_verdict_text(enum vif_verdict verdict);

#endif /* XEN_NETBACK_PACKET_H */
