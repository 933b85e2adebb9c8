// SPDX-License-Identifier: GPL-2.0
/*
 * What a single request can have wrong, but for its grants.
 *
 * The disk's content never changes: what is written is what stands there
 * already, and what must not be written is NO_WRITE. dom0 looks for it.
 */
#include "cases.h"
#include "data.h"
#include "report.h"

#define OPS		7

/* Page i: its first sector holds sector i of the disk. */
static void fill_single_sectors(struct device *device)
{
	unsigned int i;

	for (i = 0; i < DATA_PAGES; i++)
		data_write(pages_at(&device->data, i), i, 1);
}

/* Page i: sectors 8 * i on. */
static void fill_pages(struct device *device, uint64_t sector)
{
	data_write(device->data.at, sector, DATA_PAGES * PAGE_SECTORS);
}

static void put_count(struct device *device, unsigned int op, unsigned int nr)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i;

	request_init(&request, op, op == BLKIF_OP_DISCARD ?
		     device_scratch(device) : 0);
	for (i = 0; i < DIRECT_SEGMENTS; i++)
		request_add(&request, device->data.gref[i], 0, 0);
	request.nr_segments = nr;
	request.flag = nr;
	request.nr_sectors = device->facts.block / SECTOR_SIZE;
	if (op != BLKIF_OP_INDIRECT)
		queue_stream(queue, &request);
}

static void put_indirect_count(struct device *device, unsigned int op,
			       unsigned int nr)
{
	struct request request;
	unsigned int i;

	request_init(&request, op, 0);
	request_indirect(&request, &device->tables, 0);
	for (i = 0; i < INDIRECT_SEGMENTS; i++)
		request_add(&request, device->data.gref[i % DATA_PAGES], 0, 0);
	request.nr_segments = nr;
	queue_stream(&device->queue[0], &request);
}

/* Every number of segments, with every operation. */
static void nr_segments(struct device *device)
{
	static const unsigned int some[] = { 0, 1, 11, 12, 255 };
	static const unsigned int many[] = { 511, 512, 513, 4096, 65535 };
	unsigned int op, nr;

	fill_single_sectors(device);
	for (op = 0; op < OPS; op++)
		for (nr = 0; nr < 256; nr++)
			put_count(device, op, nr);
	for (op = OPS; op < 256; op++)
		for (nr = 0; nr < 5; nr++)
			put_count(device, op, some[nr]);
	for (op = BLKIF_OP_READ; op <= BLKIF_OP_WRITE; op++) {
		/* Each number that is wrong or nearly so, and some others. */
		for (nr = 0; nr <= 300; nr += nr >= 16 && nr < 240 ? 16 : 1)
			put_indirect_count(device, op, nr);
		for (nr = 0; nr < 5; nr++)
			put_indirect_count(device, op, many[nr]);
	}
	queue_finish(&device->queue[0]);
	device_works(device);
}

/* One pair; good ones by themselves, with a look at what they did. */
static void put_pair(struct device *device, unsigned int op,
		     unsigned int first, unsigned int last)
{
	struct queue *queue = &device->queue[0];
	uint8_t *page = device->data.at;
	struct request request;

	request_init(&request, op, 64);
	request_add(&request, device->data.gref[0], first, last);
	if (request_judge(&request, &device->facts, false).malformed) {
		queue_stream(queue, &request);
		return;
	}
	queue_finish(queue);
	if (op == BLKIF_OP_WRITE)
		data_write(page + first * SECTOR_SIZE, 64, last - first + 1);
	queue_one(queue, &request);
	if (!data_is(page + first * SECTOR_SIZE, 64, last - first + 1))
		report_fail("segment %u to %u: not what stands on the disk",
			    first, last);
	data_fill(page + first * SECTOR_SIZE, NO_WRITE,
		  (last - first + 1) * SECTOR_SIZE);
}

/* All 65536 pairs of first and last sector for a read, 400 for a write. */
static void first_last(struct device *device)
{
	static const unsigned int some[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 31, 63, 127, 128,
		129, 254, 255
	};
	unsigned int first, last;

	data_fill(device->data.at, NO_WRITE, PAGE_SIZE);
	for (first = 0; first < 256; first++)
		for (last = 0; last < 256; last++)
			put_pair(device, BLKIF_OP_READ, first, last);
	for (first = 0; first < 20; first++)
		for (last = 0; last < 20; last++)
			put_pair(device, BLKIF_OP_WRITE, some[first],
				 some[last]);
	queue_finish(&device->queue[0]);
	if (!data_is_word(device->data.at, NO_WRITE, PAGE_SIZE))
		report_fail("sectors of a page that nobody asked for changed");
	device_works(device);
}

/*
 * One request of @nr pages at @sector. What must be refused is only put on the
 * ring: it may touch nothing, see places_end(). Of others, each is looked at.
 */
static void try_place(struct device *device, unsigned int op, uint64_t sector,
		      unsigned int nr)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	int status;

	request_init(&request, op, sector);
	if (nr > DIRECT_SEGMENTS)
		request_indirect(&request, &device->tables,
				 queue->req_prod % TABLE_PAGES);
	request_add_pages(&request, &device->data, 0, nr);
	if (request_judge(&request, &device->facts, false).malformed) {
		queue_stream(queue, &request);
		return;
	}
	queue_finish(queue);
	if (op == BLKIF_OP_WRITE)
		data_write(device->data.at, sector, nr * PAGE_SECTORS);
	status = queue_one(queue, &request);
	if (status || !data_is(device->data.at, sector, nr * PAGE_SECTORS))
		report_fail("sector %llu, %u pages, status %d: wrong content",
			    (unsigned long long)sector, nr, status);
	data_fill(device->data.at, NO_WRITE, nr * PAGE_SIZE);
}

static void try_discard(struct device *device, uint64_t sector, uint64_t nr)
{
	struct request request;

	request_init(&request, BLKIF_OP_DISCARD, sector);
	request.nr_sectors = nr;
	/* Good ones would change the disk. */
	if (request_judge(&request, &device->facts, false).malformed)
		queue_stream(&device->queue[0], &request);
}

static void places_begin(struct device *device)
{
	data_fill(device->data.at, NO_WRITE, DATA_PAGES * PAGE_SIZE);
}

static void places_end(struct device *device)
{
	queue_finish(&device->queue[0]);
	if (!data_is_word(device->data.at, NO_WRITE, DATA_PAGES * PAGE_SIZE))
		report_fail("a read that must be refused brought data");
	device_works(device);
}

/* Around the end of the disk, and where sums and products wrap. */
static void range(struct device *device)
{
	static const unsigned int pages[] = { 1, 11, 12, 256 };
	uint64_t n = device->facts.sectors;
	uint64_t place[] = {
		0, 1, n - 2048, n - 2047, n - 96, n - 95, n - 88, n - 87, n - 8,
		n - 7, n - 1, n, n + 1, n + 8, 1ULL << 32, (1ULL << 32) - 8,
		n + (1ULL << 32), 1ULL << 55, (1ULL << 55) - 8, 1ULL << 63,
		(1ULL << 63) - 1, -1ULL, -8ULL, -88ULL, -2048ULL, -n,
	};
	unsigned int i, j;

	places_begin(device);
	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		for (j = 0; j < 4; j++) {
			try_place(device, BLKIF_OP_READ, place[i], pages[j]);
			try_place(device, BLKIF_OP_WRITE, place[i], pages[j]);
		}
		for (j = 0; j < sizeof(place) / sizeof(place[0]); j++)
			try_discard(device, place[i], place[j]);
	}
	places_end(device);
}

/* Every indirect operation, with descriptors that are good. */
static void indirect_op(struct device *device)
{
	struct request request;
	unsigned int op;

	fill_pages(device, 0);
	for (op = 0; op < 256; op++) {
		request_init(&request, op, 0);
		request_indirect(&request, &device->tables, 0);
		request_add_pages(&request, &device->data, 0, 12);
		queue_stream(&device->queue[0], &request);
	}
	queue_finish(&device->queue[0]);
	device_works(device);
}

/* Each sector of a block, for a disk whose blocks are larger than sectors. */
static void unaligned(struct device *device)
{
	unsigned int sector, first, last;
	struct request request;

	places_begin(device);
	for (sector = 1; sector < PAGE_SECTORS; sector++) {
		try_place(device, BLKIF_OP_READ, sector, 1);
		try_place(device, BLKIF_OP_WRITE, sector, 1);
		try_place(device, BLKIF_OP_READ, sector, 12);
		try_discard(device, sector, 8);
		try_discard(device, 8, sector);
	}
	for (first = 0; first < PAGE_SECTORS; first++) {
		for (last = first; last < PAGE_SECTORS; last++) {
			request_init(&request, BLKIF_OP_WRITE, 8);
			request_add(&request, device->data.gref[0], first,
				    last);
			if (request_judge(&request, &device->facts,
					  false).malformed)
				queue_stream(&device->queue[0], &request);
		}
	}
	places_end(device);
}

/* All that changes a disk, for one that must not change. */
static void changes(struct device *device)
{
	static const unsigned int ops[] = {
		BLKIF_OP_WRITE, BLKIF_OP_WRITE_BARRIER,
		BLKIF_OP_FLUSH_DISKCACHE
	};
	struct request request;
	unsigned int i, nr;

	data_fill(device->data.at, NO_WRITE, DATA_PAGES * PAGE_SIZE);
	if (!device->facts.readonly) {
		report_fail("the backend does not say that the disk is read-only");
		return;
	}
	for (i = 0; i < 3; i++) {
		for (nr = 0; nr <= DIRECT_SEGMENTS; nr++) {
			request_init(&request, ops[i], 0);
			request_add_pages(&request, &device->data, 0, nr);
			queue_stream(&device->queue[0], &request);
		}
		request_init(&request, ops[i], 0);
		request_indirect(&request, &device->tables, i);
		request_add_pages(&request, &device->data, 0, 256);
		queue_stream(&device->queue[0], &request);
	}
	queue_finish(&device->queue[0]);
	try_discard(device, 0, 8);
	device_works(device);
}

/* Discards of the part of the disk that may change, as many as fit. */
static void discard_flood(struct device *device)
{
	struct request request;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		request_init(&request, BLKIF_OP_DISCARD,
			     device_scratch(device));
		request.flag = i % 4;
		request.nr_sectors = SCRATCH_SECTORS >> i % 8;
		queue_stream(&device->queue[0], &request);
	}
	queue_finish(&device->queue[0]);
	device_works(device);
}

/* Ids that are alike, or like none; handles of nobody. */
static void ids(struct device *device)
{
	static const uint64_t same[] = { 1, UINT64_MAX, 1ULL << 63, 0xffffffff };
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i, n;

	fill_pages(device, 0);
	for (i = 0; i < 4; i++) {
		for (n = 0; n < 2 * queue->nr_slots; n++) {
			request_init(&request, BLKIF_OP_READ, 0);
			request_add_pages(&request, &device->data, 0, 1);
			request.id = same[i];
			request.handle = n * 257;
			queue_stream(queue, &request);
		}
		queue_finish(queue);
	}
	device_works(device);
}

const struct hostile_case request_cases[] = {
	{ "nr-segments", nr_segments },
	{ "first-last", first_last },
	{ "range", range },
	{ "indirect-op", indirect_op },
	{ "unaligned", unaligned },
	{ "changes", changes },
	{ "discard-flood", discard_flood },
	{ "ids", ids },
	{ }
};
