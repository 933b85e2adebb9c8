/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_PCI_H
#define HOST_LINUX_PCI_H

struct attribute_group;

#endif
