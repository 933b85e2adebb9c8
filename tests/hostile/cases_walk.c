// SPDX-License-Identifier: GPL-2.0
/*
 * Requests at random, good and bad ones mixed, each judged by the contract. A
 * seed brings the same ones again.
 */
#include "cases.h"
#include "data.h"
#include "random.h"
#include "report.h"

/* A look whether data still comes right, once in so many rings. */
#define LOOK		32

static struct pages readonly;

static uint8_t some_op(struct random *random)
{
	static const uint8_t usual[] = { 0, 1, 0, 1, 0, 1, 3, 5 };

	return random_once_in(random, 16) ? random_next(random) :
	       usual[random_below(random, 8)];
}

/* Writes hit only the part of the disk that may change, reads all of it. */
static uint64_t some_sector(struct device *device, struct random *random,
			    bool read)
{
	uint64_t n = device->facts.sectors;
	uint64_t block = device->facts.block / SECTOR_SIZE;
	uint64_t near_end = n - random_below(random, 64);

	switch (random_below(random, 16)) {
	case 0:
		return n + random_next(random) % (-n);
	case 1:
		return near_end;
	case 2:
		return -1 - (uint64_t)random_below(random, 4096);
	default:
		if (read)
			return random_below(random, n) / block * block;
		return n - (1 + random_below(random, SCRATCH_SECTORS)) /
			   block * block;
	}
}

static uint32_t some_gref(struct device *device, struct random *random)
{
	switch (random_below(random, 128)) {
	case 0:
		return random_next(random) | 1 << 16;
	case 1:
		return readonly.gref[0];
	case 2:
		return GREF_MAX;
	default:
		return device->data.gref[random_below(random, DATA_PAGES)];
	}
}

static void some_segment(struct device *device, struct random *random,
			 struct request *request)
{
	unsigned int first = 0, last = PAGE_SECTORS - 1;

	if (random_once_in(random, 4) && device->facts.block == SECTOR_SIZE) {
		first = random_below(random, PAGE_SECTORS);
		last = first + random_below(random, PAGE_SECTORS - first);
	}
	if (random_once_in(random, 64)) {
		first = random_next(random) & 0xff;
		last = random_next(random) & 0xff;
	}
	request_add(request, some_gref(device, random), first, last);
}

static void some_request(struct device *device, struct random *random,
			 struct request *request)
{
	struct queue *queue = &device->queue[0];
	uint8_t op = some_op(random);
	bool indirect = random_once_in(random, 16);
	unsigned int nr = random_once_in(random, 2) ? 1 :
			  random_below(random, DIRECT_SEGMENTS + 1);

	/* What is unknown today may be a write tomorrow. */
	request_init(request, op, some_sector(device, random,
					      op == BLKIF_OP_READ));
	request->handle = random_next(random);
	request->flag = random_next(random) & 1;
	request->nr_sectors = random_below(random, 64);
	if (indirect && op != BLKIF_OP_INDIRECT) {
		request_indirect(request, &device->tables,
				 queue->req_prod % TABLE_PAGES);
		if (random_once_in(random, 32))
			request->indirect_gref[0] = GREF_BEYOND;
		nr = random_below(random, random_once_in(random, 8) ? 260 : 24);
	}
	if (op == BLKIF_OP_INDIRECT)
		request->indirect_gref[0] = GREF_BEYOND;
	while (request->nr_segments < nr)
		some_segment(device, random, request);
	/* Descriptors behind the last one are somebody else's. */
	if (random_once_in(random, 32))
		request->nr_segments += random_below(random, 200);
}

static void walk(struct device *device)
{
	struct queue *queue = &device->queue[0];
	static struct request request;
	struct random random;
	unsigned long rings = 0;

	if (!readonly.nr)
		pages_grant(&readonly, 1, DOM0, false);
	random_seed(&random, options.seed);
	while (tally.requests < options.requests && !report_failed()) {
		some_request(device, &random, &request);
		queue_put(queue, &request);
		if (!queue_full(queue) && !random_once_in(&random, 1024))
			continue;
		queue_finish(queue);
		if (++rings % LOOK)
			continue;
		device_works(device);
		if (data_has_canary(device->data.at, DATA_PAGES * PAGE_SIZE))
			report_fail("something from beyond the disk was read");
	}
	queue_finish(queue);
	device_works(device);
	if (!data_is_word(readonly.at, 0, PAGE_SIZE))
		report_fail("a read-only page has changed");
}

const struct hostile_case walk_cases[] = {
	{ "walk", walk },
	{ }
};
