// SPDX-License-Identifier: GPL-2.0
/*
 * Toeplitz hash of addresses and ports. The hash of a bit string is the XOR of
 * the 32 bits of the key at the place of each set bit, so the contribution of
 * each half byte of the input can be looked up: 4.5 KiB of table hash a TCP
 * packet in 24 steps (IPv4) or 72 (IPv6), where bit by bit takes 96 or 288.
 */
#include <linux/build_bug.h>
#include <linux/string.h>
#include "hash.h"

#define ETHERNET_HEADER	14
#define VLAN_TAG	4
#define MAX_VLAN_TAGS	2

#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_VLAN	0x8100
#define ETHERTYPE_QINQ	0x88a8
#define ETHERTYPE_IPV6	0x86dd

#define IPV4_HEADER	20
#define IPV6_HEADER	40
#define PROTOCOL_TCP	6
/* All of an IPv4 fragment's mark: "more fragments" and the offset. */
#define IPV4_FRAGMENT	0x3fff
/* Source and destination. */
#define PORTS		4

void vif_hash_init(struct vif_hash *hash)
{
	memset(hash, 0, sizeof(*hash));
}

/* The window of the input's last bit ends with the key. */
static_assert(VIF_HASH_INPUT + 4 == VIF_HASH_KEY);

/* The 32 bits of a key from @bit on. */
static u32 key_window(const u8 *key, unsigned int bit)
{
	const u8 *at = key + bit / 8;
	u64 bits = (u64)at[0] << 32 | (u32)at[1] << 24 | at[2] << 16 |
		   at[3] << 8 | at[4];

	return bits >> (8 - bit % 8);
}

void vif_hash_set_key(struct vif_hash *hash, const u8 *key,
		      unsigned int length)
{
	unsigned int i, bit, value;

	memset(hash->key, 0, sizeof(hash->key));
	memcpy(hash->key, key, length);
	for (i = 0; i < 2 * VIF_HASH_INPUT; i++) {
		memset(hash->table[i], 0, sizeof(hash->table[i]));
		for (value = 1; value < 16; value++)
			for (bit = 0; bit < 4; bit++)
				if (value & (8 >> bit))
					hash->table[i][value] ^=
						key_window(hash->key,
							   4 * i + bit);
	}
}

/* Continue a hash at a place of the input. */
static u32 add_bytes(const struct vif_hash *hash, u32 value, unsigned int place,
		     const u8 *data, unsigned int length)
{
	const u32 (*table)[16] = hash->table + 2 * place;
	unsigned int i;

	for (i = 0; i < length; i++, table += 2)
		value ^= table[0][data[i] >> 4] ^ table[1][data[i] & 15];
	return value;
}

u32 vif_hash_bytes(const struct vif_hash *hash, const u8 *data,
		   unsigned int length)
{
	return add_bytes(hash, 0, 0, data, length);
}

static u16 big_endian_16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

/*
 * Hash what an IP header says. The addresses stand beside each other, as they
 * are hashed; @ports is NULL if there are none.
 */
static int hash_tuple(const struct vif_hash *hash, enum netif_hash_type type,
		      const u8 *addresses, unsigned int length,
		      const u8 *ports, u32 *value)
{
	/* With ports it is the next type. */
	if (ports && hash->flags & 1U << (type + 1)) {
		*value = add_bytes(hash, vif_hash_bytes(hash, addresses, length),
				   length, ports, PORTS);
		return type + 1;
	}
	if (!(hash->flags & 1U << type))
		return VIF_HASH_NONE;
	*value = vif_hash_bytes(hash, addresses, length);
	return type;
}

static int hash_ipv4(const struct vif_hash *hash, const u8 *ip,
		     unsigned int length, u32 *value)
{
	const u8 *ports = NULL;
	unsigned int header;

	if (length < IPV4_HEADER || ip[0] >> 4 != 4)
		return VIF_HASH_NONE;
	header = (ip[0] & 15) * 4;
	if (header >= IPV4_HEADER && header + PORTS <= length &&
	    ip[9] == PROTOCOL_TCP &&
	    !(big_endian_16(ip + 6) & IPV4_FRAGMENT))
		ports = ip + header;
	return hash_tuple(hash, NETIF_HASH_IPV4, ip + 12, 8, ports, value);
}

static int hash_ipv6(const struct vif_hash *hash, const u8 *ip,
		     unsigned int length, u32 *value)
{
	const u8 *ports = NULL;

	if (length < IPV6_HEADER || ip[0] >> 4 != 6)
		return VIF_HASH_NONE;
	if (IPV6_HEADER + PORTS <= length && ip[6] == PROTOCOL_TCP)
		ports = ip + IPV6_HEADER;
	return hash_tuple(hash, NETIF_HASH_IPV6, ip + 8, 32, ports, value);
}

int vif_hash_frame(const struct vif_hash *hash, const u8 *frame,
		   unsigned int length, u32 *value)
{
	unsigned int at = ETHERNET_HEADER, tags;
	u16 type;

	*value = 0;
	if (length < at)
		return VIF_HASH_NONE;
	type = big_endian_16(frame + at - 2);
	for (tags = 0; type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ;
	     tags++) {
		at += VLAN_TAG;
		if (tags == MAX_VLAN_TAGS || length < at)
			return VIF_HASH_NONE;
		type = big_endian_16(frame + at - 2);
	}
	switch (type) {
	case ETHERTYPE_IPV4:
		return hash_ipv4(hash, frame + at, length - at, value);
	case ETHERTYPE_IPV6:
		return hash_ipv6(hash, frame + at, length - at, value);
	default:
		return VIF_HASH_NONE;
	}
}
