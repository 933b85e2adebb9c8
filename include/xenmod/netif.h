/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network protocol as it stands on the rings and in xenstore. Facts from
 * Xen's public io/netif.h (link state, MTU, static grants) and from Linux' copy
 * of it (XDP headroom): neither has all of it.
 *
 * Directions are the guest's: "tx" is what it sends, "rx" what it receives.
 * One layout serves all ABIs, and each ring is one page.
 */
#ifndef XENMOD_NETIF_H
#define XENMOD_NETIF_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

/* Slots of a packet that every end must take. */
#define NETIF_MIN_SLOTS		18
/* Slots of the tx ring, and of the rx ring. */
#define NETIF_RING_SLOTS	256
/* Headroom that a frontend can ask for in "xdp-headroom". */
#define NETIF_MAX_XDP_HEADROOM	0x7fff

/* struct netif_tx_request.flags: the transport checksum is still to be made */
#define NETIF_TXF_CSUM_BLANK		BIT(0)
/* the transport checksum was found right, or is not needed */
#define NETIF_TXF_DATA_VALIDATED	BIT(1)
/* the packet goes on in another request */
#define NETIF_TXF_MORE_DATA		BIT(2)
/* an extra info takes the next slot */
#define NETIF_TXF_EXTRA_INFO		BIT(3)

/* struct netif_rx_response.flags: the same in another order */
#define NETIF_RXF_DATA_VALIDATED	BIT(0)
#define NETIF_RXF_CSUM_BLANK		BIT(1)
#define NETIF_RXF_MORE_DATA		BIT(2)
#define NETIF_RXF_EXTRA_INFO		BIT(3)
/* obsolete: the slot is a prefix with the segment size; never offered */
#define NETIF_RXF_GSO_PREFIX		BIT(4)

#define NETIF_RSP_DROPPED	(-2)
#define NETIF_RSP_ERROR		(-1)
#define NETIF_RSP_OKAY		0
/* answers a tx slot that was an extra info */
#define NETIF_RSP_NULL		1

/* struct netif_extra_info.type */
#define NETIF_EXTRA_NONE	0
#define NETIF_EXTRA_GSO		1
#define NETIF_EXTRA_MCAST_ADD	2
#define NETIF_EXTRA_MCAST_DEL	3
#define NETIF_EXTRA_HASH	4
#define NETIF_EXTRA_XDP		5
#define NETIF_EXTRA_TYPES	6

/* struct netif_extra_info.flags: another extra info takes the next slot */
#define NETIF_EXTRA_FLAG_MORE		BIT(0)

/* struct netif_extra_info.gso.type */
#define NETIF_GSO_NONE		0
#define NETIF_GSO_TCPV4		1
#define NETIF_GSO_TCPV6		2

/* An Ethernet address. */
#define NETIF_ADDRESS		6

/**
 * struct netif_tx_request - a packet that the guest sends, or a part of one
 * @gref: page that holds it
 * @offset: where it begins there
 * @flags: NETIF_TXF_*
 * @id: echoed in the response
 * @size: in a packet's first request the bytes of the whole packet, else those
 *	of this part
 */
struct netif_tx_request {
	u32 gref;
	u16 offset;
	u16 flags;
	u16 id;
	u16 size;
};

/**
 * struct netif_tx_response - answers a tx request
 * @id: the request's
 * @status: NETIF_RSP_*
 */
struct netif_tx_response {
	u16 id;
	s16 status;
};

/**
 * struct netif_rx_request - a page for what the guest receives
 * @id: echoed in the response
 * @pad: unused
 * @gref: the page
 */
struct netif_rx_request {
	u16 id;
	u16 pad;
	u32 gref;
};

/**
 * struct netif_rx_response - a packet for the guest, or a part of one
 * @id: that of the request in the same slot: some frontends ask the slot only
 * @offset: where it begins in the page
 * @flags: NETIF_RXF_*
 * @status: bytes of this part, or one of NETIF_RSP_*
 */
struct netif_rx_response {
	u16 id;
	u16 offset;
	u16 flags;
	s16 status;
};

/**
 * struct netif_extra_info - metadata, in a slot behind a packet's first
 * @type: NETIF_EXTRA_*
 * @flags: NETIF_EXTRA_FLAG_MORE
 * @gso: %NETIF_EXTRA_GSO
 * @gso.size: payload of each segment at most
 * @gso.type: NETIF_GSO_*
 * @gso.pad: unused
 * @gso.features: none are known: zero
 * @mcast: %NETIF_EXTRA_MCAST_ADD, %NETIF_EXTRA_MCAST_DEL
 * @mcast.address: group that the guest joins or leaves
 * @hash: %NETIF_EXTRA_HASH
 * @hash.type: enum netif_hash_type
 * @hash.algorithm: NETIF_HASH_*
 * @hash.value: least significant byte first
 * @xdp: %NETIF_EXTRA_XDP, to the guest only
 * @xdp.headroom: bytes in front of the packet in its page
 * @xdp.pad: unused
 */
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
			u8 address[NETIF_ADDRESS];
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

/* A slot of the tx ring. */
union netif_tx_slot {
	struct netif_tx_request request;
	struct netif_extra_info extra;
	struct netif_tx_response response;
};

/* A slot of the rx ring. */
union netif_rx_slot {
	struct netif_rx_request request;
	struct netif_rx_response response;
	struct netif_extra_info extra;
};

static_assert(sizeof(union netif_tx_slot) == 12);
static_assert(sizeof(union netif_rx_slot) == 8);
static_assert(sizeof(struct netif_extra_info) == 8);
static_assert(sizeof(struct netif_tx_response) == 4);

/* The control ring: struct netif_ctrl_request.type and its data. */
/* which hash types there are; the answer's data is a set of them */
#define NETIF_CTRL_GET_HASH_FLAGS		1
/* data[0]: set of hash types that the guest wants */
#define NETIF_CTRL_SET_HASH_FLAGS		2
/* data[0]: page with the key, data[1]: its bytes */
#define NETIF_CTRL_SET_HASH_KEY			3
/* entries that a mapping can have; they are the answer's data */
#define NETIF_CTRL_GET_HASH_MAPPING_SIZE	4
/* data[0]: entries of the mapping, which is all zero then; 0: none */
#define NETIF_CTRL_SET_HASH_MAPPING_SIZE	5
/* data[0]: page with u32 entries, data[1]: how many, data[2]: first one */
#define NETIF_CTRL_SET_HASH_MAPPING		6
/* data[0]: NETIF_HASH_* */
#define NETIF_CTRL_SET_HASH_ALGORITHM		7
/* data[0]: queue; pages of it that can stay mapped are the answer's data */
#define NETIF_CTRL_GET_GREF_MAPPING_SIZE	8
/* data[0]: queue, data[1]: page with struct netif_gref, data[2]: how many */
#define NETIF_CTRL_ADD_GREF_MAPPING		9
/* the same */
#define NETIF_CTRL_DEL_GREF_MAPPING		10

/* struct netif_ctrl_response.status */
#define NETIF_CTRL_SUCCESS		0
#define NETIF_CTRL_NOT_SUPPORTED	1
#define NETIF_CTRL_INVALID_PARAMETER	2
#define NETIF_CTRL_BUFFER_OVERFLOW	3

/* Hash algorithms. */
#define NETIF_HASH_NONE		0
#define NETIF_HASH_TOEPLITZ	1

/**
 * enum netif_hash_type - what is hashed: in this order, as on the wire
 * @NETIF_HASH_IPV4: source and destination address
 * @NETIF_HASH_IPV4_TCP: the same, source and destination port
 * @NETIF_HASH_IPV6: source and destination address
 * @NETIF_HASH_IPV6_TCP: the same, source and destination port
 * @NETIF_HASH_TYPES: how many there are
 *
 * A set of them has bit 1 << type for each. The fullest type in the set that
 * fits a packet is used.
 */
enum netif_hash_type {
	NETIF_HASH_IPV4,
	NETIF_HASH_IPV4_TCP,
	NETIF_HASH_IPV6,
	NETIF_HASH_IPV6_TCP,
	NETIF_HASH_TYPES
};

/**
 * struct netif_ctrl_request - what the frontend wants
 * @id: echoed in the response
 * @type: NETIF_CTRL_*
 * @data: depends on @type
 */
struct netif_ctrl_request {
	u16 id;
	u16 type;
	u32 data[3];
};

/**
 * struct netif_ctrl_response - how that went
 * @id: the request's
 * @type: the request's
 * @status: NETIF_CTRL_SUCCESS and its neighbours
 * @data: depends on @type
 */
struct netif_ctrl_response {
	u16 id;
	u16 type;
	u32 status;
	u32 data;
};

/* A slot of the control ring. */
union netif_ctrl_slot {
	struct netif_ctrl_request request;
	struct netif_ctrl_response response;
};

static_assert(sizeof(union netif_ctrl_slot) == 16);
static_assert(sizeof(struct netif_ctrl_response) == 12);

/* struct netif_gref.flags */
#define NETIF_GREF_READONLY	BIT(0)

/**
 * struct netif_gref - a page that is to stay mapped
 * @ref: its grant reference
 * @flags: NETIF_GREF_*
 * @status: written by the backend; one of a control response
 */
struct netif_gref {
	u32 ref;
	u16 flags;
	u16 status;
};

static_assert(sizeof(struct netif_gref) == 8);

/* The backend's node for the guest's link: "0" is down, "1" or none is up. */
#define NETIF_NODE_CARRIER	"carrier"
/* The frontend's node for its MTU, from the toolstack. */
#define NETIF_NODE_MTU		"mtu"

#endif /* XENMOD_NETIF_H */
