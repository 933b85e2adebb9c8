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

/*
 * Drivers rely on the order of the steps, and may hang or crash without it. So
 * a device with an error has this, from the first step to the last, and no
 * longer than its driver: it is one of the driver's resources.
 */
struct error {
	bool needs_reset;
	bool lost;
};

static void error_release(struct device *dev, void *error)
{
}

static struct error *error_begin(struct pci_dev *dev)
{
	struct error *error;

	error = devres_alloc(error_release, sizeof(*error), GFP_KERNEL);
	if (error)
		devres_add(&dev->dev, error);
	return error;
}

/* Whether the step is in order; *error is the device's then. */
static bool in_order(struct pci_dev *dev, unsigned int cmd,
		     struct error **error)
{
	*error = devres_find(&dev->dev, error_release, NULL, NULL);
	if (cmd == PCIIF_AER_DETECTED) {
		if (*error)
			return false;
		*error = error_begin(dev);
		return *error;
	}
	if (!*error || (*error)->lost)
		return false;
	return cmd != PCIIF_AER_RESUME || !(*error)->needs_reset;
}

static pci_ers_result_t ordered_step(struct pci_dev *dev,
				     const struct pci_error_handlers *handler,
				     const struct pcifront_report *report)
{
	pci_ers_result_t result;
	struct error *error;

	if (!in_order(dev, report->cmd, &error))
		return PCI_ERS_RESULT_NONE;
	result = driver_step(dev, handler, report);
	if (report->cmd == PCIIF_AER_RESUME) {
		devres_destroy(&dev->dev, error_release, NULL, NULL);
		return result;
	}
	error->lost = result == PCI_ERS_RESULT_DISCONNECT;
	error->needs_reset = result == PCI_ERS_RESULT_NEED_RESET ||
			     (error->needs_reset &&
			      report->cmd != PCIIF_AER_SLOT_RESET);
	return result;
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
		result = ordered_step(dev, driver->err_handler, report);
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
