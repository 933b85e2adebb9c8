/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the backend says, checked. All arguments are private copies. Pure: it
 * compiles in user space too (tests/host).
 */
#ifndef XEN_PCIFRONT_REPLY_H
#define XEN_PCIFRONT_REPLY_H

#include <linux/types.h>
#include <xenmod/pciif.h>

/* Bytes of a function's configuration space. */
#define PCIFRONT_CONFIG_SIZE	4096

/*
 * The kernel keeps a bit for each pirq in one page, so larger numbers are not
 * for it; Xen gives the smallest ones to the interrupts of ISA.
 */
#define PCIFRONT_LEAST_PIRQ	16
#define PCIFRONT_MOST_PIRQ	32767

/**
 * struct pcifront_report - an error report that makes sense
 * @cmd: PCIIF_AER_DETECTED to PCIIF_AER_SLOT_RESET
 * @state: of the channel, for %PCIIF_AER_DETECTED, as a pci_channel_state_t
 * @domain: of the function
 * @bus: the same
 * @devfn: the same
 */
struct pcifront_report {
	unsigned int cmd;
	unsigned int state;
	unsigned int domain;
	unsigned int bus;
	unsigned int devfn;
};

/**
 * pcifront_access_valid() - may the backend be asked for this
 * @where: place in the configuration space
 * @size: how many bytes
 *
 * Return: whether that is 1, 2 or 4 bytes, aligned, within the space.
 */
bool pcifront_access_valid(int where, int size);

/**
 * pcifront_config_status() - how an access to the configuration space went
 * @err: as answered; any number
 *
 * Return: one of PCIBIOS_SUCCESSFUL and its neighbours.
 */
int pcifront_config_status(s32 err);

/**
 * pcifront_config_value() - what was read, as the PCI core may see it
 * @where: place, valid
 * @size: bytes, valid
 * @value: as answered; any number
 *
 * Nothing goes beyond the width that was asked for. A bridge becomes a device
 * of no known kind: nobody is given bridges, and the PCI core would look for
 * buses behind it. A function that asks to be asked again is not there: the PCI
 * core would wait for it for a minute.
 *
 * Return: the value.
 */
u32 pcifront_config_value(int where, int size, u32 value);

/**
 * pcifront_msi_pirq() - the interrupt that the backend enabled
 * @value: as answered
 *
 * Return: the pirq, or -EINVAL.
 */
int pcifront_msi_pirq(u32 value);

/**
 * pcifront_msix_pirqs() - the interrupts that the backend enabled
 * @value: as answered: 0 for all, or how many there could be
 * @vectors: as answered
 * @count: how many were asked for, 1 to %PCIIF_MAX_VECTORS
 * @pirqs: room for as many
 *
 * Return: 0 when @pirqs has all of them, each another one; a positive number
 * below @count when only so many could be had; else -EINVAL.
 */
int pcifront_msix_pirqs(u32 value, const struct pciif_vector *vectors,
			unsigned int count, int *pirqs);

/**
 * pcifront_report_check() - does an error report make sense
 * @aer: as read
 * @report: filled in if it does
 *
 * Return: 0 or -EINVAL.
 */
int pcifront_report_check(const struct pciif_aer *aer,
			  struct pcifront_report *report);

#endif /* XEN_PCIFRONT_REPLY_H */
