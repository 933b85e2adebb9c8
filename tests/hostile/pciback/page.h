/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page that a PCI frontend shares, and the event channel that goes with it.
 */
#ifndef PCIBACK_PAGE_H
#define PCIBACK_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define FRONT_ACTIVE	1U
#define AER_HANDLER	2U
#define BACK_ACTIVE	4U

enum { READ, WRITE, ENABLE_MSI, DISABLE_MSI, ENABLE_MSIX, DISABLE_MSIX };
enum { AER_DETECTED = 6, AER_RESUME, AER_MMIO, AER_SLOT_RESET };

#define VECTORS	128

struct op {
	uint32_t cmd;
	int32_t err;
	uint32_t domain, bus, devfn;
	int32_t offset, size;
	uint32_t value, info;
	struct { uint16_t pirq, entry; } vectors[VECTORS];
};

struct aer {
	uint32_t cmd;
	int32_t err;
	uint32_t domain, bus, devfn;
};

struct page {
	_Atomic uint32_t flags;
	struct op op;
	struct aer aer;
};

/* Map the page and bind the port; ends the program if that fails. */
volatile struct page *page_open(unsigned int domain, unsigned int ref,
				unsigned int port);

/* One hypercall. */
void page_notify(void);

/* Wait for an event of the frontend; false when the time is over. */
bool page_wait(unsigned int timeout_ms);

#endif /* PCIBACK_PAGE_H */
