// SPDX-License-Identifier: GPL-2.0
/*
 * Idle states.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "cstate.h"

/* A _CST entry's fields. */
enum { CST_REGISTER, CST_TYPE, CST_LATENCY, CST_POWER, CST_FIELDS };

#define MOST_LATENCY	0xffff		/* a WORD, in the specification */
#define MOST_PORT	0xffff
#define MOST_HINT	0xffffffff	/* what MWAIT takes */
/* ACPI 6.5, 5.2.9: more than these means that there is no such state. */
#define MOST_C2_LATENCY	100
#define MOST_C3_LATENCY	1000
#define C2_PORT		4
#define C3_PORT		5

static const char *check_register(const struct xenacpi_register *reg)
{
	switch (reg->space) {
	case ACPI_ADR_SPACE_SYSTEM_IO:
		if (!reg->address || reg->address > MOST_PORT)
			return "no such port";
		return NULL;
	case ACPI_ADR_SPACE_FIXED_HARDWARE:
		if (reg->address > MOST_HINT)
			return "no such hint";
		return NULL;
	default:
		return "neither port nor fixed hardware";
	}
}

/* Read an entry. Returns NULL, or what is wrong with it. */
static const char *parse_state(const union acpi_object *entry,
			       struct xenacpi_cstate *state)
{
	const union acpi_object *field;
	u64 type, latency, power;
	const char *wrong;

	if (!xenacpi_is_package(entry, CST_FIELDS))
		return "no package of four";
	field = entry->package.elements;
	wrong = xenacpi_register_parse(&field[CST_REGISTER], &state->reg);
	if (!wrong)
		wrong = check_register(&state->reg);
	if (wrong)
		return wrong;
	if (!xenacpi_integer(&field[CST_TYPE], &type) ||
	    !xenacpi_integer(&field[CST_LATENCY], &latency) ||
	    !xenacpi_integer(&field[CST_POWER], &power))
		return "no integer where one belongs";
	if (type < 1 || type > 3)
		return "no such type of state";
	/* One that seems to cost nothing would always be chosen. */
	if (!latency && type > 1)
		return "latency is zero";
	if (latency > MOST_LATENCY)
		return "latency is absurd";
	state->type = type;
	state->latency = latency;
	state->power = min_t(u64, power, 0xffffffff);
	return NULL;
}

static bool known(const struct xenacpi_cstates *states,
		  const struct xenacpi_cstate *state)
{
	u32 i;

	for (i = 0; i < states->nr; i++)
		if (states->state[i].type == state->type &&
		    states->state[i].reg.space == state->reg.space &&
		    states->state[i].reg.address == state->reg.address)
			return true;
	return false;
}

void xenacpi_cst_parse(const union acpi_object *object,
		       struct xenacpi_cstates *states,
		       struct xenacpi_faults *faults)
{
	struct xenacpi_cstate *state;
	const char *wrong;
	u64 count;
	u32 i;

	memset(states, 0, sizeof(*states));
	if (!xenacpi_is_package(object, 1)) {
		xenacpi_fault(faults, XENACPI_WHOLE, "no package");
		return;
	}
	states->from_cst = true;
	/* What is there counts, not what is said to be there. */
	if (!xenacpi_integer(&object->package.elements[0], &count) ||
	    count != object->package.count - 1)
		xenacpi_fault(faults, 0, "wrong number of states");
	/* ACPICA makes such of what is no package at all. */
	if (object->package.count == 1)
		xenacpi_fault(faults, XENACPI_WHOLE, "no state in it");

	for (i = 1; i < object->package.count; i++) {
		if (states->nr == XENACPI_CSTATES) {
			xenacpi_fault(faults, i, "too many states");
			return;
		}
		state = &states->state[states->nr];
		wrong = parse_state(&object->package.elements[i], state);
		if (!wrong && known(states, state))
			wrong = "the same state again";
		if (wrong) {
			xenacpi_fault(faults, i, wrong);
			memset(state, 0, sizeof(*state));
			continue;
		}
		states->nr++;
	}
}

static void add_port(struct xenacpi_cstates *states, u32 type, u32 latency,
		     u64 port)
{
	struct xenacpi_cstate *state = &states->state[states->nr++];

	state->type = type;
	state->latency = latency;
	state->reg.space = ACPI_ADR_SPACE_SYSTEM_IO;
	state->reg.width = 8;
	state->reg.access = 1;
	state->reg.address = port;
}

void xenacpi_pblk_parse(u64 address, u32 length, u16 c2_latency,
			u16 c3_latency, bool c2,
			struct xenacpi_cstates *states)
{
	memset(states, 0, sizeof(*states));
	if (!address || address > MOST_PORT - C3_PORT ||
	    length < XENACPI_PBLK_LENGTH)
		return;
	if (c2 && c2_latency <= MOST_C2_LATENCY)
		add_port(states, 2, c2_latency, address + C2_PORT);
	if (c3_latency <= MOST_C3_LATENCY)
		add_port(states, 3, c3_latency, address + C3_PORT);
}
