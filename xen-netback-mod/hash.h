/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash that a guest asks for to spread what it receives over its queues
 * (Toeplitz, Xen's public io/netif.h), and the mapping from hash to queue.
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_NETBACK_HASH_H
#define XEN_NETBACK_HASH_H

#include <linux/types.h>
#include <xenmod/netif.h>

/* Bytes of a key, and entries of a mapping, that we offer. */
#define VIF_HASH_KEY		40
#define VIF_HASH_MAPPING	128

/* All hash types, as a set. */
#define VIF_HASH_FLAGS		((1U << NETIF_HASH_TYPES) - 1)

/* Bytes that are hashed at the most: two IPv6 addresses and two ports. */
#define VIF_HASH_INPUT		36

/* Bytes at a frame's head in which all that is hashed lies, options or not. */
#define VIF_HASH_HEAD		128

/* Nothing of a frame can be hashed. */
#define VIF_HASH_NONE		(-1)

/**
 * struct vif_hash - how a guest wants its packets hashed and spread
 * @algorithm: NETIF_HASH_*
 * @flags: set of enum netif_hash_type
 * @mapping_size: entries of @mapping in use; 0: the queue is the hash modulo
 *	their number
 * @key: as the guest gave it, zeros behind it
 * @mapping: queue for each hash value modulo @mapping_size
 * @table: what half a byte of input, at each place, adds to the hash
 */
struct vif_hash {
	u32 algorithm;
	u32 flags;
	u32 mapping_size;
	u8 key[VIF_HASH_KEY];
	u32 mapping[VIF_HASH_MAPPING];
	u32 table[2 * VIF_HASH_INPUT][16];
};

/**
 * vif_hash_init() - what holds before the guest said anything
 * @hash: receives it: no algorithm, no key, no mapping
 */
void vif_hash_init(struct vif_hash *hash);

/**
 * vif_hash_set_key() - take a new key in place of the old one
 * @hash: where
 * @key: the key; bytes beyond its end count as zero
 * @length: its bytes, %VIF_HASH_KEY at most
 */
void vif_hash_set_key(struct vif_hash *hash, const u8 *key,
		      unsigned int length);

/**
 * vif_hash_active() - has the guest asked for hashes?
 * @hash: what it said
 */
static inline bool vif_hash_active(const struct vif_hash *hash)
{
	return hash->algorithm == NETIF_HASH_TOEPLITZ && hash->flags;
}

/**
 * vif_hash_bytes() - hash some bytes
 * @hash: with the key
 * @data: the bytes
 * @length: how many, %VIF_HASH_INPUT at most
 *
 * Return: the hash.
 */
u32 vif_hash_bytes(const struct vif_hash *hash, const u8 *data,
		   unsigned int length);

/**
 * vif_hash_frame() - hash an Ethernet frame's addresses and ports
 * @hash: with key and types
 * @frame: its head, in linear memory; VLAN tags are skipped
 * @length: bytes there; %VIF_HASH_HEAD are enough
 * @value: receives the hash; 0 if there is none
 *
 * Only the outermost IP header counts. A fragment has no ports, and so have
 * packets whose TCP header does not follow the IPv6 header at once.
 *
 * Return: enum netif_hash_type, or %VIF_HASH_NONE.
 */
int vif_hash_frame(const struct vif_hash *hash, const u8 *frame,
		   unsigned int length, u32 *value);

/**
 * vif_hash_queue() - the queue for a hash value
 * @hash: with the mapping
 * @value: the hash; 0 for a frame without one
 * @nr_queues: queues there are, not 0
 *
 * Return: a number below @nr_queues.
 */
static inline unsigned int vif_hash_queue(const struct vif_hash *hash,
					  u32 value, unsigned int nr_queues)
{
	u32 queue = value;

	if (hash->mapping_size)
		queue = hash->mapping[value % hash->mapping_size];
	/* A mapping can be older than the connection. */
	return queue < nr_queues ? queue : queue % nr_queues;
}

#endif /* XEN_NETBACK_HASH_H */
