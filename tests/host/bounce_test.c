// SPDX-License-Identifier: GPL-2.0
/*
 * What bounces: the device sees what the CPU wrote, the CPU what the device
 * wrote, and neither anything else. Buffers, device and syncs are random, held
 * against two copies of all memory: what the CPU and what the device should see.
 */
#include <stdlib.h>
#include <string.h>
#include "swiotlb.h"
#include "test.h"

#define SEGMENTS	3
#define MEMORY_PAGES	64
#define MEMORY		(MEMORY_PAGES * PAGE_SIZE)
#define BUFFERS		16

unsigned int fake_dev_errors;

static struct xdma_segment segment[SEGMENTS];
static struct xdma_segment *room[SEGMENTS];
static u8 slots[SEGMENTS][XDMA_SEGMENT_SIZE];
static struct xdma_class class;
static unsigned int wanted;
static s64 used;

/* The guest's memory, and what it should hold. */
static u8 memory[MEMORY], expected[MEMORY];
static unsigned long p2m[MEMORY_PAGES];

static struct xdma_stats stats;
static struct xdma_device xdev = { .stats = &stats };
static u64 mask = 0xffffffff;
static struct device dev = { .dma_ops = &xdev.ops, .dma_mask = &mask };

void *phys_to_virt(phys_addr_t phys)
{
	assert_true(phys < MEMORY);
	return memory + phys;
}

bool pfn_valid(unsigned long pfn)
{
	return pfn < MEMORY_PAGES;
}

unsigned long __pfn_to_mfn(unsigned long pfn)
{
	assert_true(pfn < MEMORY_PAGES);
	return p2m[pfn];
}

struct xdma_class *xdma_class_of(u64 limit)
{
	return limit >= 0xffffffff ? &class : NULL;
}

void xdma_class_use(struct xdma_class *of, int nr)
{
	assert_ptr_equal(of, &class);
	used += nr;
}

void xdma_class_want(struct xdma_class *of)
{
	assert_ptr_equal(of, &class);
	wanted++;
}

static int fresh(void **state)
{
	unsigned int i;

	memset(segment, 0, sizeof(segment));
	memset(xdma_windows, 0, sizeof(xdma_windows));
	memset(&stats, 0, sizeof(stats));
	memset(p2m, 0, sizeof(p2m));
	class.pool = (struct xdma_pool) { .segment = room, .most = SEGMENTS };
	for (i = 0; i < SEGMENTS; i++) {
		xdma_segment_init(&segment[i], 0x80000000ull + i * 0x3c0000,
				  slots[i]);
		segment[i].class = &class;
		assert_true(xdma_pool_add(&class.pool, &segment[i]));
		memset(slots[i], 0xee, sizeof(slots[i]));
	}
	for (i = 0; i < MEMORY; i++)
		expected[i] = memory[i] = random();
	wanted = 0;
	used = 0;
	fake_dev_errors = 0;
	return 0;
}

/* Where the device finds an address. */
static u8 *device_memory(dma_addr_t dma)
{
	struct xdma_segment *at = xdma_find(dma);

	assert_non_null(at);
	return (u8 *)at->memory + (dma - at->dma);
}

/* A mapping; what the device should see of it. */
struct buffer {
	dma_addr_t dma;
	u64 phys;
	size_t size;
	u8 *seen;
};

static bool map(struct buffer *buffer, u64 phys, size_t size)
{
	struct xdma_limits limits = xdma_limits_of(&dev);

	buffer->dma = xdma_bounce_map(&dev, &limits, phys, size, 0);
	if (buffer->dma == DMA_MAPPING_ERROR)
		return false;
	assert_true(!((buffer->dma ^ phys) & dev.min_align));
	assert_true(!((buffer->dma ^ (buffer->dma + size - 1)) & ~dev.boundary));
	buffer->phys = phys;
	buffer->size = size;
	buffer->seen = malloc(size);
	memcpy(buffer->seen, memory + phys, size);
	return true;
}

static void unmap(struct buffer *buffer, bool copy)
{
	struct xdma_segment *at = xdma_find(buffer->dma);

	assert_memory_equal(device_memory(buffer->dma), buffer->seen,
			    buffer->size);
	xdma_bounce_unmap(&dev, at, buffer->dma, copy);
	if (copy)
		memcpy(expected + buffer->phys, buffer->seen, buffer->size);
	free(buffer->seen);
	buffer->size = 0;
}

static void touch(struct buffer *buffer)
{
	size_t from = random() % buffer->size;
	size_t size = 1 + random() % (buffer->size - from), i;
	struct xdma_segment *at = xdma_find(buffer->dma);

	switch (random() % 4) {
	case 0:		/* the device writes */
		for (i = from; i < from + size; i++)
			device_memory(buffer->dma)[i] = buffer->seen[i] =
				random();
		break;
	case 1:		/* the CPU writes */
		for (i = from; i < from + size; i++)
			memory[buffer->phys + i] =
				expected[buffer->phys + i] = random();
		break;
	case 2:
		xdma_bounce_sync(&dev, at, buffer->dma + from, size, true);
		memcpy(buffer->seen + from, memory + buffer->phys + from, size);
		break;
	case 3:
		xdma_bounce_sync(&dev, at, buffer->dma + from, size, false);
		memcpy(expected + buffer->phys + from, buffer->seen + from,
		       size);
		break;
	}
	assert_memory_equal(device_memory(buffer->dma), buffer->seen,
			    buffer->size);
}

/* Each buffer has a sixteenth of memory to lie in. */
static void use(struct buffer *buffer, unsigned int i)
{
	const u64 share = MEMORY / BUFFERS;
	u64 from;

	if (buffer->size) {
		if (random() % 4)
			touch(buffer);
		else
			unmap(buffer, random() % 2);
		return;
	}
	dev.min_align = random() % 2 ? 4095 : 0;
	dev.boundary = random() % 2 ? 0xffff : 0xffffffff;
	from = random() % share;
	map(buffer, i * share + from, 1 + random() % (share - from));
}

static void at_random(void **state)
{
	struct buffer buffer[BUFFERS] = {};
	unsigned int round, i;

	for (round = 0; round < 40000; round++) {
		i = random() % BUFFERS;
		use(&buffer[i], i);
		if (!(round % 64))
			assert_memory_equal(memory, expected, MEMORY);
	}
	for (i = 0; i < BUFFERS; i++)
		if (buffer[i].size)
			unmap(&buffer[i], true);
	assert_memory_equal(memory, expected, MEMORY);
	assert_int_equal(fake_dev_errors, 0);
	assert_int_equal(used, 0);
	assert_int_equal(stats.count[XDMA_BOUNCED],
			 stats.count[XDMA_RETURNED]);
	for (i = SEGMENTS; i--;)
		assert_ptr_equal(xdma_pool_remove(&class.pool), &segment[i]);
}

/* A driver that is wrong is told so, and nothing is copied anywhere. */
static void wrong_drivers(void **state)
{
	struct buffer buffer;
	struct xdma_segment *at;

	dev.boundary = ~0ull;
	dev.min_align = 4095;
	assert_true(map(&buffer, 0x1234, 3000));
	at = xdma_find(buffer.dma);
	xdma_bounce_sync(&dev, at, buffer.dma + 1, 3000, false);
	assert_int_equal(fake_dev_errors, 1);
	xdma_bounce_sync(&dev, at, buffer.dma - 1, 10, true);
	assert_int_equal(fake_dev_errors, 2);
	xdma_bounce_unmap(&dev, at, buffer.dma + 2048, true);
	assert_int_equal(fake_dev_errors, 3);
	unmap(&buffer, false);
	xdma_bounce_unmap(&dev, at, buffer.dma, true);
	assert_int_equal(fake_dev_errors, 4);
	assert_memory_equal(memory, expected, MEMORY);
	assert_int_equal(used, 0);
}

static void what_is_no_memory(void **state)
{
	struct buffer buffer;

	dev.boundary = ~0ull;
	dev.min_align = 0;
	assert_false(map(&buffer, MEMORY, 1));
	assert_false(map(&buffer, MEMORY - 1, 2));
	p2m[5] = INVALID_P2M_ENTRY;
	assert_false(map(&buffer, 0x4fff, 2));
	assert_false(map(&buffer, 0, XDMA_SEGMENT_SIZE + 1));
	assert_int_equal(fake_dev_errors, 4);
	assert_int_equal(stats.count[XDMA_BOUNCED], 0);
}

static void exhausted(void **state)
{
	struct buffer buffer[SEGMENTS * 4], more;
	unsigned int i;

	dev.boundary = ~0ull;
	dev.min_align = 0;
	for (i = 0; i < ARRAY_SIZE(buffer); i++)
		assert_true(map(&buffer[i], i * 16, XDMA_SEGMENT_SIZE / 4));
	assert_int_equal(wanted, 0);
	assert_false(map(&more, 0, 1));
	assert_int_equal(wanted, 1);
	assert_int_equal(fake_dev_errors, 1);
	assert_int_equal(stats.count[XDMA_EXHAUSTED], 1);
	mask = 0xffffff;
	assert_false(map(&more, 0, 1));
	mask = 0xffffffff;
	assert_int_equal(stats.count[XDMA_EXHAUSTED], 2);
	for (i = 0; i < ARRAY_SIZE(buffer); i++)
		unmap(&buffer[i], false);
	assert_true(map(&more, 0, 1));
	unmap(&more, true);
	assert_int_equal(used, 0);
}

static void coherent(void **state)
{
	static const size_t sizes[] = { 4096, 8192, 12288, 65536, 200704,
					262144 };
	struct xdma_segment *at;
	dma_addr_t dma;
	unsigned int i, at_byte;
	size_t align;
	u8 *p;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = xdma_bounce_alloc(~0ull, sizes[i], &dma);
		assert_non_null(p);
		assert_ptr_equal(p, device_memory(dma));
		for (align = PAGE_SIZE; align < sizes[i]; align *= 2)
			;
		assert_false(dma & (align - 1));
		for (at_byte = 0; at_byte < sizes[i]; at_byte++)
			assert_int_equal(p[at_byte], 0);
		at = xdma_find(dma);
		xdma_bounce_free(at, dma);
		assert_int_equal(used, 0);
	}
	assert_null(xdma_bounce_alloc(0xffffff, 4096, &dma));
	assert_null(xdma_bounce_alloc(~0ull, XDMA_SEGMENT_SIZE + 4096, &dma));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(at_random, fresh),
		cmocka_unit_test_setup(wrong_drivers, fresh),
		cmocka_unit_test_setup(what_is_no_memory, fresh),
		cmocka_unit_test_setup(exhausted, fresh),
		cmocka_unit_test_setup(coherent, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
