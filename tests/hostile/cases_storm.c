// SPDX-License-Identifier: GPL-2.0
/*
 * Events without end, with and without work for them; and what to compare
 * that with: the same guest just as busy, but with itself.
 */
#include <pthread.h>
#include <string.h>
#include "cases.h"
#include "data.h"
#include "report.h"

#define THREADS_MOST	8

struct sender {
	pthread_t thread;
	struct event *event;
	volatile bool *stop;
	uint64_t sent;
};

static void *send_events(void *data)
{
	struct sender *sender = data;

	while (!*sender->stop) {
		if (!sender->event)
			continue;
		event_send(sender->event);
		sender->sent++;
	}
	return NULL;
}

static void run_storm(struct device *device, bool events,
		      void (*work)(struct device *))
{
	struct sender sender[THREADS_MOST];
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	volatile bool stop = false;
	unsigned int i;

	memset(sender, 0, sizeof(sender));
	for (i = 0; i < options.threads; i++) {
		sender[i].event = events ?
			&device->queue[i % device->nr_queues].event : NULL;
		sender[i].stop = &stop;
		if (pthread_create(&sender[i].thread, NULL, send_events,
				   &sender[i]))
			die("cannot start a thread");
	}
	while (now_ms() < end && !report_failed())
		work(device);
	stop = true;
	for (i = 0; i < options.threads; i++) {
		pthread_join(sender[i].thread, NULL);
		tally.events += sender[i].sent;
	}
	device_works(device);
}

static void no_work(struct device *device)
{
	sleep_ms(100);
}

/* A ring of requests that are all refused. */
static void bad_work(struct device *device)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i;

	for (i = 0; i < queue->nr_slots; i++) {
		request_init(&request, BLKIF_OP_READ, -1ULL);
		request_add_pages(&request, &device->data, 0, 1);
		queue_stream(queue, &request);
	}
}

static void storm(struct device *device)
{
	run_storm(device, true, no_work);
}

static void storm_with_work(struct device *device)
{
	run_storm(device, true, bad_work);
}

static void spin(struct device *device)
{
	run_storm(device, false, no_work);
}

const struct hostile_case storm_cases[] = {
	{ "storm", storm },
	{ "storm-with-work", storm_with_work },
	{ "spin", spin },
	{ }
};
