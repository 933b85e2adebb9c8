// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>
#include "device.h"

#define BAR_AT		0x10
#define BARS		6
#define BAR_BYTES	0x4000
/* Where a PC has no memory, and QEMU no device. */
#define BAR_PLACE	0xfd000000

uint8_t device[CONFIG_SIZE];
static uint32_t bar_bytes[BARS];

void device_set(int offset, int size, uint32_t value)
{
	memcpy(device + offset, &value, size);
}

void device_set_bar(int number, uint32_t place, uint32_t bytes)
{
	device_set(BAR_AT + number * 4, 4, place);
	bar_bytes[number] = bytes;
}

void device_init(void)
{
	memset(device, 0, sizeof(device));
	/* QEMU's test device; no driver claims it. */
	device_set(0x00, 4, 0x00051b36);
	device_set(0x06, 2, 0x0010);		/* has capabilities */
	device_set(0x08, 4, 0x00ff0001);
	device_set_bar(0, BAR_PLACE, BAR_BYTES);
	device_set(0x34, 1, MSI_AT);
	device_set(MSI_AT, 4, 0x0080 << 16 | MSIX_AT << 8 | 0x05);
	device_set(MSIX_AT, 4, 0x0007 << 16 | 0x11);
	device_set(MSIX_AT + 4, 4, 0x00000000);
	device_set(MSIX_AT + 8, 4, 0x00002000);
}

static bool valid(int offset, int size)
{
	return (size == 1 || size == 2 || size == 4) && offset >= 0 &&
	       offset <= CONFIG_SIZE - size;
}

uint32_t device_read(int offset, int size)
{
	uint32_t value = 0;

	if (!valid(offset, size))
		return ~0U;
	memcpy(&value, device + offset, size);
	return value;
}

void device_write(int offset, int size, uint32_t value)
{
	if (!valid(offset, size))
		return;
	if (offset >= BAR_AT && offset < BAR_AT + BARS * 4) {
		uint32_t bytes = bar_bytes[(offset - BAR_AT) / 4];

		/* What is not as it should be does not move. */
		if (!bytes || size != 4 || offset % 4)
			return;
		value &= ~(bytes - 1);
		/* Its kind is kept. */
		value |= device[offset] & 0xf;
	} else if (offset >= BAR_AT + BARS * 4 && offset < BAR_AT + BARS * 4 + 12) {
		return;
	} else if (offset < 4 || offset == 0x0e) {
		return;
	}
	device_set(offset, size, value);
}
