// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes that change while the backend looks at them. Every request is about
 * the part of the disk that may change, whatever its other bytes become.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "cases.h"
#include "data.h"
#include "random.h"
#include "report.h"

#define THREADS_MOST	8

/* Flips between two looks at the clock. */
#define BURST		4096

struct flipper {
	pthread_t thread;
	struct device *device;
	struct random random;
	volatile bool *stop;
	uint64_t flips;
};

/* A segment's field becomes right or wrong. */
static void flip_segment(struct flipper *flipper, volatile struct segment *s)
{
	const struct pages *data = &flipper->device->data;
	uint64_t dice = random_next(&flipper->random);

	switch (dice & 3) {
	case 0:
		s->first = dice >> 8 & 8 ? dice >> 16 : dice >> 16 & 7;
		break;
	case 1:
		s->last = dice >> 8 & 8 ? dice >> 16 : dice >> 16 & 7;
		break;
	default:
		s->gref = dice >> 8 & 8 ? (uint32_t)(dice >> 32) :
			  data->gref[(dice >> 16) % DATA_PAGES];
	}
}

/* Operation, count or a segment of a slot; not its id, nor its sector. */
static void flip_slot(struct flipper *flipper, volatile uint8_t *slot,
		      unsigned int hole)
{
	static const uint8_t ops[] = { 0, 1, 0, 1, 3, 5, 6, 255 };
	uint64_t dice = random_next(&flipper->random);
	volatile struct segment *segment = (void *)(slot + 20 + hole);

	switch (dice & 7) {
	case 0:
	case 1:
		slot[0] = ops[dice >> 8 & 7];
		break;
	case 2:
	case 3:
		slot[1] = dice >> 8 & 8 ? dice >> 16 : (dice >> 16) % 12;
		break;
	default:
		flip_segment(flipper, segment + (dice >> 8) % DIRECT_SEGMENTS);
	}
}

static void *flip(void *data)
{
	struct flipper *flipper = data;
	struct device *device = flipper->device;
	struct queue *queue = &device->queue[0];
	unsigned int hole = queue->slot_size == SLOT_64 ? 4 : 0;
	struct segment *table;
	unsigned int i;

	while (!*flipper->stop) {
		for (i = 0; i < BURST; i++) {
			if (i % 2) {
				flip_slot(flipper, queue_slot(queue, i / 2),
					  hole);
				continue;
			}
			table = pages_at(&device->tables, i % TABLE_PAGES);
			flip_segment(flipper, table + random_below(
				     &flipper->random, 256));
		}
		flipper->flips += BURST;
	}
	return NULL;
}

static void put_something(struct device *device, struct random *random)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int nr = 1 + random_below(random, DIRECT_SEGMENTS);

	request_init(&request, random_below(random, 2), device_scratch(device));
	if (random_once_in(random, 4)) {
		request_indirect(&request, &device->tables,
				 queue->req_prod % TABLE_PAGES);
		nr = 1 + random_below(random, 256);
	}
	request_add_pages(&request, &device->data, 0, nr);
	/* Where an indirect request has its count. */
	request.handle = random_below(random, 300);
	queue_stream(queue, &request);
}

/* What the flippers leave in a slot is no answer; the id must be. */
static void flippers(struct device *device)
{
	struct flipper flipper[THREADS_MOST];
	struct queue *queue = &device->queue[0];
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	struct random random;
	volatile bool stop = false;
	unsigned int i;

	report_inexact();
	random_seed(&random, options.seed);
	queue->lenient = true;
	memset(flipper, 0, sizeof(flipper));
	for (i = 0; i < options.threads; i++) {
		flipper[i].device = device;
		flipper[i].stop = &stop;
		random_seed(&flipper[i].random, options.seed + 1 + i);
		if (pthread_create(&flipper[i].thread, NULL, flip,
				   &flipper[i]))
			die("cannot start a thread");
	}
	while (now_ms() < end && !report_failed())
		put_something(device, &random);
	stop = true;
	for (i = 0; i < options.threads; i++) {
		pthread_join(flipper[i].thread, NULL);
		tally.other += flipper[i].flips;
	}
	queue_finish(queue);
	queue->lenient = false;
	if (data_has_canary(device->data.at, DATA_PAGES * PAGE_SIZE))
		report_fail("something from beyond the disk was read");
	if (!tally.okay || !tally.errors)
		report_fail("the flippers changed nothing, or all");
	device_works(device);
}

const struct hostile_case flip_cases[] = {
	{ "flippers", flippers },
	{ }
};
