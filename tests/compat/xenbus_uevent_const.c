// SPDX-License-Identifier: GPL-2.0
#include <xen/xenbus.h>

static int uevent(const struct xenbus_device *dev, struct kobj_uevent_env *env)
{
	return 0;
}

static __used struct xenbus_driver driver = { .uevent = uevent };
