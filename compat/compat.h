/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest kernel's names on older kernels. The only place in the tree that
 * knows that there are other kernels than the newest; Kbuild.probes says what
 * each HAVE_ stands for.
 */
#ifndef XENMOD_COMPAT_H
#define XENMOD_COMPAT_H

#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/xenbus.h>

/*
 * struct xenbus_driver.remove returns nothing now. Write
 *	COMPAT_XENBUS_REMOVE(function);
 * behind the function and use function_compat as the callback.
 */
#ifdef HAVE_XENBUS_REMOVE_VOID
#define COMPAT_XENBUS_REMOVE(fn) \
	static void (*const fn##_compat)(struct xenbus_device *dev) = fn
#else
#define COMPAT_XENBUS_REMOVE(fn)				\
	static int fn##_compat(struct xenbus_device *dev)	\
	{							\
		fn(dev);					\
		return 0;					\
	}							\
	struct xenbus_device
#endif

#ifndef HAVE_XENBUS_READ_DRIVER_STATE_DEV
#define xenbus_read_driver_state(dev, path) xenbus_read_driver_state(path)
#endif

#ifndef HAVE_EVTCHN_XENBUS_DEVICE
#define bind_interdomain_evtchn_to_irqhandler_lateeoi(dev, ...) \
	bind_interdomain_evtchn_to_irqhandler_lateeoi((dev)->otherend_id, \
						      __VA_ARGS__)
#endif

/* What WQ_PERCPU asks for used to be the default. */
#ifndef HAVE_WQ_PERCPU
#define WQ_PERCPU 0
#endif

#endif /* XENMOD_COMPAT_H */
