// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data.h"
#include "device.h"
#include "report.h"
#include "store.h"

/* Repeated connections are slowed down, to 6.4 s at most. */
#define STATE_MS	15000

void device_open(struct device *device)
{
	char path[96];

	device->store = store_open();
	snprintf(device->front, sizeof(device->front), "device/vbd/%u",
		 device->vdev);
	snprintf(path, sizeof(path), "%s/backend", device->front);
	device->back = store_read(device->store, path);
	if (!device->back)
		die("there is no %s in xenstore", path);
	pages_grant(&device->data, DATA_PAGES, DOM0, true);
	pages_grant(&device->tables, TABLE_PAGES, DOM0, true);
}

static long backend_number(struct device *device, const char *node,
			   long fallback)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", device->back, node);
	return store_number(device->store, path, fallback);
}

int device_backend_state(struct device *device)
{
	return backend_number(device, "state", UNKNOWN);
}

void device_go(struct device *device, int state)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/state", device->front);
	store_print(device->store, path, "%d", state);
}

bool device_wait(struct device *device, int state, unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms;

	while (device_backend_state(device) != state) {
		if (now_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

static bool must_reach(struct device *device, int state)
{
	if (device_wait(device, state, STATE_MS))
		return true;
	report_fail("the backend's state is %d, not %d",
		    device_backend_state(device), state);
	return false;
}

/* It may still have been on its way to Closed, where it stays then. */
static void must_be_closing(struct device *device)
{
	uint64_t end = now_ms() + STATE_MS;
	int state;

	do {
		state = device_backend_state(device);
		if (state == CLOSING || state == CLOSED)
			return;
		sleep_ms(2);
	} while (now_ms() < end);
	report_fail("the backend's state is %d, neither %d nor %d", state,
		    CLOSING, CLOSED);
}

bool device_invite(struct device *device)
{
	if (device_backend_state(device) == INIT_WAIT)
		return true;
	device_go(device, CLOSED);
	if (!must_reach(device, CLOSED))
		return false;
	device_go(device, INITIALISING);
	return must_reach(device, INIT_WAIT);
}

static void read_facts(struct device *device)
{
	struct facts *facts = &device->facts;

	facts->sectors = backend_number(device, "sectors", 0);
	facts->block = backend_number(device, "sector-size", SECTOR_SIZE);
	facts->readonly = backend_number(device, "info", 0) & 4;
	facts->discard = backend_number(device, "feature-discard", 0);
	facts->secure = backend_number(device, "discard-secure", 0);
	facts->persistent = backend_number(device, "feature-persistent", 0);
	facts->max_indirect = backend_number(device,
					     "feature-max-indirect-segments", 0);
}

static void write_key(struct device *device, const char *dir, const char *node,
		      uint32_t value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s/%s", device->front, dir, node);
	store_print(device->store, path, "%u", value);
}

static void remove_key(struct device *device, const char *node)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", device->front, node);
	store_remove(device->store, path);
}

static void offer_queue(struct device *device, unsigned int id)
{
	struct queue *queue = &device->queue[id];
	char dir[24] = "";
	char node[24];
	unsigned int i;

	if (device->nr_queues > 1)
		snprintf(dir, sizeof(dir), "/queue-%u", id);
	write_key(device, dir, "event-channel", queue->event.port);
	if (!device->order)
		write_key(device, dir, "ring-ref", queue->pages.gref[0]);
	for (i = 0; device->order && i < 1u << device->order; i++) {
		snprintf(node, sizeof(node), "ring-ref%u", i);
		write_key(device, dir, node, queue->pages.gref[i]);
	}
}

void device_offer(struct device *device)
{
	char path[96];
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++)
		queue_open(&device->queue[i], &device->facts, device->order,
			   device->slot_size);
	device->connected = true;
	snprintf(path, sizeof(path), "%s/protocol", device->front);
	store_write(device->store, path, device->slot_size == SLOT_64 ?
		    "x86_64-abi" : "x86_32-abi");
	write_key(device, "", "feature-persistent", device->persistent);
	remove_key(device, "ring-page-order");
	remove_key(device, "multi-queue-num-queues");
	if (device->order)
		write_key(device, "", "ring-page-order", device->order);
	if (device->nr_queues > 1)
		write_key(device, "", "multi-queue-num-queues",
			  device->nr_queues);
	for (i = 0; i < device->nr_queues; i++)
		offer_queue(device, i);
}

bool device_try(struct device *device)
{
	uint64_t end = now_ms() + STATE_MS;
	unsigned int i;

	device_go(device, INITIALISED);
	while (!device_wait(device, CONNECTED, 50)) {
		if (device_backend_state(device) == CLOSING)
			return false;
		if (now_ms() > end) {
			must_reach(device, CONNECTED);
			return false;
		}
	}
	read_facts(device);
	for (i = 0; i < device->nr_queues; i++)
		device->queue[i].persistent = device->persistent &&
					      device->facts.persistent;
	device_go(device, CONNECTED);
	return true;
}

bool device_connect(struct device *device)
{
	if (!device_invite(device))
		return false;
	device_offer(device);
	if (device_try(device))
		return true;
	report_fail("a good offer is refused");
	return false;
}

bool device_close(struct device *device)
{
	bool good;
	unsigned int i;

	if (device_backend_state(device) != CLOSED) {
		device_go(device, CLOSING);
		must_be_closing(device);
	}
	device_go(device, CLOSED);
	good = must_reach(device, CLOSED);
	for (i = 0; device->connected && i < device->nr_queues; i++)
		queue_close(&device->queue[i]);
	device->connected = false;
	return good;
}

bool device_works(struct device *device)
{
	struct request request;
	unsigned int i;
	int status;

	for (i = 0; i < device->nr_queues; i++) {
		data_fill(device->data.at, UNREAD, PAGE_SIZE);
		request_init(&request, BLKIF_OP_READ, 0);
		request_add_pages(&request, &device->data, 0, 1);
		status = queue_one(&device->queue[i], &request);
		if (status || !data_is(device->data.at, 0, PAGE_SECTORS)) {
			report_fail("queue %u: a good read fails: status %d", i,
				    status);
			return false;
		}
	}
	return true;
}
