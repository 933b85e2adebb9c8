// SPDX-License-Identifier: GPL-2.0
/*
 * INTx: the backend shows a pirq as the interrupt line. The kernel binds it to an
 * interrupt when a device is enabled, and keeps that for ever. When the guest is
 * restored the kernel finds that there is no such pirq, and frees the interrupt out
 * of a list that it is walking: the guest's end. So it is given back here with the
 * last device that has it, whoever takes that off the bus.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/notifier.h>
#include <xen/events.h>
#include "pcifront.h"

static u8 *line_of(struct pci_dev *dev)
{
	if (dev->bus->ops != &pcifront_config_ops)
		return NULL;
	return &pcifront_root_of(dev->bus)->line[dev->devfn];
}

static bool is_shared(unsigned int line)
{
	struct pci_dev *dev = NULL;
	u8 *other;

	for_each_pci_dev(dev) {
		other = line_of(dev);
		if (other && *other == line) {
			pci_dev_put(dev);
			return true;
		}
	}
	return false;
}

static irqreturn_t no_interrupt(int irq, void *dev)
{
	return IRQ_NONE;
}

/* That takes a handler; nothing is started for it. */
static void unbind(unsigned int line)
{
	int irq = xen_irq_from_gsi(line);

	if (irq < 0)
		return;
	irq_set_status_flags(irq, IRQ_NOAUTOEN);
	if (!request_irq(irq, no_interrupt, 0, "xen-pcifront", &pcifront_driver))
		unbind_from_irqhandler(irq, &pcifront_driver);
}

/* All of it with the PCI core's lock held. */
static int notify(struct notifier_block *block, unsigned long action,
		  void *data)
{
	struct pci_dev *dev = to_pci_dev(data);
	u8 *line = line_of(dev);
	unsigned int old;

	if (!line)
		return NOTIFY_DONE;
	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		/* What the PCI core has read is no interrupt yet. */
		*line = dev->irq;
		dev->irq = 0;
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		old = *line;
		*line = 0;
		if (old && !is_shared(old))
			unbind(old);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

int pcifront_intx_init(void)
{
	return bus_register_notifier(&pci_bus_type, &notifier);
}

void pcifront_intx_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &notifier);
}
