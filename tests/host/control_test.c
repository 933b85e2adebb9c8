// SPDX-License-Identifier: GPL-2.0
/*
 * Control requests, good and bad, byte by byte as a frontend writes them.
 */
#include <linux/string.h>
#include "control.h"
#include "test.h"

#define QUEUES	4

static struct vif_hash hash, before;
static struct netif_ctrl_request request;
static struct vif_control_fetch fetch;
static u32 page[VIF_HASH_MAPPING];
static u32 data;

static int fresh(void **state)
{
	vif_hash_init(&hash);
	return 0;
}

static int toeplitz(void **state)
{
	vif_hash_init(&hash);
	hash.algorithm = NETIF_HASH_TOEPLITZ;
	hash.mapping_size = 100;
	return 0;
}

/* What the checks say. */
static u32 check(u16 type, u32 first, u32 second, u32 third)
{
	u8 slot[16] = { 0x34, 0x12, type, type >> 8 };
	const u32 words[3] = { first, second, third };

	memcpy(slot + 4, words, sizeof(words));
	memcpy(&request, slot, sizeof(request));
	before = hash;
	memset(&fetch, 0xa5, sizeof(fetch));
	return vif_control_check(&request, &hash, &fetch);
}

/* A good one, done. */
static u32 apply(u16 type, u32 first, u32 second, u32 third)
{
	assert_int_equal(check(type, first, second, third), NETIF_CTRL_SUCCESS);
	data = 0xa5a5a5a5;
	return vif_control_apply(&request, &hash, page, QUEUES, &data);
}

static void assert_unchanged(void)
{
	assert_memory_equal(&hash, &before, sizeof(hash));
}

static void layouts(void **state)
{
	struct netif_ctrl_response response;
	u8 slot[16];

	assert_int_equal(sizeof(struct netif_ctrl_request), 16);
	assert_int_equal(offsetof(struct netif_ctrl_request, type), 2);
	assert_int_equal(offsetof(struct netif_ctrl_request, data), 4);

	check(NETIF_CTRL_SET_HASH_KEY, 1, 2, 3);
	memset(slot, 0xee, sizeof(slot));
	vif_control_respond(slot, &request, 0x01020304, 0x11121314);
	memcpy(&response, slot, sizeof(response));
	assert_memory_equal(slot, "\x34\x12\x03\x00\x04\x03\x02\x01"
			    "\x14\x13\x12\x11\xee\xee\xee\xee", 16);
}

static void algorithm(void **state)
{
	/* Without one there are no types. */
	assert_int_equal(check(NETIF_CTRL_GET_HASH_FLAGS, 0, 0, 0),
			 NETIF_CTRL_NOT_SUPPORTED);
	assert_int_equal(check(NETIF_CTRL_SET_HASH_FLAGS, 1, 0, 0),
			 NETIF_CTRL_NOT_SUPPORTED);

	assert_int_equal(check(NETIF_CTRL_SET_HASH_ALGORITHM, 2, 0, 0),
			 NETIF_CTRL_INVALID_PARAMETER);
	assert_int_equal(check(NETIF_CTRL_SET_HASH_ALGORITHM, ~0u, 0, 0),
			 NETIF_CTRL_INVALID_PARAMETER);
	assert_int_equal(apply(NETIF_CTRL_SET_HASH_ALGORITHM, 1, 0, 0),
			 NETIF_CTRL_SUCCESS);
	assert_int_equal(hash.algorithm, NETIF_HASH_TOEPLITZ);
	assert_int_equal(fetch.bytes, 0);

	assert_int_equal(apply(NETIF_CTRL_SET_HASH_ALGORITHM, 0, 0, 0),
			 NETIF_CTRL_SUCCESS);
	assert_int_equal(hash.algorithm, NETIF_HASH_NONE);
}

static void flags(void **state)
{
	u32 set;

	assert_int_equal(apply(NETIF_CTRL_GET_HASH_FLAGS, 0, 0, 0),
			 NETIF_CTRL_SUCCESS);
	assert_int_equal(data, 15);
	assert_unchanged();
	for (set = 0; set < 16; set++) {
		assert_int_equal(apply(NETIF_CTRL_SET_HASH_FLAGS, set, 0, 0),
				 NETIF_CTRL_SUCCESS);
		assert_int_equal(hash.flags, set);
		assert_int_equal(data, 0);
	}
	for (set = 16; set; set <<= 1) {
		assert_int_equal(check(NETIF_CTRL_SET_HASH_FLAGS, set | 1, 0, 0),
				 NETIF_CTRL_INVALID_PARAMETER);
		assert_unchanged();
	}
}

static void keys(void **state)
{
	u32 length;

	memset(page, 0xff, sizeof(page));
	for (length = 0; length <= VIF_HASH_KEY; length++) {
		assert_int_equal(apply(NETIF_CTRL_SET_HASH_KEY, 77, length, 0),
				 NETIF_CTRL_SUCCESS);
		assert_int_equal(fetch.bytes, length);
		if (length)
			assert_int_equal(fetch.gref, 77);
		/* The first bit of input meets the first 32 of the key. */
		assert_int_equal(vif_hash_bytes(&hash, (u8 *)"\x80", 1),
				 length < 4 ? ~(~0ull >> (8 * length)) >> 32 :
					      0xffffffff);
	}
	for (length = VIF_HASH_KEY + 1; length; length <<= 1) {
		assert_int_equal(check(NETIF_CTRL_SET_HASH_KEY, 77, length, 0),
				 NETIF_CTRL_BUFFER_OVERFLOW);
		assert_int_equal(fetch.bytes, 0);
	}
	assert_int_equal(check(NETIF_CTRL_SET_HASH_KEY, 77, ~0u, 0),
			 NETIF_CTRL_BUFFER_OVERFLOW);
}

static void mapping_size(void **state)
{
	u32 size;

	assert_int_equal(apply(NETIF_CTRL_GET_HASH_MAPPING_SIZE, 0, 0, 0),
			 NETIF_CTRL_SUCCESS);
	assert_int_equal(data, VIF_HASH_MAPPING);
	for (size = 0; size <= VIF_HASH_MAPPING; size++) {
		memset(hash.mapping, 3, sizeof(hash.mapping));
		assert_int_equal(apply(NETIF_CTRL_SET_HASH_MAPPING_SIZE, size,
				       0, 0), NETIF_CTRL_SUCCESS);
		assert_int_equal(hash.mapping_size, size);
		assert_int_equal(hash.mapping[0], 0);
		assert_int_equal(hash.mapping[VIF_HASH_MAPPING - 1], 0);
	}
	for (size = VIF_HASH_MAPPING + 1; size; size <<= 1)
		assert_int_equal(check(NETIF_CTRL_SET_HASH_MAPPING_SIZE, size,
				       0, 0), NETIF_CTRL_INVALID_PARAMETER);
	assert_int_equal(check(NETIF_CTRL_SET_HASH_MAPPING_SIZE, ~0u, 0, 0),
			 NETIF_CTRL_INVALID_PARAMETER);
}

static void mapping(void **state)
{
	u32 nr, first, i;

	for (nr = 0; nr <= 100; nr++)
		for (first = 0; first <= 100 - nr; first++) {
			for (i = 0; i < VIF_HASH_MAPPING; i++)
				page[i] = i < nr ? (i + first) % QUEUES : ~0u;
			assert_int_equal(apply(NETIF_CTRL_SET_HASH_MAPPING,
					       0xcafe, nr, first),
					 NETIF_CTRL_SUCCESS);
			assert_int_equal(fetch.bytes, 4 * nr);
			if (nr)
				assert_int_equal(fetch.gref, 0xcafe);
			for (i = 0; i < VIF_HASH_MAPPING; i++)
				assert_int_equal(hash.mapping[i],
						 i - first < nr ? i % QUEUES :
						 before.mapping[i]);
		}
}

/* Each sum that could wrap around does here. */
static void mapping_out_of_range(void **state)
{
	static const struct {
		u32 nr, first, status;
	} bad[] = {
		{ 101, 0, NETIF_CTRL_INVALID_PARAMETER },
		{ 100, 1, NETIF_CTRL_INVALID_PARAMETER },
		{ 1, 100, NETIF_CTRL_INVALID_PARAMETER },
		{ 0, 101, NETIF_CTRL_INVALID_PARAMETER },
		{ 1, ~0u, NETIF_CTRL_INVALID_PARAMETER },
		{ 100, ~0u - 99, NETIF_CTRL_INVALID_PARAMETER },
		{ 129, 0, NETIF_CTRL_BUFFER_OVERFLOW },
		{ ~0u, 1, NETIF_CTRL_BUFFER_OVERFLOW },
		{ ~0u, ~0u, NETIF_CTRL_BUFFER_OVERFLOW },
		{ 0x40000001, 0, NETIF_CTRL_BUFFER_OVERFLOW },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(check(NETIF_CTRL_SET_HASH_MAPPING, 1,
				       bad[i].nr, bad[i].first),
				 bad[i].status);
		assert_int_equal(fetch.bytes, 0);
		assert_unchanged();
	}
}

/* One entry that is no queue, and nothing changes. */
static void mapping_to_no_queue(void **state)
{
	static const u32 bad[] = { QUEUES, QUEUES + 1, 0x80000000, ~0u };
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		for (at = 0; at < 100; at++) {
			memset(page, 0, sizeof(page));
			memset(hash.mapping, 1, sizeof(hash.mapping));
			page[at] = bad[i];
			assert_int_equal(apply(NETIF_CTRL_SET_HASH_MAPPING, 1,
					       100, 0),
					 NETIF_CTRL_INVALID_PARAMETER);
			assert_unchanged();
		}
}

static void unknown_types(void **state)
{
	unsigned int type;

	for (type = 0; type <= 0xffff; type++) {
		if (type >= NETIF_CTRL_GET_HASH_FLAGS &&
		    type <= NETIF_CTRL_SET_HASH_ALGORITHM)
			continue;
		assert_int_equal(check(type, 0, 1, 2),
				 NETIF_CTRL_NOT_SUPPORTED);
		assert_int_equal(fetch.bytes, 0);
		assert_unchanged();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(layouts, fresh),
		cmocka_unit_test_setup(algorithm, fresh),
		cmocka_unit_test_setup(flags, toeplitz),
		cmocka_unit_test_setup(keys, toeplitz),
		cmocka_unit_test_setup(mapping_size, toeplitz),
		cmocka_unit_test_setup(mapping, toeplitz),
		cmocka_unit_test_setup(mapping_out_of_range, toeplitz),
		cmocka_unit_test_setup(mapping_to_no_queue, toeplitz),
		cmocka_unit_test_setup(unknown_types, toeplitz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
