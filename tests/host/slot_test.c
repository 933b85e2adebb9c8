// SPDX-License-Identifier: GPL-2.0
/*
 * Slots of a segment: what a buffer needs, and that a row is found exactly when
 * there is one, held against a search that tries everything.
 */
#include <stdlib.h>
#include <string.h>
#include "slot.h"
#include "test.h"

#define BASE	0x40000000ull

static struct xdma_segment segment;
static char memory[XDMA_SEGMENT_SIZE];

static int fresh(void **state)
{
	memset(&segment, 0, sizeof(segment));
	xdma_segment_init(&segment, BASE, memory);
	return 0;
}

/* Is this a place for the buffer, whoever may be there? By the bytes. */
static bool suits(const struct xdma_limits *limits, u64 phys, size_t size,
		  unsigned int first, unsigned int offset)
{
	u64 dma = BASE + first * XDMA_SLOT_SIZE + offset;
	u64 last = dma + size - 1;

	if (last >= BASE + XDMA_SEGMENT_SIZE)
		return false;
	if ((dma ^ phys) & limits->min_align)
		return false;
	if (size >= PAGE_SIZE && (dma ^ (phys & limits->min_align)) &
	    (PAGE_SIZE - XDMA_SLOT_SIZE))
		return false;
	return !((dma ^ last) & ~limits->boundary);
}

static u32 any_align(void)
{
	static const u32 aligns[] = { 0, 0, 0, 1, 511, 2047, 4095, 4095, 4095,
				      8191, 65535, 0x3ffff, 0x10c00 };

	return aligns[random() % ARRAY_SIZE(aligns)];
}

static u64 any_boundary(void)
{
	static const u64 boundaries[] = { ~0ull, 0xffffffff, 0xffffffff,
					  0x3ffff, 0x1ffff, 0xffff, 0xffff,
					  0x3fff, 0xfff, 0x7ff, 0x1ff };

	return boundaries[random() % ARRAY_SIZE(boundaries)];
}

static size_t any_size(void)
{
	switch (random() % 4) {
	case 0:
		return 1 + random() % 128;
	case 1:
		return 1 + random() % 2048;
	case 2:
		return 1 + random() % 9000;
	}
	return 1 + random() % (XDMA_SEGMENT_SIZE + 100);
}

/* A buffer that is refused has no place; one that is not has one. */
static void requests(void **state)
{
	struct xdma_request request;
	unsigned int round, first;

	for (round = 0; round < 20000; round++) {
		struct xdma_limits limits = {
			.boundary = any_boundary(), .min_align = any_align(),
		};
		u64 phys = (u64)random() << 8 ^ random();
		size_t size = any_size();
		unsigned int offset = phys & limits.min_align & 2047;
		bool found = false;

		for (first = 0; first < XDMA_SEGMENT_SLOTS; first++)
			found |= suits(&limits, phys, size, first, offset);
		if (!xdma_request_init(&request, &limits, phys, size)) {
			assert_false(found);
			continue;
		}
		assert_true(found);
		assert_int_equal(request.offset, offset);
		assert_int_equal(request.slots, (offset + size + 2047) / 2048);
		fresh(NULL);
		assert_true(xdma_segment_take(&segment, &request) >= 0);
	}
}

static void nothing_fits(void **state)
{
	struct xdma_limits limits = { .boundary = ~0ull };
	struct xdma_request request;

	assert_false(xdma_request_init(&request, &limits, 0, 0));
	assert_false(xdma_request_init(&request, &limits, 0, 262145));
	assert_false(xdma_request_init(&request, &limits, 0, ~0ul));
	assert_true(xdma_request_init(&request, &limits, 77, 262144));
	limits.min_align = 4095;
	assert_true(xdma_request_init(&request, &limits, 0, 262144));
	assert_false(xdma_request_init(&request, &limits, 1, 262144));
	limits.min_align = XDMA_SEGMENT_SIZE;
	assert_false(xdma_request_init(&request, &limits, 0, 1));
}

/* What is said to fit always does. */
static void largest(void **state)
{
	struct xdma_limits limits = { .boundary = ~0ull };
	struct xdma_request request;
	unsigned int phys;

	assert_int_equal(xdma_request_largest(&limits), 262144);
	limits.min_align = 4095;
	assert_int_equal(xdma_request_largest(&limits), 262144 - 4096);
	for (phys = 0; phys < 8192; phys++)
		assert_true(xdma_request_init(&request, &limits, phys,
					      262144 - 4096));
	limits.boundary = 0xffff;
	assert_int_equal(xdma_request_largest(&limits), 65536 - 4096);
	for (phys = 0; phys < 8192; phys++)
		assert_true(xdma_request_init(&request, &limits, phys,
					      65536 - 4096));
	limits.boundary = 4095;
	assert_int_equal(xdma_request_largest(&limits), 4096);
	limits.min_align = 0;
	limits.boundary = 511;
	assert_int_equal(xdma_request_largest(&limits), 512);
}

/* Who has a slot: 0 is nobody. */
static unsigned int owner[XDMA_SEGMENT_SLOTS];
static unsigned int slots_of[1000];

static void check_owners(void)
{
	unsigned int i, free = 0;

	for (i = 0; i < XDMA_SEGMENT_SLOTS; i++) {
		free += !owner[i];
		assert_int_equal(test_bit(i, segment.used), owner[i] != 0);
		assert_int_equal(test_bit(i, segment.first),
				 owner[i] && (!i || owner[i - 1] != owner[i]));
		if (owner[i])
			assert_int_equal(owner[xdma_segment_first(&segment, i)],
					 owner[i]);
	}
	assert_int_equal(segment.free, free);
}

static bool is_free(unsigned int first, unsigned int slots)
{
	unsigned int i;

	for (i = first; i < first + slots; i++)
		if (owner[i])
			return false;
	return true;
}

static void take_one(unsigned int id)
{
	struct xdma_limits limits = {
		.boundary = any_boundary(), .min_align = any_align(),
	};
	u64 phys = (u64)random() << 8 ^ random();
	size_t size = any_size();
	struct xdma_request request;
	unsigned int i;
	int first;

	if (!xdma_request_init(&request, &limits, phys, size))
		return;
	first = xdma_segment_take(&segment, &request);
	if (first < 0) {
		for (i = 0; i + request.slots <= XDMA_SEGMENT_SLOTS; i++)
			assert_false(suits(&limits, phys, size, i,
					   request.offset) &&
				     is_free(i, request.slots));
		return;
	}
	assert_true(suits(&limits, phys, size, first, request.offset));
	assert_true(is_free(first, request.slots));
	for (i = 0; i < request.slots; i++)
		owner[first + i] = id;
	slots_of[id] = request.slots;
}

static void give_one(void)
{
	unsigned int first = random() % XDMA_SEGMENT_SLOTS, id, i;

	id = owner[first];
	if (!id)
		return;
	while (first && owner[first - 1] == id)
		first--;
	xdma_segment_give(&segment, first, slots_of[id]);
	for (i = 0; i < slots_of[id]; i++)
		owner[first + i] = 0;
}

static unsigned int unused_id(void)
{
	bool used[ARRAY_SIZE(slots_of)] = { true };
	unsigned int i;

	for (i = 0; i < XDMA_SEGMENT_SLOTS; i++)
		used[owner[i]] = true;
	for (i = 0; used[i]; i++)
		;
	return i;
}

static void against_reference(void **state)
{
	unsigned int round;

	memset(owner, 0, sizeof(owner));
	for (round = 0; round < 100000; round++) {
		/* Now fuller, now emptier. */
		if (random() % 100 < (round / 1000 % 2 ? 30 : 60))
			take_one(unused_id());
		else
			give_one();
		check_owners();
	}
}

static void first_of_none(void **state)
{
	const struct xdma_request one = { .slots = 1, .boundary = 128,
					  .align = 127, .want = 100 };

	assert_int_equal(xdma_segment_first(&segment, 0), -1);
	assert_int_equal(xdma_segment_first(&segment, 127), -1);
	assert_int_equal(xdma_segment_take(&segment, &one), 100);
	assert_int_equal(xdma_segment_first(&segment, 99), -1);
	assert_int_equal(xdma_segment_first(&segment, 100), 100);
	assert_int_equal(xdma_segment_take(&segment, &one), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(requests, fresh),
		cmocka_unit_test_setup(nothing_fits, fresh),
		cmocka_unit_test_setup(largest, fresh),
		cmocka_unit_test_setup(against_reference, fresh),
		cmocka_unit_test_setup(first_of_none, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
