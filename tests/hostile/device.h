/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vbd whose frontend is this program: its keys in xenstore, its queues.
 */
#ifndef HOSTILE_DEVICE_H
#define HOSTILE_DEVICE_H

#include "frontend.h"
#include "queue.h"

#define QUEUES_MOST	4

/**
 * struct device - one of them
 * @vdev: its number
 * @end: the handshake
 * @slot_size: of the protocol that we claim
 * @order: pages of a ring, as a power of two
 * @nr_queues: how many
 * @persistent: we want persistent grants
 * @facts: what the backend says
 * @connected: queues are there
 * @gone: a case ended the device for good
 * @queue: these
 * @data: pages for data, zeroed at start
 * @tables: pages for descriptors, one a slot
 */
struct device {
	unsigned int vdev;
	struct frontend end;
	unsigned int slot_size;
	unsigned int order;
	unsigned int nr_queues;
	bool persistent;
	struct facts facts;
	bool connected;
	bool gone;
	struct queue queue[QUEUES_MOST];
	struct pages data;
	struct pages tables;
};

#define DATA_PAGES	256
#define TABLE_PAGES	512

/* The end of the disk, where anything may be written. */
#define SCRATCH_SECTORS	2048

static inline uint64_t device_scratch(const struct device *device)
{
	return device->facts.sectors - SCRATCH_SECTORS;
}

/* Takes vdev, slot_size, order, nr_queues and persistent as they are. */
void device_open(struct device *device);

/* Make queues and write what the backend must know of them. */
void device_offer(struct device *device);

/* With an offer made: is it accepted? A failure if nothing happens. */
bool device_try(struct device *device);

/* All the way to Connected. */
bool device_connect(struct device *device);

/* All the way to Closed; the queues end. */
bool device_close(struct device *device);

/* One good read and a check of what it brought: the device works. */
bool device_works(struct device *device);

#endif /* HOSTILE_DEVICE_H */
