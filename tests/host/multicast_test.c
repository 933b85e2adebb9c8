// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast groups, held against a plain list.
 */
#include <errno.h>
#include <linux/string.h>
#include <stdlib.h>
#include "multicast.h"
#include "test.h"

static struct vif_multicast multicast;

static int fresh(void **state)
{
	memset(&multicast, 0xa5, sizeof(multicast));
	vif_multicast_clear(&multicast);
	return 0;
}

struct address {
	u8 bytes[6];
};

static struct address group(unsigned int nr)
{
	return (struct address){ { 0x01, 0x00, 0x5e, nr >> 16, nr >> 8, nr } };
}

static bool wanted(struct address address)
{
	return vif_multicast_wanted(&multicast, address.bytes);
}

static int add(struct address address)
{
	return vif_multicast_add(&multicast, address.bytes);
}

static void del(struct address address)
{
	vif_multicast_del(&multicast, address.bytes);
}

static void who_is_always_wanted(void **state)
{
	assert_true(wanted((struct address){ { 0xff, 0xff, 0xff, 0xff, 0xff,
					       0xff } }));
	assert_true(wanted((struct address){ { 0, 0x16, 0x3e, 1, 2, 3 } }));
	assert_true(wanted((struct address){ { 0 } }));
	assert_false(wanted(group(1)));
	assert_false(wanted((struct address){ { 0xff, 0xff, 0xff, 0xff, 0xff,
						0xfe } }));
	assert_false(wanted((struct address){ { 1 } }));
	assert_false(wanted((struct address){ { 0x33, 0x33, 0, 0, 0, 1 } }));
}

static void join_and_leave(void **state)
{
	assert_int_equal(add(group(1)), 0);
	assert_true(wanted(group(1)));
	assert_false(wanted(group(2)));
	/* It is a set. */
	assert_int_equal(add(group(1)), 0);
	assert_int_equal(multicast.nr, 1);
	del(group(1));
	assert_false(wanted(group(1)));
	assert_int_equal(multicast.nr, 0);
	del(group(1));
	assert_int_equal(multicast.nr, 0);
}

static void only_groups_can_join(void **state)
{
	static const struct address bad[] = {
		{ { 0 } }, { { 0, 0, 0, 0, 0, 1 } },
		{ { 0x00, 0x16, 0x3e, 1, 2, 3 } }, { { 0xfe, 0xff, 0xff } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(add(bad[i]), -EINVAL);
		del(bad[i]);
		assert_int_equal(multicast.nr, 0);
	}
}

static void no_more_than_64(void **state)
{
	unsigned int i;

	for (i = 0; i < VIF_MULTICAST_GROUPS; i++)
		assert_int_equal(add(group(i)), 0);
	for (i = 0; i < VIF_MULTICAST_GROUPS; i++)
		assert_int_equal(add(group(i)), 0);
	for (; i < 1000; i++) {
		assert_int_equal(add(group(i)), -ENOSPC);
		assert_false(wanted(group(i)));
	}
	assert_int_equal(multicast.nr, VIF_MULTICAST_GROUPS);
	del(group(7));
	assert_int_equal(add(group(999)), 0);
	assert_true(wanted(group(999)));
	assert_false(wanted(group(7)));
	vif_multicast_clear(&multicast);
	for (i = 0; i < VIF_MULTICAST_GROUPS; i++)
		assert_false(wanted(group(i)));
}

/* For ever in and out, with few groups so that they collide in all ways. */
static void like_a_list(void **state)
{
	enum { GROUPS = 90 };
	bool in[GROUPS] = { false };
	unsigned int round, nr = 0, i, used;
	int err;

	srandom(1);
	for (round = 0; round < 300000; round++) {
		i = random() % GROUPS;
		if (random() % 2) {
			err = add(group(i * 128));
			assert_int_equal(err, in[i] || nr < 64 ? 0 : -ENOSPC);
			nr += !err && !in[i];
			in[i] |= !err;
		} else {
			del(group(i * 128));
			nr -= in[i];
			in[i] = false;
		}
		assert_int_equal(multicast.nr, nr);
		i = random() % GROUPS;
		assert_int_equal(wanted(group(i * 128)), in[i]);
	}
	/* When all have left, all places are as new. */
	for (i = 0; i < GROUPS; i++)
		del(group(i * 128));
	for (i = 0, used = 0; i < VIF_MULTICAST_PLACES; i++)
		used += !!multicast.place[i];
	assert_int_equal(used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who_is_always_wanted, fresh),
		cmocka_unit_test_setup(join_and_leave, fresh),
		cmocka_unit_test_setup(only_groups_can_join, fresh),
		cmocka_unit_test_setup(no_more_than_64, fresh),
		cmocka_unit_test_setup(like_a_list, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
