// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with what a packet claims of itself: segments, checksums,
 * multicast addresses.
 */
#include <string.h>
#include "../report.h"
#include "cases.h"
#include "frame.h"

#define MCAST_MOST	64

/*
 * A packet of @total bytes with segments of @size. Its headers are in page
 * @page; several can be on their way at once.
 */
static void put_gso(struct vif *vif, unsigned int page, unsigned int protocol,
		    unsigned int total, unsigned int type, unsigned int size)
{
	struct frame_ip ip = {
		.mac = vif->mac, .number = vif->number, .protocol = protocol,
		.total = total, .csum_blank = true,
	};
	struct netif_extra_info info = { .u.gso = { .size = size,
						    .type = type } };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int left = total, part, flags;
	unsigned int n = 0;

	frame_ip(pages_at(&vif->data, page), &ip);
	do {
		part = left < PAGE_SIZE ? left : PAGE_SIZE;
		left -= part;
		flags = left ? NETTXF_more_data : 0;
		if (!n)
			flags |= NETTXF_csum_blank | NETTXF_data_validated |
				 NETTXF_extra_info;
		tx_put(tx, flags, n ? part : total, 0,
		       vif->data.gref[n ? DATA_PAGES - 1 : page]);
		if (!n)
			tx_extra(tx, XEN_NETIF_EXTRA_TYPE_GSO, 0, &info.u);
		n++;
	} while (left);
}

static void gso_size(struct vif *vif)
{
	vif_works(vif);
	put_gso(vif, 0, TCP, 4000, XEN_NETIF_GSO_TYPE_TCPV4, 0);
	must_stop(vif);
	recover(vif);
}

static void gso_type(struct vif *vif)
{
	vif_works(vif);
	put_gso(vif, 0, TCP, 4000, 77, 1448);
	must_stop(vif);
	recover(vif);
}

/* Segments of each size, of each protocol, whatever the packet is. */
static void gso_lies(struct vif *vif)
{
	static const unsigned int sizes[] = {
		1, 7, 47, 48, 536, 1448, 9000, 32768, 65535
	};
	static const unsigned int protocols[] = { TCP, UDP, ICMP, 255 };
	/* Headers cut off, just there, and data of all sizes. */
	static const unsigned int totals[] = {
		14, 33, 34, 53, 54, 55, 60, 1514, 4096, 4097, 65535
	};
	unsigned int i, k, n;

	for (i = 0; i < 9; i++)
		for (k = 0; k < 4; k++) {
			for (n = 0; n < 22; n++)
				put_gso(vif, n, protocols[k], totals[n / 2],
					n % 2 ? XEN_NETIF_GSO_TYPE_TCPV4 :
					XEN_NETIF_GSO_TYPE_TCPV6, sizes[i]);
			if (!tx_finish(&vif->queue[0].tx))
				return;
		}
	vif_works(vif);
}

/* Any bytes can stand where headers should. */
static void scramble(uint8_t *at, unsigned int n)
{
	switch (n % 8) {
	case 0:
		at[14] = 0x4f;		/* options to the packet's end */
		break;
	case 1:
		at[14] = 0x41;		/* a header shorter than the least */
		break;
	case 2:
		at[20] = 0x20;		/* a fragment */
		at[21] = n;
		break;
	case 3:
		at[46] = 0xf0;		/* TCP's options to the end */
		break;
	case 4:
		at[12] = 0x86;		/* IPv6, of header upon header */
		at[13] = 0xdd;
		at[14] = 0x60;
		at[20] = n % 3 ? 0 : 44;
		memset(at + 54, 0, 200);
		break;
	case 5:
		at[12] = 0x81;		/* tags, one behind the other */
		at[13] = 0;
		for (n = 14; n < 80; n += 4)
			memcpy(at + n, "\x00\x07\x81\x00", 4);
		break;
	case 6:
		at[16] = 0xff;		/* longer than it is */
		at[17] = 0xff;
		break;
	default:
		at[16] = 0;
		at[17] = n % 40;
	}
}

static void csum_lies(struct vif *vif)
{
	static const unsigned int protocols[] = { TCP, UDP, ICMP, 0, 255 };
	static const unsigned int totals[] = {
		14, 15, 33, 34, 35, 41, 42, 50, 53, 54, 60, 128, 1514
	};
	struct frame_ip ip = {
		.mac = vif->mac, .number = vif->number, .csum_blank = true,
	};
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i, k, n;
	uint8_t *at;

	for (i = 0; i < 5; i++)
		for (k = 0; k < 13; k++) {
			ip.protocol = protocols[i];
			ip.total = totals[k];
			for (n = 0; n < 17; n++) {
				at = pages_at(&vif->data, n);
				frame_ip(at, &ip);
				if (n)
					scramble(at, n + 8 * k);
				tx_put(tx, n % 3 ? NETTXF_csum_blank |
				       NETTXF_data_validated :
				       NETTXF_csum_blank, totals[k], 0,
				       vif->data.gref[n]);
			}
			if (!tx_finish(tx))
				return;
		}
	vif_works(vif);
}

/* How an address' coming or going is answered. */
static int mcast(struct vif *vif, unsigned int type, unsigned int n)
{
	uint8_t address[6] = { 1, 0, 0x5e, 1, n >> 8, n };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int id;

	id = tx_put(tx, NETTXF_extra_info, 0, 0, 0);
	tx_extra(tx, type, 0, address);
	tx_finish(tx);
	return tx->status[id];
}

/* Hundreds of addresses, some twice, and their end. */
static void mcast_many(struct vif *vif)
{
	unsigned int i, taken = 0;

	for (i = 0; i < 5 * MCAST_MOST; i++)
		taken += mcast(vif, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, i) ==
			 NETIF_RSP_OKAY;
	if (taken > MCAST_MOST)
		report_fail("%u addresses are taken", taken);
	if (!taken)
		report_fail("no address is taken");
	for (i = 0; i < 5 * MCAST_MOST; i++)
		mcast(vif, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, i);
	if (mcast(vif, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 4711) != NETIF_RSP_OKAY)
		report_fail("there is no room where all have gone");
	vif_works(vif);
}

/* Data and a change of addresses at once; addresses that are not multicast. */
static void mcast_odd(struct vif *vif)
{
	static const uint8_t unicast[6] = { 0, 0x16, 0x3e, 1, 2, 3 };
	struct ring *tx = &vif->queue[0].tx;
	unsigned int i;

	for (i = 0; i < 32; i++) {
		tx_put(tx, NETTXF_extra_info, i % 2 ? 1514 : 0, 0,
		       i % 4 ? vif->data.gref[0] : GREF_MAX);
		tx_extra(tx, i % 3 ? XEN_NETIF_EXTRA_TYPE_MCAST_ADD :
			 XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 0, unicast);
	}
	tx_finish(tx);
	vif_works(vif);
}

const struct hostile_case offload_cases[] = {
	{ "gso-size", gso_size },
	{ "gso-type", gso_type },
	{ "gso-lies", gso_lies },
	{ "csum-lies", csum_lies },
	{ "mcast-many", mcast_many },
	{ "mcast-odd", mcast_odd },
	{ }
};
