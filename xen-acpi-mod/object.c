// SPDX-License-Identifier: GPL-2.0
/*
 * Integers, packages and registers, as ACPI methods return them.
 */
#include <linux/string.h>
#include "object.h"

/* ACPI 6.5, 6.4.3.7: tag, length of what follows, and places of its fields. */
#define REGISTER_TAG		0x82
#define REGISTER_LENGTH		12
#define REGISTER_SPACE		3
#define REGISTER_WIDTH		4
#define REGISTER_OFFSET		5
#define REGISTER_ACCESS		6
#define REGISTER_ADDRESS	7
#define REGISTER_END		15

void xenacpi_fault(struct xenacpi_faults *faults, int entry, const char *what)
{
	if (faults->nr < XENACPI_FAULTS) {
		faults->fault[faults->nr].entry = entry;
		faults->fault[faults->nr].what = what;
	}
	faults->nr++;
}

bool xenacpi_integer(const union acpi_object *object, u64 *value)
{
	if (object->type != ACPI_TYPE_INTEGER)
		return false;
	*value = object->integer.value;
	return true;
}

bool xenacpi_is_package(const union acpi_object *object, unsigned int least)
{
	return object->type == ACPI_TYPE_PACKAGE &&
	       object->package.count >= least &&
	       (object->package.elements || !least);
}

bool xenacpi_integers(const union acpi_object *object, unsigned int nr,
		      u64 *values)
{
	unsigned int i;

	if (!xenacpi_is_package(object, nr))
		return false;
	for (i = 0; i < nr; i++)
		if (!xenacpi_integer(&object->package.elements[i], &values[i]))
			return false;
	return true;
}

const char *xenacpi_register_parse(const union acpi_object *object,
				   struct xenacpi_register *reg)
{
	const u8 *bytes;
	u64 address = 0;
	int i;

	if (object->type != ACPI_TYPE_BUFFER)
		return "register is no buffer";
	bytes = object->buffer.pointer;
	if (!bytes || object->buffer.length < REGISTER_END)
		return "register is too short";
	if (bytes[0] != REGISTER_TAG ||
	    (bytes[1] | bytes[2] << 8) != REGISTER_LENGTH)
		return "register is no generic register";

	for (i = 7; i >= 0; i--)
		address = address << 8 | bytes[REGISTER_ADDRESS + i];
	memset(reg, 0, sizeof(*reg));
	reg->space = bytes[REGISTER_SPACE];
	reg->width = bytes[REGISTER_WIDTH];
	reg->offset = bytes[REGISTER_OFFSET];
	reg->access = bytes[REGISTER_ACCESS];
	reg->address = address;
	return NULL;
}
