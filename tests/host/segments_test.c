// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of segments: addresses find theirs, a pool grows while it is used, and
 * no slot is ever given to two, held against a list of who has what.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "pool.h"
#include "test.h"

#define SEGMENTS	24
#define THREADS		4
#define HELD		200
#define ROUNDS		60000

static struct xdma_segment segment[SEGMENTS];
static struct xdma_segment *room[SEGMENTS];
static struct xdma_pool pool;
/* What each slot's memory would hold: the one who has it. */
static u32 owner[SEGMENTS][XDMA_SEGMENT_SLOTS];

/* Segments lie anywhere, but each in a window of its own. */
static u64 place(unsigned int i)
{
	return (u64)(i * 677 % XDMA_WINDOWS) << XDMA_SEGMENT_SHIFT;
}

static int fresh(void **state)
{
	unsigned int i;

	memset(segment, 0, sizeof(segment));
	memset(owner, 0, sizeof(owner));
	memset(xdma_windows, 0, sizeof(xdma_windows));
	pool = (struct xdma_pool) { .segment = room, .most = SEGMENTS };
	for (i = 0; i < SEGMENTS; i++)
		xdma_segment_init(&segment[i], place(i), NULL);
	return 0;
}

static void addresses(void **state)
{
	struct xdma_segment other;
	unsigned int i;

	for (i = 0; i < SEGMENTS - 1; i++) {
		assert_null(xdma_find(place(i)));
		assert_true(xdma_pool_add(&pool, &segment[i]));
	}
	for (i = 0; i < SEGMENTS - 1; i++) {
		assert_ptr_equal(xdma_find(place(i)), &segment[i]);
		assert_ptr_equal(xdma_find(place(i) + XDMA_SEGMENT_SIZE - 1),
				 &segment[i]);
		assert_null(xdma_find(place(i) + XDMA_SEGMENT_SIZE));
		assert_null(xdma_find(place(i) + (1ull << 32)));
		assert_null(xdma_find(place(i) | 1ull << 63));
	}
	assert_null(xdma_find(~0ull));
	assert_null(xdma_find(0xffffffff));
	/* Not aligned, out of reach, where another is, no room. */
	xdma_segment_init(&other, 0x1000, NULL);
	assert_false(xdma_pool_add(&pool, &other));
	other.dma = 1ull << 32;
	assert_false(xdma_pool_add(&pool, &other));
	other.dma = place(3);
	assert_false(xdma_pool_add(&pool, &other));
	assert_ptr_equal(xdma_find(place(3)), &segment[3]);
	assert_true(xdma_pool_add(&pool, &segment[SEGMENTS - 1]));
	other.dma = 0xfffc0000;
	assert_false(xdma_pool_add(&pool, &other));
	assert_null(xdma_find(0xffffffff));
}

static void give_back(void **state)
{
	const struct xdma_request one = { .slots = 1, .boundary = 128 };
	struct xdma_segment *found;
	unsigned int start = 1;

	assert_null(xdma_pool_remove(&pool));
	assert_true(xdma_pool_add(&pool, &segment[0]));
	assert_true(xdma_pool_add(&pool, &segment[1]));
	assert_int_equal(xdma_pool_take(&pool, &one, &start, &found), 0);
	assert_ptr_equal(found, &segment[1]);
	assert_null(xdma_pool_remove(&pool));
	assert_ptr_equal(xdma_find(place(1)), &segment[1]);
	xdma_segment_give(found, 0, 1);
	assert_ptr_equal(xdma_pool_remove(&pool), &segment[1]);
	assert_null(xdma_find(place(1)));
	assert_ptr_equal(xdma_pool_remove(&pool), &segment[0]);
	assert_null(xdma_pool_remove(&pool));
	assert_int_equal(pool.nr, 0);
}

/*
 * One whose address is wrong is neither found nor taken, but keeps its window until
 * it is empty, so that what is in use there can be given back.
 */
static void retired(void **state)
{
	const struct xdma_request one = { .slots = 1, .boundary = 128 };
	struct xdma_segment *found;
	unsigned int start = 0, i;

	assert_true(xdma_pool_add(&pool, &segment[0]));
	assert_true(xdma_pool_add(&pool, &segment[1]));
	assert_int_equal(xdma_pool_take(&pool, &one, &start, &found), 0);
	assert_int_equal(xdma_pool_retire(&segment[0]), 127);
	assert_null(xdma_find(place(0)));
	assert_ptr_equal(xdma_window(place(0)), &segment[0]);
	assert_ptr_equal(xdma_find(place(1)), &segment[1]);
	for (i = 0; i < XDMA_SEGMENT_SLOTS; i++) {
		start = 0;
		assert_int_equal(xdma_pool_take(&pool, &one, &start, &found),
				 i);
		assert_ptr_equal(found, &segment[1]);
	}
	assert_int_equal(xdma_pool_take(&pool, &one, &start, &found), -1);
	/* A new one cannot be taken for it. */
	segment[2].dma = place(0);
	assert_false(xdma_pool_add(&pool, &segment[2]));
	xdma_segment_give(&segment[0], 0, 1);
	assert_int_equal(xdma_segment_take(&segment[0], &one), -1);
	/* An empty one leaves at once. */
	segment[2].dma = place(2);
	assert_true(xdma_pool_add(&pool, &segment[2]));
	assert_int_equal(xdma_pool_retire(&segment[2]), 128);
	assert_null(xdma_window(place(2)));
	assert_ptr_equal(xdma_pool_remove(&pool), &segment[2]);
	assert_null(xdma_pool_remove(&pool));
	for (i = 0; i < XDMA_SEGMENT_SLOTS; i++)
		xdma_segment_give(&segment[1], i, 1);
	assert_ptr_equal(xdma_pool_remove(&pool), &segment[1]);
	assert_ptr_equal(xdma_pool_remove(&pool), &segment[0]);
	assert_null(xdma_window(place(0)));
}

/* Begins where it is told, goes round once, wherever that is. */
static void goes_round(void **state)
{
	const struct xdma_request all = { .slots = 128, .boundary = 128 };
	struct xdma_segment *found;
	unsigned int i, start;

	start = 7;
	assert_int_equal(xdma_pool_take(&pool, &all, &start, &found), -1);
	for (i = 0; i < SEGMENTS; i++)
		assert_true(xdma_pool_add(&pool, &segment[i]));
	start = 5;
	for (i = 0; i < SEGMENTS; i++) {
		assert_int_equal(xdma_pool_take(&pool, &all, &start, &found),
				 0);
		assert_ptr_equal(found, &segment[(5 + i) % SEGMENTS]);
		assert_int_equal(start, (5 + i) % SEGMENTS);
	}
	assert_int_equal(xdma_pool_take(&pool, &all, &start, &found), -1);
	xdma_segment_give(&segment[3], 0, 128);
	start = 1000;
	assert_int_equal(xdma_pool_take(&pool, &all, &start, &found), 0);
	assert_ptr_equal(found, &segment[3]);
}

/* Several CPUs, each with rows of its own, and one that adds segments. */
struct held {
	struct xdma_segment *segment;
	unsigned int first, slots;
};

static void mark(const struct held *one, u32 from, u32 to)
{
	u32 *slot = &owner[one->segment - segment][one->first];
	unsigned int i;

	for (i = 0; i < one->slots; i++)
		assert_int_equal(__atomic_exchange_n(&slot[i], to,
						     __ATOMIC_RELAXED), from);
}

static void use(struct held *one, u32 id, unsigned int *start,
		unsigned int *seed)
{
	struct xdma_limits limits = {
		.boundary = rand_r(seed) % 4 ? ~0ull : 0xffff,
		.min_align = rand_r(seed) % 2 ? 4095 : 0,
	};
	size_t size = 1 + rand_r(seed) % (rand_r(seed) % 8 ? 4096 : 60000);
	struct xdma_request request;
	u64 dma;
	int first;

	assert_true(xdma_request_init(&request, &limits, rand_r(seed), size));
	first = xdma_pool_take(&pool, &request, start, &one->segment);
	if (first < 0)
		return;
	one->first = first;
	one->slots = request.slots;
	mark(one, 0, id);
	dma = one->segment->dma + (first + request.slots) * XDMA_SLOT_SIZE - 1;
	assert_ptr_equal(xdma_find(dma), one->segment);
	assert_int_equal(xdma_segment_first(one->segment,
					    first + request.slots - 1), first);
}

static void unuse(struct held *one, u32 id)
{
	mark(one, id, 0);
	xdma_segment_give(one->segment, one->first, one->slots);
	one->slots = 0;
}

static void *cpu(void *nr)
{
	struct held held[HELD] = {};
	unsigned int seed = (uintptr_t)nr, start = seed, i;
	u32 id = (uintptr_t)nr + 1;

	for (i = 0; i < ROUNDS; i++) {
		struct held *one = &held[rand_r(&seed) % HELD];

		if (one->slots)
			unuse(one, id);
		else
			use(one, id, &start, &seed);
	}
	for (i = 0; i < HELD; i++)
		if (held[i].slots)
			unuse(&held[i], id);
	return NULL;
}

static void on_several_cpus(void **state)
{
	pthread_t threads[THREADS];
	unsigned int s;
	uintptr_t i;

	assert_true(xdma_pool_add(&pool, &segment[0]));
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, cpu,
						(void *)i), 0);
	for (s = 1; s < SEGMENTS; s++) {
		sched_yield();
		assert_true(xdma_pool_add(&pool, &segment[s]));
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (s = SEGMENTS; s--;)
		assert_ptr_equal(xdma_pool_remove(&pool), &segment[s]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(addresses, fresh),
		cmocka_unit_test_setup(give_back, fresh),
		cmocka_unit_test_setup(retired, fresh),
		cmocka_unit_test_setup(goes_round, fresh),
		cmocka_unit_test_setup(on_several_cpus, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
