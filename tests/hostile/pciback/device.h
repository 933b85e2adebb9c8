/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that there is not: its configuration space.
 */
#ifndef PCIBACK_DEVICE_H
#define PCIBACK_DEVICE_H

#include <stdint.h>

#define CONFIG_SIZE	4096

/* Where its capabilities are. */
#define MSI_AT		0x50
#define MSIX_AT		0x70

extern uint8_t device[CONFIG_SIZE];

/* As a device is after a reset. */
void device_init(void);

/* Place and size are the frontend's; a bad one reads as all ones. */
uint32_t device_read(int offset, int size);
void device_write(int offset, int size, uint32_t value);

/* So that a read has these bytes. */
void device_set(int offset, int size, uint32_t value);

/* A BAR of that size, a power of two; those of size 0 cannot be moved. */
void device_set_bar(int number, uint32_t place, uint32_t bytes);

#endif /* PCIBACK_DEVICE_H */
