// SPDX-License-Identifier: GPL-2.0
#include <linux/msi.h>
#include <linux/pci.h>

static __used unsigned int count(struct pci_dev *pdev)
{
	struct msi_desc *desc;
	unsigned int n = 0;

	msi_for_each_desc(desc, &pdev->dev, MSI_DESC_NOTASSOCIATED)
		n += desc->msi_index;
	return n;
}
