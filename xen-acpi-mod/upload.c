// SPDX-License-Identifier: GPL-2.0
/*
 * The hypercalls. Structures and their meaning are those of Xen's public
 * platform.h.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/platform.h>
#include "compat-acpi.h"
#include "trace.h"
#include "xenacpi.h"

enum xenacpi_taken xenacpi_taken[XENACPI_KINDS];

const char *const xenacpi_kind_names[] = {
	[XENACPI_C] = "C-states",
	[XENACPI_P] = "P-states",
	[XENACPI_T] = "T-states",
	[XENACPI_CPPC] = "_CPC",
	[XENACPI_LIMIT] = "_PPC",
};

/* More CPUs than any Xen is built for: an answer that makes no sense. */
#define MOST_PCPUS	16384

#define PDC_REVISION	1
/* For any processor, where Xen cannot say it of the one. */
#define ANY_PROCESSOR	(~0U)

/* Where what is uploaded begins. */
#define PMINFO_UNION	offsetof(struct xenpf_set_processor_pminfo, power)

/* xen_processor_performance.shared_type; Linux's header has no names. */
enum { SHARED_HW = 1, SHARED_ALL = 2, SHARED_ANY = 3 };

static int ask_pcpu(u32 xen, struct xenacpi_pcpu *pcpu, u32 *last)
{
	struct xen_platform_op op = { .cmd = XENPF_get_cpuinfo };
	struct xenpf_pcpuinfo *info = &op.u.pcpu_info;
	int err;

	info->xen_cpuid = xen;
	err = HYPERVISOR_platform_op(&op);
	if (err)
		return err;
	*last = info->max_present;
	if (info->flags & XEN_PCPU_FLAGS_INVALID)
		return -ENOENT;
	pcpu->xen = xen;
	pcpu->apic = info->apic_id;
	pcpu->acpi = info->acpi_id;
	pcpu->online = info->flags & XEN_PCPU_FLAGS_ONLINE;
	return 0;
}

int xenacpi_pcpus(struct xenacpi_pcpu **list, unsigned int *nr)
{
	struct xenacpi_pcpu *pcpus, pcpu;
	u32 xen, last;
	int err;

	err = ask_pcpu(0, &pcpu, &last);
	if (err && err != -ENOENT)
		return err;
	if (last >= MOST_PCPUS)
		return -ERANGE;
	pcpus = kcalloc(last + 1, sizeof(*pcpus), GFP_KERNEL);
	if (!pcpus)
		return -ENOMEM;

	*nr = 0;
	for (xen = 0; xen <= last; xen++) {
		u32 ignored;

		err = ask_pcpu(xen, &pcpus[*nr], &ignored);
		if (!err) {
			++*nr;
		} else if (err != -ENOENT) {
			kfree(pcpus);
			return err;
		}
	}
	*list = pcpus;
	return 0;
}

int xenacpi_capabilities(u32 acpi, u32 *capabilities)
{
	u32 buffer[3] = { PDC_REVISION, 1, *capabilities };
	struct xen_platform_op op = { .cmd = XENPF_set_processor_pminfo };
	int err;

	op.u.set_pminfo.type = XEN_PM_PDC;
	op.u.set_pminfo.id = acpi;
	set_xen_guest_handle(op.u.set_pminfo.pdc, buffer);
	err = HYPERVISOR_platform_op(&op);
	if (err == -EINVAL) {
		op.u.set_pminfo.id = ANY_PROCESSOR;
		err = HYPERVISOR_platform_op(&op);
	}
	if (!err)
		*capabilities = buffer[2];
	return err;
}

/* One upload, and what is to be known about it afterwards. */
static void send(struct xenacpi_cpu *cpu, enum xenacpi_kind kind, u32 states,
		 struct xen_platform_op *op)
{
	enum xenacpi_kind of = kind == XENACPI_LIMIT ? XENACPI_P : kind;
	struct xenacpi_sent *sent = &cpu->sent[of];

	if (xenacpi_dryrun) {
		pr_info("%s: dry run: %s not sent (%u)\n", cpu->path,
			xenacpi_kind_names[kind], states);
		return;
	}
	op->cmd = XENPF_set_processor_pminfo;
	op->u.set_pminfo.id = cpu->acpi;
	sent->answer = HYPERVISOR_platform_op(op);
	trace_xenacpi_upload(cpu->acpi, kind, states, sent->answer);
	sent->asked = true;
	if (kind != XENACPI_LIMIT)
		sent->states = states;
	if (!sent->answer) {
		cpu->uploads++;
		xenacpi_taken[of] = XENACPI_TAKEN;
	} else if (xenacpi_taken[of] == XENACPI_UNKNOWN &&
		   (of == XENACPI_T || of == XENACPI_CPPC ||
		    sent->answer == -XEN_ENOSYS || sent->answer == -EOPNOTSUPP)) {
		xenacpi_taken[of] = XENACPI_REFUSED;
	}
}

static void put_gas(struct xen_power_register *to,
		    const struct xenacpi_register *from)
{
	to->space_id = from->space;
	to->bit_width = from->width;
	to->bit_offset = from->offset;
	to->access_size = from->access;
	to->address = from->address;
}

static void send_c(struct xenacpi_cpu *cpu)
{
	const struct xenacpi_cstates *c = &cpu->tables.c;
	struct xen_platform_op op = { .u.set_pminfo.type = XEN_PM_CX };
	struct xen_processor_power *power = &op.u.set_pminfo.power;
	struct xen_processor_cx *states;
	u32 i;

	/* Nothing to say, unless Xen has to forget something. */
	if (!c->nr && !cpu->sent[XENACPI_C].states)
		return;
	states = kcalloc(c->nr + 1, sizeof(*states), GFP_KERNEL);
	if (!states)
		return;
	for (i = 0; i < c->nr; i++) {
		put_gas(&states[i].reg, &c->state[i].reg);
		states[i].type = c->state[i].type;
		states[i].latency = c->state[i].latency;
		states[i].power = c->state[i].power;
		set_xen_guest_handle(states[i].dp, NULL);
	}
	power->count = c->nr;
	power->flags.has_cst = c->from_cst;
	power->flags.bm_control = acpi_gbl_FADT.pm2_control_block &&
				  acpi_gbl_FADT.pm2_control_length;
	set_xen_guest_handle(power->states, states);
	send(cpu, XENACPI_C, c->nr, &op);
	kfree(states);
}

static void put_pct(struct xen_pct_register *to,
		    const struct xenacpi_register *from)
{
	/* The descriptor's tag and length are a part of it. */
	to->descriptor = 0x82;
	to->length = 12;
	to->space_id = from->space;
	to->bit_width = from->width;
	to->bit_offset = from->offset;
	to->reserved = from->access;
	to->address = from->address;
}

static u32 put_domain(struct xen_psd_package *to,
		      const struct xenacpi_domain *from)
{
	to->num_entries = from->entries;
	to->revision = from->revision;
	to->domain = from->domain;
	to->coord_type = from->coord;
	to->num_processors = from->processors;
	return from->coord == XENACPI_COORD_SW_ALL ? SHARED_ALL :
	       from->coord == XENACPI_COORD_SW_ANY ? SHARED_ANY : SHARED_HW;
}

static void send_limit(struct xenacpi_cpu *cpu)
{
	struct xen_platform_op op = { .u.set_pminfo.type = XEN_PM_PX };

	op.u.set_pminfo.perf.flags = XEN_PX_PPC;
	op.u.set_pminfo.perf.platform_limit = cpu->tables.p.limit;
	send(cpu, XENACPI_LIMIT, cpu->sent[XENACPI_P].states, &op);
}

static void send_p(struct xenacpi_cpu *cpu)
{
	const struct xenacpi_px *p = &cpu->tables.p;
	struct xen_platform_op op = { .u.set_pminfo.type = XEN_PM_PX };
	struct xen_processor_performance *perf = &op.u.set_pminfo.perf;
	struct xen_processor_px *states;
	u32 i;

	if (!p->good)
		return;
	states = kcalloc(p->pss.nr, sizeof(*states), GFP_KERNEL);
	if (!states)
		return;
	for (i = 0; i < p->pss.nr; i++) {
		states[i].core_frequency = p->pss.state[i].mhz;
		states[i].power = p->pss.state[i].power;
		states[i].transition_latency = p->pss.state[i].latency;
		states[i].bus_master_latency = p->pss.state[i].bm_latency;
		states[i].control = p->pss.state[i].control;
		states[i].status = p->pss.state[i].status;
	}
	perf->flags = XEN_PX_PCT | XEN_PX_PSS | XEN_PX_PSD | XEN_PX_PPC;
	perf->platform_limit = p->limit;
	perf->state_count = p->pss.nr;
	set_xen_guest_handle(perf->states, states);
	put_pct(&perf->control_register, &p->control);
	put_pct(&perf->status_register, &p->status);
	perf->shared_type = put_domain(&perf->domain_info, &p->domain);
	send(cpu, XENACPI_P, p->pss.nr, &op);
	kfree(states);
	if (cpu->sent[XENACPI_P].asked && !cpu->sent[XENACPI_P].answer)
		cpu->p_taken = true;
}

/*
 * Xen's interface has a number for throttling, and no structure: no Xen so far
 * takes it. Asking costs one hypercall.
 */
static void send_t(struct xenacpi_cpu *cpu)
{
	struct xen_platform_op op = { .u.set_pminfo.type = XEN_PM_TX };

	if (cpu->tables.t.tss.nr && xenacpi_taken[XENACPI_T] != XENACPI_REFUSED)
		send(cpu, XENACPI_T, cpu->tables.t.tss.nr, &op);
}

static void send_cppc(struct xenacpi_cpu *cpu)
{
	const struct xenacpi_cpc *cpc = &cpu->tables.cpc;
	struct xen_platform_op op = { .u.set_pminfo.type = XEN_PM_CPPC };
	struct xen_processor_cppc cppc = {
		.flags = XEN_CPPC_PSD | XEN_CPPC_CPC,
		.cpc = {
			.highest_perf = cpc->highest,
			.nominal_perf = cpc->nominal,
			.lowest_nonlinear_perf = cpc->lowest_nonlinear,
			.lowest_perf = cpc->lowest,
			.lowest_mhz = cpc->lowest_mhz,
			.nominal_mhz = cpc->nominal_mhz,
		},
	};

	if (!cpu->tables.cppc ||
	    xenacpi_taken[XENACPI_CPPC] == XENACPI_REFUSED)
		return;
	cppc.shared_type = put_domain(&cppc.domain_info, &cpu->tables.p.domain);
	/* The kernel's union has no member for it, and room enough. */
	BUILD_BUG_ON(sizeof(cppc) > sizeof(op.u) - PMINFO_UNION);
	memcpy((u8 *)&op.u + PMINFO_UNION, &cppc, sizeof(cppc));
	send(cpu, XENACPI_CPPC, 1, &op);
}

/* Whether only the limit is another, if anything. */
static bool only_limit(const struct xenacpi_px *one,
		       const struct xenacpi_px *other)
{
	return one->good && other->good &&
	       !memcmp(&one->control, &other->control,
		       sizeof(*one) - offsetof(struct xenacpi_px, control));
}

/*
 * Xen replaces states and registers under the driver that runs with them, which
 * goes on with its own copy of half of it: Xen 4.17 dies when the registers
 * become of another kind, and reads beyond the states when they become fewer.
 */
static void keep_states(struct xenacpi_cpu *cpu, struct xenacpi_px *new)
{
	const struct xenacpi_px *old = &cpu->tables.p;
	u32 limit = min(new->limit, old->pss.nr - 1);

	if (!cpu->p_taken || only_limit(old, new))
		return;
	if (!cpu->p_differs)
		pr_warn("%s: P-states other than those that Xen runs with, dropped\n",
			cpu->path);
	cpu->p_differs = true;
	memcpy(new, old, sizeof(*new));
	new->limit = limit;
}

void xenacpi_upload(struct xenacpi_cpu *cpu, struct xenacpi_tables *tables,
		    bool force)
{
	struct xenacpi_tables *old = &cpu->tables;
	bool c, p, t, cppc, limit;

	keep_states(cpu, &tables->p);
	c = force || memcmp(&old->c, &tables->c, sizeof(old->c));
	p = force || memcmp(&old->p, &tables->p, sizeof(old->p));
	limit = !force && p && cpu->sent[XENACPI_P].asked &&
		only_limit(&old->p, &tables->p);
	t = force || memcmp(&old->t, &tables->t, sizeof(old->t));
	cppc = force || old->cppc != tables->cppc ||
	       memcmp(&old->cpc, &tables->cpc, sizeof(old->cpc)) ||
	       memcmp(&old->p.domain, &tables->p.domain,
		      sizeof(old->p.domain));
	memcpy(old, tables, sizeof(*old));
	if (c)
		send_c(cpu);
	/* A limit is of no use for states that Xen refused. */
	if (limit && cpu->p_taken)
		send_limit(cpu);
	else if (p && !limit)
		send_p(cpu);
	if (t)
		send_t(cpu);
	if (cppc)
		send_cppc(cpu);
}
