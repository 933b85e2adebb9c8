// SPDX-License-Identifier: GPL-2.0
/*
 * Evaluates the methods of a processor object.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include "xenacpi.h"

/*
 * Bits of _PDC: all that Xen could control. It takes out what it does not; what
 * it knows nothing about stays as the kernel has told the firmware at boot.
 * (Intel, "Processor Vendor-Specific ACPI", 302223; AMD uses the same.)
 */
#define PDC_P_FFH		BIT(0)
#define PDC_C1_HALT		BIT(1)
#define PDC_T_FFH		BIT(2)
#define PDC_SMP_C1_P_T		BIT(3)
#define PDC_SMP_C2_C3		BIT(4)
#define PDC_SMP_P_SWCOORD	BIT(5)
#define PDC_SMP_T_SWCOORD	BIT(7)
#define PDC_C1_FFH		BIT(8)
#define PDC_C2_C3_FFH		BIT(9)
#define PDC_SMP_P_HWCOORD	BIT(11)

#define PDC_ALL	(PDC_P_FFH | PDC_C1_HALT | PDC_T_FFH | PDC_SMP_C1_P_T |	\
		 PDC_SMP_C2_C3 | PDC_SMP_P_SWCOORD | PDC_SMP_T_SWCOORD |	\
		 PDC_C1_FFH | PDC_C2_C3_FFH | PDC_SMP_P_HWCOORD)

/* The same bits, in a processor's _OSC. */
static const guid_t osc_guid = GUID_INIT(0x4077a616, 0x290c, 0x47be, 0x9e, 0xbd,
					 0xd8, 0x70, 0x58, 0x71, 0x39, 0x53);

static const char *const method_names[XENACPI_METHODS] = {
	[XENACPI_CST] = "_CST",
	[XENACPI_PCT] = "_PCT",
	[XENACPI_PSS] = "_PSS",
	[XENACPI_PSD] = "_PSD",
	[XENACPI_PPC] = "_PPC",
	[XENACPI_PTC] = "_PTC",
	[XENACPI_TSS] = "_TSS",
	[XENACPI_TSD] = "_TSD",
	[XENACPI_TPC] = "_TPC",
	[XENACPI_CPC] = "_CPC",
};

void xenacpi_tell_faults(const char *path, const char *name,
			 const struct xenacpi_faults *faults)
{
	unsigned int i;

	for (i = 0; i < min_t(unsigned int, faults->nr, XENACPI_FAULTS); i++)
		if (faults->fault[i].entry == XENACPI_WHOLE)
			pr_warn("%s.%s: %s, dropped\n", path, name,
				faults->fault[i].what);
		else
			pr_warn("%s.%s: entry %d: %s, dropped\n", path, name,
				faults->fault[i].entry,
				faults->fault[i].what);
	if (faults->nr > XENACPI_FAULTS)
		pr_warn("%s.%s: %u more entries like these, dropped\n", path,
			name, faults->nr - XENACPI_FAULTS);
}

/* Tell what was dropped, unless it was told before. */
static void tell_faults(struct xenacpi_cpu *cpu, enum xenacpi_method method,
			const struct xenacpi_faults *faults)
{
	if (!memcmp(&cpu->faults[method], faults, sizeof(*faults)))
		return;
	memcpy(&cpu->faults[method], faults, sizeof(*faults));
	xenacpi_tell_faults(cpu->path, method_names[method], faults);
}

/*
 * Evaluate a method. Returns what it returned, to be freed with
 * ACPI_FREE(), or NULL if there is no such method or it is broken.
 */
static union acpi_object *evaluate(struct xenacpi_cpu *cpu,
				   enum xenacpi_method method,
				   struct xenacpi_faults *faults)
{
	struct acpi_buffer buffer = { ACPI_ALLOCATE_BUFFER, NULL };
	acpi_string name = (acpi_string)method_names[method];
	acpi_status status;

	memset(faults, 0, sizeof(*faults));
	if (!acpi_has_method(cpu->handle, name))
		return NULL;
	status = acpi_evaluate_object(cpu->handle, name, NULL, &buffer);
	if (ACPI_FAILURE(status) || !buffer.pointer) {
		ACPI_FREE(buffer.pointer);
		xenacpi_fault(faults, XENACPI_WHOLE, "cannot be evaluated");
		return NULL;
	}
	return buffer.pointer;
}

/* An integer; 0 if there is none. */
static u64 read_integer(struct xenacpi_cpu *cpu, enum xenacpi_method method,
			struct xenacpi_faults *faults)
{
	union acpi_object *object = evaluate(cpu, method, faults);
	u64 value = 0;

	if (object && !xenacpi_integer(object, &value))
		xenacpi_fault(faults, XENACPI_WHOLE, "no integer");
	ACPI_FREE(object);
	return value;
}

static bool read_registers(struct xenacpi_cpu *cpu, enum xenacpi_method method,
			   struct xenacpi_register *control,
			   struct xenacpi_register *status, bool needed)
{
	struct xenacpi_faults faults;
	union acpi_object *object = evaluate(cpu, method, &faults);
	bool good = object && xenacpi_pct_parse(object, control, status,
						&faults);

	if (!object && needed && !faults.nr)
		xenacpi_fault(&faults, XENACPI_WHOLE,
			      "missing, so all states are");
	ACPI_FREE(object);
	tell_faults(cpu, method, &faults);
	return good;
}

static void read_domain(struct xenacpi_cpu *cpu, enum xenacpi_method method,
			struct xenacpi_domain *domain)
{
	struct xenacpi_faults faults;
	union acpi_object *object = evaluate(cpu, method, &faults);

	if (!object || !xenacpi_psd_parse(object, domain, &faults))
		xenacpi_psd_alone(domain, cpu->acpi);
	ACPI_FREE(object);
	tell_faults(cpu, method, &faults);
}

static void read_c(struct xenacpi_cpu *cpu, struct xenacpi_cstates *c)
{
	struct xenacpi_faults faults;
	union acpi_object *object = evaluate(cpu, XENACPI_CST, &faults);

	if (object)
		xenacpi_cst_parse(object, c, &faults);
	else if (!faults.nr)
		xenacpi_pblk_parse(cpu->pblk, cpu->pblk_length,
				   acpi_gbl_FADT.c2_latency,
				   acpi_gbl_FADT.c3_latency,
				   acpi_gbl_FADT.flags &
				   ACPI_FADT_C2_MP_SUPPORTED, c);
	ACPI_FREE(object);
	tell_faults(cpu, XENACPI_CST, &faults);
}

static void read_p(struct xenacpi_cpu *cpu, struct xenacpi_px *p)
{
	struct xenacpi_faults faults;
	union acpi_object *object;
	u64 limit;

	read_domain(cpu, XENACPI_PSD, &p->domain);
	object = evaluate(cpu, XENACPI_PSS, &faults);
	if (object)
		xenacpi_pss_parse(object, &p->pss, &faults);
	else if (!faults.nr && acpi_has_method(cpu->handle, "_PCT"))
		xenacpi_fault(&faults, XENACPI_WHOLE, "missing, so _PCT is");
	/* Xen does not take one alone: there is nothing to choose from. */
	if (object && p->pss.nr < 2 && p->pss.all)
		xenacpi_fault(&faults, XENACPI_WHOLE,
			      "fewer than two good states, all");
	tell_faults(cpu, XENACPI_PSS, &faults);

	p->good = read_registers(cpu, XENACPI_PCT, &p->control, &p->status,
				 object) && p->pss.nr >= 2;
	ACPI_FREE(object);

	limit = read_integer(cpu, XENACPI_PPC, &faults);
	if (p->pss.nr)
		p->limit = xenacpi_pss_limit(&p->pss, limit, &faults);
	tell_faults(cpu, XENACPI_PPC, &faults);
}

static void read_t(struct xenacpi_cpu *cpu, struct xenacpi_tx *t)
{
	struct xenacpi_faults faults;
	union acpi_object *object = evaluate(cpu, XENACPI_TSS, &faults);

	if (object)
		xenacpi_tss_parse(object, &t->tss, &faults);
	tell_faults(cpu, XENACPI_TSS, &faults);
	read_registers(cpu, XENACPI_PTC, &t->control, &t->status, object);
	ACPI_FREE(object);
	read_domain(cpu, XENACPI_TSD, &t->domain);
	t->limit = min_t(u64, read_integer(cpu, XENACPI_TPC, &faults),
			 XENACPI_TSTATES);
	tell_faults(cpu, XENACPI_TPC, &faults);
}

static bool read_cpc(struct xenacpi_cpu *cpu, struct xenacpi_cpc *cpc)
{
	struct xenacpi_faults faults;
	union acpi_object *object = evaluate(cpu, XENACPI_CPC, &faults);
	bool good = object && xenacpi_cpc_parse(object, cpc, &faults);

	ACPI_FREE(object);
	tell_faults(cpu, XENACPI_CPC, &faults);
	return good;
}

void xenacpi_read(struct xenacpi_cpu *cpu, unsigned long what,
		  struct xenacpi_tables *tables)
{
	if (what & XENACPI_READ_C) {
		memset(&tables->c, 0, sizeof(tables->c));
		read_c(cpu, &tables->c);
	}
	if (what & XENACPI_READ_P) {
		memset(&tables->p, 0, sizeof(tables->p));
		read_p(cpu, &tables->p);
	}
	if (what & XENACPI_READ_T) {
		memset(&tables->t, 0, sizeof(tables->t));
		read_t(cpu, &tables->t);
	}
	if (what & XENACPI_READ_CPPC) {
		memset(&tables->cpc, 0, sizeof(tables->cpc));
		tables->cppc = read_cpc(cpu, &tables->cpc);
		if (!tables->cppc)
			memset(&tables->cpc, 0, sizeof(tables->cpc));
	}
}

static bool call_osc(struct xenacpi_cpu *cpu, u32 capabilities)
{
	u32 words[2] = { 0, capabilities };
	union acpi_object arguments[4] = {
		{ .buffer = { ACPI_TYPE_BUFFER, sizeof(osc_guid),
			      (u8 *)&osc_guid } },
		{ .integer = { ACPI_TYPE_INTEGER, 1 } },
		{ .integer = { ACPI_TYPE_INTEGER, ARRAY_SIZE(words) } },
		{ .buffer = { ACPI_TYPE_BUFFER, sizeof(words), (u8 *)words } },
	};
	struct acpi_object_list list = { ARRAY_SIZE(arguments), arguments };
	struct acpi_buffer answer = { ACPI_ALLOCATE_BUFFER, NULL };
	acpi_status status;

	status = acpi_evaluate_object(cpu->handle, "_OSC", &list, &answer);
	ACPI_FREE(answer.pointer);
	return ACPI_SUCCESS(status);
}

static void call_pdc(struct xenacpi_cpu *cpu, u32 capabilities)
{
	u32 words[3] = { 1, 1, capabilities };
	union acpi_object argument = {
		.buffer = { ACPI_TYPE_BUFFER, sizeof(words), (u8 *)words },
	};
	struct acpi_object_list list = { 1, &argument };

	acpi_evaluate_object(cpu->handle, "_PDC", &list, NULL);
}

void xenacpi_tell(struct xenacpi_cpu *cpu)
{
	bool osc = acpi_has_method(cpu->handle, "_OSC");
	bool pdc = acpi_has_method(cpu->handle, "_PDC");
	u32 capabilities = PDC_ALL;

	if (cpu->told || xenacpi_dryrun)
		return;
	cpu->told = true;
	if (!osc && !pdc)
		return;
	if (xenacpi_capabilities(cpu->acpi, &capabilities))
		return;
	/* _PDC is what _OSC was before ACPI 3; some firmware has a bad _OSC. */
	if ((!osc || !call_osc(cpu, capabilities)) && pdc)
		call_pdc(cpu, capabilities);
}

unsigned int xenacpi_dropped(const struct xenacpi_cpu *cpu)
{
	unsigned int method, sum = cpu->p_differs;

	for (method = 0; method < XENACPI_METHODS; method++)
		sum += cpu->faults[method].nr;
	return sum;
}
