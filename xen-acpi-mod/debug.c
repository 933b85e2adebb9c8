// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs, xen-acpi-processor/: lines of key=value for the command xenmod, and
 * "states", for people.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "xenacpi.h"

static struct dentry *root;

static const char *const kind_keys[XENACPI_KINDS] = {
	[XENACPI_C] = "c",
	[XENACPI_P] = "p",
	[XENACPI_T] = "t",
	[XENACPI_CPPC] = "cppc",
};

static u32 nr_read(const struct xenacpi_tables *tables, int kind)
{
	switch (kind) {
	case XENACPI_C:
		return tables->c.nr;
	case XENACPI_P:
		return tables->p.pss.nr;
	case XENACPI_T:
		return tables->t.tss.nr;
	default:
		return tables->cppc;
	}
}

static void show_processor(struct seq_file *file,
			   const struct xenacpi_cpu *cpu)
{
	const struct xenacpi_sent *sent;
	int kind;

	seq_printf(file, "acpi=%u", cpu->acpi);
	if (cpu->listed)
		seq_printf(file, " apic=%u xen=%u", cpu->pcpu.apic,
			   cpu->pcpu.xen);
	else
		seq_puts(file, " apic=- xen=-");
	seq_printf(file, " online=%d object=%s", cpu->pcpu.online, cpu->path);
	for (kind = 0; kind < XENACPI_KINDS; kind++) {
		sent = &cpu->sent[kind];
		seq_printf(file, " %s=%u/", kind_keys[kind],
			   nr_read(&cpu->tables, kind));
		if (sent->asked)
			seq_printf(file, "%u/%d", sent->states, sent->answer);
		else
			seq_puts(file, "0/-");
	}
	seq_printf(file, " limit=%u uploads=%u dropped=%u notified=%d\n",
		   cpu->tables.p.limit, cpu->uploads, xenacpi_dropped(cpu),
		   atomic_read(&cpu->notified));
}

static int processors_show(struct seq_file *file, void *unused)
{
	const struct xenacpi_cpu *cpu;

	mutex_lock(&xenacpi_lock);
	list_for_each_entry(cpu, &xenacpi_cpus, node)
		show_processor(file, cpu);
	mutex_unlock(&xenacpi_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(processors);

static void show_register(struct seq_file *file,
			  const struct xenacpi_register *reg)
{
	if (reg->space == ACPI_ADR_SPACE_SYSTEM_IO)
		seq_printf(file, "port %#llx (%u bits)", reg->address,
			   reg->width);
	else
		seq_printf(file, "fixed hardware %u.%u.%u:%#llx", reg->width,
			   reg->offset, reg->access, reg->address);
}

static void show_domain(struct seq_file *file,
			const struct xenacpi_domain *domain)
{
	seq_printf(file, "    domain %llu of %llu processors, coordination %#llx\n",
		   domain->domain, domain->processors, domain->coord);
}

static void show_c(struct seq_file *file, const struct xenacpi_cstates *c)
{
	u32 i;

	if (c->nr)
		seq_printf(file, "  idle states, from %s\n",
			   c->from_cst ? "_CST" : "the register block");
	for (i = 0; i < c->nr; i++) {
		seq_printf(file, "    C%u latency %u us power %u mW by ",
			   c->state[i].type, c->state[i].latency,
			   c->state[i].power);
		show_register(file, &c->state[i].reg);
		seq_putc(file, '\n');
	}
}

static void show_registers(struct seq_file *file,
			   const struct xenacpi_register *control,
			   const struct xenacpi_register *status)
{
	seq_puts(file, "    control ");
	show_register(file, control);
	seq_puts(file, ", status ");
	show_register(file, status);
	seq_putc(file, '\n');
}

static void show_p(struct seq_file *file, const struct xenacpi_px *p)
{
	const struct xenacpi_pstate *state;
	u32 i;

	if (!p->pss.nr)
		return;
	seq_printf(file, "  performance states, fastest allowed: P%u\n",
		   p->limit);
	show_registers(file, &p->control, &p->status);
	show_domain(file, &p->domain);
	for (i = 0; i < p->pss.nr; i++) {
		state = &p->pss.state[i];
		seq_printf(file, "    P%u %llu MHz %llu mW %llu us %llu us control %#llx status %#llx\n",
			   i, state->mhz, state->power, state->latency,
			   state->bm_latency, state->control, state->status);
	}
}

static void show_t(struct seq_file *file, const struct xenacpi_tx *t)
{
	const struct xenacpi_tstate *state;
	u32 i;

	if (!t->tss.nr)
		return;
	seq_printf(file, "  throttling states, least allowed: T%u\n", t->limit);
	show_registers(file, &t->control, &t->status);
	show_domain(file, &t->domain);
	for (i = 0; i < t->tss.nr; i++) {
		state = &t->tss.state[i];
		seq_printf(file, "    T%u %llu %% %llu mW %llu us control %#llx status %#llx\n",
			   i, state->percent, state->power, state->latency,
			   state->control, state->status);
	}
}

static void show_cpc(struct seq_file *file, const struct xenacpi_tables *tables)
{
	const struct xenacpi_cpc *cpc = &tables->cpc;

	if (tables->cppc)
		seq_printf(file, "  performance: highest %u nominal %u lowest nonlinear %u lowest %u; nominal %u MHz lowest %u MHz\n",
			   cpc->highest, cpc->nominal, cpc->lowest_nonlinear,
			   cpc->lowest, cpc->nominal_mhz, cpc->lowest_mhz);
}

static int states_show(struct seq_file *file, void *unused)
{
	const struct xenacpi_cpu *cpu;

	mutex_lock(&xenacpi_lock);
	list_for_each_entry(cpu, &xenacpi_cpus, node) {
		if (!cpu->listed)
			continue;
		seq_printf(file, "%s, ACPI id %u, Xen's CPU %u\n", cpu->path,
			   cpu->acpi, cpu->pcpu.xen);
		show_c(file, &cpu->tables.c);
		show_p(file, &cpu->tables.p);
		show_t(file, &cpu->tables.t);
		show_cpc(file, &cpu->tables);
	}
	mutex_unlock(&xenacpi_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(states);

static int routing_show(struct seq_file *file, void *unused)
{
	return xenacpi_routing_show(file);
}
DEFINE_SHOW_ATTRIBUTE(routing);

static int module_show(struct seq_file *file, void *unused)
{
	static const char *const taken_names[] = {
		[XENACPI_UNKNOWN] = "-",
		[XENACPI_TAKEN] = "taken",
		[XENACPI_REFUSED] = "refused",
	};
	const struct xenacpi_cpu *cpu;
	unsigned int notified = 0;
	int kind;

	mutex_lock(&xenacpi_lock);
	list_for_each_entry(cpu, &xenacpi_cpus, node)
		notified += atomic_read(&cpu->notified);
	seq_printf(file, "dryrun=%d\npad=%s\n", xenacpi_dryrun,
		   xenacpi_pad_show());
	for (kind = 0; kind < XENACPI_KINDS; kind++)
		seq_printf(file, "%s=%s\n", kind_keys[kind],
			   taken_names[xenacpi_taken[kind]]);
	mutex_unlock(&xenacpi_lock);
	seq_printf(file, "resumes=%u\nnotifications=%u\n", xenacpi_resumes(),
		   notified);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(module);

void xenacpi_debug_start(void)
{
	root = debugfs_create_dir("xen-acpi-processor", NULL);
	debugfs_create_file("processors", 0400, root, NULL, &processors_fops);
	debugfs_create_file("states", 0400, root, NULL, &states_fops);
	debugfs_create_file("routing", 0400, root, NULL, &routing_fops);
	debugfs_create_file("module", 0400, root, NULL, &module_fops);
}

void xenacpi_debug_stop(void)
{
	debugfs_remove_recursive(root);
}
