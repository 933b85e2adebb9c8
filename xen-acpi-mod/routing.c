// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt routing: what the firmware's _PRT say against what Xen has. A PV
 * kernel registers a GSI with Xen when a driver enables the device; a PVH one
 * does not, and passthrough does not find it then.
 */
#include <linux/acpi.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <acpi/acpi_drivers.h>
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/physdev.h>
#include <xen/xen.h>
#include "route.h"
#include "trace.h"
#include "xenacpi.h"

/* The index register of a redirection entry's lower half. */
#define IOAPIC_RTE(pin)	(0x10 + 2 * (pin))
/* Pins that an I/O APIC can have. */
#define IOAPIC_PINS	240

/* What is known about an entry's GSI. */
enum route_state {
	ROUTE_VERIFIED,
	ROUTE_REGISTERED,
	ROUTE_DIFFERENT,
	ROUTE_ABSENT,
	ROUTE_UNSET,
	ROUTE_FAILED,
};

static const char *const state_names[] = {
	[ROUTE_VERIFIED] = "verified",
	[ROUTE_REGISTERED] = "registered",
	[ROUTE_DIFFERENT] = "different",
	[ROUTE_ABSENT] = "absent",
	[ROUTE_UNSET] = "unset",
	[ROUTE_FAILED] = "failed",
};

/* A GSI that we tried to register with Xen, or told of; and Xen's answer. */
struct registered {
	struct list_head node;
	u32 gsi;
	int answer;
};

/* An entry of a _PRT, with all that was found out about it. */
struct route {
	struct pci_bus *bus;
	u32 device;
	u32 pin;
	const char *link;
	bool used;		/* a device uses this pin */
	bool has_gsi;
	u32 gsi;
	bool level;
	bool low;
	enum route_state state;
};

/* Called for each entry. */
typedef void (*route_fn)(struct route *route, void *data);

/**
 * struct walk - a walk through all tables
 * @fn: what is called for each entry
 * @data: for that
 * @tell: tell what is wrong with them
 * @nr: number of entries
 */
struct walk {
	route_fn fn;
	void *data;
	bool tell;
	unsigned int nr;
};

/* Written at load only, before anybody can read it. */
static LIST_HEAD(registered);

/* The first interrupt of a link device's resources. */
static acpi_status link_interrupt(struct acpi_resource *resource, void *data)
{
	struct route *route = data;
	u8 trigger, polarity;

	switch (resource->type) {
	case ACPI_RESOURCE_TYPE_IRQ:
		if (!resource->data.irq.interrupt_count)
			return AE_OK;
		route->gsi = resource->data.irq.interrupts[0];
		trigger = resource->data.irq.triggering;
		polarity = resource->data.irq.polarity;
		break;
	case ACPI_RESOURCE_TYPE_EXTENDED_IRQ:
		if (!resource->data.extended_irq.interrupt_count)
			return AE_OK;
		route->gsi = resource->data.extended_irq.interrupts[0];
		trigger = resource->data.extended_irq.triggering;
		polarity = resource->data.extended_irq.polarity;
		break;
	default:
		return AE_OK;
	}
	/* A link that is not connected says 0. */
	route->has_gsi = route->gsi;
	route->level = trigger == ACPI_LEVEL_SENSITIVE;
	route->low = polarity == ACPI_ACTIVE_LOW;
	return AE_CTRL_TERMINATE;
}

/* Returns NULL, or what is wrong. */
static const char *find_gsi(struct route *route, acpi_handle bridge,
			    const struct xenacpi_prt *entry)
{
	acpi_status status;
	acpi_handle link;

	/* PCI's own, where no link says otherwise. */
	route->level = true;
	route->low = true;
	if (!*entry->source) {
		route->has_gsi = true;
		route->gsi = entry->index;
		return NULL;
	}
	route->link = entry->source;
	if (ACPI_FAILURE(acpi_get_handle(bridge, (acpi_string)entry->source,
					 &link)))
		return "there is no such link";
	status = acpi_walk_resources(link, METHOD_NAME__CRS, link_interrupt,
				     route);
	return ACPI_FAILURE(status) ? "its link has no good _CRS" : NULL;
}

/*
 * Does anything use this pin of that device? A bridge may hand on what its
 * own devices raise.
 */
static bool is_used(struct pci_bus *bus, u32 device, u32 pin)
{
	struct pci_dev *dev;
	bool used = false;
	int function;

	for (function = 0; function < 8 && !used; function++) {
		dev = pci_get_slot(bus, PCI_DEVFN(device, function));
		if (!dev)
			continue;
		used = dev->pin == pin + 1 || dev->subordinate;
		pci_dev_put(dev);
	}
	return used;
}

/* What Xen has in the I/O APIC. Returns whether it says so. */
static bool read_rte(u32 gsi, struct xenacpi_rte *rte)
{
	struct acpi_table_header *madt;
	struct physdev_apic apic = { 0 };
	struct xenacpi_ioapic ioapic;
	bool found;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_MADT, 0, &madt)))
		return false;
	found = xenacpi_madt_ioapic(madt, madt->length, gsi, &ioapic);
	acpi_put_table(madt);
	if (!found || gsi - ioapic.gsi_base >= IOAPIC_PINS)
		return false;
	apic.apic_physbase = ioapic.address;
	apic.reg = IOAPIC_RTE(gsi - ioapic.gsi_base);
	if (HYPERVISOR_physdev_op(PHYSDEVOP_apic_read, &apic))
		return false;
	xenacpi_rte_parse(apic.value, rte);
	return true;
}

static struct registered *find_registered(u32 gsi)
{
	struct registered *own;

	list_for_each_entry(own, &registered, node)
		if (own->gsi == gsi)
			return own;
	return NULL;
}

/* What is known about a route's GSI now. */
static enum route_state state_of(const struct route *route)
{
	struct xenacpi_rte rte = { 0 };
	const struct registered *own;
	bool told;

	if (!route->has_gsi)
		return ROUTE_UNSET;
	own = find_registered(route->gsi);
	told = read_rte(route->gsi, &rte);
	if (told && rte.vector &&
	    (rte.level != route->level || rte.low != route->low))
		return ROUTE_DIFFERENT;
	if (own && !own->answer)
		return ROUTE_REGISTERED;
	if ((told && rte.vector) || (own && own->answer == -EEXIST))
		return ROUTE_VERIFIED;
	if (own)
		return ROUTE_FAILED;
	return ROUTE_ABSENT;
}

/* Returns NULL, or what is wrong with the entry. */
static const char *one_entry(acpi_handle bridge, struct pci_bus *bus,
			     const struct xenacpi_prt *entry, struct walk *walk)
{
	struct route route = {
		.bus = bus, .device = entry->device, .pin = entry->pin,
	};
	const char *wrong;

	if (entry->device >= 32 || entry->pin >= 4)
		return "no such device or pin";
	wrong = find_gsi(&route, bridge, entry);
	route.used = is_used(bus, entry->device, entry->pin);
	route.state = state_of(&route);
	walk->fn(&route, walk->data);
	walk->nr++;
	return wrong;
}

static void each_entry(acpi_handle bridge, struct pci_bus *bus,
		       const struct acpi_buffer *table, struct walk *walk,
		       struct xenacpi_faults *faults)
{
	struct xenacpi_prt entry;
	const char *wrong;
	size_t offset = 0;
	int more, i;

	for (i = 0; (more = xenacpi_prt_next(table->pointer, table->length,
					     &offset, &entry)) > 0; i++) {
		wrong = one_entry(bridge, bus, &entry, walk);
		if (wrong)
			xenacpi_fault(faults, i, wrong);
	}
	if (more < 0)
		xenacpi_fault(faults, i, "broken, and all after it");
}

/* A bridge's secondary bus, or NULL; its device is to be put in any case. */
static struct pci_bus *bus_behind(acpi_handle bridge, struct pci_dev **dev)
{
	struct acpi_pci_root *root = acpi_pci_find_root(bridge);

	*dev = NULL;
	if (root)
		return root->bus;
	*dev = acpi_get_pci_dev(bridge);
	return *dev ? (*dev)->subordinate : NULL;
}

static void tell_bridge(acpi_handle bridge, const struct xenacpi_faults *faults)
{
	struct acpi_buffer path = { ACPI_ALLOCATE_BUFFER, NULL };

	if (ACPI_SUCCESS(acpi_get_name(bridge, ACPI_FULL_PATHNAME_NO_TRAILING,
				       &path)))
		xenacpi_tell_faults(path.pointer, METHOD_NAME__PRT, faults);
	ACPI_FREE(path.pointer);
}

static acpi_status each_bridge(acpi_handle handle, u32 depth, void *context,
			       void **result)
{
	struct acpi_buffer table = { ACPI_ALLOCATE_BUFFER, NULL };
	struct xenacpi_faults faults = { 0 };
	struct walk *walk = context;
	struct pci_dev *dev;
	struct pci_bus *bus;

	if (!acpi_has_method(handle, METHOD_NAME__PRT))
		return AE_OK;
	bus = bus_behind(handle, &dev);
	if (bus && ACPI_SUCCESS(acpi_get_irq_routing_table(handle, &table)))
		each_entry(handle, bus, &table, walk, &faults);
	else if (bus)
		xenacpi_fault(&faults, XENACPI_WHOLE, "cannot be evaluated");
	if (walk->tell && faults.nr)
		tell_bridge(handle, &faults);
	ACPI_FREE(table.pointer);
	pci_dev_put(dev);
	return AE_OK;
}

static void each_route(struct walk *walk)
{
	/* No bus comes or goes meanwhile. */
	pci_lock_rescan_remove();
	acpi_walk_namespace(ACPI_TYPE_DEVICE, ACPI_ROOT_OBJECT, ACPI_UINT32_MAX,
			    each_bridge, NULL, walk, NULL);
	pci_unlock_rescan_remove();
}

/**
 * struct summary - what was found at load
 * @registered: GSIs that we registered
 * @unsupported: Xen lets us register none
 */
struct summary {
	unsigned int registered;
	bool unsupported;
};

/* Remember what is known about a GSI. */
static void note(u32 gsi, int answer)
{
	struct registered *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return;
	own->gsi = gsi;
	own->answer = answer;
	list_add_tail(&own->node, &registered);
}

static void register_gsi(const struct route *route, struct summary *summary)
{
	struct physdev_setup_gsi setup = {
		.gsi = route->gsi,
		.triggering = route->level,
		.polarity = route->low,
	};
	int answer = HYPERVISOR_physdev_op(PHYSDEVOP_setup_gsi, &setup);

	trace_xenacpi_gsi(route->gsi, route->level, route->low, answer);
	note(route->gsi, answer);
	if (!answer) {
		summary->registered++;
	} else if (answer == -XEN_ENOSYS || answer == -EOPNOTSUPP) {
		summary->unsupported = true;
		pr_warn("Xen does not let this domain register GSIs (error %d)\n",
			answer);
	} else if (answer != -EEXIST) {
		pr_warn("%04x:%02x:%02x INT%c: Xen does not register GSI %u (error %d)\n",
			pci_domain_nr(route->bus), route->bus->number,
			route->device, 'A' + route->pin, route->gsi, answer);
	}
}

static void check_route(struct route *route, void *data)
{
	struct summary *summary = data;

	/* Many entries have the same GSI. */
	if (!route->has_gsi || find_registered(route->gsi))
		return;
	if (route->state == ROUTE_DIFFERENT) {
		pr_warn("%04x:%02x:%02x INT%c: GSI %u is not %s and active %s in the I/O APIC\n",
			pci_domain_nr(route->bus), route->bus->number,
			route->device, 'A' + route->pin, route->gsi,
			route->level ? "level" : "edge",
			route->low ? "low" : "high");
		note(route->gsi, -EEXIST);
	} else if (route->state == ROUTE_ABSENT && route->used &&
		   !xenacpi_dryrun && !summary->unsupported) {
		register_gsi(route, summary);
	}
}

bool xenacpi_routing_start(void)
{
	struct summary summary = { 0 };
	struct walk walk = { .fn = check_route, .data = &summary, .tell = true };

	each_route(&walk);
	if (summary.registered)
		pr_info("registered %u GSIs with Xen\n", summary.registered);
	return walk.nr;
}

void xenacpi_routing_stop(void)
{
	struct registered *own, *next;

	list_for_each_entry_safe(own, next, &registered, node) {
		list_del(&own->node);
		kfree(own);
	}
}

/* Linux's interrupt of a GSI, or -1. */
static int irq_of(u32 gsi)
{
	unsigned int irq;

	if (xen_pv_domain())
		return xen_irq_from_gsi(gsi);
	return acpi_gsi_to_irq(gsi, &irq) || !irq ? -1 : (int)irq;
}

static void show_number(struct seq_file *file, const char *key, int number)
{
	if (number < 0)
		seq_printf(file, " %s=-", key);
	else
		seq_printf(file, " %s=%d", key, number);
}

static void show_route(struct route *route, void *data)
{
	int irq = route->has_gsi ? irq_of(route->gsi) : -1;
	struct seq_file *file = data;

	seq_printf(file, "bus=%04x:%02x device=%02x pin=%c link=%s",
		   pci_domain_nr(route->bus), route->bus->number,
		   route->device, 'A' + route->pin,
		   route->link ? route->link : "-");
	show_number(file, "gsi", route->has_gsi ? (int)route->gsi : -1);
	seq_printf(file, " trigger=%s polarity=%s",
		   route->level ? "level" : "edge",
		   route->low ? "low" : "high");
	show_number(file, "pirq", irq > 0 && xen_pv_domain() ?
		    xen_pirq_from_irq(irq) : -1);
	show_number(file, "irq", irq);
	seq_printf(file, " state=%s\n", state_names[route->state]);
}

int xenacpi_routing_show(struct seq_file *file)
{
	struct walk walk = { .fn = show_route, .data = file };

	each_route(&walk);
	return 0;
}
