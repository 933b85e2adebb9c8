// SPDX-License-Identifier: GPL-2.0
/*
 * What can be wrong with states and keys in xenstore, at a speed that only a
 * guest has. Wrong values one by one are in tests/xen/badkeys.py.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "cases.h"
#include "data.h"
#include "random.h"
#include "report.h"
#include "store.h"

#define STATES		8

/* Whatever went before, a frontend that closes is served again. */
static void must_recover(struct device *device)
{
	if (device->connected)
		device_close(device);
	if (device_connect(device))
		device_works(device);
}

/* Write a state; keys that are there stay. */
static void hop(struct device *device, int state, unsigned int pause_ms)
{
	frontend_go(&device->end, state);
	tally.other++;
	if (pause_ms)
		sleep_ms(pause_ms);
}

/* All pairs of states, fast and slowly, from a connected device. */
static void state_pairs(struct device *device)
{
	int first, second;

	for (first = 1; first <= STATES; first++)
		for (second = 1; second <= STATES; second++) {
			hop(device, first, first == second ? 20 : 0);
			hop(device, second, second == CONNECTED ? 5 : 1);
		}
	must_recover(device);
}

/* A walk of numbers that states can be, -1 and 9 among them. */
static void state_walk(struct device *device)
{
	static const int states[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 4711 };
	struct random random;
	unsigned int i;

	random_seed(&random, options.seed);
	for (i = 0; i < options.requests; i++)
		hop(device, states[random_below(&random, 11)],
		    random_once_in(&random, 4));
	must_recover(device);
}

/* Connected and Closed in turn, faster than anybody can follow. */
static void toggle(struct device *device)
{
	unsigned int i;

	for (i = 0; i < options.requests; i++) {
		hop(device, CLOSED, i % 3 == 1);
		hop(device, INITIALISING, i % 3 == 2);
		hop(device, CONNECTED, i % 5 == 4);
	}
	must_recover(device);
}

struct flood {
	pthread_t thread;
	const struct device *device;
	volatile bool stop;
	uint64_t writes;
};

static void *flood_keys(void *data)
{
	static const char *const nodes[] = {
		"state", "state", "ring-ref", "event-channel", "protocol",
		"feature-persistent", "queue-0/ring-ref"
	};
	struct flood *flood = data;
	int store = store_open();
	char path[128];

	while (!flood->stop) {
		unsigned int n = flood->writes % 7;

		snprintf(path, sizeof(path), "%s/%s", flood->device->end.front,
			 nodes[n]);
		if (n < 2)
			store_write(store, path, "4");
		else
			store_write(store, path, "%n%s 4294967296");
		flood->writes++;
	}
	return NULL;
}

/* Keys are written without end while the device works on. */
static void watch_flood(struct device *device)
{
	struct flood flood = { .device = device };
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	uint64_t worst = 0;

	if (pthread_create(&flood.thread, NULL, flood_keys, &flood))
		die("cannot start a thread");
	while (now_ms() < end) {
		uint64_t began = now_ms();

		device_works(device);
		if (now_ms() - began > worst)
			worst = now_ms() - began;
	}
	flood.stop = true;
	pthread_join(flood.thread, NULL);
	tally.other = flood.writes;
	report_note("longest read %llu ms", (unsigned long long)worst);
	must_recover(device);
}

/* Requests that anybody may answer, or nobody. */
static void prod(struct queue *queue, struct device *device)
{
	struct request request;

	request_init(&request, BLKIF_OP_READ, 0);
	request_add_pages(&request, &device->data, 0, 1);
	queue_put(queue, &request);
	queue_push(queue);
	queue_forget(queue);
}

static void override(struct device *device, const char *node, uint32_t value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", device->end.front, node);
	store_print(device->end.store, path, "%u", value);
}

/* Two queues on one ring page: both serve it, or the device is refused. */
static void shared_ring(struct device *device)
{
	unsigned int i;

	report_inexact();
	device->nr_queues = 2;
	if (!frontend_invite(&device->end))
		return;
	device_offer(device);
	override(device, "queue-1/ring-ref", device->queue[0].pages.gref[0]);
	if (device_try(device))
		for (i = 0; i < 20; i++) {
			prod(&device->queue[0], device);
			event_send(&device->queue[1].event);
		}
	sleep_ms(200);
	must_recover(device);
}

/* Two queues on one event channel: the second cannot bind. */
static void shared_channel(struct device *device)
{
	device->nr_queues = 2;
	if (!frontend_invite(&device->end))
		return;
	device_offer(device);
	override(device, "queue-1/event-channel", device->queue[0].event.port);
	if (device_try(device))
		report_fail("one event channel is good for two queues");
	must_recover(device);
}

/* A ring that dom0 may only read, or not at all. */
static void bad_ring(struct device *device)
{
	struct pages page;
	unsigned int i;

	device->nr_queues = 1;
	for (i = 0; i < 2; i++) {
		if (!frontend_invite(&device->end))
			return;
		device_offer(device);
		pages_grant(&page, 1, i ? NOBODY : DOM0, i);
		override(device, "ring-ref", page.gref[0]);
		if (device_try(device))
			report_fail("a ring that dom0 cannot write is accepted");
		device_close(device);
		pages_revoke(&page);
	}
	must_recover(device);
}

/* Our whole directory goes while I/O is on the way. Nothing comes after it. */
static void directory_removed(struct device *device)
{
	struct queue *queue = &device->queue[0];
	struct request request;
	unsigned int i;

	report_inexact();
	for (i = 0; i < queue->nr_slots; i++) {
		request_init(&request, BLKIF_OP_WRITE, device_scratch(device));
		request_add_pages(&request, &device->data, 0, DIRECT_SEGMENTS);
		queue_put(queue, &request);
	}
	queue_push(queue);
	if (!store_remove(device->end.store, device->end.front))
		report_fail("xenstore does not let us remove our directory");
	device->gone = true;
}

/* A state that is no number: as good as none. Nothing comes after it. */
static void state_text(struct device *device)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/state", device->end.front);
	store_write(device->end.store, path, "Connected%n");
	device->gone = true;
}

const struct hostile_case life_cases[] = {
	{ "state-pairs", state_pairs },
	{ "state-walk", state_walk },
	{ "toggle", toggle },
	{ "watch-flood", watch_flood },
	{ "shared-ring", shared_ring, .apart = true },
	{ "shared-channel", shared_channel, .apart = true },
	{ "bad-ring", bad_ring, .apart = true },
	{ "directory-removed", directory_removed },
	{ "state-text", state_text },
	{ }
};
