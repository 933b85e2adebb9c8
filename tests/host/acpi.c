// SPDX-License-Identifier: GPL-2.0
/*
 * Builds what ACPI methods return.
 */
#include <stdlib.h>
#include <string.h>
#include "acpi.h"

static void set_integer(union acpi_object *object, u64 value)
{
	memset(object, 0, sizeof(*object));
	object->type = ACPI_TYPE_INTEGER;
	object->integer.value = value;
}

static void release(union acpi_object *object)
{
	u32 i;

	switch (object->type) {
	case ACPI_TYPE_STRING:
		free(object->string.pointer);
		break;
	case ACPI_TYPE_BUFFER:
		free(object->buffer.pointer);
		break;
	case ACPI_TYPE_PACKAGE:
		for (i = 0; i < object->package.count; i++)
			release(&object->package.elements[i]);
		free(object->package.elements);
		break;
	}
	set_integer(object, 0);
}

void acpi_free(union acpi_object *object)
{
	release(object);
	free(object);
}

void acpi_put_integer(union acpi_object *object, u64 value)
{
	release(object);
	set_integer(object, value);
}

void acpi_put_package(union acpi_object *object, u32 count)
{
	u32 i;

	release(object);
	object->type = ACPI_TYPE_PACKAGE;
	object->package.count = count;
	object->package.elements = NULL;
	if (count)
		object->package.elements = calloc(count, sizeof(*object));
	for (i = 0; i < count; i++)
		set_integer(&object->package.elements[i], 0);
}

union acpi_object *acpi_make_package(u32 count)
{
	union acpi_object *object = calloc(1, sizeof(*object));

	acpi_put_package(object, count);
	return object;
}

void acpi_put_string(union acpi_object *object, const char *text)
{
	release(object);
	object->type = ACPI_TYPE_STRING;
	object->string.length = strlen(text);
	object->string.pointer = strdup(text);
}

void acpi_put_buffer(union acpi_object *object, const void *bytes, u32 length)
{
	release(object);
	object->type = ACPI_TYPE_BUFFER;
	object->buffer.length = length;
	object->buffer.pointer = NULL;
	if (length) {
		object->buffer.pointer = malloc(length);
		memcpy(object->buffer.pointer, bytes, length);
	}
}

void acpi_put_integers(union acpi_object *object, u32 count, const u64 *values)
{
	u32 i;

	acpi_put_package(object, count);
	for (i = 0; i < count; i++)
		acpi_put_integer(&object->package.elements[i], values[i]);
}

void acpi_put_register(union acpi_object *object, u8 space, u8 width,
		       u8 offset, u8 access, u64 address)
{
	u8 bytes[17] = { 0x82, 12, 0, space, width, offset, access };
	int i;

	for (i = 0; i < 8; i++)
		bytes[7 + i] = address >> (8 * i);
	bytes[15] = 0x79;
	acpi_put_buffer(object, bytes, sizeof(bytes));
}
