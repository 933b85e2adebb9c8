// SPDX-License-Identifier: GPL-2.0
#include <linux/acpi.h>

static __used struct acpi_device *fetch(acpi_handle handle)
{
	return acpi_fetch_acpi_dev(handle);
}
