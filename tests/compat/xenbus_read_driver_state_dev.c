// SPDX-License-Identifier: GPL-2.0
#include <xen/xenbus.h>

static __used enum xenbus_state state(const struct xenbus_device *dev)
{
	return xenbus_read_driver_state(dev, "backend");
}
