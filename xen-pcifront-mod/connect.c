// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a frontend device, and xenstore.
 *
 * xenbus calls in from the xenstore watch thread, which serves every device of
 * the guest. So its callbacks only queue the device's work, and that reads the
 * states afresh: any number of changes becomes one look.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat.h"
#include "pcifront.h"
#include "state.h"
#include "trace.h"

/* Wait between connections: so long at first, doubled with each failure. */
#define RETRY_FIRST	(HZ / 10)
#define RETRY_DOUBLINGS	6
/* A connection that lasted so long was none. */
#define RETRY_FORGET	(5 * HZ)

/*
 * pciback has nothing to wait for when it reconfigures. Where it fails, for
 * example at a node that libxl left behind, it stays in that state.
 */
#define RECONFIGURING	(5 * HZ)

/* So many steps and error reports in a time are served at once. */
#define STEP_INTERVAL	(10 * HZ)
#define STEPS		100
#define REPORTS		40

/* "state-4294967295" and its end */
#define NODE_LENGTH	17

void pcifront_poke(struct pcifront *front, unsigned long delay)
{
	if (READ_ONCE(front->gone))
		return;
	/* What is due earlier stays so. */
	if (delay)
		queue_delayed_work(front->queue, &front->work, delay);
	else
		mod_delayed_work(front->queue, &front->work, 0);
}

bool pcifront_poke_report(struct pcifront *front)
{
	return !READ_ONCE(front->gone) &&
	       queue_delayed_work(front->queue, &front->report_work, 0);
}

/* A backend's key: 0, -ENOENT, or another negative errno. */
static int read_key(struct pcifront *front, const char *node, char **text)
{
	unsigned int length;
	char *value;

	value = xenbus_read(XBT_NIL, front->dev->otherend, node, &length);
	if (IS_ERR(value))
		return PTR_ERR(value);
	if (strlen(value) != length) {
		kfree(value);
		return -EINVAL;
	}
	*text = value;
	return 0;
}

static int read_number(struct pcifront *front, const char *node,
		       unsigned int most, unsigned int *number)
{
	char *text;
	int err;

	err = read_key(front, node, &text);
	if (err)
		return err;
	err = pcifront_parse_number(text, most, number);
	kfree(text);
	return err;
}

static int read_address(struct pcifront *front, const char *node,
			int (*parse)(const char *text,
				     struct pcifront_address *address),
			struct pcifront_address *address)
{
	char *text;
	int err;

	err = read_key(front, node, &text);
	if (err)
		return err;
	err = parse(text, address);
	kfree(text);
	return err;
}

static bool any_device(struct pcifront *front)
{
	struct pcifront_root *root;

	list_for_each_entry(root, &front->roots, list)
		if (!list_empty(&root->bridge->bus->devices))
			return true;
	return false;
}

/* While there are devices, their interrupts and configuration need the module. */
static int pin_module(struct pcifront *front)
{
	if (front->pinned)
		return 0;
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	front->pinned = true;
	return 0;
}

static void unpin_module(struct pcifront *front)
{
	if (!front->pinned || any_device(front))
		return;
	front->pinned = false;
	module_put(THIS_MODULE);
}

static void tear_down(struct pcifront *front)
{
	pcifront_root_remove_all(front);
	pcifront_channel_close(front);
	unpin_module(front);
	front->late = false;
	front->told = false;
}

/* Say why, once: in this state nothing is done until the backend closes. */
static void fail(struct pcifront *front, int err, const char *what)
{
	xenbus_dev_fatal(front->dev, err, "%s", what);
	tear_down(front);
}

static int publish_keys(struct pcifront *front)
{
	const char *node = front->dev->nodename;
	struct xenbus_transaction transaction;
	int err;

	do {
		err = xenbus_transaction_start(&transaction);
		if (err)
			return err;
		err = xenbus_printf(transaction, node, "pci-op-ref", "%d",
				    front->channel.ref);
		if (!err)
			err = xenbus_printf(transaction, node, "event-channel",
					    "%u", front->channel.port);
		if (!err)
			err = xenbus_printf(transaction, node, "magic", "%s",
					    PCIIF_MAGIC);
		if (err) {
			xenbus_transaction_end(transaction, true);
			return err;
		}
		err = xenbus_transaction_end(transaction, false);
	} while (err == -EAGAIN);
	return err;
}

/* A backend that comes and goes in a loop is made to wait. */
static bool too_early(struct pcifront *front)
{
	unsigned long now = jiffies;

	if (time_before(now, front->not_before)) {
		pcifront_poke(front, front->not_before - now);
		return true;
	}
	if (time_after(now, front->not_before + RETRY_FORGET))
		front->failures = 0;
	else if (front->failures < RETRY_DOUBLINGS)
		front->failures++;
	front->not_before = now + (RETRY_FIRST << front->failures);
	return false;
}

static void publish(struct pcifront *front)
{
	int err;

	if (too_early(front))
		return;
	err = pcifront_channel_open(front);
	if (err) {
		fail(front, err, "cannot share a page with the backend");
		return;
	}
	front->changed = true;
	err = publish_keys(front);
	if (err) {
		fail(front, err, "cannot tell the backend of the page");
		return;
	}
	xenbus_switch_state(front->dev, XenbusStateInitialised);
}

static int update_roots(struct pcifront *front)
{
	struct pcifront_address address = { 0 };
	char node[NODE_LENGTH];
	unsigned int i, roots;
	int err;

	pcifront_root_begin(front);
	err = read_number(front, "root_num", PCIFRONT_MAX_ROOTS, &roots);
	/* Backends that show one bus need not say which. */
	if (err == -ENOENT)
		return pcifront_root_update(front, &address);

	for (i = 0; !err && i < roots; i++) {
		snprintf(node, sizeof(node), "root-%u", i);
		err = read_address(front, node, pcifront_parse_root, &address);
		if (!err)
			err = pcifront_root_update(front, &address);
	}
	return err;
}

/* Connect, or look for what is new: the same thing. */
static void attach(struct pcifront *front)
{
	int err;

	err = pin_module(front);
	if (!err && front->changed)
		err = update_roots(front);
	front->told = false;
	front->changed = false;
	if (err) {
		fail(front, err, "cannot make the PCI buses that the backend names");
		return;
	}
	unpin_module(front);
	front->late = false;
	/* If it did not answer, its funeral is next. */
	if (!pcifront_channel_dead(&front->channel))
		xenbus_switch_state(front->dev, XenbusStateConnected);
}

/* Whether a device is to go or to come; toolstacks leave holes in the numbers. */
static enum xenbus_state device_state(struct pcifront *front,
				      unsigned int number)
{
	char node[NODE_LENGTH];
	unsigned int state;

	snprintf(node, sizeof(node), "state-%u", number);
	if (read_number(front, node, XenbusStateReconfigured, &state))
		return XenbusStateUnknown;
	return state;
}

static void detach_one(struct pcifront *front, unsigned int number)
{
	struct pcifront_address address;
	char node[NODE_LENGTH];
	struct pci_dev *dev;

	snprintf(node, sizeof(node), "vdev-%u", number);
	if (read_address(front, node, pcifront_parse_device, &address))
		return;
	dev = pcifront_root_find(front, address.domain, address.bus,
				 address.devfn);
	if (!dev)
		return;
	pcifront_root_remove_device(dev);
	pci_dev_put(dev);
}

static void detach(struct pcifront *front)
{
	unsigned int i, devices, less = 0, more = 0;
	int err;

	err = read_number(front, "num_devs", PCIFRONT_MAX_DEVICES, &devices);
	if (err) {
		fail(front, err, "cannot read how many devices there are");
		return;
	}
	for (i = 0; i < devices; i++) {
		switch (device_state(front, i)) {
		case XenbusStateClosing:
			detach_one(front, i);
			less++;
			break;
		case XenbusStateInitialising:
			more++;
			break;
		default:
			break;
		}
	}
	/* A look at a bus is some hundred operations, and libxl waits. */
	front->changed |= more || !less;
	unpin_module(front);
	if (pcifront_channel_dead(&front->channel))
		return;
	front->late = false;
	front->reconfiguring = jiffies;
	xenbus_switch_state(front->dev, XenbusStateReconfiguring);
	pcifront_poke(front, RECONFIGURING);
}

/*
 * Only pciback can tell why, and only dom0 can cure it. What tells pciback to look
 * again is a change of our state.
 */
static void retry(struct pcifront *front)
{
	if (!front->told)
		dev_warn(&front->dev->dev,
			 "the backend does not come to an end with reconfiguring: trying again\n");
	front->told = true;
	xenbus_switch_state(front->dev, XenbusStateConnected);
	detach(front);
}

/* Whoever pokes may have shortened the wait. */
static void check_late(struct pcifront *front)
{
	unsigned long end = front->reconfiguring + RECONFIGURING;

	if (front->late || front->dev->state != XenbusStateReconfiguring)
		return;
	front->late = time_after_eq(jiffies, end);
	if (!front->late)
		pcifront_poke(front, end - jiffies);
}

static void take_step(struct pcifront *front, enum pcifront_action action)
{
	switch (action) {
	case PCIFRONT_NOTHING:
		break;
	case PCIFRONT_PUBLISH:
		publish(front);
		break;
	case PCIFRONT_CONNECT:
	case PCIFRONT_ATTACH:
		attach(front);
		break;
	case PCIFRONT_DETACH:
		detach(front);
		break;
	case PCIFRONT_RETRY:
		retry(front);
		break;
	case PCIFRONT_CLOSE:
		tear_down(front);
		xenbus_frontend_closed(front->dev);
		/* The backend may be waiting for a new page already. */
		pcifront_poke(front, 0);
		break;
	case PCIFRONT_GIVE_UP:
		fail(front, -ETIMEDOUT, "the backend does not answer: its devices are lost");
		break;
	case PCIFRONT_REFUSE:
		fail(front, -EPROTO, "the backend is in a state that there is not");
		break;
	}
}

static void front_work(struct work_struct *work)
{
	struct pcifront *front = container_of(to_delayed_work(work),
					      struct pcifront, work);
	struct xenbus_device *dev = front->dev;
	enum pcifront_action action;
	int backend;

	if (READ_ONCE(front->resumed)) {
		tear_down(front);
		WRITE_ONCE(front->resumed, false);
	}
	check_late(front);
	backend = xenbus_read_driver_state(dev, dev->otherend);
	action = pcifront_state_next(backend, dev->state,
				     pcifront_channel_published(&front->channel),
				     pcifront_channel_dead(&front->channel),
				     front->late);
	if (action != PCIFRONT_NOTHING && !__ratelimit(&front->steps)) {
		pcifront_poke(front, HZ);
		return;
	}
	trace_pcifront_state(backend, dev->state, action);
	take_step(front, action);
}

static void pcifront_otherend_changed(struct xenbus_device *dev,
				      enum xenbus_state backend)
{
	pcifront_poke(dev_get_drvdata(&dev->dev), 0);
}

static void limit_init(struct ratelimit_state *limit, int burst)
{
	ratelimit_state_init(limit, STEP_INTERVAL, burst);
	/* Be silent: what is limited makes no message. */
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

static int pcifront_probe(struct xenbus_device *dev,
			  const struct xenbus_device_id *id)
{
	struct pcifront *front;

	front = kzalloc(sizeof(*front), GFP_KERNEL);
	if (!front)
		return -ENOMEM;
	front->queue = alloc_ordered_workqueue("%s", WQ_FREEZABLE,
					       dev_name(&dev->dev));
	if (!front->queue) {
		kfree(front);
		return -ENOMEM;
	}
	front->dev = dev;
	front->not_before = jiffies;
	INIT_LIST_HEAD(&front->roots);
	INIT_DELAYED_WORK(&front->work, front_work);
	INIT_DELAYED_WORK(&front->report_work, pcifront_report_work);
	limit_init(&front->steps, STEPS);
	limit_init(&front->reports, REPORTS);
	pcifront_channel_init(&front->channel);
	/* xenbus will tell the backend's state at once. */
	dev_set_drvdata(&dev->dev, front);
	return 0;
}

static void pcifront_remove(struct xenbus_device *dev)
{
	struct pcifront *front = dev_get_drvdata(&dev->dev);

	WRITE_ONCE(front->gone, true);
	cancel_delayed_work_sync(&front->work);
	cancel_delayed_work_sync(&front->report_work);
	tear_down(front);
	/* An event may have come in until then. */
	cancel_delayed_work_sync(&front->work);
	cancel_delayed_work_sync(&front->report_work);
	destroy_workqueue(front->queue);
	dev_set_drvdata(&dev->dev, NULL);
	kfree(front);
}

COMPAT_XENBUS_REMOVE(pcifront_remove);

/* The guest was restored: the page is no longer granted, the port is free. */
static int pcifront_resume(struct xenbus_device *dev)
{
	struct pcifront *front = dev_get_drvdata(&dev->dev);
	unsigned long flags;

	raw_spin_lock_irqsave(&front->channel.lock, flags);
	front->channel.dead = true;
	raw_spin_unlock_irqrestore(&front->channel.lock, flags);
	WRITE_ONCE(front->resumed, true);
	pcifront_poke(front, 0);
	return 0;
}

static const struct xenbus_device_id pcifront_ids[] = {
	{ "pci" },
	{ "" }
};

struct xenbus_driver pcifront_driver = {
	.name = "xenmod-pci",
	.ids = pcifront_ids,
	.probe = pcifront_probe,
	.remove = pcifront_remove_compat,
	.otherend_changed = pcifront_otherend_changed,
	.resume = pcifront_resume,
};
