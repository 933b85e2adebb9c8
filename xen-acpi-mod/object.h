/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ACPI methods return, looked at with care: firmware is often wrong.
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_OBJECT_H
#define XEN_ACPI_OBJECT_H

#include <linux/acpi.h>
#include <linux/types.h>

/* Faults of one object that are told one by one. */
#define XENACPI_FAULTS		8

/* The object as a whole, in place of an entry's number. */
#define XENACPI_WHOLE		(-1)

/**
 * struct xenacpi_fault - something that was dropped
 * @entry: which entry of the object's package, from 0, or %XENACPI_WHOLE
 * @what: why; a string that lives as long as the module
 */
struct xenacpi_fault {
	int entry;
	const char *what;
};

/**
 * struct xenacpi_faults - what a parser found wrong in an object
 * @nr: number of faults, also of those that @fault has no room for
 * @fault: the first ones
 */
struct xenacpi_faults {
	unsigned int nr;
	struct xenacpi_fault fault[XENACPI_FAULTS];
};

/**
 * struct xenacpi_register - a register in ACPI's generic form (ACPI 6.5, 6.4.3.7)
 * @space: ACPI_ADR_SPACE_*
 * @width: its bits; for fixed hardware, the vendor
 * @offset: of its first bit; for fixed hardware, the vendor's class
 * @access: access size, or the vendor's flags
 * @address: within @space
 */
struct xenacpi_register {
	u8 space;
	u8 width;
	u8 offset;
	u8 access;
	u64 address;
};

/**
 * xenacpi_fault() - note that something was dropped
 * @faults: where
 * @entry: which entry, or %XENACPI_WHOLE
 * @what: why
 */
void xenacpi_fault(struct xenacpi_faults *faults, int entry, const char *what);

/**
 * xenacpi_integer() - read an integer
 * @object: what should be one
 * @value: receives it
 *
 * Return: whether it is one.
 */
bool xenacpi_integer(const union acpi_object *object, u64 *value);

/**
 * xenacpi_integers() - read a package of integers
 * @object: what should be such a package
 * @nr: how many integers it begins with; more of anything may follow
 * @values: receives them
 *
 * Return: whether they are there.
 */
bool xenacpi_integers(const union acpi_object *object, unsigned int nr,
		      u64 *values);

/**
 * xenacpi_is_package() - is this a package with entries?
 * @object: what should be one
 * @least: how many entries it needs
 *
 * Return: whether it has them.
 */
bool xenacpi_is_package(const union acpi_object *object, unsigned int least);

/**
 * xenacpi_register_parse() - read a register from a resource template
 * @object: what should be a buffer that begins with a generic register
 *	descriptor
 * @reg: receives it
 *
 * Return: NULL, or what is wrong.
 */
const char *xenacpi_register_parse(const union acpi_object *object,
				   struct xenacpi_register *reg);

#endif /* XEN_ACPI_OBJECT_H */
