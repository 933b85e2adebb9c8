// SPDX-License-Identifier: GPL-2.0
/*
 * What a device can reach: masks, translation of pages, and whether the memory
 * can be used where it is.
 */
#include <stdlib.h>
#include "reach.h"
#include "test.h"

#define PAGES	64

static unsigned long p2m[PAGES];

unsigned long __pfn_to_mfn(unsigned long pfn)
{
	assert_true(pfn < PAGES);
	return p2m[pfn];
}

static void masks(void **state)
{
	unsigned int bits;

	assert_int_equal(xdma_mask_bits(0), 0);
	assert_int_equal(xdma_mask_bits(~0ull), 64);
	assert_int_equal(xdma_mask_bits(~0ull - 1), 63);
	for (bits = 1; bits < 64; bits++) {
		assert_int_equal(xdma_mask_bits((1ull << bits) - 1), bits);
		assert_int_equal(xdma_mask_bits((1ull << bits) - 2), bits - 1);
		assert_int_equal(xdma_mask_bits(1ull << bits), bits);
	}
}

static void one_page(void **state)
{
	p2m[3] = 0x123456;
	assert_true(xdma_translate(0x3000, 4096) == 0x123456000);
	assert_true(xdma_translate(0x3fff, 1) == 0x123456fff);
	assert_true(xdma_translate(0x3010, 0) == 0x123456010);
	p2m[3] = FOREIGN_FRAME_BIT | 0x77;
	assert_true(xdma_translate(0x3008, 8) == 0x77008);
	p2m[3] = IDENTITY_FRAME_BIT | 3;
	assert_true(xdma_translate(0x3008, 8) == 0x3008);
	p2m[3] = INVALID_P2M_ENTRY;
	assert_true(xdma_translate(0x3008, 8) == XDMA_NOWHERE);
}

static void several_pages(void **state)
{
	p2m[0] = 100;
	p2m[1] = 101;
	p2m[2] = FOREIGN_FRAME_BIT | 102;
	p2m[3] = 104;
	p2m[4] = 103;
	p2m[5] = INVALID_P2M_ENTRY;
	assert_true(xdma_translate(0x10, 0x2ff0) == 100 * 4096 + 0x10);
	assert_true(xdma_translate(0xfff, 2) == 100 * 4096 + 0xfff);
	assert_true(xdma_translate(0x10, 0x2ff1) == XDMA_NOWHERE);
	assert_true(xdma_translate(0x3000, 0x2000) == XDMA_NOWHERE);
	assert_true(xdma_translate(0x4fff, 2) == XDMA_NOWHERE);
	p2m[6] = INVALID_P2M_ENTRY - 1;
	p2m[7] = INVALID_P2M_ENTRY;
	assert_true(xdma_translate(0x6000, 0x2000) == XDMA_NOWHERE);
}

/* Against every single byte's own translation. */
static void at_random(void **state)
{
	unsigned int i, round;

	for (round = 0; round < 20000; round++) {
		u64 phys = random() % (PAGES / 2 * PAGE_SIZE), dma;
		size_t size = 1 + random() % (PAGES / 4 * PAGE_SIZE), at;
		bool together = true;

		for (i = 0; i < PAGES; i++)
			p2m[i] = i && random() % 8 ? p2m[i - 1] + 1 :
				 random() % 8 ? (unsigned long)random() :
						INVALID_P2M_ENTRY;
		dma = xdma_translate(phys, size);
		for (at = 0; at < size; at += size - at > 512 ? 512 : 1) {
			unsigned long mfn = p2m[(phys + at) >> PAGE_SHIFT];

			if (mfn == INVALID_P2M_ENTRY)
				together = false;
			else if (mfn * PAGE_SIZE + offset_in_page(phys + at) !=
				 p2m[phys >> PAGE_SHIFT] * PAGE_SIZE +
				 offset_in_page(phys) + at)
				together = false;
		}
		if (p2m[phys >> PAGE_SHIFT] == INVALID_P2M_ENTRY)
			together = false;
		assert_int_equal(dma != XDMA_NOWHERE, together);
	}
}

static void usable(void **state)
{
	static const struct {
		u64 mask, boundary;
		u32 min_align;
		u64 phys, dma;
		size_t size;
		bool usable;
	} cases[] = {
		{ 0xffffffff, ~0ull, 0, 0x1000, 0xfffff000, 4096, true },
		{ 0xffffffff, ~0ull, 0, 0x1001, 0xfffff001, 4096, false },
		{ 0xffffffff, ~0ull, 0, 0x1000, 0x100000000, 1, false },
		{ 0xffffff, ~0ull, 0, 0x1000, 0xfff000, 4096, true },
		{ 0xffffff, ~0ull, 0, 0x1000, 0x1000000, 1, false },
		{ ~0ull, ~0ull, 0, 0x1000, ~0ull - 4095, 4096, true },
		{ ~0ull, ~0ull, 0, 0x1000, ~0ull - 4095, 4097, false },
		/* a boundary matters to what is larger than a page only */
		{ ~0ull, 0xffff, 0, 0x1800, 0x2f800, 0x800, true },
		{ ~0ull, 0xffff, 0, 0x1800, 0x2f800, 0x801, false },
		{ ~0ull, 0xffff, 0, 0x1800, 0x2e800, 0x1801, false },
		{ ~0ull, 0xffff, 0, 0x1800, 0x20800, 0xf800, true },
		{ ~0ull, 0xffffffff, 0, 0x1800, 0xfffff800, 0x801, false },
		/* bits that both addresses must have in common */
		{ ~0ull, ~0ull, 4095, 0x1234, 0x99234, 8, true },
		{ ~0ull, ~0ull, 8191, 0x1234, 0x99234, 8, true },
		{ ~0ull, ~0ull, 8191, 0x1234, 0x98234, 8, false },
		{ ~0ull, ~0ull, 0xffff, 0x1234, 0x91234, 8, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xdma_limits limits = {
			.mask = cases[i].mask,
			.boundary = cases[i].boundary,
			.min_align = cases[i].min_align,
		};

		assert_int_equal(xdma_usable(&limits, cases[i].phys,
					     cases[i].dma, cases[i].size),
				 cases[i].usable);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks),
		cmocka_unit_test(one_page),
		cmocka_unit_test(several_pages),
		cmocka_unit_test(at_random),
		cmocka_unit_test(usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
