// SPDX-License-Identifier: GPL-2.0
/*
 * Barriers fence the whole device, and no fence stays behind.
 */
#include "test.h"
#include "fake.h"
#include "fence.h"
#include <linux/kernel.h>
#include <linux/types.h>

#define QUEUES	4
#define DEPTH	8
#define STEPS	400000

enum step { LOOK, SUBMIT, REPORT };

/* A queue as the driver has it, cut into steps that others can come between. */
struct queue {
	struct blk_fence_member member;
	uintptr_t barrier[DEPTH];	/* what waits, oldest first; 0: no barrier */
	unsigned int waiting;
	unsigned int at_disk;
	uintptr_t barrier_at_disk;
	bool kicked;
	bool fenced;
	bool joined;
	enum step step;
	unsigned int kicks;
};

struct device {
	struct blk_fence fence;
	struct queue queues[QUEUES];
	unsigned int barriers_done;
	unsigned int others_done;
};

static u64 seed;
static uintptr_t last_barrier;

static unsigned int random_below(unsigned int limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 20) % limit;
}

static void kick(struct blk_fence_member *member)
{
	struct queue *queue = container_of(member, struct queue, member);

	assert_true(queue->joined);
	queue->kicked = true;
	queue->kicks++;
}

static void join(struct device *device, struct queue *queue)
{
	queue->member.kick = kick;
	queue->joined = true;
	blk_fence_join(&device->fence, &queue->member);
	queue->kicked = true;
}

static void leave(struct device *device, struct queue *queue)
{
	blk_fence_leave(&device->fence, &queue->member);
	queue->joined = false;
	queue->kicked = false;
}

static void device_init(struct device *device)
{
	unsigned int i;

	memset(device, 0, sizeof(*device));
	blk_fence_init(&device->fence);
	for (i = 0; i < QUEUES; i++)
		join(device, &device->queues[i]);
}

static unsigned int all_at_disk(const struct device *device)
{
	unsigned int i, sum = 0;

	for (i = 0; i < QUEUES; i++)
		sum += device->queues[i].at_disk;
	return sum;
}

static bool any_barrier(const struct device *device)
{
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		if (device->queues[i].barrier_at_disk)
			return true;
	return false;
}

static void pop(struct queue *queue)
{
	queue->waiting--;
	memmove(queue->barrier, queue->barrier + 1,
		queue->waiting * sizeof(queue->barrier[0]));
}

static void submit(struct device *device, struct queue *queue)
{
	while (queue->waiting) {
		uintptr_t barrier = queue->barrier[0];

		if (barrier) {
			queue->fenced = true;
			if (!blk_fence_raise(&device->fence, &queue->member,
					     (void *)barrier))
				return;
			/* All that came before it is done, everywhere. */
			assert_int_equal(all_at_disk(device), 0);
			queue->barrier_at_disk = barrier;
		} else if (queue->fenced) {
			return;
		}
		/* Nothing passes a barrier that is under way. */
		assert_true(barrier || !any_barrier(device));
		pop(queue);
		queue->at_disk++;
	}
}

static void step(struct device *device, struct queue *queue)
{
	switch (queue->step) {
	case LOOK:
		if (!queue->kicked)
			return;
		queue->kicked = false;
		queue->fenced = blk_fence_is_up(&device->fence);
		queue->step = SUBMIT;
		break;
	case SUBMIT:
		submit(device, queue);
		queue->step = REPORT;
		break;
	case REPORT:
		if (queue->fenced && !queue->at_disk)
			blk_fence_quiet(&device->fence, &queue->member);
		queue->step = LOOK;
		break;
	}
}

/* The disk is done with one of the queue's requests. */
static void complete(struct device *device, struct queue *queue)
{
	if (!queue->at_disk)
		return;
	queue->at_disk--;
	if (queue->barrier_at_disk) {
		blk_fence_drop(&device->fence, (void *)queue->barrier_at_disk);
		queue->barrier_at_disk = 0;
		device->barriers_done++;
	} else {
		device->others_done++;
	}
	/* As the answering half does for a queue that is starved. */
	if (queue->fenced)
		queue->kicked = true;
}

static void add(struct queue *queue, bool barrier)
{
	if (!queue->joined || queue->waiting == DEPTH)
		return;
	queue->barrier[queue->waiting++] = barrier ? ++last_barrier : 0;
	queue->kicked = true;
}

/* A queue that is served to its end goes, and comes back later. */
static void come_or_go(struct device *device, struct queue *queue)
{
	if (!queue->joined)
		join(device, queue);
	else if (!queue->waiting && !queue->at_disk && queue->step == LOOK &&
		 !queue->kicked)
		leave(device, queue);
}

static bool idle(const struct device *device)
{
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		if (device->queues[i].waiting || device->queues[i].at_disk ||
		    device->queues[i].kicked ||
		    device->queues[i].step != LOOK)
			return false;
	return true;
}

static void run_dry(struct device *device)
{
	unsigned int i, rounds;

	for (rounds = 0; !idle(device); rounds++) {
		assert_true(rounds < 10000);
		for (i = 0; i < QUEUES; i++) {
			if (!device->queues[i].joined)
				continue;
			step(device, &device->queues[i]);
			complete(device, &device->queues[i]);
		}
	}
	assert_false(blk_fence_is_up(&device->fence));
}

static void any_order(void **state)
{
	struct device device;
	unsigned int i;

	seed = 0x9e3779b97f4a7c15ull;
	device_init(&device);
	for (i = 0; i < STEPS; i++) {
		struct queue *queue = &device.queues[random_below(QUEUES)];

		switch (random_below(8)) {
		case 0:
			add(queue, !random_below(6));
			break;
		case 1:
		case 2:
		case 3:
			complete(&device, queue);
			break;
		case 4:
			if (!random_below(8))
				come_or_go(&device, queue);
			break;
		default:
			if (queue->joined)
				step(&device, queue);
		}
		if (i % 5000 == 0)
			run_dry(&device);
	}
	run_dry(&device);
	assert_true(device.barriers_done > 1000);
	assert_true(device.others_done > 10000);
}

static void idle_disk(void **state)
{
	struct device device;
	unsigned int i;

	device_init(&device);
	assert_false(blk_fence_is_up(&device.fence));
	add(&device.queues[2], true);
	run_dry(&device);
	assert_int_equal(device.barriers_done, 1);
	/* Up and down: each queue is told of both. */
	for (i = 0; i < QUEUES; i++)
		assert_in_range(device.queues[i].kicks, 2, 3);
}

static void alone(void **state)
{
	struct device device;
	unsigned int i;

	device_init(&device);
	for (i = 1; i < QUEUES; i++)
		leave(&device, &device.queues[i]);
	for (i = 0; i < DEPTH; i++)
		add(&device.queues[0], i % 2);
	run_dry(&device);
	assert_int_equal(device.barriers_done, DEPTH / 2);
	assert_int_equal(device.others_done, DEPTH / 2);
}

/* The queue that all wait for goes instead of becoming quiet. */
static void last_one_leaves(void **state)
{
	struct blk_fence fence;
	struct queue one = { .joined = true, .member.kick = kick };
	struct queue two = { .joined = true, .member.kick = kick };
	struct queue never = { .joined = false };
	int barrier;

	blk_fence_init(&fence);
	blk_fence_leave(&fence, &never.member);
	blk_fence_join(&fence, &one.member);
	blk_fence_join(&fence, &two.member);
	assert_false(blk_fence_raise(&fence, &one.member, &barrier));
	blk_fence_quiet(&fence, &one.member);
	assert_false(blk_fence_raise(&fence, &one.member, &barrier));
	one.kicks = 0;
	blk_fence_leave(&fence, &two.member);
	assert_int_equal(one.kicks, 1);
	assert_true(blk_fence_raise(&fence, &one.member, &barrier));
	/* It can go twice, and come again. */
	blk_fence_leave(&fence, &two.member);
	blk_fence_join(&fence, &two.member);
	assert_false(blk_fence_raise(&fence, &one.member, &barrier));
}

/* Only the barrier that raised it takes the fence down. */
static void whose_fence(void **state)
{
	struct blk_fence fence;
	struct queue one = { .joined = true, .member.kick = kick };
	struct queue two = { .joined = true, .member.kick = kick };
	int first, second;

	blk_fence_init(&fence);
	blk_fence_join(&fence, &one.member);
	blk_fence_join(&fence, &two.member);
	/* One that failed before it got so far. */
	blk_fence_drop(&fence, &first);
	assert_false(blk_fence_raise(&fence, &one.member, &first));
	assert_false(blk_fence_raise(&fence, &two.member, &second));
	blk_fence_drop(&fence, &second);
	assert_true(blk_fence_is_up(&fence));
	blk_fence_quiet(&fence, &one.member);
	blk_fence_quiet(&fence, &two.member);
	assert_false(blk_fence_raise(&fence, &two.member, &second));
	assert_true(blk_fence_raise(&fence, &one.member, &first));
	blk_fence_drop(&fence, &first);
	assert_false(blk_fence_is_up(&fence));
	/* The next fence begins with nobody quiet. */
	assert_false(blk_fence_raise(&fence, &two.member, &second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_disk),
		cmocka_unit_test(alone),
		cmocka_unit_test(last_one_leaves),
		cmocka_unit_test(whose_fence),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests_name("fence", tests, NULL, NULL);
}
