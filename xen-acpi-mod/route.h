/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of interrupt routing: _PRT as ACPICA unpacks it, I/O APICs in the
 * MADT (ACPI 6.5, 6.2.13 and 5.2.12.3), an I/O APIC's redirection entries.
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_ROUTE_H
#define XEN_ACPI_ROUTE_H

#include <linux/acpi.h>
#include <linux/types.h>

/**
 * struct xenacpi_prt - an entry of _PRT
 * @device: number of the PCI device on its bus
 * @pin: from 0, which is INTA, to 3, if the firmware knows what it does
 * @source: name of the link device, within the table; "" if there is none
 * @index: the GSI where there is no link, else which of the link's interrupts
 */
struct xenacpi_prt {
	u32 device;
	u32 pin;
	const char *source;
	u32 index;
};

/**
 * struct xenacpi_ioapic - where a GSI's I/O APIC is
 * @address: of its registers
 * @gsi_base: the GSI of its first pin
 */
struct xenacpi_ioapic {
	u32 address;
	u32 gsi_base;
};

/**
 * struct xenacpi_rte - what a redirection entry says
 * @vector: 0 before it was set up
 * @level: level, not edge
 * @low: active low, not high
 * @masked: does not interrupt
 */
struct xenacpi_rte {
	u8 vector;
	bool level;
	bool low;
	bool masked;
};

/**
 * xenacpi_prt_next() - take the next entry of a routing table
 * @table: from acpi_get_irq_routing_table()
 * @size: its bytes
 * @offset: where the entry begins, 0 at first; moved behind it
 * @entry: receives it
 *
 * Return: 1 if there was one, 0 at the end, -EINVAL if the table is broken.
 */
int xenacpi_prt_next(const void *table, size_t size, size_t *offset,
		     struct xenacpi_prt *entry);

/**
 * xenacpi_madt_ioapic() - find the I/O APIC of a GSI
 * @madt: the table, with its header
 * @size: its bytes
 * @gsi: the GSI
 * @ioapic: receives the one with the greatest base that is not above @gsi
 *
 * Return: whether there is one.
 */
bool xenacpi_madt_ioapic(const void *madt, size_t size, u32 gsi,
			 struct xenacpi_ioapic *ioapic);

/**
 * xenacpi_rte_parse() - read the lower half of a redirection entry
 * @value: the register
 * @rte: receives it
 */
void xenacpi_rte_parse(u32 value, struct xenacpi_rte *rte);

#endif /* XEN_ACPI_ROUTE_H */
