/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xen-pcifront: the objects, and what its files offer each other.
 */
#ifndef XEN_PCIFRONT_H
#define XEN_PCIFRONT_H

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include <xen/grant_table.h>
#include <xen/interface/event_channel.h>
#include <xen/xenbus.h>
#include <xenmod/pciif.h>
#include "keys.h"
#include "patience.h"
#include "reply.h"

struct pcifront_root;

/* Functions that a bus has room for. */
#define PCIFRONT_DEVFNS	256

/**
 * struct pcifront_call - an operation, and what became of it
 * @cmd: PCIIF_CONFIG_READ to PCIIF_DISABLE_MSIX
 * @root: where the function is
 * @devfn: which one it is
 * @where: place in the configuration space
 * @size: bytes there
 * @value: depends on @cmd; a copy of the answer's
 * @err: a copy of the answer's
 * @vectors: %PCIIF_ENABLE_MSIX: entries to enable; a copy of the answer's
 * @count: how many there are, at most %PCIIF_MAX_VECTORS
 * @waited: how long the answer took, in nanoseconds
 * @answered: @value, @err, @vectors and @waited are the answer's
 * @done: for whoever sleeps until then
 */
struct pcifront_call {
	u32 cmd;
	const struct pcifront_root *root;
	unsigned int devfn;
	int where;
	int size;
	u32 value;
	s32 err;
	struct pciif_vector *vectors;
	unsigned int count;
	u64 waited;
	bool answered;
	struct completion done;
};

/**
 * struct pcifront_channel - the shared page and its event channel
 * @page: shared with the backend, NULL while nothing is published
 * @ref: grant of it, negative without
 * @port: our end of the event channel, 0 without
 * @irq: the same as a Linux interrupt, 0 while not bound
 * @lock: guards @call, @nobody, @waited, @looked, @answers, @patience, @dead, and writing to
 *	page->op. Taken with interrupts off, for a few instructions at a time;
 *	nobody waits for the backend with it held.
 * @call: the operation that the backend works on, NULL when it has none
 * @nobody: stands there for an operation that was given up, until its answer
 * @waited: how long the backend has taken for it, in nanoseconds
 * @looked: when that was last reckoned
 * @answers: answers whose events are still to come
 * @patience: how long the backend may still take for all its answers
 * @dead: the backend did not answer; no operation is begun any more
 */
struct pcifront_channel {
	struct pciif_page *page;
	int ref;
	evtchn_port_t port;
	int irq;
	raw_spinlock_t lock;
	struct pcifront_call *call;
	struct pcifront_call nobody;
	u64 waited;
	u64 looked;
	unsigned int answers;
	struct pcifront_patience patience;
	bool dead;
};

/**
 * struct pcifront_root - a root bus, in the memory of its host bridge
 * @sysdata: what the architecture wants to find behind a bus, first of all
 * @buses: the numbers of this bus and those behind it: it alone
 * @list: in front->roots
 * @front: whose it is; NULL when the bus is on its way out
 * @bridge: the host bridge
 * @msi: which functions, by devfn, have MSI enabled; the PCI core enables and
 *	disables one at a time for each function
 * @msix: the same for MSI-X
 * @line: the pirq that each function shows as its INTx, 0 without
 * @scanner: the task that looks for functions on the bus
 * @update: in which list of root buses it was named last
 * @hidden: nothing is seen on the bus yet
 */
struct pcifront_root {
	struct pci_sysdata sysdata;
	struct resource buses;
	struct list_head list;
	struct pcifront *front;
	struct pci_host_bridge *bridge;
	DECLARE_BITMAP(msi, PCIFRONT_DEVFNS);
	DECLARE_BITMAP(msix, PCIFRONT_DEVFNS);
	u8 line[PCIFRONT_DEVFNS];
	struct task_struct *scanner;
	unsigned int update;
	bool hidden;
};

/**
 * struct pcifront - a PCI frontend device
 * @dev: on the xenbus
 * @channel: to the backend
 * @roots: its root buses; only the works, and remove when they have ended,
 *	look at them
 * @queue: runs the works below, one at a time
 * @work: looks at the states of both ends, does what is to be done
 * @report_work: serves an error report
 * @reports: limits how many of these are served in a time
 * @steps: limits what the backend has us do by changing its state
 * @update: counts the lists of root buses
 * @room: how many functions more there may be
 * @scan_left: how long the backend may still take for the scan, in nanoseconds
 * @not_before: when the next page may be published, in jiffies
 * @failures: how often the wait until then was doubled
 * @reconfiguring: since when our state has been that, in jiffies
 * @late: see pcifront_state_next()
 * @told: that it was late has been said
 * @changed: there may be devices that have come since the last look at the buses
 * @pinned: holds a reference to the module
 * @resumed: the guest was restored: nothing of the channel is valid
 * @gone: the driver is being unbound: no work is to be queued
 */
struct pcifront {
	struct xenbus_device *dev;
	struct pcifront_channel channel;
	struct list_head roots;
	struct workqueue_struct *queue;
	struct delayed_work work;
	struct delayed_work report_work;
	struct ratelimit_state reports;
	struct ratelimit_state steps;
	unsigned int update;
	unsigned int room;
	u64 scan_left;
	unsigned long not_before;
	unsigned int failures;
	unsigned long reconfiguring;
	bool late;
	bool told;
	bool changed;
	bool pinned;
	bool resumed;
	bool gone;
};

/* main.c */
extern unsigned int pcifront_timeout;

/* connect.c */
extern struct xenbus_driver pcifront_driver;

/* Any context: have the works look. False when that was queued already. */
void pcifront_poke(struct pcifront *front, unsigned long delay);
bool pcifront_poke_report(struct pcifront *front);

/* channel.c, process context */
void pcifront_channel_init(struct pcifront_channel *channel);
int pcifront_channel_open(struct pcifront *front);
void pcifront_channel_close(struct pcifront *front);

/* Any context: ask nothing any more; the works do the rest. */
void pcifront_channel_kill(struct pcifront *front);

/* One deadline, in nanoseconds. */
static inline u64 pcifront_deadline(void)
{
	return (u64)READ_ONCE(pcifront_timeout) * NSEC_PER_SEC;
}

/* Whether the backend was asked and did not answer. Any context. */
static inline bool pcifront_channel_dead(struct pcifront_channel *channel)
{
	return READ_ONCE(channel->dead);
}

/* Whether there is a page for it. The works only. */
static inline bool pcifront_channel_published(struct pcifront_channel *channel)
{
	return channel->page;
}

/*
 * Ask the backend. Return: 0 when it answered, whatever it said, or -EIO.
 * The first one waits awake and is for any context, with interrupts off for two
 * seconds at most; the second one sleeps.
 */
int pcifront_call(struct pcifront *front, struct pcifront_call *call);
int pcifront_call_sleeping(struct pcifront *front, struct pcifront_call *call);

/* The works only. */
bool pcifront_channel_report(struct pcifront_channel *channel,
			     struct pciif_aer *report);
void pcifront_channel_report_done(struct pcifront_channel *channel,
				  unsigned int result);

/* config.c */
extern struct pci_ops pcifront_config_ops;

/* The root of a bus with these operations. */
static inline struct pcifront_root *pcifront_root_of(struct pci_bus *bus)
{
	return container_of((struct pci_sysdata *)bus->sysdata,
			    struct pcifront_root, sysdata);
}

/*
 * root.c: read-held by whoever uses the frontend that it found in a root. Who
 * has a reference to a device may still do so when the frontend goes.
 */
extern struct srcu_struct pcifront_users;

/* root.c, process context; an update for each bus of a list that begins */
void pcifront_root_begin(struct pcifront *front);
int pcifront_root_update(struct pcifront *front,
			 const struct pcifront_address *address);
struct pci_dev *pcifront_root_find(struct pcifront *front,
				   unsigned int domain, unsigned int bus,
				   unsigned int devfn);
void pcifront_root_remove_device(struct pci_dev *dev);
void pcifront_root_remove_all(struct pcifront *front);

/* bar.c, process context */
bool pcifront_bar_reachable(const struct resource *resource);

/* aer.c */
void pcifront_report_work(struct work_struct *work);

/* msi.c */
void pcifront_msi_init(void);
void pcifront_msi_exit(void);

/* intx.c */
int pcifront_intx_init(void);
void pcifront_intx_exit(void);

#endif /* XEN_PCIFRONT_H */
