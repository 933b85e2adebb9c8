// SPDX-License-Identifier: GPL-2.0
/*
 * MSI and MSI-X: the backend enables them in the device, Xen binds them to
 * pirqs, and the kernel's Xen code makes interrupts of these. Vectors are
 * masked there, at their event channels. None of the calls here is made
 * from a context that cannot sleep.
 */
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <asm/xen/pci.h>
#include <xen/events.h>
#include "compat.h"
#include "compat-pci.h"
#include "pcifront.h"

/* Which pirq is which device's, while it has it. */
static DEFINE_XARRAY(pirqs);

/* The hook is asked about devices of all buses, ours are told by their bus. */
static struct pcifront *front_of(struct pci_dev *dev)
{
	if (dev->bus->ops != &pcifront_config_ops)
		return NULL;
	return READ_ONCE(pcifront_root_of(dev->bus)->front);
}

static int msi_call(struct pci_dev *dev, struct pcifront_call *call)
{
	struct pcifront *front;
	int index, err;

	index = srcu_read_lock(&pcifront_users);
	front = front_of(dev);
	if (front) {
		call->root = pcifront_root_of(dev->bus);
		call->devfn = dev->devfn;
		err = pcifront_call_sleeping(front, call);
	} else {
		err = -ENODEV;
	}
	srcu_read_unlock(&pcifront_users, index);
	if (err)
		return err;
	return call->err ? -EINVAL : 0;
}

/*
 * The kernel would make a second interrupt of a pirq, and one of them be dead. A
 * GSI of INTx is the pirq as well.
 */
static int claim_pirqs(struct pci_dev *dev, const int pirq[],
		       unsigned int count)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < count && !err; i++)
		err = xen_irq_from_gsi(pirq[i]) >= 0 ? -EBUSY :
		      xa_insert(&pirqs, pirq[i], dev, GFP_KERNEL);
	if (err == -EBUSY)
		pci_warn(dev, "pirq %d belongs to another device\n",
			 pirq[i - 1]);
	return err;
}

static void release_pirqs(struct pci_dev *dev)
{
	unsigned long pirq;
	void *owner;

	xa_for_each(&pirqs, pirq, owner)
		if (owner == dev)
			xa_erase(&pirqs, pirq);
}

/*
 * Disable whatever this device has. Which of the two the kernel asks for is not
 * to be relied upon: since 5.17 it is MSI when MSI-X is torn down.
 */
static void disable(struct pci_dev *dev)
{
	struct pcifront_call msix = { .cmd = PCIIF_DISABLE_MSIX };
	struct pcifront_call msi = { .cmd = PCIIF_DISABLE_MSI };
	struct pcifront_root *root;

	if (!front_of(dev))
		return;
	root = pcifront_root_of(dev->bus);
	release_pirqs(dev);
	/* Nothing is left to be done if that fails. */
	if (test_and_clear_bit(dev->devfn, root->msix))
		msi_call(dev, &msix);
	if (test_and_clear_bit(dev->devfn, root->msi))
		msi_call(dev, &msi);
}

static int enable_msi(struct pci_dev *dev, int vector[])
{
	struct pcifront_call call = { .cmd = PCIIF_ENABLE_MSI };
	int pirq, err;

	err = msi_call(dev, &call);
	if (err)
		return err;
	set_bit(dev->devfn, pcifront_root_of(dev->bus)->msi);
	pirq = pcifront_msi_pirq(call.value);
	if (pirq < 0) {
		pci_warn(dev, "the backend enabled MSI with pirq %u\n",
			 call.value);
		disable(dev);
		return pirq;
	}
	err = claim_pirqs(dev, &pirq, 1);
	if (err) {
		disable(dev);
		return err;
	}
	vector[0] = pirq;
	return 0;
}

/* Returns how many entries there are, at most as many as there is room for. */
static unsigned int list_entries(struct pci_dev *dev,
				 struct pciif_vector *vectors,
				 unsigned int room)
{
	struct msi_desc *desc;
	unsigned int i = 0;

	compat_for_each_msix(desc, dev) {
		if (i == room)
			break;
		vectors[i].entry = compat_msix_index(desc);
		vectors[i].pirq = 0xffff;
		i++;
	}
	return i;
}

static int enable_msix_vectors(struct pci_dev *dev,
			       struct pciif_vector *vectors, int pirq[],
			       unsigned int count)
{
	struct pcifront_call call = {
		.cmd = PCIIF_ENABLE_MSIX,
		.value = count,
		.vectors = vectors,
		.count = count,
	};
	int err;

	if (list_entries(dev, vectors, count) != count)
		return -EINVAL;
	err = msi_call(dev, &call);
	if (err)
		return err;
	set_bit(dev->devfn, pcifront_root_of(dev->bus)->msix);
	err = pcifront_msix_pirqs(call.value, vectors, count, pirq);
	if (err < 0)
		pci_warn(dev, "the backend enabled MSI-X with invalid pirqs\n");
	if (!err)
		err = claim_pirqs(dev, pirq, count);
	if (err)
		disable(dev);
	return err;
}

static int enable_msix(struct pci_dev *dev, int vector[], int count)
{
	struct pciif_vector *vectors;
	int err;

	if (count < 1)
		return -EINVAL;
	/* The PCI core tries again with so many. */
	if (count > PCIIF_MAX_VECTORS)
		return PCIIF_MAX_VECTORS;

	vectors = kcalloc(count, sizeof(*vectors), GFP_KERNEL);
	if (!vectors)
		return -ENOMEM;
	err = enable_msix_vectors(dev, vectors, vector, count);
	kfree(vectors);
	return err;
}

static struct xen_pci_frontend_ops pcifront_msi_ops = {
	.enable_msi = enable_msi,
	.disable_msi = disable,
	.enable_msix = enable_msix,
	.disable_msix = disable,
};

void pcifront_msi_init(void)
{
	xen_pci_frontend = &pcifront_msi_ops;
}

/* No device is left that could ask. */
void pcifront_msi_exit(void)
{
	xen_pci_frontend = NULL;
	xa_destroy(&pirqs);
}
