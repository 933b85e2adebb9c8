// SPDX-License-Identifier: GPL-2.0
/*
 * Ring arithmetic, with the test as the frontend.
 */
#include "test.h"
#include <stdlib.h>
#include <xenmod/blkif.h>
#include <xenmod/ring.h>

#define PAGE	4096
/* Indices run free: these starts make them wrap within a test. */
static const u32 starts[] = {
	0, 1, 31, 32, 0x7ffffff0, 0x80000000, 0xffffffc0, 0xfffffff0,
	0xffffffff };
static const u32 sizes[] = { BLKIF_SLOT_64, BLKIF_SLOT_X86_32 };

static struct xenmod_ring_shared *shared_of(const struct xenmod_ring *ring)
{
	return ring->shared;
}

/* A ring that both ends have brought to @index, with nothing in it. */
static struct xenmod_ring ring_at(u32 index, u32 slot_size, unsigned int order)
{
	struct xenmod_ring ring;
	struct xenmod_ring_shared *shared = calloc(1, PAGE << order);

	shared->req_prod = index;
	shared->rsp_prod = index;
	shared->req_event = index + 1;
	shared->rsp_event = index + 1;
	memset(&ring, 0xa5, sizeof(ring));
	xenmod_ring_init(&ring, shared, PAGE << order, slot_size);
	assert_int_equal(xenmod_ring_attach(&ring), 0);
	return ring;
}

static void ring_free(struct xenmod_ring *ring)
{
	free(ring->shared);
}

static void produce(struct xenmod_ring *ring, u32 count)
{
	shared_of(ring)->req_prod += count;
}

static void take(struct xenmod_ring *ring, u32 count)
{
	u8 slot[BLKIF_SLOT_64];

	while (count--)
		xenmod_ring_take(ring, slot);
}

static void respond(struct xenmod_ring *ring, u32 count)
{
	while (count--)
		memset(xenmod_ring_response(ring), 0, BLKIF_RESPONSE_X86_32);
}

static void sizes_of_rings(void **state)
{
	/* What Xen's own macros give for these. */
	static const u32 slots[] = { 32, 64, 128, 256, 512 };
	unsigned int order, i;

	for (order = 0; order < ARRAY_SIZE(slots); order++)
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			assert_int_equal(xenmod_ring_slots(PAGE << order,
							   sizes[i]),
					 slots[order]);
	/* Exactly so many, and one byte less. */
	assert_int_equal(xenmod_ring_slots(64 + 8 * 112, 112), 8);
	assert_int_equal(xenmod_ring_slots(64 + 8 * 112 - 1, 112), 4);
	assert_int_equal(xenmod_ring_slots(64 + 112, 112), 1);
}

static void empty_partial_full(void **state)
{
	unsigned int i, j, order;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		for (j = 0; j < ARRAY_SIZE(sizes); j++)
			for (order = 0; order <= 4; order++) {
				struct xenmod_ring ring =
					ring_at(starts[i], sizes[j], order);
				u32 slots = ring.nr_slots;

				assert_int_equal(xenmod_ring_pending(&ring), 0);
				produce(&ring, 3);
				assert_int_equal(xenmod_ring_pending(&ring), 3);
				take(&ring, 1);
				assert_int_equal(xenmod_ring_pending(&ring), 2);
				produce(&ring, slots - 3);
				assert_int_equal(xenmod_ring_pending(&ring),
						 slots - 1);
				take(&ring, slots - 1);
				assert_int_equal(xenmod_ring_pending(&ring), 0);
				assert_int_equal(ring.req_cons,
						 starts[i] + slots);
				ring_free(&ring);
			}
}

static void runaway_producer(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xenmod_ring ring = ring_at(starts[i], 112, 0);

		/* One more than fits, with nothing taken. */
		produce(&ring, 33);
		assert_int_equal(xenmod_ring_pending(&ring), -EPROTO);
		produce(&ring, -1);
		assert_int_equal(xenmod_ring_pending(&ring), 32);

		/* What is taken but unanswered still has its slot. */
		take(&ring, 32);
		assert_int_equal(xenmod_ring_pending(&ring), 0);
		produce(&ring, 1);
		assert_int_equal(xenmod_ring_pending(&ring), -EPROTO);
		respond(&ring, 1);
		assert_int_equal(xenmod_ring_pending(&ring), 1);
		produce(&ring, 0x80000000);
		assert_int_equal(xenmod_ring_pending(&ring), -EPROTO);
		ring_free(&ring);
	}
}

static void producer_goes_backwards(void **state)
{
	unsigned int i;
	u32 back;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xenmod_ring ring = ring_at(starts[i], 112, 0);

		produce(&ring, 4);
		take(&ring, 4);
		for (back = 1; back < 100; back++) {
			produce(&ring, -back);
			assert_int_equal(xenmod_ring_pending(&ring), -EPROTO);
			produce(&ring, back);
		}
		assert_int_equal(xenmod_ring_pending(&ring), 0);
		ring_free(&ring);
	}
}

static void attach_takes_over(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xenmod_ring ring = ring_at(starts[i], 112, 0);
		struct xenmod_ring next;

		/* All taken was answered; five came in meanwhile. */
		produce(&ring, 12);
		take(&ring, 12);
		respond(&ring, 12);
		xenmod_ring_push(&ring);
		produce(&ring, 5);
		xenmod_ring_init(&next, ring.shared, PAGE, 112);
		assert_int_equal(xenmod_ring_attach(&next), 0);
		assert_int_equal(next.req_cons, starts[i] + 12);
		assert_int_equal(next.rsp_prod, starts[i] + 12);
		assert_int_equal(xenmod_ring_pending(&next), 5);
		/* Nothing is due to be announced twice. */
		assert_false(xenmod_ring_push(&next));
		ring_free(&ring);
	}
}

static void attach_refuses_nonsense(void **state)
{
	static const u32 ahead[] = { 33, 34, 64, 0x80000000, 0xffffffff, -32 };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xenmod_ring ring = ring_at(starts[i], 112, 0);

		for (j = 0; j < ARRAY_SIZE(ahead); j++) {
			shared_of(&ring)->req_prod = starts[i] + ahead[j];
			assert_int_equal(xenmod_ring_attach(&ring), -EPROTO);
		}
		shared_of(&ring)->req_prod = starts[i] + 32;
		assert_int_equal(xenmod_ring_attach(&ring), 0);
		ring_free(&ring);
	}
}

/* Each slot is found where both ends' arithmetic puts it. */
static void slots_are_where_they_belong(void **state)
{
	unsigned int order, j;
	u8 copy[BLKIF_SLOT_64];
	u32 i;

	for (order = 0; order <= 4; order++)
		for (j = 0; j < ARRAY_SIZE(sizes); j++) {
			struct xenmod_ring ring =
				ring_at(-7, sizes[j], order);

			for (i = 0; i < ring.nr_slots; i++) {
				u32 slot = (i - 7) & (ring.nr_slots - 1);
				u8 *at = (u8 *)ring.shared + 64 +
					 slot * sizes[j];

				memset(at, i, sizes[j]);
				produce(&ring, 1);
				memset(copy, ~i, sizeof(copy));
				xenmod_ring_take(&ring, copy);
				assert_int_equal(copy[0], (u8)i);
				assert_int_equal(copy[sizes[j] - 1], (u8)i);
				if (sizes[j] < sizeof(copy))
					assert_int_equal(copy[sizes[j]],
							 (u8)~i);
				assert_ptr_equal(xenmod_ring_response(&ring),
						 at);
			}
			ring_free(&ring);
		}
}

static void a_taken_request_is_ours(void **state)
{
	struct xenmod_ring ring = ring_at(0, 112, 0);
	u8 copy[BLKIF_SLOT_64], before[BLKIF_SLOT_64];

	memset((u8 *)ring.shared + 64, 0x11, 112);
	produce(&ring, 1);
	xenmod_ring_take(&ring, copy);
	memcpy(before, copy, sizeof(copy));
	memset((u8 *)ring.shared + 64, 0x22, 112);
	assert_memory_equal(copy, before, sizeof(copy));
	/* Nor do the frontend's lies about our own index move it. */
	shared_of(&ring)->rsp_prod = 12345;
	respond(&ring, 1);
	xenmod_ring_push(&ring);
	assert_int_equal(shared_of(&ring)->rsp_prod, 1);
	ring_free(&ring);
}

static void rest_asks_for_the_next(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xenmod_ring ring = ring_at(starts[i], 112, 0);

		produce(&ring, 3);
		take(&ring, 3);
		assert_true(xenmod_ring_rest(&ring));
		assert_int_equal(shared_of(&ring)->req_event, starts[i] + 4);
		/* One that no event will announce. */
		produce(&ring, 1);
		assert_false(xenmod_ring_rest(&ring));
		ring_free(&ring);
	}
}

/*
 * An event is due exactly if rsp_event is one of the indices that the push
 * reached: old < rsp_event <= new.
 */
static void push_notifies_when_asked(void **state)
{
	unsigned int i;
	int count, position;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		for (count = 0; count <= 32; count++)
			for (position = -40; position <= 40; position++) {
				struct xenmod_ring ring =
					ring_at(starts[i], 112, 0);
				bool due = position >= 1 && position <= count;

				produce(&ring, 32);
				take(&ring, 32);
				respond(&ring, count);
				shared_of(&ring)->rsp_event =
					starts[i] + position;
				assert_int_equal(shared_of(&ring)->rsp_prod,
						 starts[i]);
				assert_int_equal(xenmod_ring_push(&ring), due);
				assert_int_equal(shared_of(&ring)->rsp_prod,
						 starts[i] + count);
				/* And never twice. */
				assert_false(xenmod_ring_push(&ring));
				ring_free(&ring);
			}
}

static void pushes_add_up(void **state)
{
	struct xenmod_ring ring = ring_at(0xfffffffe, 112, 0);

	produce(&ring, 6);
	take(&ring, 6);
	shared_of(&ring)->rsp_event = 0xfffffffe + 4;
	respond(&ring, 3);
	assert_false(xenmod_ring_push(&ring));
	respond(&ring, 1);
	assert_true(xenmod_ring_push(&ring));
	respond(&ring, 2);
	assert_false(xenmod_ring_push(&ring));
	assert_int_equal(shared_of(&ring)->rsp_prod, 4);
	ring_free(&ring);
}

static void many_rounds(void **state)
{
	struct xenmod_ring ring = ring_at(0xffff0000, 108, 2);
	unsigned int round, unanswered = 0;

	for (round = 0; round < 200000; round++) {
		u32 room = ring.nr_slots - unanswered;
		u32 count = room ? 1 + round * 7 % room : 0;
		u32 answers;

		produce(&ring, count);
		assert_int_equal(xenmod_ring_pending(&ring), count);
		take(&ring, count);
		unanswered += count;
		answers = round * 13 % (unanswered + 1);
		respond(&ring, answers);
		xenmod_ring_push(&ring);
		unanswered -= answers;
		assert_int_equal(ring.req_cons - ring.rsp_prod, unanswered);
	}
	ring_free(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_of_rings),
		cmocka_unit_test(empty_partial_full),
		cmocka_unit_test(runaway_producer),
		cmocka_unit_test(producer_goes_backwards),
		cmocka_unit_test(attach_takes_over),
		cmocka_unit_test(attach_refuses_nonsense),
		cmocka_unit_test(slots_are_where_they_belong),
		cmocka_unit_test(a_taken_request_is_ours),
		cmocka_unit_test(rest_asks_for_the_next),
		cmocka_unit_test(push_notifies_when_asked),
		cmocka_unit_test(pushes_add_up),
		cmocka_unit_test(many_rounds),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
