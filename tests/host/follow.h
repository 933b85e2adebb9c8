/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Follows the bytes of a packet to where they are copied.
 */
#ifndef HOST_FOLLOW_H
#define HOST_FOLLOW_H

#include <linux/string.h>
#include "packet.h"

/*
 * Where the bytes go. Bytes of the guest are numbered through the packet; each
 * must come to its place, once, in order, and nothing beyond any page.
 */
static inline void follow_bytes(const struct vif_packet *packet,
				const union netif_tx_slot *slots,
				unsigned int room, unsigned int max_pages)
{
	struct vif_layout layout;
	unsigned int i, done = 0, page = 0, to = 0, slot = 0, taken = 0, left;

	memset(&layout, 0xa5, sizeof(layout));
	vif_packet_layout(&layout, packet, slots, room, max_pages);
	assert_true(layout.head <= room);
	assert_true(layout.nr_pages <= max_pages);
	assert_in_range(layout.nr_pieces, 1, VIF_MAX_PIECES);
	if (packet->size <= room) {
		assert_int_equal(layout.head, packet->size);
		assert_int_equal(layout.nr_pages, 0);
	}

	left = packet->first_size;
	for (i = 0; i < layout.nr_pieces; i++) {
		const struct vif_piece *piece = &layout.piece[i];

		/* Find the slot that has the next byte. */
		while (taken == left) {
			slot = slot ? slot + 1 : packet->nr_extras + 1U;
			assert_true(slot < packet->nr_slots);
			left = slots[slot].request.size;
			taken = 0;
		}
		assert_true(piece->length > 0);
		assert_true(piece->length <= left - taken);
		assert_int_equal(piece->gref, slots[slot].request.gref);
		assert_int_equal(piece->from,
				 slots[slot].request.offset + taken);
		assert_true(piece->from + piece->length <= 4096);
		taken += piece->length;

		/* Find the place for it. */
		while (to == (page ? layout.page_length[page - 1] :
				     layout.head)) {
			page++;
			to = 0;
			assert_true(page <= layout.nr_pages);
		}
		assert_int_equal(piece->page, page);
		assert_int_equal(piece->to, to);
		to += piece->length;
		assert_true(to <= (page ? layout.page_length[page - 1] :
					  layout.head));
		assert_true(!page || to <= 4096);
		done += piece->length;
	}
	assert_int_equal(done, packet->size);
	assert_int_equal(page, layout.nr_pages);
	for (i = 0; i < layout.nr_pages; i++)
		assert_in_range(layout.page_length[i], 1, 4096);
}

#endif
