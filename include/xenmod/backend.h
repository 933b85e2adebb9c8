/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of a backend device: states, reconnects, errors, statistics.
 *
 * Core holds all xenbus logic. A backend supplies the operations of
 * struct xenmod_backend_driver and is told when to do what; of its operations
 * only one runs at a time for a device. They run in a worker of the device, so
 * that one slow device never holds up another one or the xenstore watches.
 *
 * States and nodes: Xen's public io/xenbus.h.
 */
#ifndef XENMOD_BACKEND_H
#define XENMOD_BACKEND_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xen/xenbus.h>
#include <xenmod/histogram.h>
#include <xenmod/stats.h>
#include <xenmod/state.h>

struct dentry;
struct xenmod_backend;

/**
 * enum xenmod_cause - why a line was logged; each is rate-limited by itself
 * @XENMOD_CAUSE_SETUP: keys in xenstore, a missing or busy resource
 * @XENMOD_CAUSE_RING: a ring whose indices are nonsense
 * @XENMOD_CAUSE_REQUEST: a malformed request
 * @XENMOD_CAUSE_GRANT: a grant that cannot be used
 * @XENMOD_CAUSE_STATE: a frontend state out of order
 * @XENMOD_CAUSE_RESOURCE: the host ran short, or a device failed
 * @XENMOD_CAUSES: how many there are
 */
enum xenmod_cause {
	XENMOD_CAUSE_SETUP,
	XENMOD_CAUSE_RING,
	XENMOD_CAUSE_REQUEST,
	XENMOD_CAUSE_GRANT,
	XENMOD_CAUSE_STATE,
	XENMOD_CAUSE_RESOURCE,
	XENMOD_CAUSES
};

/* Nodes that a driver can have watched for @refresh. */
#define XENMOD_REFRESH_NODES	4

/**
 * struct xenmod_node - a node of a device
 * @name: in the backend's directory
 * @frontend: in the frontend's instead
 */
struct xenmod_node {
	const char *name;
	bool frontend;
};

/**
 * struct xenmod_refresh_watch - watches one of &xenmod_backend_driver.refresh_nodes
 * @watch: xenbus' own
 * @backend: the device
 */
struct xenmod_refresh_watch {
	struct xenbus_watch watch;
	struct xenmod_backend *backend;
};

/**
 * struct xenmod_backend_driver - what a backend gives to core
 * @xenbus: name and ids are the backend's, all callbacks are core's
 * @watch: a node below the backend's directory that @prepare waits for
 * @refresh_nodes: those whose change means @refresh, the last one without a
 *	name; at most %XENMOD_REFRESH_NODES; optional
 * @drain_seconds: whoever unbinds the driver waits so long at most for what is
 *	in flight; can change at any time. NULL if nothing is ever in flight for
 *	long: everybody waits until the device has ended, then
 * @groups: sysfs files of the device; they can use @priv
 * @attach: a device appeared: allocate @priv, write the features that a
 *	frontend reads before it connects. Nothing to undo on error.
 * @detach: the device goes; it is disconnected and released
 * @prepare: open what the device needs, unless it is open. Return 1 when it is
 *	there, 0 when it has to wait for @watch, or what xenmod_backend_fail()
 *	returned.
 * @release: the reverse; nothing happens when it is not open
 * @connect: map rings, bind events, publish features. Undo all on error.
 * @disconnect: the reverse; waits for what is in flight
 * @refresh: connected: look whether what the frontend was told of the device
 *	still holds, and tell it if not. Called often. Optional.
 * @reconfigure: connected: read again what a frontend may change in between.
 *	Optional; a frontend that wants it in vain is refused.
 * @reclaim: memory is short: give back what can be. Optional; any context
 *	that may not sleep.
 *
 * Context: process context, may sleep, one operation at a time per device.
 */
struct xenmod_backend_driver {
	struct xenbus_driver xenbus;
	const char *watch;
	const struct xenmod_node *refresh_nodes;
	const unsigned int *drain_seconds;
	const struct attribute_group **groups;
	int (*attach)(struct xenmod_backend *backend);
	void (*detach)(struct xenmod_backend *backend);
	int (*prepare)(struct xenmod_backend *backend);
	void (*release)(struct xenmod_backend *backend);
	int (*connect)(struct xenmod_backend *backend);
	void (*disconnect)(struct xenmod_backend *backend);
	void (*refresh)(struct xenmod_backend *backend);
	void (*reconfigure)(struct xenmod_backend *backend);
	void (*reclaim)(struct xenmod_backend *backend);
};

/**
 * struct xenmod_queue - what core knows of a queue
 * @node: in the device's list of queues
 * @id: number of the queue, from 0
 * @stats: counters of the half that takes requests
 * @done_stats: counters of the half that answers them
 * @latency: times from an event to the answers, if the backend measures them
 */
struct xenmod_queue {
	struct list_head node;
	unsigned int id;
	struct xenmod_stats stats;
	struct xenmod_stats done_stats;
	struct xenmod_histogram latency;
};

/**
 * struct xenmod_backend - one backend device
 * @dev: its xenbus device
 * @driver: the backend that serves it
 * @priv: the backend's own state
 * @frontend: the frontend's directory
 * @lock: one operation at a time; guards @connected and @failures
 * @connected: @connect succeeded, @disconnect is due
 * @rebound: the frontend was connected already when our driver was bound, and
 *	has not been connected to us yet
 * @gone: being removed: do nothing more
 * @departing: the worker asks the xenstore watch to unregister the device
 * @failures: connections that failed or ended early, in a row
 * @not_before: jiffies before which no connection is tried again
 * @work: looks at both ends' states and does what is due
 * @removal: ends the device, when the driver is unbound
 * @ended: it has
 * @left: nobody waits for that, so @removal holds the device and the module
 * @users: the driver or @removal, and whoever waits for @ended
 * @state_watch: the device's own state, for @departing
 * @resource_watch: the driver's @watch
 * @refresh_watches: the driver's @refresh_nodes
 * @limits: rate limit for each enum xenmod_cause
 * @queues: queues in service
 * @retired: sum of the counters of queues gone by
 * @queues_lock: guards @queues, @retired and @left; taken by readers of
 *	statistics
 * @debugfs: the device's folder
 */
struct xenmod_backend {
	struct xenbus_device *dev;
	const struct xenmod_backend_driver *driver;
	void *priv;
	char *frontend;

	struct mutex lock; /* one operation at a time */
	bool connected;
	bool rebound;
	bool gone;
	bool departing;
	unsigned int failures;
	unsigned long not_before;
	struct delayed_work work;
	struct work_struct removal;
	struct completion ended;
	bool left; /* under queues_lock */
	refcount_t users;
	struct xenbus_watch state_watch;
	struct xenbus_watch resource_watch;
	struct xenmod_refresh_watch refresh_watches[XENMOD_REFRESH_NODES];
	struct ratelimit_state limits[XENMOD_CAUSES];

	struct list_head queues;
	struct xenmod_stats retired;
	spinlock_t queues_lock; /* queues, retired, left */
	struct dentry *debugfs;
};

/**
 * xenmod_backend_register() - offer a backend to the xenbus
 * @driver: stays until xenmod_backend_unregister()
 *
 * Return: 0 or a negative errno.
 */
#define xenmod_backend_register(driver) \
	__xenmod_backend_register(driver, THIS_MODULE, KBUILD_MODNAME)

int __xenmod_backend_register(struct xenmod_backend_driver *driver,
			      struct module *owner, const char *mod_name);

/**
 * xenmod_backend_unregister() - disconnect all devices and leave the xenbus
 * @driver: a registered driver
 */
void xenmod_backend_unregister(struct xenmod_backend_driver *driver);

/**
 * xenmod_backend_of() - the backend device of a Linux device
 * @device: the device of a struct xenbus_device that core's driver is bound to
 */
static inline struct xenmod_backend *xenmod_backend_of(struct device *device)
{
	return dev_get_drvdata(device);
}

/**
 * xenmod_backend_poke() - look at a device again, soon
 * @backend: the device
 *
 * Its worker looks at both ends' states and, if connected, calls @refresh.
 *
 * Context: any, from connect to the end of disconnect, or with the device's
 * lock held.
 */
void xenmod_backend_poke(struct xenmod_backend *backend);

/**
 * xenmod_backend_report() - log one line about what a frontend did
 * @backend: the device
 * @cause: lines of one cause are limited to one in five seconds
 * @fmt: the reason, without device and newline
 *
 * Context: any.
 */
__printf(3, 4)
void xenmod_backend_report(struct xenmod_backend *backend,
			   enum xenmod_cause cause, const char *fmt, ...);

/**
 * xenmod_backend_error() - log one line, and write it to the error node
 * @backend: the device
 * @cause: as for xenmod_backend_report()
 * @err: negative errno
 * @fmt: the reason
 *
 * Context: may sleep.
 */
__printf(4, 5)
void xenmod_backend_error(struct xenmod_backend *backend,
			  enum xenmod_cause cause, int err,
			  const char *fmt, ...);

/**
 * xenmod_backend_fail() - give up on a connection
 * @backend: the device
 * @err: negative errno
 * @fmt: what is wrong and, if people can mend it, what would be right
 *
 * Logs the line, writes it to the device's error node in xenstore, and moves
 * the device to Closing. The frontend may then close and try again.
 *
 * Context: an operation of the driver.
 * Return: @err.
 */
__printf(3, 4)
int xenmod_backend_fail(struct xenmod_backend *backend, int err,
			const char *fmt, ...);

/**
 * xenmod_backend_read() - read a number from xenstore, strictly
 * @dir: folder
 * @node: name in it
 * @value: receives the number; untouched on error
 *
 * Unlike xenbus_scanf() this takes the whole text or nothing.
 *
 * Return: 0, -ENOENT if the node is not there, -EINVAL if it is no number,
 * -ERANGE if it does not fit into 32 bits, or xenstore's error.
 */
int xenmod_backend_read(const char *dir, const char *node, u32 *value);

/**
 * xenmod_backend_read_key() - read a number that a frontend has to write
 * @backend: the device, which fails without it
 * @dir: folder
 * @node: name in it
 * @value: receives the number
 *
 * Context: an operation of the driver.
 * Return: 0, or what xenmod_backend_fail() returned.
 */
int xenmod_backend_read_key(struct xenmod_backend *backend, const char *dir,
			    const char *node, u32 *value);

/**
 * xenmod_backend_queue_dir() - where a frontend's keys of a queue stand
 * @backend: the device
 * @several: the frontend has more than one queue, so each has a folder
 * @id: number of the queue
 *
 * Context: may sleep.
 * Return: the folder, which the caller frees with kfree(), or NULL.
 */
char *xenmod_backend_queue_dir(const struct xenmod_backend *backend,
			       bool several, unsigned int id);

/**
 * xenmod_backend_transact() - write to xenstore, all of it or nothing
 * @backend: the device
 * @write: does so; may be called several times
 *
 * Context: may sleep.
 * Return: 0, what @write returned, or xenstore's error.
 */
int xenmod_backend_transact(struct xenmod_backend *backend,
			    int (*write)(struct xenmod_backend *backend,
					 struct xenbus_transaction xbt));

/**
 * xenmod_queue_add() - start to count a queue
 * @backend: its device
 * @queue: the queue, zeroed
 * @id: its number
 */
void xenmod_queue_add(struct xenmod_backend *backend,
		      struct xenmod_queue *queue, unsigned int id);

/**
 * xenmod_queue_del() - stop to count a queue; the device keeps its sums
 * @backend: its device
 * @queue: a queue that was added
 */
void xenmod_queue_del(struct xenmod_backend *backend,
		      struct xenmod_queue *queue);

#endif /* XENMOD_BACKEND_H */
