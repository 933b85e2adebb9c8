/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network protocol as it stands on the rings, merged from Xen's public
 * io/netif.h and Linux's additions to it (XDP headroom). All ABIs share one
 * layout. "tx" is what the guest sends, "rx" what it receives.
 *
 * Each vif has in xenstore, besides what the headers above describe:
 * "carrier" and "mtu" in the backend's directory, for the frontend to read.
 */
#ifndef XENMOD_NETIF_H
#define XENMOD_NETIF_H

#include <linux/build_bug.h>
#include <linux/types.h>

/* Slots of a packet that every end must take. */
#define NETIF_MIN_SLOTS			18

/* netif_tx_request.flags */
#define NETIF_TXF_CSUM_BLANK		1
#define NETIF_TXF_DATA_VALIDATED	2
#define NETIF_TXF_MORE_DATA		4
#define NETIF_TXF_EXTRA_INFO		8

/* netif_rx_response.flags */
#define NETIF_RXF_DATA_VALIDATED	1
#define NETIF_RXF_CSUM_BLANK		2
#define NETIF_RXF_MORE_DATA		4
#define NETIF_RXF_EXTRA_INFO		8

/* netif_tx_response.status, and netif_rx_response.status if negative */
#define NETIF_RSP_DROPPED		(-2)
#define NETIF_RSP_ERROR			(-1)
#define NETIF_RSP_OKAY			0
/* answers a slot with extra information */
#define NETIF_RSP_NULL			1

/* netif_extra_info.type */
#define NETIF_EXTRA_GSO			1
#define NETIF_EXTRA_MCAST_ADD		2
#define NETIF_EXTRA_MCAST_DEL		3
#define NETIF_EXTRA_HASH		4
#define NETIF_EXTRA_XDP			5
#define NETIF_EXTRA_TYPES		6

/* netif_extra_info.flags */
#define NETIF_EXTRA_FLAG_MORE		1

/* netif_extra_info.gso.type */
#define NETIF_GSO_TCPV4			1
#define NETIF_GSO_TCPV6			2

struct netif_tx_request {
	u32 gref;
	u16 offset;
	u16 flags;
	u16 id;
	/* of the first request: the whole packet's */
	u16 size;
};

struct netif_tx_response {
	u16 id;
	s16 status;
};

struct netif_rx_request {
	u16 id;
	u16 pad;
	u32 gref;
};

struct netif_rx_response {
	u16 id;
	u16 offset;
	u16 flags;
	/* bytes, or negative */
	s16 status;
};

struct netif_extra_info {
	u8 type;
	u8 flags;
	union {
		struct {
			u16 size;
			u8 type;
			u8 pad;
			u16 features;
		} gso;
		struct {
			u8 address[6];
		} mcast;
		struct {
			u8 type;
			u8 algorithm;
			u8 value[4];
		} hash;
		struct {
			u16 headroom;
			u16 pad[2];
		} xdp;
	};
};

/* One slot of the ring that the guest sends through. */
union netif_tx_slot {
	struct netif_tx_request request;
	struct netif_extra_info extra;
};

/* One slot of the ring that the guest receives through. */
union netif_rx_slot {
	struct netif_rx_request request;
	struct netif_rx_response response;
	struct netif_extra_info extra;
};

static_assert(sizeof(union netif_tx_slot) == 12);
static_assert(sizeof(union netif_rx_slot) == 8);

/* Both rings are a page. */
#define NETIF_RING_SLOTS		256

#endif /* XENMOD_NETIF_H */
