/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Idle states: _CST (ACPI 6.5, 8.4.1.1), and those of processors without it,
 * from the processor's register block and the FADT (8.3, 5.2.9).
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_CSTATE_H
#define XEN_ACPI_CSTATE_H

#include "object.h"

/* Xen itself keeps seven, and says what it ignores. */
#define XENACPI_CSTATES		16

/* Bytes of a register block that has both registers for C2 and C3. */
#define XENACPI_PBLK_LENGTH	6

/**
 * struct xenacpi_cstate - an idle state
 * @reg: how to enter it: a port, or fixed hardware
 * @type: 1 to 3
 * @latency: to leave it, at worst, in microseconds
 * @power: in milliwatts
 */
struct xenacpi_cstate {
	struct xenacpi_register reg;
	u32 type;
	u32 latency;
	u32 power;
};

/**
 * struct xenacpi_cstates - a processor's idle states
 * @nr: number of them
 * @from_cst: they are from _CST
 * @state: the states, in the firmware's order
 */
struct xenacpi_cstates {
	u32 nr;
	bool from_cst;
	struct xenacpi_cstate state[XENACPI_CSTATES];
};

/**
 * xenacpi_cst_parse() - read _CST
 * @object: what it returned
 * @states: receives the states that are good; all else in it is zero
 * @faults: receives what was dropped
 */
void xenacpi_cst_parse(const union acpi_object *object,
		       struct xenacpi_cstates *states,
		       struct xenacpi_faults *faults);

/**
 * xenacpi_pblk_parse() - idle states of a processor without _CST
 * @address: of its register block
 * @length: of its register block
 * @c2_latency: the FADT's, in microseconds
 * @c3_latency: the FADT's, in microseconds
 * @c2: whether C2 can be used with that many processors (FADT, C2_MP_SUPPORTED)
 * @states: receives the states; all else in it is zero
 */
void xenacpi_pblk_parse(u64 address, u32 length, u16 c2_latency,
			u16 c3_latency, bool c2,
			struct xenacpi_cstates *states);

#endif /* XEN_ACPI_CSTATE_H */
