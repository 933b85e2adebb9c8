/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What xen-acpi-processor tells of this machine: its processors, as firmware
 * names them and as Xen knows them, and its interrupt routing.
 */
#ifndef XENMOD_ACPI_H
#define XENMOD_ACPI_H

#include "text.h"

#define ACPI_OBJECT_MAX	128	/* a path in ACPI's namespace */
#define ACPI_WORD_MAX	16

enum acpi_kind {
	ACPI_C_STATES,
	ACPI_P_STATES,
	ACPI_T_STATES,
	ACPI_CPPC,
	ACPI_KIND_COUNT,
};

struct acpi_states {
	struct number read;	/* the firmware has that many good ones */
	struct number sent;	/* in the last upload */
	struct number error;	/* of that, 0: Xen took it; absent: none yet */
};

struct acpi_processor {
	struct number acpi_id;
	struct number apic_id;
	struct number cpu;		/* Xen's number */
	struct number online;
	char object[ACPI_OBJECT_MAX];
	struct acpi_states states[ACPI_KIND_COUNT];
	struct number limit;		/* _PPC */
	struct number uploads;
	struct number dropped;
};

struct acpi_route {
	char bus[ACPI_WORD_MAX];
	char device[ACPI_WORD_MAX];
	char pin[ACPI_WORD_MAX];
	char link[ACPI_OBJECT_MAX];	/* empty: wired to the GSI */
	struct number gsi;
	char trigger[ACPI_WORD_MAX];
	char polarity[ACPI_WORD_MAX];
	struct number pirq;
	struct number irq;		/* of Linux */
	char state[ACPI_WORD_MAX];
	bool used;			/* a device has this pin */
};

struct acpi {
	struct acpi_processor *processors;
	size_t processor_count;
	struct acpi_route *routes;
	size_t route_count;
};

/* One line of the module's debugfs each; false when it makes no sense. */
bool acpi_parse_processor(char *line, struct acpi_processor *p);
bool acpi_parse_route(char *line, struct acpi_route *r);

/*
 * Of the module's folder in debugfs, and that of PCI devices in sysfs; all empty
 * without the module.
 */
void acpi_collect(const char *folder, const char *pci, struct acpi *acpi);
void acpi_free(struct acpi *acpi);

#endif
