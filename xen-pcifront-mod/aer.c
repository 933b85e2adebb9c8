// SPDX-License-Identifier: GPL-2.0
/*
 * Errors that a device reported, step by step: the backend asks, the device's
 * driver here says how to go on.
 */
#include <linux/pci.h>
#include "pcifront.h"
#include "trace.h"

/* A step that the driver need not take part in. */
#define NO_OBJECTION	PCI_ERS_RESULT_RECOVERED

static pci_ers_result_t driver_step(struct pci_dev *dev,
				    const struct pci_error_handlers *handler,
				    const struct pcifront_report *report)
{
	switch (report->cmd) {
	case PCIIF_AER_DETECTED:
		if (!handler->error_detected)
			return PCI_ERS_RESULT_NONE;
		dev->error_state = (__force pci_channel_state_t)report->state;
		return handler->error_detected(dev, dev->error_state);

	case PCIIF_AER_MMIO:
		return handler->mmio_enabled ? handler->mmio_enabled(dev) :
					       NO_OBJECTION;

	case PCIIF_AER_SLOT_RESET:
		dev->error_state = pci_channel_io_normal;
		return handler->slot_reset ? handler->slot_reset(dev) :
					     NO_OBJECTION;

	default:
		dev->error_state = pci_channel_io_normal;
		if (handler->resume)
			handler->resume(dev);
		return PCI_ERS_RESULT_RECOVERED;
	}
}

static pci_ers_result_t device_step(struct pci_dev *dev,
				    const struct pcifront_report *report)
{
	pci_ers_result_t result = PCI_ERS_RESULT_NONE;
	struct pci_driver *driver;

	/* The driver stays while the lock is held. */
	device_lock(&dev->dev);
	driver = dev->dev.driver ? to_pci_driver(dev->dev.driver) : NULL;
	if (driver && driver->err_handler)
		result = driver_step(dev, driver->err_handler, report);
	device_unlock(&dev->dev);
	return result;
}

static pci_ers_result_t serve(struct pcifront *front,
			      const struct pciif_aer *aer)
{
	pci_ers_result_t result = PCI_ERS_RESULT_NONE;
	struct pcifront_report report;
	struct pci_dev *dev;

	if (pcifront_report_check(aer, &report))
		return result;
	dev = pcifront_root_find(front, report.domain, report.bus,
				 report.devfn);
	if (!dev)
		return result;
	result = device_step(dev, &report);
	pci_dev_put(dev);
	return result;
}

void pcifront_report_work(struct work_struct *work)
{
	struct pcifront *front = container_of(to_delayed_work(work),
					      struct pcifront, report_work);
	pci_ers_result_t result;
	struct pciif_aer aer;

	if (!pcifront_channel_report(&front->channel, &aer))
		return;
	/* One error takes four steps. */
	if (!__ratelimit(&front->reports)) {
		queue_delayed_work(front->queue, &front->report_work, HZ);
		return;
	}
	result = serve(front, &aer);
	trace_pcifront_report(aer.cmd, aer.err, aer.domain, aer.bus, aer.devfn,
			      (__force unsigned int)result);
	pcifront_channel_report_done(&front->channel,
				     (__force unsigned int)result);
}
