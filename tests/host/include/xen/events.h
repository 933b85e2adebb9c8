/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_EVENTS_H
#define HOST_XEN_EVENTS_H

#include <linux/interrupt.h>
#include <xen/interface/event_channel.h>

#define XEN_EOI_FLAG_SPURIOUS	1

struct xenbus_device;

int bind_interdomain_evtchn_to_irqhandler_lateeoi(struct xenbus_device *dev,
						  evtchn_port_t port,
						  irq_handler_t handler,
						  unsigned long flags,
						  const char *name, void *data);
void unbind_from_irqhandler(unsigned int irq, void *data);
void xen_irq_lateeoi(unsigned int irq, unsigned int flags);
void xen_poll_irq_timeout(int irq, u64 timeout);
void xen_clear_irq_pending(int irq);
void notify_remote_via_irq(int irq);

#endif
