/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the PCI frontend needs, on older kernels.
 */
#ifndef XENMOD_COMPAT_PCI_H
#define XENMOD_COMPAT_PCI_H

#include <linux/msi.h>
#include <xen/grant_table.h>

/*
 * The vectors of a device that the architecture is to set up, in order, and the
 * place in the device's table that each of them has.
 */
#ifdef HAVE_MSI_FOR_EACH_DESC
#define compat_for_each_msix(desc, pdev) \
	msi_for_each_desc(desc, &(pdev)->dev, MSI_DESC_NOTASSOCIATED)
#define compat_msix_index(desc) ((desc)->msi_index)
#else
#define compat_for_each_msix(desc, pdev) for_each_pci_msi_entry(desc, pdev)
#define compat_msix_index(desc) ((desc)->msi_attrib.entry_nr)
#endif

#ifndef HAVE_END_FOREIGN_ACCESS_PAGE
#define gnttab_end_foreign_access(ref, page) \
	gnttab_end_foreign_access(ref, 0, (unsigned long)page_address(page))
#endif

#endif /* XENMOD_COMPAT_PCI_H */
