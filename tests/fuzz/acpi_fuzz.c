// SPDX-License-Identifier: GPL-2.0
/*
 * What firmware can return. The input is steps: a byte for which parser, then a
 * tree of ACPI objects, or a table, to the parser's taste mostly. Where the
 * input ends, zeros follow.
 *
 * What must hold: what a parser takes is what it promises to take; what it
 * drops it tells; what it leaves unused is zero; the tree stays as it is.
 */
#include <errno.h>
#include <linux/compiler.h>
#include <linux/string.h>
#include <stdlib.h>
#include "acpi.h"
#include "cpc.h"
#include "cstate.h"
#include "pstate.h"
#include "route.h"
#include "test.h"
#include "input.h"

#define MOST_STEPS	50
#define MOST_OBJECTS	400

static unsigned int nr_objects;

/* Small numbers mostly, and all that are special. */
static u64 number(void)
{
	static const u64 special[] = {
		0xfb, 0xfc, 0xfd, 0xfe, 0xff, 100, 101, 1000, 1001, 2000, 4000,
		0xffff, 0x10000, 4294967, 4294968, 0x7fffffff, 0x80000000,
		0xffffffff, 1ull << 32, 1ull << 63, ~0ull,
	};
	u8 what = byte();
	u64 value = 0;
	int i;

	if (what >= 256 - (int)ARRAY_SIZE(special))
		return special[256 - what - 1];
	if (what < 200)
		return what;
	for (i = what % 8; i >= 0; i--)
		value = value << 8 | byte();
	return value;
}

static void make_buffer(union acpi_object *object)
{
	u8 bytes[32], length = byte() % sizeof(bytes);
	int i;

	for (i = 0; i < length; i++)
		bytes[i] = byte();
	acpi_put_buffer(object, bytes, length);
}

static void make_register(union acpi_object *object)
{
	static const u8 spaces[] = { 0x7f, 1, 0, 2 };
	u8 space = byte(), width = byte(), offset = byte(), access = byte();

	acpi_put_register(object, spaces[space % 4], width, offset, access,
			  number());
}

static void make_object(union acpi_object *object, unsigned int depth);

static void make_package(union acpi_object *object, unsigned int count,
			 unsigned int depth)
{
	unsigned int i;

	acpi_put_package(object, count);
	for (i = 0; i < count; i++)
		make_object(&object->package.elements[i], depth + 1);
}

/* Anything. */
static void make_object(union acpi_object *object, unsigned int depth)
{
	u8 what = byte();

	if (++nr_objects > MOST_OBJECTS)
		return;
	switch (what % 16) {
	case 0:
		acpi_put_string(object, "text");
		break;
	case 1:
		make_buffer(object);
		break;
	case 2:
	case 3:
		make_register(object);
		break;
	case 4:
	case 5:
		if (depth < 4)
			make_package(object, byte() % 24, depth);
		break;
	case 6:
		object->type = ACPI_TYPE_LOCAL_REFERENCE;
		break;
	default:
		acpi_put_integer(object, number());
		break;
	}
}

/*
 * A package of packages of integers, with a register before them or not; the
 * first integers go down by themselves, or not.
 */
static void make_states(union acpi_object *object, unsigned int count,
			unsigned int fields, bool reg)
{
	bool down = byte() & 1;
	unsigned int i, f;

	acpi_put_package(object, count);
	for (i = 0; i < count; i++) {
		union acpi_object *entry = &object->package.elements[i];

		if (byte() >= 240) {
			make_object(entry, 1);
			continue;
		}
		acpi_put_package(entry, fields);
		for (f = 0; f < fields; f++)
			if (reg && !f)
				make_register(&entry->package.elements[f]);
			else
				acpi_put_integer(&entry->package.elements[f],
						 down && !f ? count - i :
						 number());
	}
}

/* A package in a package, five integers that are mostly right. */
static void make_psd(union acpi_object *object)
{
	u64 values[5] = { 5, 0, byte(), 0xfa + byte() % 7, byte() };
	u8 what = byte();

	if (what >= 128)
		values[what % 5] = number();
	acpi_put_package(object, 1);
	acpi_put_integers(&object->package.elements[0], 5, values);
}

/* Registers or integers, with a count before them. */
static void make_cpc(union acpi_object *object)
{
	static const u8 counts[] = { 23, 21, 17, 22, 24, 6, 5, 0 };
	unsigned int count = counts[byte() % 8], i;

	acpi_put_package(object, count);
	for (i = 0; i < count; i++)
		if (byte() >= 200)
			make_object(&object->package.elements[i], 1);
		else
			acpi_put_integer(&object->package.elements[i],
					 i ? number() : count);
}

static void check_told(bool dropped, const struct xenacpi_faults *faults)
{
	unsigned int i;

	assert_int_equal(dropped, faults->nr > 0);
	for (i = 0; i < faults->nr && i < XENACPI_FAULTS; i++) {
		assert_non_null(faults->fault[i].what);
		assert_true(faults->fault[i].entry >= XENACPI_WHOLE);
	}
}

static void check_zero(const void *memory, size_t size)
{
	const u8 *bytes = memory;

	while (size--)
		assert_int_equal(*bytes++, 0);
}

static void cst(const union acpi_object *object)
{
	struct xenacpi_cstates *states = malloc(sizeof(*states));
	struct xenacpi_faults faults = { 0 };
	u32 i;

	memset(states, 0xa5, sizeof(*states));
	xenacpi_cst_parse(object, states, &faults);
	assert_true(states->nr <= XENACPI_CSTATES);
	for (i = 0; i < states->nr; i++) {
		struct xenacpi_cstate *state = &states->state[i];

		assert_in_range(state->type, 1, 3);
		assert_true(state->latency <= 0xffff);
		assert_true(state->latency || state->type == 1);
		assert_true(state->reg.space == 1 || state->reg.space == 0x7f);
		assert_true(state->reg.address <= 0xffffffff);
	}
	check_zero(&states->state[i],
		   (XENACPI_CSTATES - i) * sizeof(states->state[0]));
	if (object->type == ACPI_TYPE_PACKAGE && !faults.nr)
		assert_int_equal(states->nr, object->package.count - 1);
	check_told(faults.nr, &faults);
	free(states);
}

static void pss(const union acpi_object *object)
{
	struct xenacpi_pss *states = malloc(sizeof(*states));
	struct xenacpi_faults faults = { 0 }, more = { 0 };
	u32 i, limit;
	u64 ppc;

	memset(states, 0xa5, sizeof(*states));
	xenacpi_pss_parse(object, states, &faults);
	assert_true(states->nr <= XENACPI_PSTATES);
	for (i = 0; i < states->nr; i++) {
		assert_in_range(states->state[i].mhz, 1, 4294967);
		assert_true(states->state[i].latency <= 4294967);
		assert_true(states->place[i] < states->all);
		if (i) {
			assert_true(states->state[i].mhz <
				    states->state[i - 1].mhz);
			assert_true(states->place[i] > states->place[i - 1]);
		}
	}
	check_zero(&states->state[i],
		   (XENACPI_PSTATES - i) * sizeof(states->state[0]));
	check_told(states->nr < states->all || !states->all, &faults);
	ppc = number();
	limit = xenacpi_pss_limit(states, ppc, &more);
	assert_true(!limit || limit < states->nr);
	check_told(ppc && ppc >= states->all, &more);
	free(states);
}

static void tss(const union acpi_object *object)
{
	struct xenacpi_tss *states = malloc(sizeof(*states));
	struct xenacpi_faults faults = { 0 };
	u32 i;

	memset(states, 0xa5, sizeof(*states));
	xenacpi_tss_parse(object, states, &faults);
	assert_true(states->nr <= XENACPI_TSTATES);
	for (i = 0; i < states->nr; i++)
		assert_in_range(states->state[i].percent, 1, 100);
	check_zero(&states->state[i],
		   (XENACPI_TSTATES - i) * sizeof(states->state[0]));
	check_told(states->nr < states->all || !states->all, &faults);
	free(states);
}

static void pct(const union acpi_object *object)
{
	struct xenacpi_register control, status;
	struct xenacpi_faults faults = { 0 };
	bool good = xenacpi_pct_parse(object, &control, &status, &faults);

	check_told(!good, &faults);
	if (good)
		assert_int_equal(control.space, status.space);
}

static void psd(const union acpi_object *object)
{
	struct xenacpi_faults faults = { 0 };
	struct xenacpi_domain domain;
	bool good = xenacpi_psd_parse(object, &domain, &faults);

	check_told(!good, &faults);
	if (!good)
		xenacpi_psd_alone(&domain, byte());
	assert_in_range(domain.coord, 0xfc, 0xfe);
	assert_in_range(domain.processors, 1, 0xffff);
}

static void cpc(const union acpi_object *object)
{
	struct xenacpi_faults faults = { 0 };
	struct xenacpi_cpc values;

	if (!xenacpi_cpc_parse(object, &values, &faults)) {
		assert_true(faults.nr > 0);
		return;
	}
	if (values.highest && values.nominal)
		assert_true(values.nominal <= values.highest);
	if (values.lowest_mhz && values.nominal_mhz)
		assert_true(values.lowest_mhz <= values.nominal_mhz);
}

/* Tables of bytes, of just their size. */
static void tables(u8 what)
{
	u8 size = byte(), seed = byte(), *table = malloc(size + !size);
	struct xenacpi_ioapic ioapic;
	struct xenacpi_prt entry;
	struct xenacpi_rte rte;
	size_t at = 0, before;
	unsigned int i;
	int more;

	/* Long ones cost little of the input, if it wants. */
	for (i = 0; i < size; i++)
		table[i] = what & 8 ? byte() : seed * i;
	/* Lengths are good, or what they are. */
	if (what & 0x10)
		for (i = 0; i + 28 <= size; i += 28) {
			memset(table + i, 0, 4);
			table[i] = 28;
		}
	if (what & 0x20)
		for (i = 44; i + 12 <= size; i += 12) {
			table[i] = 1;
			table[i + 1] = 12;
		}
	do {
		before = at;
		more = xenacpi_prt_next(table, size, &at, &entry);
		assert_true(at <= size);
		assert_int_equal(more > 0, at > before);
		if (more > 0)
			assert_true(strlen(entry.source) < size);
	} while (more > 0);
	assert_true(!more || more == -EINVAL);
	if (xenacpi_madt_ioapic(table, size, number(), &ioapic)) {
		assert_true(size >= 44 + 12);
		xenacpi_rte_parse(ioapic.address, &rte);
		assert_int_equal(rte.vector, ioapic.address & 0xff);
	}
	free(table);
}

static void block(void)
{
	u64 address = number();
	u32 length = byte() % 8;
	u16 c2 = number(), c3 = number();
	struct xenacpi_cstates states;

	xenacpi_pblk_parse(address, length, c2, c3, byte() & 1, &states);
	assert_true(states.nr <= 2);
	assert_true(!states.nr || (address < 0xffff && length >= 6));
}

static void step(void)
{
	union acpi_object *object = acpi_make_package(0);
	u8 what = byte();
	unsigned int count = byte() % (what & 0x40 ? 140 : 20);

	nr_objects = 0;
	if (what & 0x80)
		make_object(object, 0);
	switch (what % 8) {
	case 0:
		if (!(what & 0x80))
			make_states(object, count, 4, true);
		/* The first one is their number. */
		if (count && object->type == ACPI_TYPE_PACKAGE &&
		    object->package.count == count)
			acpi_put_integer(&object->package.elements[0],
					 byte() >= 200 ? number() : count - 1);
		cst(object);
		break;
	case 1:
		if (!(what & 0x80))
			make_states(object, count, 6, false);
		pss(object);
		break;
	case 2:
		if (!(what & 0x80))
			make_states(object, count, 5, false);
		tss(object);
		break;
	case 3:
		if (!(what & 0x80)) {
			acpi_put_package(object, 2);
			make_register(&object->package.elements[0]);
			make_register(&object->package.elements[1]);
		}
		pct(object);
		break;
	case 4:
		if (!(what & 0x80))
			make_psd(object);
		psd(object);
		break;
	case 5:
		if (!(what & 0x80))
			make_cpc(object);
		cpc(object);
		break;
	case 6:
		tables(what);
		break;
	default:
		block();
		break;
	}
	acpi_free(object);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int steps;

	input = data;
	left = size;
	for (steps = 0; left && steps < MOST_STEPS; steps++)
		step();
	return 0;
}
