/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builds what ACPI methods return. Each piece is memory of just its size, so
 * that reading beyond it shows.
 */
#ifndef HOST_ACPI_H
#define HOST_ACPI_H

#include <linux/acpi.h>

/* A package with so many entries, which are zero integers. */
union acpi_object *acpi_make_package(u32 count);
/* What stands in an entry becomes this; what stood there goes. */
void acpi_put_integer(union acpi_object *object, u64 value);
void acpi_put_string(union acpi_object *object, const char *text);
void acpi_put_buffer(union acpi_object *object, const void *bytes, u32 length);
void acpi_put_integers(union acpi_object *object, u32 count,
		       const u64 *values);
/* A register in a resource template, as ACPI's Register() makes it. */
void acpi_put_register(union acpi_object *object, u8 space, u8 width,
		       u8 offset, u8 access, u64 address);
/* An empty package in an entry. */
void acpi_put_package(union acpi_object *object, u32 count);
/* All of it. */
void acpi_free(union acpi_object *object);

#endif
