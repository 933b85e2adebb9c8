/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Collaborative performance control: _CPC (ACPI 6.5, 8.4.6.1).
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_CPC_H
#define XEN_ACPI_CPC_H

#include "object.h"

/**
 * struct xenacpi_cpc - what of _CPC Xen wants to know
 * @highest: performance, on the firmware's own scale; 0 if it stands in a
 *	register, which Xen reads by itself
 * @nominal: likewise
 * @lowest_nonlinear: likewise
 * @lowest: likewise
 * @lowest_mhz: frequency at @lowest; 0 if unknown
 * @nominal_mhz: frequency at @nominal; 0 if unknown
 */
struct xenacpi_cpc {
	u32 highest;
	u32 nominal;
	u32 lowest_nonlinear;
	u32 lowest;
	u32 lowest_mhz;
	u32 nominal_mhz;
};

/**
 * xenacpi_cpc_parse() - read _CPC
 * @object: what it returned
 * @cpc: receives it
 * @faults: receives what is wrong
 *
 * Return: whether it is good.
 */
bool xenacpi_cpc_parse(const union acpi_object *object,
		       struct xenacpi_cpc *cpc, struct xenacpi_faults *faults);

#endif /* XEN_ACPI_CPC_H */
