// SPDX-License-Identifier: GPL-2.0
/*
 * Performance and throttling states.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "pstate.h"

/* Numbers of fields. */
#define PSS_FIELDS	6
#define TSS_FIELDS	5
#define PSD_FIELDS	5

/* Xen counts in kHz and nanoseconds, in 32 bits. */
#define MOST_MHZ	(0xffffffff / 1000)
#define MOST_LATENCY	(0xffffffff / 1000)
/* Nobody has more processors than this in a domain, or at all. */
#define MOST_PROCESSORS	0xffff

static const char *check_register(const struct xenacpi_register *reg)
{
	switch (reg->space) {
	case ACPI_ADR_SPACE_FIXED_HARDWARE:
		return NULL;
	case ACPI_ADR_SPACE_SYSTEM_IO:
		if (!reg->address || reg->address > 0xffff)
			return "no such port";
		if (!reg->width || reg->width > 32 || reg->width % 8)
			return "no such width";
		return NULL;
	default:
		return "neither port nor fixed hardware";
	}
}

bool xenacpi_pct_parse(const union acpi_object *object,
		       struct xenacpi_register *control,
		       struct xenacpi_register *status,
		       struct xenacpi_faults *faults)
{
	struct xenacpi_register *reg[2] = { control, status };
	const char *wrong;
	int i;

	if (!xenacpi_is_package(object, 2)) {
		xenacpi_fault(faults, XENACPI_WHOLE, "no package of two");
		return false;
	}
	for (i = 0; i < 2; i++) {
		wrong = xenacpi_register_parse(&object->package.elements[i],
					       reg[i]);
		if (!wrong)
			wrong = check_register(reg[i]);
		if (wrong) {
			xenacpi_fault(faults, i, wrong);
			return false;
		}
	}
	if (control->space != status->space) {
		xenacpi_fault(faults, XENACPI_WHOLE,
			      "registers of two kinds");
		return false;
	}
	return true;
}

/* Read an entry. Returns NULL, or what is wrong with it. */
static const char *parse_pstate(const union acpi_object *entry,
				struct xenacpi_pstate *state)
{
	u64 field[PSS_FIELDS];

	if (!xenacpi_integers(entry, PSS_FIELDS, field))
		return "no package of six integers";
	if (!field[0])
		return "frequency is zero";
	if (field[0] > MOST_MHZ)
		return "frequency is absurd";
	if (field[2] > MOST_LATENCY || field[3] > MOST_LATENCY)
		return "latency is absurd";
	state->mhz = field[0];
	state->power = field[1];
	state->latency = field[2];
	state->bm_latency = field[3];
	state->control = field[4];
	state->status = field[5];
	return NULL;
}

void xenacpi_pss_parse(const union acpi_object *object,
		       struct xenacpi_pss *pss, struct xenacpi_faults *faults)
{
	struct xenacpi_pstate *state;
	const char *wrong;
	u32 i;

	memset(pss, 0, sizeof(*pss));
	if (!xenacpi_is_package(object, 1)) {
		xenacpi_fault(faults, XENACPI_WHOLE, "no package");
		return;
	}
	pss->all = object->package.count;
	for (i = 0; i < pss->all; i++) {
		if (pss->nr == XENACPI_PSTATES) {
			xenacpi_fault(faults, i, "too many states");
			return;
		}
		state = &pss->state[pss->nr];
		wrong = parse_pstate(&object->package.elements[i], state);
		/* Xen would skip it, too, but tells nobody. */
		if (!wrong && pss->nr && state->mhz == state[-1].mhz)
			wrong = "the same frequency again";
		else if (!wrong && pss->nr && state->mhz > state[-1].mhz)
			wrong = "faster than the state before";
		if (wrong) {
			xenacpi_fault(faults, i, wrong);
			memset(state, 0, sizeof(*state));
			continue;
		}
		pss->place[pss->nr++] = i;
	}
}

static const char *parse_tstate(const union acpi_object *entry,
				struct xenacpi_tstate *state)
{
	u64 field[TSS_FIELDS];

	if (!xenacpi_integers(entry, TSS_FIELDS, field))
		return "no package of five integers";
	if (!field[0] || field[0] > 100)
		return "no percentage";
	if (field[2] > MOST_LATENCY)
		return "latency is absurd";
	state->percent = field[0];
	state->power = field[1];
	state->latency = field[2];
	state->control = field[3];
	state->status = field[4];
	return NULL;
}

void xenacpi_tss_parse(const union acpi_object *object,
		       struct xenacpi_tss *tss, struct xenacpi_faults *faults)
{
	struct xenacpi_tstate *state;
	const char *wrong;
	u32 i;

	memset(tss, 0, sizeof(*tss));
	if (!xenacpi_is_package(object, 1)) {
		xenacpi_fault(faults, XENACPI_WHOLE, "no package");
		return;
	}
	tss->all = object->package.count;
	for (i = 0; i < tss->all; i++) {
		if (tss->nr == XENACPI_TSTATES) {
			xenacpi_fault(faults, i, "too many states");
			return;
		}
		state = &tss->state[tss->nr];
		wrong = parse_tstate(&object->package.elements[i], state);
		if (!wrong && tss->nr && state->percent >= state[-1].percent)
			wrong = "not slower than the state before";
		if (wrong) {
			xenacpi_fault(faults, i, wrong);
			memset(state, 0, sizeof(*state));
			continue;
		}
		tss->nr++;
	}
}

bool xenacpi_psd_parse(const union acpi_object *object,
		       struct xenacpi_domain *domain,
		       struct xenacpi_faults *faults)
{
	u64 field[PSD_FIELDS];
	const char *wrong = NULL;

	if (!xenacpi_is_package(object, 1) ||
	    !xenacpi_integers(&object->package.elements[0], PSD_FIELDS, field))
		wrong = "no package of a package of five integers";
	else if (field[0] != PSD_FIELDS)
		wrong = "wrong number of fields";
	else if (field[1])
		wrong = "unknown revision";
	else if (field[3] < XENACPI_COORD_SW_ALL ||
		 field[3] > XENACPI_COORD_HW_ALL)
		wrong = "no such coordination";
	else if (!field[4] || field[4] > MOST_PROCESSORS)
		wrong = "absurd number of processors";
	if (wrong) {
		xenacpi_fault(faults, XENACPI_WHOLE, wrong);
		return false;
	}
	domain->entries = field[0];
	domain->revision = field[1];
	domain->domain = field[2];
	domain->coord = field[3];
	domain->processors = field[4];
	return true;
}

void xenacpi_psd_alone(struct xenacpi_domain *domain, u32 number)
{
	domain->entries = PSD_FIELDS;
	domain->revision = 0;
	domain->domain = number;
	domain->coord = XENACPI_COORD_SW_ALL;
	domain->processors = 1;
}

u32 xenacpi_pss_limit(const struct xenacpi_pss *pss, u64 ppc,
		      struct xenacpi_faults *faults)
{
	u32 i;

	if (ppc >= pss->all) {
		if (ppc)
			xenacpi_fault(faults, XENACPI_WHOLE,
				      "limit beyond the last state");
		return 0;
	}
	for (i = 0; i < pss->nr; i++)
		if (pss->place[i] >= ppc)
			return i;
	/* All that are slow enough were dropped. */
	return pss->nr ? pss->nr - 1 : 0;
}
