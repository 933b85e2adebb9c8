/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PCI protocol as it stands in the shared page and in xenstore. Facts from
 * Xen's public io/pciif.h.
 *
 * There is one page and one event channel for all functions that a guest has
 * been given. The frontend has one operation at a time, the backend one error
 * report at a time, each with a place and a flag of its own.
 */
#ifndef XENMOD_PCIIF_H
#define XENMOD_PCIIF_H

#include <linux/build_bug.h>
#include <linux/types.h>

/* The frontend's node "magic": the version of this protocol. */
#define PCIIF_MAGIC		"7"

/*
 * Bits of struct pciif_page.flags. Both ends change them, each with atomic
 * operations that are atomic on one CPU, too.
 */
/* set by the frontend when its operation is complete, cleared with the answer */
#define PCIIF_FRONT_ACTIVE	0
/* set by a frontend that serves error reports */
#define PCIIF_AER_HANDLER	1
/* set by the backend when its report is complete, cleared with the answer */
#define PCIIF_BACK_ACTIVE	2

/* struct pciif_op.cmd: @size bytes at @offset are the answer's value */
#define PCIIF_CONFIG_READ	0
/* the lowest @size bytes of value go to @offset */
#define PCIIF_CONFIG_WRITE	1
/* the answer's value is the interrupt */
#define PCIIF_ENABLE_MSI	2
#define PCIIF_DISABLE_MSI	3
/* value is how many vectors; the answer's value is zero when all are there */
#define PCIIF_ENABLE_MSIX	4
#define PCIIF_DISABLE_MSIX	5
/* struct pciif_aer.cmd: @err is the channel's state */
#define PCIIF_AER_DETECTED	6
#define PCIIF_AER_RESUME	7
#define PCIIF_AER_MMIO		8
#define PCIIF_AER_SLOT_RESET	9

/* struct pciif_op.err */
#define PCIIF_SUCCESS		0
#define PCIIF_NOT_FOUND		(-1)
#define PCIIF_BAD_OFFSET	(-2)
#define PCIIF_ACCESS_DENIED	(-3)
#define PCIIF_NOT_IMPLEMENTED	(-4)
#define PCIIF_FAILED		(-5)

/* Vectors that an operation has room for. */
#define PCIIF_MAX_VECTORS	128

/**
 * struct pciif_vector - one MSI-X interrupt
 * @pirq: answered: Xen's number of the interrupt
 * @entry: asked: its place in the device's table
 */
struct pciif_vector {
	u16 pirq;
	u16 entry;
};

/**
 * struct pciif_op - what the frontend wants
 * @cmd: PCIIF_CONFIG_READ to PCIIF_DISABLE_MSIX
 * @err: answered: one of the above, or a negative errno
 * @domain: of the function, as the backend shows it
 * @bus: the same
 * @devfn: the same
 * @offset: place in the configuration space
 * @size: 1, 2 or 4 bytes
 * @value: depends on @cmd
 * @info: unused
 * @vectors: %PCIIF_ENABLE_MSIX
 */
struct pciif_op {
	u32 cmd;
	s32 err;
	u32 domain;
	u32 bus;
	u32 devfn;
	s32 offset;
	s32 size;
	u32 value;
	u32 info;
	struct pciif_vector vectors[PCIIF_MAX_VECTORS];
};

/**
 * struct pciif_aer - an error that the backend reports, in several steps
 * @cmd: PCIIF_AER_DETECTED to PCIIF_AER_SLOT_RESET
 * @err: the channel's state, 1 to 3; answered: what the driver says, 1 to 6,
 *	numbered as pci_channel_state_t and pci_ers_result_t are
 * @domain: of the function, as the backend shows it
 * @bus: the same
 * @devfn: the same
 */
struct pciif_aer {
	u32 cmd;
	s32 err;
	u32 domain;
	u32 bus;
	u32 devfn;
};

/**
 * struct pciif_page - the shared page
 * @flags: set of 1 << PCIIF_FRONT_ACTIVE and its neighbours
 * @op: the frontend's
 * @aer: the backend's
 */
struct pciif_page {
	u32 flags;
	struct pciif_op op;
	struct pciif_aer aer;
};

static_assert(sizeof(struct pciif_op) == 548);
static_assert(sizeof(struct pciif_aer) == 20);
static_assert(sizeof(struct pciif_page) == 572);

#endif /* XENMOD_PCIIF_H */
