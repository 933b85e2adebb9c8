/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_PCI_H
#define HOST_LINUX_PCI_H

#include <linux/pci_regs.h>

#define PCIBIOS_SUCCESSFUL		0x00
#define PCIBIOS_FUNC_NOT_SUPPORTED	0x81
#define PCIBIOS_DEVICE_NOT_FOUND	0x86
#define PCIBIOS_BAD_REGISTER_NUMBER	0x87
#define PCIBIOS_SET_FAILED		0x88

struct attribute_group;

#endif
