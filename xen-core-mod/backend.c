// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a backend device.
 *
 * xenbus calls in from the xenstore watch thread, which serves every device of
 * the host. So its callbacks only queue the device's worker, and the worker
 * reads the states afresh: any number of changes becomes one look.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/xenbus.h>
#include <xenmod/backend.h>
#include "compat.h"
#include "core.h"
#include "trace.h"

/* Wait between connections: so long at first, doubled with each failure. */
#define RETRY_FIRST	(HZ / 10)
#define RETRY_DOUBLINGS	6

/* One line per cause in so long. */
#define REPORT_INTERVAL	(5 * HZ)

/* Where the workers of all devices run; one that waits holds up no other. */
static struct workqueue_struct *backend_workqueue;

static void backend_poke(struct xenmod_backend *backend, unsigned long delay)
{
	mod_delayed_work(backend_workqueue, &backend->work, delay);
}

void xenmod_backend_poke(struct xenmod_backend *backend)
{
	backend_poke(backend, 0);
}
EXPORT_SYMBOL_GPL(xenmod_backend_poke);

static void backend_log(struct xenmod_backend *backend, enum xenmod_cause cause,
			struct va_format *vaf)
{
	if (!__ratelimit(&backend->limits[cause]))
		return;
	dev_warn(&backend->dev->dev, "domain %d: %pV\n",
		 backend->dev->otherend_id, vaf);
}

void xenmod_backend_report(struct xenmod_backend *backend,
			   enum xenmod_cause cause, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	backend_log(backend, cause, &vaf);
	va_end(args);
}
EXPORT_SYMBOL_GPL(xenmod_backend_report);

/*
 * While the worker waited for the disk, the driver may have been unbound, and
 * the state be another driver's by now.
 */
static void backend_switch(struct xenmod_backend *backend,
			   enum xenbus_state state)
{
	if (!READ_ONCE(backend->gone))
		xenbus_switch_state(backend->dev, state);
}

static char *backend_error_path(struct xenmod_backend *backend)
{
	return kasprintf(GFP_KERNEL, "error/%s", backend->dev->nodename);
}

static void backend_clear_error(struct xenmod_backend *backend)
{
	char *path = backend_error_path(backend);

	if (path && xenbus_exists(XBT_NIL, path, ""))
		xenbus_rm(XBT_NIL, path, "");
	kfree(path);
}

static void backend_error(struct xenmod_backend *backend,
			  enum xenmod_cause cause, int err,
			  struct va_format *vaf)
{
	char *path = backend_error_path(backend);

	backend_log(backend, cause, vaf);
	if (path)
		xenbus_printf(XBT_NIL, path, "error", "%d %pV", -err, vaf);
	kfree(path);
}

void xenmod_backend_error(struct xenmod_backend *backend,
			  enum xenmod_cause cause, int err,
			  const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	backend_error(backend, cause, err, &vaf);
	va_end(args);
}
EXPORT_SYMBOL_GPL(xenmod_backend_error);

int xenmod_backend_fail(struct xenmod_backend *backend, int err,
			const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	backend_error(backend, XENMOD_CAUSE_SETUP, err, &vaf);
	va_end(args);
	backend_switch(backend, XenbusStateClosing);
	return err;
}
EXPORT_SYMBOL_GPL(xenmod_backend_fail);

int xenmod_backend_read(const char *dir, const char *node, u32 *value)
{
	unsigned int len;
	char *text;
	int err;

	text = xenbus_read(XBT_NIL, dir, node, &len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = strlen(text) == len ? kstrtou32(text, 10, value) : -EINVAL;
	kfree(text);
	return err;
}
EXPORT_SYMBOL_GPL(xenmod_backend_read);

int xenmod_backend_read_key(struct xenmod_backend *backend, const char *dir,
			    const char *node, u32 *value)
{
	int err = xenmod_backend_read(dir, node, value);

	if (err == -ENOENT)
		return xenmod_backend_fail(backend, err,
					   "the frontend connects without %s/%s",
					   dir, node);
	if (err)
		return xenmod_backend_fail(backend, err,
					   "%s/%s in xenstore is not a number",
					   dir, node);
	return 0;
}
EXPORT_SYMBOL_GPL(xenmod_backend_read_key);

/* With one queue its keys stand in the frontend's directory itself. */
char *xenmod_backend_queue_dir(const struct xenmod_backend *backend,
			       bool several, unsigned int id)
{
	const char *dir = backend->frontend;

	return several ? kasprintf(GFP_KERNEL, "%s/queue-%u", dir, id) :
			 kstrdup(dir, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(xenmod_backend_queue_dir);

int xenmod_backend_transact(struct xenmod_backend *backend,
			    int (*write)(struct xenmod_backend *backend,
					 struct xenbus_transaction xbt))
{
	struct xenbus_transaction xbt;
	int err, written;

	do {
		err = xenbus_transaction_start(&xbt);
		if (err)
			break;
		written = write(backend, xbt);
		err = xenbus_transaction_end(xbt, written);
		err = written ?: err;
	} while (err == -EAGAIN);
	return err;
}
EXPORT_SYMBOL_GPL(xenmod_backend_transact);

static void backend_disconnect(struct xenmod_backend *backend)
{
	if (!backend->connected)
		return;
	backend->driver->disconnect(backend);
	backend->connected = false;
}

/*
 * A frontend that connects and disconnects in a loop, or that fails time and
 * again, is made to wait; one that keeps its connection for a while is not.
 */
static void backend_connect(struct xenmod_backend *backend)
{
	unsigned long now = jiffies;
	int err;

	if (time_before(now, backend->not_before)) {
		backend_poke(backend, backend->not_before - now);
		return;
	}
	if (time_after(now, backend->not_before + REPORT_INTERVAL))
		backend->failures = 0;
	else if (backend->failures < RETRY_DOUBLINGS)
		backend->failures++;
	backend->not_before = now + (RETRY_FIRST << backend->failures);

	err = backend->driver->connect(backend);
	backend->rebound = false;
	if (err) {
		/* Most causes were told already, and better. */
		if (backend->dev->state != XenbusStateClosing)
			xenmod_backend_fail(backend, err,
					    "cannot connect the device");
		return;
	}
	backend->connected = true;
	backend_clear_error(backend);
	backend_switch(backend, XenbusStateConnected);
}

/*
 * Unregistering a device belongs into the xenstore watch thread: only there
 * can it not meet the removal of the same device by the toolstack. So the
 * worker writes the final state and backend_state_changed() does the rest.
 */
static void backend_depart(struct xenmod_backend *backend)
{
	struct xenbus_device *dev = backend->dev;
	struct xenbus_transaction transaction;
	int err;

	if (READ_ONCE(backend->gone))
		return;
	do {
		err = xenbus_transaction_start(&transaction);
		if (err)
			break;
		backend->departing = true;
		/* Do not bring a directory back that was just removed. */
		err = !xenbus_exists(transaction, dev->nodename, "state") ||
		      xenbus_printf(transaction, dev->nodename, "state", "%d",
				    XenbusStateClosed);
		err = xenbus_transaction_end(transaction, err);
	} while (err == -EAGAIN);
	if (err)
		backend_poke(backend, RETRY_FIRST);
	dev->state = XenbusStateClosed;
}

static void backend_act(struct xenmod_backend *backend,
			enum xenmod_action action, int frontend)
{
	switch (action) {
	case XENMOD_NOTHING:
		break;
	case XENMOD_INVITE:
		backend_switch(backend, XenbusStateInitWait);
		break;
	case XENMOD_CONNECT:
		backend_connect(backend);
		break;
	case XENMOD_RECONFIGURE:
		backend->driver->reconfigure(backend);
		backend_switch(backend, XenbusStateReconfigured);
		break;
	case XENMOD_RESUME:
		backend_switch(backend, XenbusStateConnected);
		break;
	case XENMOD_CLOSE:
		backend_disconnect(backend);
		backend_switch(backend, XenbusStateClosing);
		break;
	case XENMOD_CLOSED:
		backend_disconnect(backend);
		backend->driver->release(backend);
		backend_switch(backend, XenbusStateClosed);
		break;
	case XENMOD_DEPART:
		backend_disconnect(backend);
		/* The toolstack's scripts take the disk apart after this. */
		backend->driver->release(backend);
		backend_depart(backend);
		break;
	case XENMOD_REFUSE:
		xenmod_backend_error(backend, XENMOD_CAUSE_STATE, -EINVAL,
				     "frontend went to state %d, where no frontend goes",
				     frontend);
		backend_disconnect(backend);
		backend_switch(backend, XenbusStateClosing);
		break;
	}
}

static void backend_work(struct work_struct *work)
{
	struct xenmod_backend *backend =
		container_of(to_delayed_work(work), struct xenmod_backend, work);
	struct xenbus_device *dev = backend->dev;
	enum xenmod_action action;
	int frontend, ready;

	mutex_lock(&backend->lock);
	if (READ_ONCE(backend->gone) || backend->departing)
		goto unlock;

	/* After a failure the frontend has to close before we try again. */
	ready = backend->connected || dev->state != XenbusStateInitWait ?
			0 : backend->driver->prepare(backend);
	frontend = xenbus_read_driver_state(dev, backend->frontend);
	action = xenmod_state_next(frontend, dev->state, ready > 0,
				   backend->connected,
				   xenbus_dev_is_online(dev));
	if (action == XENMOD_RECONFIGURE && !backend->driver->reconfigure)
		action = XENMOD_REFUSE;
	trace_xenmod_state(dev->otherend_id, frontend, dev->state, action);
	backend_act(backend, action, frontend);
	if (backend->connected && backend->driver->refresh)
		backend->driver->refresh(backend);
unlock:
	mutex_unlock(&backend->lock);
}

static void backend_state_changed(struct xenbus_watch *watch, const char *path,
				  const char *token)
{
	struct xenmod_backend *backend =
		container_of(watch, struct xenmod_backend, state_watch);

	/* This ends in backend_remove(), which frees @backend and the watch. */
	if (READ_ONCE(backend->departing))
		device_unregister(&backend->dev->dev);
}

static void backend_resource_changed(struct xenbus_watch *watch,
				     const char *path, const char *token)
{
	backend_poke(container_of(watch, struct xenmod_backend, resource_watch),
		     0);
}

static void backend_refresh_asked(struct xenbus_watch *watch, const char *path,
				  const char *token)
{
	backend_poke(container_of(watch, struct xenmod_refresh_watch,
				  watch)->backend, 0);
}

/* Nodes that others can write: never more than one change waits in line. */
static bool backend_will_handle(struct xenbus_watch *watch, const char *path,
				const char *token)
{
	return watch->nr_pending == 0;
}

static void backend_frontend_changed(struct xenbus_device *dev,
				     enum xenbus_state state)
{
	struct xenmod_backend *backend = xenmod_backend_of(&dev->dev);

	if (backend)
		backend_poke(backend, 0);
}

static void backend_unwatch(struct xenbus_watch *watch)
{
	if (!watch->node)
		return;
	unregister_xenbus_watch(watch);
	kfree(watch->node);
	watch->node = NULL;
}

static int backend_watch_refresh(struct xenmod_backend *backend)
{
	const struct xenmod_node *node = backend->driver->refresh_nodes;
	struct xenmod_refresh_watch *watch = backend->refresh_watches;
	struct xenbus_device *dev = backend->dev;
	int err = 0;

	for (; !err && node && node->name; node++, watch++) {
		watch->backend = backend;
		err = xenbus_watch_pathfmt(dev, &watch->watch,
					   backend_will_handle,
					   backend_refresh_asked, "%s/%s",
					   node->frontend ? backend->frontend :
							    dev->nodename,
					   node->name);
	}
	return err;
}

static int backend_watch(struct xenmod_backend *backend)
{
	const struct xenmod_backend_driver *driver = backend->driver;
	struct xenbus_device *dev = backend->dev;
	int err;

	err = xenbus_watch_pathfmt(dev, &backend->state_watch,
				   backend_will_handle, backend_state_changed,
				   "%s/state", dev->nodename);
	if (!err && driver->watch)
		err = xenbus_watch_pathfmt(dev, &backend->resource_watch,
					   backend_will_handle,
					   backend_resource_changed, "%s/%s",
					   dev->nodename, driver->watch);
	return err ? err : backend_watch_refresh(backend);
}

static void backend_put(struct xenmod_backend *backend)
{
	if (!refcount_dec_and_test(&backend->users))
		return;
	kfree(backend->frontend);
	kfree(backend);
}

/* Ends a device that nothing can reach any more but its own worker. */
static void backend_end(struct xenmod_backend *backend)
{
	cancel_delayed_work_sync(&backend->work);
	backend_disconnect(backend);
	/* Until then the driver could still poke it. */
	cancel_delayed_work_sync(&backend->work);
	backend->driver->release(backend);
	backend_clear_error(backend);
	backend->driver->detach(backend);
}

static void backend_removal(struct work_struct *work)
{
	struct xenmod_backend *backend =
		container_of(work, struct xenmod_backend, removal);
	struct module *owner = backend->driver->xenbus.driver.owner;
	struct device *device = &backend->dev->dev;
	bool left;

	backend_end(backend);
	spin_lock(&backend->queues_lock);
	left = backend->left;
	complete(&backend->ended);
	spin_unlock(&backend->queues_lock);
	backend_put(backend);
	if (left) {
		put_device(device);
		module_put(owner);
	}
}

/* Nobody waits for the end any more: it needs references of its own. */
static void backend_leave(struct xenmod_backend *backend)
{
	spin_lock(&backend->queues_lock);
	if (!completion_done(&backend->ended)) {
		backend->left = true;
		get_device(&backend->dev->dev);
		__module_get(backend->driver->xenbus.driver.owner);
	}
	spin_unlock(&backend->queues_lock);
}

static struct xenmod_backend *backend_alloc(struct xenbus_device *dev)
{
	struct xenmod_backend *backend = kzalloc(sizeof(*backend), GFP_KERNEL);
	unsigned int i;

	if (!backend)
		return NULL;
	/* xenbus frees its own while our worker may still be busy. */
	backend->frontend = kstrdup(dev->otherend, GFP_KERNEL);
	if (!backend->frontend) {
		kfree(backend);
		return NULL;
	}
	backend->rebound = xenbus_read_driver_state(dev, backend->frontend) ==
			   XenbusStateConnected;
	backend->dev = dev;
	backend->driver = container_of(to_xenbus_driver(dev->dev.driver),
				       struct xenmod_backend_driver, xenbus);
	backend->not_before = jiffies;
	mutex_init(&backend->lock);
	spin_lock_init(&backend->queues_lock);
	INIT_LIST_HEAD(&backend->queues);
	INIT_DELAYED_WORK(&backend->work, backend_work);
	INIT_WORK(&backend->removal, backend_removal);
	init_completion(&backend->ended);
	refcount_set(&backend->users, 1);
	for (i = 0; i < XENMOD_CAUSES; i++) {
		ratelimit_state_init(&backend->limits[i], REPORT_INTERVAL, 1);
		ratelimit_set_flags(&backend->limits[i],
				    RATELIMIT_MSG_ON_RELEASE);
	}
	return backend;
}

/*
 * Whoever unbinds the driver waits until the device's I/O is finished, since
 * another driver may take the ring over. When the disk does not come back in
 * time no driver may: Closing in xenstore makes xenbus close the device behind
 * us, which ends the frontend's part, and the event channel stays ours until
 * the last request is answered. When the toolstack has removed the device
 * nobody waits at all: this can be the xenstore watch thread.
 */
static void backend_wait(struct xenmod_backend *backend)
{
	const unsigned int *drain_seconds = backend->driver->drain_seconds;
	struct xenbus_device *dev = backend->dev;
	unsigned int seconds, waited;

	/* What hangs on the device, like a network device, goes before it. */
	if (!drain_seconds) {
		wait_for_completion(&backend->ended);
		return;
	}
	seconds = READ_ONCE(*drain_seconds);
	for (waited = 0; xenbus_exists(XBT_NIL, dev->nodename, "state");
	     waited++) {
		if (waited == seconds && !completion_done(&backend->ended)) {
			/* The driver's own line has just used up the other cause. */
			xenmod_backend_error(backend, XENMOD_CAUSE_STATE,
					     -ETIMEDOUT,
					     "what is in flight was not finished within %u s: the driver lets go, the frontend is closed, and its memory held until the disk answers",
					     seconds);
			xenbus_switch_state(dev, XenbusStateClosing);
			break;
		}
		if (wait_for_completion_timeout(&backend->ended, HZ))
			return;
	}
	backend_leave(backend);
}

static void backend_remove(struct xenbus_device *dev)
{
	struct xenmod_backend *backend = xenmod_backend_of(&dev->dev);
	unsigned int i;

	backend_unwatch(&backend->state_watch);
	backend_unwatch(&backend->resource_watch);
	for (i = 0; i < XENMOD_REFRESH_NODES; i++)
		backend_unwatch(&backend->refresh_watches[i].watch);
	xenmod_stats_hide_device(backend);
	sysfs_remove_groups(&dev->dev.kobj, backend->driver->groups);
	WRITE_ONCE(backend->gone, true);
	dev_set_drvdata(&dev->dev, NULL);

	refcount_inc(&backend->users);
	queue_work(backend_workqueue, &backend->removal);
	backend_wait(backend);
	backend_put(backend);
}

COMPAT_XENBUS_REMOVE(backend_remove);

static int backend_show(struct xenmod_backend *backend)
{
	struct kobject *kobj = &backend->dev->dev.kobj;
	int err;

	err = sysfs_create_groups(kobj, backend->driver->groups);
	if (err)
		return err;
	err = xenmod_stats_show_device(backend);
	if (err)
		sysfs_remove_groups(kobj, backend->driver->groups);
	return err;
}

static int backend_probe(struct xenbus_device *dev,
			 const struct xenbus_device_id *id)
{
	struct xenmod_backend *backend = backend_alloc(dev);
	int err;

	if (!backend)
		return -ENOMEM;
	dev_set_drvdata(&dev->dev, backend);

	err = backend->driver->attach(backend);
	if (err)
		goto err_free;
	err = backend_show(backend);
	if (err)
		goto err_detach;
	xenbus_switch_state(dev, XenbusStateInitWait);
	err = backend_watch(backend);
	if (err)
		goto err_remove;
	return 0;

err_remove:
	backend_remove(dev);
	return err;
err_detach:
	backend->driver->detach(backend);
err_free:
	dev_set_drvdata(&dev->dev, NULL);
	backend_put(backend);
	return err;
}

static void backend_reclaim(struct xenbus_device *dev)
{
	struct xenmod_backend *backend = xenmod_backend_of(&dev->dev);

	/* Never wait here: memory is short, and a lock holder may want some. */
	if (!backend || !mutex_trylock(&backend->lock))
		return;
	if (backend->connected && backend->driver->reclaim)
		backend->driver->reclaim(backend);
	mutex_unlock(&backend->lock);
}

int __xenmod_backend_register(struct xenmod_backend_driver *driver,
			      struct module *owner, const char *mod_name)
{
	driver->xenbus.probe = backend_probe;
	driver->xenbus.remove = backend_remove_compat;
	driver->xenbus.otherend_changed = backend_frontend_changed;
	driver->xenbus.reclaim_memory = backend_reclaim;
	/* A running guest keeps its ring for the next driver. */
	driver->xenbus.allow_rebind = true;
	return __xenbus_register_backend(&driver->xenbus, owner, mod_name);
}
EXPORT_SYMBOL_GPL(__xenmod_backend_register);

void xenmod_backend_unregister(struct xenmod_backend_driver *driver)
{
	xenbus_unregister_driver(&driver->xenbus);
}
EXPORT_SYMBOL_GPL(xenmod_backend_unregister);

int __init xenmod_backend_init(void)
{
	backend_workqueue = alloc_workqueue("xenmod", WQ_UNBOUND, 0);
	return backend_workqueue ? 0 : -ENOMEM;
}

void xenmod_backend_exit(void)
{
	destroy_workqueue(backend_workqueue);
}
