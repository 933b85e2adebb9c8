// SPDX-License-Identifier: GPL-2.0
/*
 * Says which step of a recovery it is asked for, and answers each one so that
 * the next must follow. For the device that hostile-pciback shows. Test code.
 */
#include <linux/module.h>
#include <linux/pci.h>

static pci_ers_result_t error_detected(struct pci_dev *dev,
				       pci_channel_state_t state)
{
	pci_info(dev, "recovery: detected, state %u\n",
		 (__force unsigned int)state);
	return PCI_ERS_RESULT_CAN_RECOVER;
}

static pci_ers_result_t mmio_enabled(struct pci_dev *dev)
{
	pci_info(dev, "recovery: mmio enabled\n");
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t slot_reset(struct pci_dev *dev)
{
	pci_info(dev, "recovery: slot reset\n");
	return PCI_ERS_RESULT_RECOVERED;
}

static void resume(struct pci_dev *dev)
{
	pci_info(dev, "recovery: resume\n");
}

static const struct pci_error_handlers handlers = {
	.error_detected = error_detected,
	.mmio_enabled = mmio_enabled,
	.slot_reset = slot_reset,
	.resume = resume,
};

static int probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	return 0;
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0005) },
	{ }
};

static struct pci_driver recovery_driver = {
	.name = "recovery",
	.id_table = ids,
	.probe = probe,
	.err_handler = &handlers,
};
module_pci_driver(recovery_driver);

MODULE_DESCRIPTION("A driver that is asked to recover");
MODULE_LICENSE("GPL");
