// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include "data.h"
#include "device.h"
#include "report.h"
#include "store.h"

void device_open(struct device *device)
{
	frontend_open(&device->end, "vbd", device->vdev);
	pages_grant(&device->data, DATA_PAGES, DOM0, true);
	pages_grant(&device->tables, TABLE_PAGES, DOM0, true);
}

static void read_facts(struct device *device)
{
	struct frontend *end = &device->end;
	struct facts *facts = &device->facts;

	facts->sectors = frontend_backend_number(end, "sectors", 0);
	facts->block = frontend_backend_number(end, "sector-size", SECTOR_SIZE);
	facts->readonly = frontend_backend_number(end, "info", 0) & 4;
	facts->discard = frontend_backend_number(end, "feature-discard", 0);
	facts->secure = frontend_backend_number(end, "discard-secure", 0);
	facts->persistent = frontend_backend_number(end, "feature-persistent",
						    0);
	facts->max_indirect = frontend_backend_number(end,
					"feature-max-indirect-segments", 0);
}

static void offer_queue(struct device *device, unsigned int id)
{
	struct frontend *end = &device->end;
	struct queue *queue = &device->queue[id];
	char dir[24] = "";
	char node[24];
	unsigned int i;

	if (device->nr_queues > 1)
		snprintf(dir, sizeof(dir), "/queue-%u", id);
	frontend_write(end, dir, "event-channel", queue->event.port);
	if (!device->order)
		frontend_write(end, dir, "ring-ref", queue->pages.gref[0]);
	for (i = 0; device->order && i < 1u << device->order; i++) {
		snprintf(node, sizeof(node), "ring-ref%u", i);
		frontend_write(end, dir, node, queue->pages.gref[i]);
	}
}

void device_offer(struct device *device)
{
	struct frontend *end = &device->end;
	char path[96];
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++)
		queue_open(&device->queue[i], &device->facts, device->order,
			   device->slot_size);
	device->connected = true;
	snprintf(path, sizeof(path), "%s/protocol", end->front);
	store_write(end->store, path, device->slot_size == SLOT_64 ?
		    "x86_64-abi" : "x86_32-abi");
	frontend_write(end, "", "feature-persistent", device->persistent);
	frontend_remove(end, "ring-page-order");
	frontend_remove(end, "multi-queue-num-queues");
	if (device->order)
		frontend_write(end, "", "ring-page-order", device->order);
	if (device->nr_queues > 1)
		frontend_write(end, "", "multi-queue-num-queues",
			       device->nr_queues);
	for (i = 0; i < device->nr_queues; i++)
		offer_queue(device, i);
}

bool device_try(struct device *device)
{
	unsigned int i;

	if (!frontend_try(&device->end, INITIALISED))
		return false;
	read_facts(device);
	for (i = 0; i < device->nr_queues; i++)
		device->queue[i].persistent = device->persistent &&
					      device->facts.persistent;
	frontend_go(&device->end, CONNECTED);
	return true;
}

bool device_connect(struct device *device)
{
	if (!frontend_invite(&device->end))
		return false;
	device_offer(device);
	if (device_try(device))
		return true;
	report_fail("a good offer is refused");
	return false;
}

bool device_close(struct device *device)
{
	bool good = frontend_close(&device->end);
	unsigned int i;

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
