/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backend's end of a shared I/O ring (layout: Xen's public io/ring.h).
 *
 * The rule for everything that the frontend can write: read it once into
 * private memory, check the private copy, use the private copy. The functions
 * here are the only ones that touch ring memory. They are pure index
 * arithmetic and compile in user space too (tests/host).
 *
 * A ring has two halves: the one that takes requests and the one that writes
 * responses. Each is used from one context at a time, the two can run at once;
 * nothing here takes a lock.
 */
#ifndef XENMOD_RING_H
#define XENMOD_RING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

/* Where slots start, in bytes: io/ring.h pads its header to this. */
#define XENMOD_RING_HEADER	64

/**
 * struct xenmod_ring_shared - head of the shared page (io/ring.h)
 * @req_prod: requests produced, written by the frontend
 * @req_event: the backend wants an event when @req_prod reaches this
 * @rsp_prod: responses produced, written by the backend
 * @rsp_event: the frontend wants an event when @rsp_prod reaches this
 */
struct xenmod_ring_shared {
	u32 req_prod;
	u32 req_event;
	u32 rsp_prod;
	u32 rsp_event;
};

/**
 * struct xenmod_ring - a mapped ring and the backend's private indices
 * @shared: the ring's pages, mapped contiguously; memory the frontend can
 *	change at any time
 * @nr_slots: slots in the ring, a power of two
 * @slot_size: bytes of one slot (request and response share it)
 * @req_cons: requests taken so far; free-running; belongs to the taking half
 * @rsp_prod: responses written so far; free-running, never read back from
 *	the shared page; belongs to the answering half
 * @rsp_pushed: responses that the frontend was told of; belongs to it, too
 */
struct xenmod_ring {
	void *shared;
	u32 nr_slots;
	u32 slot_size;
	u32 req_cons;
	u32 rsp_prod;
	u32 rsp_pushed;
};

static inline struct xenmod_ring_shared *
xenmod_ring_shared(const struct xenmod_ring *ring)
{
	return ring->shared;
}

static inline void *xenmod_ring_slot(const struct xenmod_ring *ring, u32 index)
{
	return ring->shared + XENMOD_RING_HEADER +
	       (size_t)(index & (ring->nr_slots - 1)) * ring->slot_size;
}

/**
 * xenmod_ring_slots() - how many slots fit into a ring
 * @bytes: size of the shared area
 * @slot_size: bytes of one slot
 *
 * Return: the number of slots, a power of two, as both ends compute it.
 */
static inline u32 xenmod_ring_slots(size_t bytes, u32 slot_size)
{
	return rounddown_pow_of_two((bytes - XENMOD_RING_HEADER) / slot_size);
}

/**
 * xenmod_ring_init() - describe a mapped ring
 * @ring: the ring to set up
 * @shared: the mapped pages
 * @bytes: their size
 * @slot_size: bytes of one slot
 */
static inline void xenmod_ring_init(struct xenmod_ring *ring, void *shared,
				    size_t bytes, u32 slot_size)
{
	ring->shared = shared;
	ring->slot_size = slot_size;
	ring->nr_slots = xenmod_ring_slots(bytes, slot_size);
}

/**
 * xenmod_ring_attach() - take over a ring where it stands
 * @ring: the ring, set up
 *
 * A fresh ring stands at zero. After a live rebind it stands where the last
 * backend left it, which must have answered all that it took: so the next
 * request to take is the next one to answer.
 *
 * Return: 0, or -EPROTO when the indices cannot be those of a ring.
 */
static inline int xenmod_ring_attach(struct xenmod_ring *ring)
{
	u32 req_prod;

	ring->rsp_prod = READ_ONCE(xenmod_ring_shared(ring)->rsp_prod);
	ring->rsp_pushed = ring->rsp_prod;
	ring->req_cons = ring->rsp_prod;

	req_prod = READ_ONCE(xenmod_ring_shared(ring)->req_prod);
	return req_prod - ring->rsp_prod > ring->nr_slots ? -EPROTO : 0;
}

/**
 * xenmod_ring_pending() - count the requests that can be taken now
 * @ring: the ring
 *
 * Return: how many, or -EPROTO when the frontend's producer index is further
 * ahead than the ring has room, or behind what was already taken. Such a
 * ring must not be served again.
 */
static inline int xenmod_ring_pending(const struct xenmod_ring *ring)
{
	u32 req_prod = READ_ONCE(xenmod_ring_shared(ring)->req_prod);
	u32 unanswered, pending;

	/*
	 * Requests must not be read before the index that announced them, and
	 * rsp_prod not before it either: an honest frontend can be ahead of
	 * what we knew of the answering half a moment ago.
	 */
	virt_rmb();
	unanswered = ring->req_cons - READ_ONCE(ring->rsp_prod);
	pending = req_prod - ring->req_cons;
	return pending > ring->nr_slots - unanswered ? -EPROTO : (int)pending;
}

/**
 * xenmod_ring_take() - copy the next request into private memory
 * @ring: the ring; xenmod_ring_pending() said that there is one
 * @request: receives @ring->slot_size bytes
 */
static inline void xenmod_ring_take(struct xenmod_ring *ring, void *request)
{
	memcpy(request, xenmod_ring_slot(ring, ring->req_cons++),
	       ring->slot_size);
	/* Keep the compiler from reading the slot again behind the copy. */
	barrier();
}

/**
 * xenmod_ring_take_many() - copy requests into private memory
 * @ring: the ring; xenmod_ring_pending() said that there are so many
 * @requests: receives them, one behind the other
 * @nr: how many
 */
static inline void xenmod_ring_take_many(struct xenmod_ring *ring,
					 void *requests, u32 nr)
{
	u32 first = ring->req_cons & (ring->nr_slots - 1);
	u32 part = ring->nr_slots - first;

	if (part > nr)
		part = nr;
	memcpy(requests, xenmod_ring_slot(ring, first),
	       (size_t)part * ring->slot_size);
	memcpy(requests + (size_t)part * ring->slot_size,
	       xenmod_ring_slot(ring, 0),
	       (size_t)(nr - part) * ring->slot_size);
	ring->req_cons += nr;
	/* Keep the compiler from reading a slot again behind the copy. */
	barrier();
}

/**
 * xenmod_ring_leave() - leave requests on the ring that were taken last
 * @ring: the ring
 * @nr: how many; their private copies must not be used any more
 */
static inline void xenmod_ring_leave(struct xenmod_ring *ring, u32 nr)
{
	ring->req_cons -= nr;
}

/**
 * xenmod_ring_await() - ask for an event when there are enough requests
 * @ring: the ring
 * @nr: how many requests that are not taken yet are enough, at least 1
 *
 * Return: true if there are fewer; false if there are enough by now, for which
 * no event may be sent.
 */
static inline bool xenmod_ring_await(struct xenmod_ring *ring, u32 nr)
{
	struct xenmod_ring_shared *shared = xenmod_ring_shared(ring);

	WRITE_ONCE(shared->req_event, ring->req_cons + nr);
	/* The frontend reads req_event after writing req_prod. */
	virt_mb();
	return READ_ONCE(shared->req_prod) - ring->req_cons < nr;
}

/**
 * xenmod_ring_rest() - ask for an event with the next request
 * @ring: the ring, all of whose requests were taken
 *
 * Return: true if the ring is still empty; false if requests came in
 * meanwhile, for which no event will be sent.
 */
static inline bool xenmod_ring_rest(struct xenmod_ring *ring)
{
	struct xenmod_ring_shared *shared = xenmod_ring_shared(ring);

	WRITE_ONCE(shared->req_event, ring->req_cons + 1);
	/* The frontend reads req_event after writing req_prod. */
	virt_mb();
	return READ_ONCE(shared->req_prod) == ring->req_cons;
}

/**
 * xenmod_ring_response() - the slot for the next response
 * @ring: the ring, with at least one unanswered request
 *
 * Return: where to write it. Write only: the frontend can change it.
 */
static inline void *xenmod_ring_response(struct xenmod_ring *ring)
{
	u32 index = ring->rsp_prod;

	WRITE_ONCE(ring->rsp_prod, index + 1);
	return xenmod_ring_slot(ring, index);
}

/**
 * xenmod_ring_push() - publish all responses written so far
 * @ring: the ring
 *
 * Return: true if the frontend asked for an event for one of them.
 */
static inline bool xenmod_ring_push(struct xenmod_ring *ring)
{
	struct xenmod_ring_shared *shared = xenmod_ring_shared(ring);
	u32 old = ring->rsp_pushed;
	u32 new = ring->rsp_prod;

	if (old == new)
		return false;
	/* Responses must be there before the index that announces them. */
	virt_wmb();
	WRITE_ONCE(shared->rsp_prod, new);
	ring->rsp_pushed = new;
	/* The frontend reads rsp_prod after writing rsp_event. */
	virt_mb();
	return new - READ_ONCE(shared->rsp_event) < new - old;
}

#ifdef __KERNEL__
struct xenbus_device;

/**
 * xenmod_ring_map() - map a ring
 * @dev: the backend device whose frontend granted the pages
 * @ring: receives the ring, as xenmod_ring_init() does
 * @refs: grant references, in order
 * @nr_refs: how many, 1 to 16 (XENBUS_MAX_RING_GRANTS)
 * @slot_size: bytes of one slot
 *
 * Context: may sleep.
 * Return: 0, or what xenbus_map_ring_valloc() said.
 */
int xenmod_ring_map(struct xenbus_device *dev, struct xenmod_ring *ring,
		    u32 *refs, unsigned int nr_refs, u32 slot_size);

/**
 * xenmod_ring_unmap() - unmap a ring; nothing happens when it is not mapped
 * @dev: as for xenmod_ring_map()
 * @ring: the ring; no pass may be using it
 */
void xenmod_ring_unmap(struct xenbus_device *dev, struct xenmod_ring *ring);
#endif /* __KERNEL__ */

#endif /* XENMOD_RING_H */
