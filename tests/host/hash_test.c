// SPDX-License-Identifier: GPL-2.0
/*
 * The Toeplitz hash, held against the values that Microsoft publishes for
 * receive-side scaling and against the definition, bit by bit; what of a frame
 * is hashed; the mapping to queues.
 */
#include <arpa/inet.h>
#include <linux/string.h>
#include <stdlib.h>
#include "hash.h"
#include "test.h"

static const u8 key[VIF_HASH_KEY] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d,
	0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
	0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b,
	0xbe, 0xac, 0x01, 0xfa,
};

/* From "Verifying the RSS hash calculation" of Microsoft's NDIS pages. */
static const struct {
	int family;
	const char *source;
	const char *destination;
	u16 source_port;
	u16 destination_port;
	u32 addresses;
	u32 ports;
} published[] = {
	{ AF_INET, "66.9.149.187", "161.142.100.80", 2794, 1766,
	  0x323e8fc2, 0x51ccc178 },
	{ AF_INET, "199.92.111.2", "65.69.140.83", 14230, 4739,
	  0xd718262a, 0xc626b0ea },
	{ AF_INET, "24.19.198.95", "12.22.207.184", 12898, 38024,
	  0xd2d0a5de, 0x5c2b394a },
	{ AF_INET, "38.27.205.30", "209.142.163.6", 48228, 2217,
	  0x82989176, 0xafc7327f },
	{ AF_INET, "153.39.163.191", "202.188.127.2", 44251, 1303,
	  0x5d1809c5, 0x10e828a2 },
	{ AF_INET6, "3ffe:2501:200:1fff::7", "3ffe:2501:200:3::1", 2794, 1766,
	  0x2cc18cd5, 0x40207d3d },
	{ AF_INET6, "3ffe:501:8::260:97ff:fe40:efab", "ff02::1", 14230, 4739,
	  0x0f0c461c, 0xdde51bbf },
	{ AF_INET6, "3ffe:1900:4545:3:200:f8ff:fe21:67cf",
	  "fe80::200:f8ff:fe21:67cf", 44251, 38024, 0x4b61e985, 0x02d1feef },
};

#define TCP	6
#define UDP	17

struct frame {
	u8 bytes[VIF_HASH_HEAD];
	unsigned int length;
	unsigned int ip;	/* where the IP header is */
};

/* A frame with the smallest headers, up to the ports. */
static struct frame make_frame(unsigned int nr, unsigned int tags, u8 protocol)
{
	bool six = published[nr].family == AF_INET6;
	unsigned int size = six ? 16 : 4, header = six ? 40 : 20, i;
	struct frame frame = { .ip = 14 + 4 * tags };
	u8 *at = frame.bytes + 12;
	u16 port;

	memset(frame.bytes, 0x5a, sizeof(frame.bytes));
	for (i = 0; i < tags; i++, at += 4) {
		at[0] = i ? 0x81 : 0x88;
		at[1] = i ? 0x00 : 0xa8;
	}
	at[0] = six ? 0x86 : 0x08;
	at[1] = six ? 0xdd : 0x00;
	at += 2;
	at[0] = six ? 0x60 : 0x45;
	at[6] = six ? protocol : 0x40;	/* next header; may not fragment */
	if (!six) {
		at[7] = 0;
		at[9] = protocol;
	}
	at += header - 2 * size;
	assert_int_equal(inet_pton(published[nr].family, published[nr].source,
				   at), 1);
	assert_int_equal(inet_pton(published[nr].family,
				   published[nr].destination, at + size), 1);
	at += 2 * size;
	port = htons(published[nr].source_port);
	memcpy(at, &port, 2);
	port = htons(published[nr].destination_port);
	memcpy(at + 2, &port, 2);
	frame.length = at + 4 - frame.bytes;
	return frame;
}

static enum netif_hash_type address_type(unsigned int nr)
{
	return published[nr].family == AF_INET6 ? NETIF_HASH_IPV6 :
						  NETIF_HASH_IPV4;
}

static struct vif_hash hash;

static int fresh(void **state)
{
	vif_hash_init(&hash);
	vif_hash_set_key(&hash, key, sizeof(key));
	hash.algorithm = NETIF_HASH_TOEPLITZ;
	hash.flags = VIF_HASH_FLAGS;
	return 0;
}

static void published_values(void **state)
{
	unsigned int i, tags;
	u32 value;

	for (i = 0; i < ARRAY_SIZE(published); i++)
		for (tags = 0; tags < 3; tags++) {
			struct frame frame = make_frame(i, tags, TCP);

			assert_int_equal(vif_hash_frame(&hash, frame.bytes,
							frame.length, &value),
					 address_type(i) + 1);
			assert_int_equal(value, published[i].ports);
			frame = make_frame(i, tags, UDP);
			assert_int_equal(vif_hash_frame(&hash, frame.bytes,
							frame.length, &value),
					 address_type(i));
			assert_int_equal(value, published[i].addresses);
		}
}

/* As Xen's io/netif.h defines it. */
static u32 by_definition(const u8 *bits, const u8 *data, unsigned int length)
{
	u32 value = 0, window;
	unsigned int i, b;

	for (i = 0; i < 8 * length; i++) {
		if (!(data[i / 8] & (0x80 >> i % 8)))
			continue;
		for (window = 0, b = i; b < i + 32; b++)
			window = window << 1 |
				 !!(bits[b / 8] & (0x80 >> b % 8));
		value ^= window;
	}
	return value;
}

static void any_key_and_data(void **state)
{
	u8 random_key[VIF_HASH_KEY], data[VIF_HASH_INPUT];
	unsigned int round, i, length;

	srandom(1);
	for (round = 0; round < 2000; round++) {
		memset(random_key, 0, sizeof(random_key));
		/* Keys can be short: the rest is zero. */
		length = random() % (VIF_HASH_KEY + 1);
		for (i = 0; i < length; i++)
			random_key[i] = random();
		vif_hash_set_key(&hash, random_key, length);
		for (i = 0; i < sizeof(data); i++)
			data[i] = random();
		length = random() % (VIF_HASH_INPUT + 1);
		assert_int_equal(vif_hash_bytes(&hash, data, length),
				 by_definition(random_key, data, length));
	}
}

static void no_key_hashes_to_zero(void **state)
{
	struct frame frame = make_frame(0, 0, TCP);
	u32 value;

	vif_hash_set_key(&hash, key, 0);
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), NETIF_HASH_IPV4_TCP);
	assert_int_equal(value, 0);
}

/* The fullest type in the set that fits is the one. */
static void types_that_are_wanted(void **state)
{
	unsigned int nr, flags;
	u32 value;

	for (nr = 0; nr < ARRAY_SIZE(published); nr++)
		for (flags = 0; flags <= VIF_HASH_FLAGS; flags++) {
			struct frame frame = make_frame(nr, 0, TCP);
			enum netif_hash_type type = address_type(nr);
			int expect = VIF_HASH_NONE;

			if (flags & 1 << type)
				expect = type;
			if (flags & 1 << (type + 1))
				expect = type + 1;
			hash.flags = flags;
			assert_int_equal(vif_hash_frame(&hash, frame.bytes,
							frame.length, &value),
					 expect);
			assert_int_equal(value,
					 expect == VIF_HASH_NONE ? 0 :
					 expect == (int)type ?
					 published[nr].addresses :
					 published[nr].ports);
		}
	hash.flags = 0;
	assert_false(vif_hash_active(&hash));
	hash.flags = 1;
	assert_true(vif_hash_active(&hash));
	hash.algorithm = NETIF_HASH_NONE;
	assert_false(vif_hash_active(&hash));
}

/* Cut anywhere; each byte beyond the cut is poisoned by the heap. */
static void short_frames(void **state)
{
	unsigned int nr, tags, length;
	u32 value;

	for (nr = 0; nr < ARRAY_SIZE(published); nr++)
		for (tags = 0; tags < 3; tags++) {
			struct frame frame = make_frame(nr, tags, TCP);

			for (length = 0; length <= frame.length; length++) {
				int type = address_type(nr), expect;
				u8 *cut = malloc(length ? length : 1);

				memcpy(cut, frame.bytes, length);
				expect = length == frame.length ? type + 1 :
					 length >= frame.length - 4 ? type :
					 VIF_HASH_NONE;
				assert_int_equal(vif_hash_frame(&hash, cut,
								length, &value),
						 expect);
				free(cut);
			}
		}
}

static void ipv4_options_and_fragments(void **state)
{
	struct frame plain = make_frame(0, 0, TCP), frame = plain;
	unsigned int header;
	u32 value;

	for (header = 6; header < 16; header++) {
		frame = plain;
		frame.bytes[14] = 0x40 | header;
		memcpy(frame.bytes + 14 + 4 * header, plain.bytes + 34, 4);
		assert_int_equal(vif_hash_frame(&hash, frame.bytes,
						14 + 4 * header + 4, &value),
				 NETIF_HASH_IPV4_TCP);
		assert_int_equal(value, published[0].ports);
	}
	/* A header that says that it is shorter than it can be. */
	for (header = 0; header < 5; header++) {
		frame = plain;
		frame.bytes[14] = 0x40 | header;
		assert_int_equal(vif_hash_frame(&hash, frame.bytes,
						frame.length, &value),
				 NETIF_HASH_IPV4);
	}
	/* First, middle and last fragment. */
	frame = plain;
	frame.bytes[20] = 0x20;
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), NETIF_HASH_IPV4);
	frame.bytes[21] = 1;
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), NETIF_HASH_IPV4);
	frame.bytes[20] = 0;
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), NETIF_HASH_IPV4);
	assert_int_equal(value, published[0].addresses);
}

static void what_is_not_ip(void **state)
{
	struct frame frame = make_frame(0, 0, TCP);
	u32 value = 1;

	frame.bytes[13] = 0x06;		/* ARP */
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), VIF_HASH_NONE);
	assert_int_equal(value, 0);

	frame = make_frame(0, 0, TCP);
	frame.bytes[14] = 0x65;		/* version 6 in an IPv4 frame */
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), VIF_HASH_NONE);
	frame = make_frame(5, 0, TCP);
	frame.bytes[14] = 0x45;
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), VIF_HASH_NONE);
	frame = make_frame(0, 3, TCP);
	assert_int_equal(vif_hash_frame(&hash, frame.bytes, frame.length,
					&value), VIF_HASH_NONE);
}

static void queues(void **state)
{
	u32 value;

	/* Without a mapping. */
	for (value = 0; value < 100; value++)
		assert_int_equal(vif_hash_queue(&hash, value, 8), value % 8);
	assert_int_equal(vif_hash_queue(&hash, 0xffffffff, 3), 0);

	hash.mapping_size = 3;
	hash.mapping[0] = 4;
	hash.mapping[1] = 0;
	hash.mapping[2] = 7;
	assert_int_equal(vif_hash_queue(&hash, 0, 8), 4);
	assert_int_equal(vif_hash_queue(&hash, 7, 8), 0);
	assert_int_equal(vif_hash_queue(&hash, 8, 8), 7);
	/* There were more queues when the mapping was made. */
	assert_int_equal(vif_hash_queue(&hash, 8, 2), 1);
	assert_int_equal(vif_hash_queue(&hash, 8, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(published_values, fresh),
		cmocka_unit_test_setup(any_key_and_data, fresh),
		cmocka_unit_test_setup(no_key_hashes_to_zero, fresh),
		cmocka_unit_test_setup(types_that_are_wanted, fresh),
		cmocka_unit_test_setup(short_frames, fresh),
		cmocka_unit_test_setup(ipv4_options_and_fragments, fresh),
		cmocka_unit_test_setup(what_is_not_ip, fresh),
		cmocka_unit_test_setup(queues, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
