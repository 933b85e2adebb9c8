// SPDX-License-Identifier: GPL-2.0
/*
 * Mapping of shared rings. What is done with them is in xenmod/ring.h.
 */
#include <linux/export.h>
#include <xen/page.h>
#include <xen/xenbus.h>
#include <xenmod/ring.h>

int xenmod_ring_map(struct xenbus_device *dev, struct xenmod_ring *ring,
		    u32 *refs, unsigned int nr_refs, u32 slot_size)
{
	void *shared;
	int err;

	err = xenbus_map_ring_valloc(dev, refs, nr_refs, &shared);
	if (err)
		return err;

	xenmod_ring_init(ring, shared, (size_t)nr_refs * XEN_PAGE_SIZE,
			 slot_size);
	return 0;
}
EXPORT_SYMBOL_GPL(xenmod_ring_map);

void xenmod_ring_unmap(struct xenbus_device *dev, struct xenmod_ring *ring)
{
	if (!ring->shared)
		return;
	xenbus_unmap_ring_vfree(dev, ring->shared);
	ring->shared = NULL;
}
EXPORT_SYMBOL_GPL(xenmod_ring_unmap);
