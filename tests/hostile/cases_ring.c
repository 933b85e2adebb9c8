// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with the ring itself.
 */
#include "cases.h"
#include "data.h"
#include "random.h"
#include "report.h"

#define QUIET_MS	150
/* By then the backend has looked, on a busy host, too: nothing shows it. */
#define SEEN_MS		1000

static void put_reads(struct device *device, unsigned int nr)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		request_init(&request, BLKIF_OP_READ, i * PAGE_SECTORS);
		request_add_pages(&request, &device->data, i, 1);
		queue_put(queue, &request);
	}
}

/* The queue takes nothing more, however right the index is again. */
static void must_be_stopped(struct device *device)
{
	struct queue *queue = &device->queue[0];
	uint32_t before = queue_head(queue)->rsp_prod;
	struct tally counts = tally;

	put_reads(device, 4);
	queue_push(queue);
	sleep_ms(QUIET_MS);
	event_send(&queue->event);
	sleep_ms(QUIET_MS);
	if (queue_head(queue)->rsp_prod != before)
		report_fail("a queue that stopped answers again");
	queue_forget(queue);
	/* Nobody takes them. */
	tally = counts;
}

/* Announce requests up to @req_prod, which is off the ring. */
static void run_away(struct device *device, uint32_t distance)
{
	struct queue *queue = &device->queue[0];

	device_works(device);
	put_reads(device, 8);
	queue_finish(queue);
	queue_head(queue)->req_prod = queue->req_prod + distance;
	event_send(&queue->event);
	sleep_ms(SEEN_MS);
	if (queue_head(queue)->rsp_prod != queue->rsp_cons)
		report_fail("an index %u off is served", distance);
	must_be_stopped(device);
	if (device_close(device) && device_connect(device))
		device_works(device);
}

static void one_too_many(struct device *device)
{
	run_away(device, device->queue[0].nr_slots + 1);
}

static void far_away(struct device *device)
{
	run_away(device, 1u << 31);
}

static void backwards(struct device *device)
{
	run_away(device, -1u);
}

/* Good requests are on the way when the index runs off. */
static void busy_away(struct device *device)
{
	struct queue *queue = &device->queue[0];
	uint32_t answered;

	put_reads(device, queue->nr_slots - 4);
	queue_push(queue);
	queue_head(queue)->req_prod = queue->req_prod + (1u << 30);
	event_send(&queue->event);
	sleep_ms(SEEN_MS);
	/* The pass can have come before or after it: all or none. */
	answered = queue_take(queue);
	if (answered && answered != queue->nr_slots - 4)
		report_fail("%u of %u requests were answered", answered,
			    queue->nr_slots - 4);
	tally.requests = answered;
	queue->req_prod = queue->rsp_cons;
	queue_forget(queue);
	must_be_stopped(device);
	if (device_close(device) && device_connect(device))
		device_works(device);
}

/* The guest writes the indices that belong to the backend. */
static void rsp_prod(struct device *device)
{
	struct queue *queue = &device->queue[0];
	uint32_t values[] = { 0, 1, -1u, 1u << 31, 0x12345678 };
	uint64_t end;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		queue_head(queue)->rsp_prod = queue->rsp_cons + values[i];
		put_reads(device, 8);
		queue_push(queue);
		end = now_ms() + ANSWER_MS;
		while (queue_head(queue)->rsp_prod != queue->req_prod &&
		       now_ms() < end)
			sleep_ms(1);
		if (queue_take(queue) != 8)
			report_fail("rsp_prod written as +%u: not answered",
				    values[i]);
	}
	device_works(device);
}

/* Both event indices are garbage: at worst an event more or less. */
static void event_indices(struct device *device)
{
	struct queue *queue = &device->queue[0];
	struct random random;
	unsigned int i;

	random_seed(&random, options.seed);
	for (i = 0; i < 30; i++) {
		put_reads(device, queue->nr_slots / 2);
		queue_head(queue)->req_event = random_next(&random);
		queue_push(queue);
		queue_head(queue)->rsp_event = random_next(&random);
		queue_head(queue)->req_event = random_next(&random);
		queue_drain(queue);
	}
	device_works(device);
}

/* The ring's own page is given up while the backend has it mapped. */
static void ring_revoked(struct device *device)
{
	struct queue *queue = &device->queue[0];

	put_reads(device, 8);
	queue_push(queue);
	queue_forget(queue);
	pages_revoke(&queue->pages);
	report_inexact();
	event_send(&queue->event);
	sleep_ms(QUIET_MS);
	event_send(&queue->event);
	if (device_close(device) && device_connect(device))
		device_works(device);
}

/* The guest closes its end of the event channel in the midst of I/O. */
static void channel_closed(struct device *device)
{
	struct queue *queue = &device->queue[0];

	put_reads(device, 8);
	queue_push(queue);
	event_close(&queue->event);
	queue_drain(queue);
	if (device_close(device) && device_connect(device))
		device_works(device);
}

const struct hostile_case ring_cases[] = {
	{ "one-too-many", one_too_many },
	{ "far-away", far_away },
	{ "backwards", backwards },
	{ "busy-away", busy_away },
	{ "rsp-prod", rsp_prod },
	{ "event-indices", event_indices },
	{ "ring-revoked", ring_revoked },
	{ "channel-closed", channel_closed },
	{ }
};
