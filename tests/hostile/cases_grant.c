// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with the pages that a request names.
 */
#include "cases.h"
#include "data.h"
#include "report.h"

/* What Xen's tools have in a guest's grant table, and its first free entry. */
#define GREF_CONSOLE	0
#define GREF_FIRST	8

enum { KIND_READONLY, KIND_FOREIGN, KIND_REVOKED, KIND_BEYOND, KIND_MAX,
       KINDS };

/* References that dom0 cannot use, or not for all. */
static struct pages readonly, foreign;
static uint32_t kinds[KINDS];

static void make_kinds(void)
{
	struct pages revoked;

	if (readonly.nr)
		return;
	pages_grant(&readonly, 1, DOM0, false);
	pages_grant(&foreign, 1, NOBODY, true);
	pages_grant(&revoked, 1, DOM0, true);
	kinds[KIND_READONLY] = readonly.gref[0];
	kinds[KIND_FOREIGN] = foreign.gref[0];
	kinds[KIND_REVOKED] = revoked.gref[0];
	kinds[KIND_BEYOND] = GREF_BEYOND;
	kinds[KIND_MAX] = GREF_MAX;
	pages_revoke(&revoked);
}

/* @nr pages, of which the one at @position has another reference. */
static void put_bad(struct device *device, unsigned int op, unsigned int nr,
		    unsigned int position, uint32_t gref)
{
	struct queue *queue = &device->queue[0];
	struct request request;

	request_init(&request, op, device_scratch(device));
	if (nr > DIRECT_SEGMENTS)
		request_indirect(&request, &device->tables,
				 queue->req_prod % TABLE_PAGES);
	request_add_pages(&request, &device->data, 0, nr);
	request.segment[position].gref = gref;
	queue_stream(queue, &request);
}

/* Each kind of bad reference, in each of eleven and of 256 positions. */
static void bad_grefs(struct device *device)
{
	unsigned int op, kind, i;

	make_kinds();
	data_fill(readonly.at, NO_WRITE, PAGE_SIZE);
	data_fill(foreign.at, NO_WRITE, PAGE_SIZE);
	data_fill(device->data.at, NO_WRITE, DATA_PAGES * PAGE_SIZE);
	for (op = BLKIF_OP_READ; op <= BLKIF_OP_WRITE; op++) {
		for (kind = 0; kind < KINDS; kind++)
			for (i = 0; i < DIRECT_SEGMENTS; i++)
				put_bad(device, op, DIRECT_SEGMENTS, i,
					kinds[kind]);
		for (i = 0; i < 256; i++)
			put_bad(device, op, 256, i, kinds[i % KINDS]);
	}
	/* Whatever these are: the guest's console would be read, not written. */
	put_bad(device, BLKIF_OP_WRITE, 2, 1, GREF_CONSOLE);
	put_bad(device, BLKIF_OP_WRITE, 2, 1, GREF_FIRST);
	queue_finish(&device->queue[0]);
	if (!data_is_word(readonly.at, NO_WRITE, PAGE_SIZE) ||
	    !data_is_word(foreign.at, NO_WRITE, PAGE_SIZE))
		report_fail("a page that dom0 must not write has changed");
	device_works(device);
}

/* Each kind of bad reference for the descriptors, and all bad data pages. */
static void bad_tables(struct device *device)
{
	struct request request;
	unsigned int kind, nr, i;

	make_kinds();
	for (kind = 0; kind < KINDS; kind++) {
		for (nr = 1; nr <= 256; nr *= 4) {
			request_init(&request, BLKIF_OP_READ,
				     device_scratch(device));
			request_indirect(&request, &device->tables, 0);
			request_add_pages(&request, &device->data, 0, nr);
			/* Descriptors are only read. */
			request.indirect_gref[0] = kinds[kind];
			if (kind == KIND_READONLY)
				request.page = readonly.at;
			for (i = 1; i < 8; i++)
				request.indirect_gref[i] = GREF_MAX;
			queue_stream(&device->queue[0], &request);
		}
	}
	queue_finish(&device->queue[0]);
	for (kind = 0; kind < KINDS; kind++) {
		request_init(&request, BLKIF_OP_WRITE, device_scratch(device));
		request_indirect(&request, &device->tables, kind);
		for (i = 0; i < 256; i++)
			request_add(&request, kinds[kind], 0, 7);
		if (kind != KIND_READONLY)
			queue_stream(&device->queue[0], &request);
	}
	queue_finish(&device->queue[0]);
	device_works(device);
}

/*
 * One page for all segments of all requests in flight, for both directions. Xen
 * counts a grant's mappings in eight bits, so it may refuse some of them.
 */
static void same_gref(struct device *device)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i, n;

	data_fill(device->data.at, NO_WRITE, PAGE_SIZE);
	for (n = 0; n < 4 * queue->nr_slots; n++) {
		request_init(&request, n % 2, device_scratch(device) + n % 8 *
			     PAGE_SECTORS);
		request.also = ALLOW_ERROR;
		for (i = 0; i <= n % DIRECT_SEGMENTS; i++)
			request_add(&request, device->data.gref[0], 0, 7);
		queue_stream(queue, &request);
	}
	queue_finish(queue);
	for (n = 0; n < 8; n++) {
		request_init(&request, n % 2, device_scratch(device));
		request_indirect(&request, &device->tables, n);
		request.also = ALLOW_ERROR;
		for (i = 0; i < 256; i++)
			request_add(&request, device->data.gref[0], 0, 7);
		queue_stream(queue, &request);
	}
	queue_finish(queue);
	device_works(device);
}

/* The page with the descriptors is the page that the data goes to. */
static void own_table(struct device *device)
{
	struct request request;
	unsigned int i, n;

	for (n = 0; n < 16; n++) {
		request_init(&request, n % 2, device_scratch(device));
		request_indirect(&request, &device->tables, n);
		request.also = ALLOW_ERROR;
		for (i = 0; i < (n < 8 ? 256 : 12); i++)
			request_add(&request, device->tables.gref[n], 0, 7);
		queue_stream(&device->queue[0], &request);
	}
	queue_finish(&device->queue[0]);
	device_works(device);
}

/*
 * The disk's content overwrites the ring. Anything may be answered; the device
 * works again once it was closed.
 */
static void own_ring(struct device *device)
{
	struct queue *queue = &device->queue[0];
	struct request request;

	request_init(&request, BLKIF_OP_WRITE, device_scratch(device));
	request_add_pages(&request, &queue->pages, 0, 1);
	queue_one(queue, &request);

	request_init(&request, BLKIF_OP_READ, 0);
	request_add_pages(&request, &queue->pages, 0, 1);
	queue_put(queue, &request);
	queue_push(queue);
	sleep_ms(300);
	queue_forget(queue);
	report_inexact();
	if (device_close(device) && device_connect(device))
		device_works(device);
}

const struct hostile_case grant_cases[] = {
	{ "bad-grefs", bad_grefs },
	{ "bad-tables", bad_tables },
	{ "same-gref", same_gref },
	{ "own-table", own_table },
	{ "own-ring", own_ring },
	{ }
};
