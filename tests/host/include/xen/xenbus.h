/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_XENBUS_H
#define HOST_XEN_XENBUS_H

#include <linux/kernel.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/io/xenbus.h>

struct module;

struct device {
	const char *name;
	void *driver_data;
};

static inline const char *dev_name(const struct device *device)
{
	return device->name;
}

static inline void *dev_get_drvdata(const struct device *device)
{
	return device->driver_data;
}

struct xenbus_transaction {
	u32 id;
};

struct xenbus_device {
	const char *nodename;
	int otherend_id;
	enum xenbus_state state;
	struct device dev;
};

struct xenbus_driver {
	const char *name;
};

struct xenbus_watch {
	const char *node;
};

int xenbus_map_ring_valloc(struct xenbus_device *dev, grant_ref_t *refs,
			   unsigned int nr_refs, void **address);
int xenbus_unmap_ring_vfree(struct xenbus_device *dev, void *address);

#endif
