/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ACPI methods return (ACPICA's interface), and an entry of a routing table.
 */
#ifndef HOST_LINUX_ACPI_H
#define HOST_LINUX_ACPI_H

#include <linux/types.h>

#define ACPI_TYPE_ANY			0
#define ACPI_TYPE_INTEGER		1
#define ACPI_TYPE_STRING		2
#define ACPI_TYPE_BUFFER		3
#define ACPI_TYPE_PACKAGE		4
#define ACPI_TYPE_PROCESSOR		12
#define ACPI_TYPE_LOCAL_REFERENCE	20

#define ACPI_ADR_SPACE_SYSTEM_MEMORY	0
#define ACPI_ADR_SPACE_SYSTEM_IO	1
#define ACPI_ADR_SPACE_FIXED_HARDWARE	0x7f

union acpi_object {
	u32 type;
	struct {
		u32 type;
		u64 value;
	} integer;
	struct {
		u32 type;
		u32 length;
		char *pointer;
	} string;
	struct {
		u32 type;
		u32 length;
		u8 *pointer;
	} buffer;
	struct {
		u32 type;
		u32 count;
		union acpi_object *elements;
	} package;
};

struct acpi_pci_routing_table {
	u32 length;
	u32 pin;
	u64 address;
	u32 source_index;
	char source[4];
};

#endif
