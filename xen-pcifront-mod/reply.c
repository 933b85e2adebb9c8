// SPDX-License-Identifier: GPL-2.0
/*
 * What the backend says, checked.
 */
#include <linux/errno.h>
#include <linux/pci.h>
#include "reply.h"

/* PCI_HEADER_TYPE: bits that tell the kind, and a kind that there is not. */
#define HEADER_KIND		0x7fU
#define HEADER_NO_KIND		0x7fU

/* Vendor of a function that is not ready yet ("request retry status"). */
#define VENDOR_RETRY		0x0001U

bool pcifront_access_valid(int where, int size)
{
	if (size != 1 && size != 2 && size != 4)
		return false;
	return where >= 0 && where <= PCIFRONT_CONFIG_SIZE - size &&
	       !(where & (size - 1));
}

int pcifront_config_status(s32 err)
{
	switch (err) {
	case PCIIF_SUCCESS:
		return PCIBIOS_SUCCESSFUL;
	case PCIIF_NOT_FOUND:
		return PCIBIOS_DEVICE_NOT_FOUND;
	case PCIIF_BAD_OFFSET:
		return PCIBIOS_BAD_REGISTER_NUMBER;
	case PCIIF_NOT_IMPLEMENTED:
		return PCIBIOS_FUNC_NOT_SUPPORTED;
	default:
		return PCIBIOS_SET_FAILED;
	}
}

/* Where an access has this byte: how far up in its value; -1 if it has not. */
static int shift_of(int where, int size, int byte)
{
	return byte >= where && byte < where + size ? (byte - where) * 8 : -1;
}

u32 pcifront_config_value(int where, int size, u32 value)
{
	u32 mask = ~0U >> (32 - size * 8);
	int shift;

	value &= mask;
	shift = shift_of(where, size, PCI_HEADER_TYPE);
	if (shift >= 0 && (value >> shift) & HEADER_KIND)
		value |= HEADER_NO_KIND << shift;
	/* The PCI core reads vendor and device at once. */
	if (where == PCI_VENDOR_ID && size >= 2 &&
	    (value & 0xffff) == VENDOR_RETRY)
		value = mask;
	return value;
}

static bool pirq_valid(u32 pirq)
{
	return pirq >= PCIFRONT_LEAST_PIRQ && pirq <= PCIFRONT_MOST_PIRQ;
}

int pcifront_msi_pirq(u32 value)
{
	return pirq_valid(value) ? (int)value : -EINVAL;
}

int pcifront_msix_pirqs(u32 value, const struct pciif_vector *vectors,
			unsigned int count, int *pirqs)
{
	unsigned int i, j;

	if (value)
		return value < count ? (int)value : -EINVAL;

	for (i = 0; i < count; i++) {
		if (!pirq_valid(vectors[i].pirq))
			return -EINVAL;
		for (j = 0; j < i; j++)
			if (vectors[j].pirq == vectors[i].pirq)
				return -EINVAL;
		pirqs[i] = vectors[i].pirq;
	}
	return 0;
}

int pcifront_report_check(const struct pciif_aer *aer,
			  struct pcifront_report *report)
{
	if (aer->cmd < PCIIF_AER_DETECTED || aer->cmd > PCIIF_AER_SLOT_RESET)
		return -EINVAL;
	/* pci_channel_io_normal to pci_channel_io_perm_failure */
	if (aer->cmd == PCIIF_AER_DETECTED && (aer->err < 1 || aer->err > 3))
		return -EINVAL;
	if (aer->domain > 0xffff || aer->bus > 0xff || aer->devfn > 0xff)
		return -EINVAL;

	report->cmd = aer->cmd;
	report->state = aer->cmd == PCIIF_AER_DETECTED ? aer->err : 0;
	report->domain = aer->domain;
	report->bus = aer->bus;
	report->devfn = aer->devfn;
	return 0;
}
