// SPDX-License-Identifier: GPL-2.0
/*
 * Collaborative performance control.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "cpc.h"

/* Places of the fields, the same in all revisions that have them. */
enum {
	CPC_ENTRIES = 0,
	CPC_REVISION = 1,
	CPC_HIGHEST = 2,
	CPC_NOMINAL = 3,
	CPC_LOWEST_NONLINEAR = 4,
	CPC_LOWEST = 5,
	CPC_LOWEST_MHZ = 21,
	CPC_NOMINAL_MHZ = 22,
};

/* Revisions 1 and 2 have these many entries, 3 and later at least those. */
#define CPC_V1_ENTRIES	17
#define CPC_V2_ENTRIES	21
#define CPC_V3_ENTRIES	23

/* Read a value. Returns NULL, or what is wrong with it. */
static const char *parse_value(const union acpi_object *field, u32 *value)
{
	struct xenacpi_register reg;
	u64 number;

	*value = 0;
	if (field->type == ACPI_TYPE_BUFFER)
		return xenacpi_register_parse(field, &reg);
	if (!xenacpi_integer(field, &number))
		return "neither integer nor register";
	if (number > 0xffffffff)
		return "value is absurd";
	*value = number;
	return NULL;
}

static bool in_order(u32 low, u32 high)
{
	return !low || !high || low <= high;
}

static const char *check_header(const union acpi_object *object)
{
	u64 entries, revision, least;

	if (!xenacpi_is_package(object, CPC_LOWEST + 1))
		return "no package, or too short";
	if (!xenacpi_integer(&object->package.elements[CPC_ENTRIES],
			     &entries) ||
	    !xenacpi_integer(&object->package.elements[CPC_REVISION],
			     &revision))
		return "no integer where one belongs";
	if (entries != object->package.count)
		return "wrong number of entries";
	least = revision >= 3 ? CPC_V3_ENTRIES :
		revision == 2 ? CPC_V2_ENTRIES : CPC_V1_ENTRIES;
	if (!revision || entries < least)
		return "too few entries for its revision";
	return NULL;
}

bool xenacpi_cpc_parse(const union acpi_object *object,
		       struct xenacpi_cpc *cpc, struct xenacpi_faults *faults)
{
	const struct {
		unsigned int place;
		u32 *value;
	} fields[] = {
		{ CPC_HIGHEST, &cpc->highest },
		{ CPC_NOMINAL, &cpc->nominal },
		{ CPC_LOWEST_NONLINEAR, &cpc->lowest_nonlinear },
		{ CPC_LOWEST, &cpc->lowest },
		{ CPC_LOWEST_MHZ, &cpc->lowest_mhz },
		{ CPC_NOMINAL_MHZ, &cpc->nominal_mhz },
	};
	const char *wrong;
	unsigned int i;

	memset(cpc, 0, sizeof(*cpc));
	wrong = check_header(object);
	if (wrong) {
		xenacpi_fault(faults, XENACPI_WHOLE, wrong);
		return false;
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (fields[i].place >= object->package.count)
			break;
		wrong = parse_value(&object->package.elements[fields[i].place],
				    fields[i].value);
		if (wrong)
			xenacpi_fault(faults, fields[i].place, wrong);
		/* Frequencies are welcome, performance is needed. */
		if (wrong && fields[i].place <= CPC_LOWEST)
			return false;
	}
	if (!in_order(cpc->lowest, cpc->lowest_nonlinear) ||
	    !in_order(cpc->lowest_nonlinear, cpc->nominal) ||
	    !in_order(cpc->nominal, cpc->highest)) {
		xenacpi_fault(faults, XENACPI_WHOLE, "values out of order");
		return false;
	}
	if (!in_order(cpc->lowest_mhz, cpc->nominal_mhz)) {
		xenacpi_fault(faults, CPC_LOWEST_MHZ,
			      "frequencies out of order");
		cpc->lowest_mhz = 0;
		cpc->nominal_mhz = 0;
	}
	return true;
}
