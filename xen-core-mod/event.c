// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels with late end-of-interrupt.
 */
#include <linux/export.h>
#include <linux/interrupt.h>
#include <xen/events.h>
#include <xen/xenbus.h>
#include <xenmod/event.h>
#include <xenmod/stats.h>
#include "compat.h"
#include "trace.h"

static irqreturn_t xenmod_event_interrupt(int irq, void *data)
{
	struct xenmod_event *event = data;

	/* The first event can come before binding has returned the number. */
	event->irq = irq;
	xenmod_count(event->stats, XENMOD_EVENTS, 1);
	WRITE_ONCE(event->pending, true);
	event->kick(event);
	return IRQ_HANDLED;
}

int xenmod_event_bind(struct xenbus_device *dev, struct xenmod_event *event,
		      evtchn_port_t port, const char *name,
		      struct xenmod_stats *stats)
{
	int irq;

	event->stats = stats;
	event->pending = false;
	irq = bind_interdomain_evtchn_to_irqhandler_lateeoi(dev, port,
							    xenmod_event_interrupt,
							    0, name, event);
	if (irq < 0)
		return irq;
	event->irq = irq;
	return 0;
}
EXPORT_SYMBOL_GPL(xenmod_event_bind);

void xenmod_event_unbind(struct xenmod_event *event)
{
	if (!event->irq)
		return;
	unbind_from_irqhandler(event->irq, event);
	event->irq = 0;
}
EXPORT_SYMBOL_GPL(xenmod_event_unbind);

void xenmod_event_done(struct xenmod_event *event, bool worked)
{
	/*
	 * Before the end-of-interrupt: the next event may follow at once. And
	 * only one of those who may give it does: the kernel's list of those
	 * that wait does not stand two.
	 */
	if (!READ_ONCE(event->pending) || !xchg(&event->pending, false))
		return;
	if (!worked)
		xenmod_count(event->stats, XENMOD_SPURIOUS_EVENTS, 1);
	xen_irq_lateeoi(event->irq, worked ? 0 : XEN_EOI_FLAG_SPURIOUS);
}
EXPORT_SYMBOL_GPL(xenmod_event_done);

void xenmod_event_poll(struct xenmod_event *event)
{
	xenmod_count(event->stats, XENMOD_POLLS, 1);
	xen_poll_irq_timeout(event->irq, 0);
}
EXPORT_SYMBOL_GPL(xenmod_event_poll);

void xenmod_event_forget(struct xenmod_event *event)
{
	xen_clear_irq_pending(event->irq);
}
EXPORT_SYMBOL_GPL(xenmod_event_forget);

void xenmod_event_notify(struct xenmod_event *event, struct xenmod_stats *stats)
{
	xenmod_count(stats, XENMOD_NOTIFICATIONS, 1);
	trace_xenmod_notify(event->irq);
	notify_remote_via_irq(event->irq);
}
EXPORT_SYMBOL_GPL(xenmod_event_notify);
