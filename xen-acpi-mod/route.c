// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of interrupt routing.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "route.h"

/* MADT: bytes before its entries, type of an I/O APIC's, bytes of that. */
#define MADT_ENTRIES	44
#define MADT_IOAPIC	1
#define IOAPIC_BYTES	12
#define IOAPIC_ADDRESS	4
#define IOAPIC_GSI	8

int xenacpi_prt_next(const void *table, size_t size, size_t *offset,
		     struct xenacpi_prt *entry)
{
	const size_t head = offsetof(struct acpi_pci_routing_table, source);
	struct acpi_pci_routing_table raw;
	const char *source;

	if (*offset > size || size - *offset < sizeof(raw.length))
		return 0;
	memcpy(&raw.length, (const char *)table + *offset, sizeof(raw.length));
	if (!raw.length)
		return 0;
	if (raw.length <= head || raw.length > size - *offset)
		return -EINVAL;
	memcpy(&raw, (const char *)table + *offset, head);
	source = (const char *)table + *offset + head;
	if (!memchr(source, '\0', raw.length - head))
		return -EINVAL;
	*offset += raw.length;
	entry->device = raw.address >> 16 & 0xffff;
	entry->pin = raw.pin;
	entry->source = source;
	entry->index = raw.source_index;
	return 1;
}

static u32 read_u32(const u8 *bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (u32)bytes[3] << 24;
}

bool xenacpi_madt_ioapic(const void *madt, size_t size, u32 gsi,
			 struct xenacpi_ioapic *ioapic)
{
	const u8 *bytes = madt;
	bool found = false;
	size_t at;
	u32 base;

	for (at = MADT_ENTRIES; at + 2 <= size; at += bytes[at + 1]) {
		if (bytes[at + 1] < 2 || bytes[at + 1] > size - at)
			break;
		if (bytes[at] != MADT_IOAPIC || bytes[at + 1] < IOAPIC_BYTES)
			continue;
		base = read_u32(bytes + at + IOAPIC_GSI);
		if (base > gsi || (found && base < ioapic->gsi_base))
			continue;
		ioapic->gsi_base = base;
		ioapic->address = read_u32(bytes + at + IOAPIC_ADDRESS);
		found = true;
	}
	return found;
}

void xenacpi_rte_parse(u32 value, struct xenacpi_rte *rte)
{
	rte->vector = value & 0xff;
	rte->low = value & BIT(13);
	rte->level = value & BIT(15);
	rte->masked = value & BIT(16);
}
