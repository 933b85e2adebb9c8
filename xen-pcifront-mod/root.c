// SPDX-License-Identifier: GPL-2.0
/*
 * Root buses, and the devices on them.
 */
#include <linux/ioport.h>
#include "pcifront.h"

/* The backend may take so many deadlines for a scan ... */
#define SCAN_DEADLINES	20
/* ... and such a part of one for each function that is found. */
#define SCAN_PART	4

DEFINE_SRCU(pcifront_users);

/*
 * No driver can use it now, and it is not tried again. A BAR of the obsolete
 * kind "below 1 MiB" counts as claimed without having been: its flag is that of
 * a shadowed ROM.
 */
static void disown(struct resource *resource)
{
	if (resource->parent)
		release_resource(resource);
	resource->end -= resource->start;
	resource->start = 0;
	resource->flags |= IORESOURCE_UNSET;
}

/* The backend does not let BARs be moved, so they are claimed where they are. */
static void claim_one(struct pci_dev *dev, int bar)
{
	struct resource *resource = &dev->resource[bar];

	if (resource->parent || !resource->start || !resource->flags)
		return;
	if (pci_claim_resource(dev, bar)) {
		pci_warn(dev, "BAR %d cannot be claimed: is it where the guest has memory? Then e820_host=1 in its configuration helps\n",
			 bar);
		disown(resource);
		return;
	}
	if (resource->flags & IORESOURCE_MEM &&
	    !pcifront_bar_reachable(resource)) {
		pci_warn(dev, "BAR %d is nothing that Xen gives this guest\n",
			 bar);
		disown(resource);
	}
}

static int claim_resources(struct pci_dev *dev, void *unused)
{
	int bar;

	for (bar = 0; bar < PCI_NUM_RESOURCES; bar++)
		claim_one(dev, bar);
	return 0;
}

/*
 * A backend shows functions at any place, also without one at function 0.
 * Functions that are known already are left alone.
 */
static int scan_function(struct pcifront_root *root, unsigned int devfn)
{
	struct pcifront *front = root->front;
	struct pci_dev *dev;

	dev = pci_get_slot(root->bridge->bus, devfn);
	if (dev) {
		pci_dev_put(dev);
		return 0;
	}
	dev = pci_scan_single_device(root->bridge->bus, devfn);
	if (!dev)
		return 0;
	if (PCI_FUNC(devfn))
		dev->multifunction = 1;
	if (!front->room)
		return -E2BIG;
	front->room--;
	front->scan_left += pcifront_deadline() / SCAN_PART;
	return 0;
}

static int root_scan(struct pcifront_root *root)
{
	struct pci_bus *bus = root->bridge->bus;
	unsigned int devfn;
	int err = 0;

	WRITE_ONCE(root->scanner, current);
	for (devfn = 0; devfn < PCIFRONT_DEVFNS && !err; devfn++) {
		if (READ_ONCE(root->front->gone))
			break;
		err = scan_function(root, devfn);
	}
	WRITE_ONCE(root->scanner, NULL);
	if (err)
		return err;
	pci_walk_bus(bus, claim_resources, NULL);
	/* Drivers come now. */
	pci_bus_add_devices(bus);
	return 0;
}

static int root_register(struct pcifront_root *root)
{
	int err;

	/*
	 * The PCI core knows places where there can be no function. We look
	 * at all of them ourselves, and do not want to do so twice.
	 */
	root->hidden = true;
	err = pci_scan_root_bus_bridge(root->bridge);
	if (err)
		return err;
	WRITE_ONCE(root->hidden, false);
	list_add_tail(&root->list, &root->front->roots);
	return 0;
}

static int root_create(struct pcifront *front,
		       const struct pcifront_address *address)
{
	struct pci_host_bridge *bridge;
	struct pcifront_root *root;
	int err;

	/* Only PV guests have us, so every bus here is some backend's. */
	if (pci_find_bus(address->domain, address->bus))
		return -EEXIST;

	bridge = pci_alloc_host_bridge(sizeof(*root));
	if (!bridge)
		return -ENOMEM;
	root = pci_host_bridge_priv(bridge);
	root->front = front;
	root->bridge = bridge;
	root->sysdata.domain = address->domain;
	root->sysdata.node = NUMA_NO_NODE;
	root->buses.name = "xen-pcifront";
	root->buses.start = address->bus;
	root->buses.end = address->bus;
	root->buses.flags = IORESOURCE_BUS;

	pci_add_resource(&bridge->windows, &ioport_resource);
	pci_add_resource(&bridge->windows, &iomem_resource);
	pci_add_resource(&bridge->windows, &root->buses);
	bridge->dev.parent = &front->dev->dev;
	bridge->sysdata = &root->sysdata;
	bridge->ops = &pcifront_config_ops;
	bridge->busnr = address->bus;

	pci_lock_rescan_remove();
	err = root_register(root);
	pci_unlock_rescan_remove();
	if (err)
		pci_free_host_bridge(bridge);
	return err;
}

static struct pcifront_root *find_root(struct pcifront *front,
				       unsigned int domain, unsigned int bus)
{
	struct pcifront_root *root;

	list_for_each_entry(root, &front->roots, list)
		if (root->sysdata.domain == domain && root->buses.start == bus)
			return root;
	return NULL;
}

/* The backend is about to name its buses. */
void pcifront_root_begin(struct pcifront *front)
{
	struct pcifront_root *root;
	struct pci_dev *dev;

	front->update++;
	front->scan_left = SCAN_DEADLINES * pcifront_deadline();
	front->room = PCIFRONT_MAX_DEVICES;
	pci_lock_rescan_remove();
	list_for_each_entry(root, &front->roots, list)
		list_for_each_entry(dev, &root->bridge->bus->devices, bus_list)
			front->room--;
	pci_unlock_rescan_remove();
}

/*
 * Make the bus if there is none yet, and look for new devices on it. A bus that
 * is named twice would be looked at as often.
 */
int pcifront_root_update(struct pcifront *front,
			 const struct pcifront_address *address)
{
	struct pcifront_root *root;
	int err;

	root = find_root(front, address->domain, address->bus);
	if (!root) {
		err = root_create(front, address);
		if (err)
			return err;
		root = find_root(front, address->domain, address->bus);
	} else if (root->update == front->update) {
		return -EEXIST;
	}
	root->update = front->update;

	pci_lock_rescan_remove();
	err = root_scan(root);
	pci_unlock_rescan_remove();
	return err;
}

/* One of this frontend's devices, with a reference, or NULL. */
struct pci_dev *pcifront_root_find(struct pcifront *front,
				   unsigned int domain, unsigned int bus,
				   unsigned int devfn)
{
	struct pcifront_root *root = find_root(front, domain, bus);

	return root ? pci_get_slot(root->bridge->bus, devfn) : NULL;
}

/* Drivers see a device that is not there any more, and do not wait for it. */
static int mark_lost(struct pci_dev *dev, void *unused)
{
	WRITE_ONCE(dev->error_state, pci_channel_io_perm_failure);
	return 0;
}

/*
 * libxl resets a device and takes it from the guest before it tells anybody. What
 * a driver then waits for does not come: nvme waits a minute, libxl ten seconds.
 * Of addresses above 4 GiB libxl takes the lower half only: these tell nothing,
 * and no other toolstack is known.
 */
static bool taken_away(struct pci_dev *dev)
{
	struct resource *resource;
	int bar;

	for (bar = 0; bar < PCI_NUM_RESOURCES; bar++) {
		resource = &dev->resource[bar];
		if (!resource->parent || !(resource->flags & IORESOURCE_MEM))
			continue;
		if (upper_32_bits(resource->start) ||
		    !pcifront_bar_reachable(resource))
			return true;
	}
	return false;
}

void pcifront_root_remove_device(struct pci_dev *dev)
{
	pci_lock_rescan_remove();
	if (taken_away(dev))
		mark_lost(dev, NULL);
	pci_stop_and_remove_bus_device(dev);
	pci_unlock_rescan_remove();
}

static void root_remove(struct pcifront_root *root)
{
	struct pci_host_bridge *bridge = root->bridge;
	struct pci_bus *bus = bridge->bus;

	list_del(&root->list);
	if (pcifront_channel_dead(&root->front->channel))
		pci_walk_bus(bus, mark_lost, NULL);
	pci_stop_root_bus(bus);
	pci_remove_root_bus(bus);
	/* Who still has a reference to one of the devices finds nothing. */
	WRITE_ONCE(root->front, NULL);
	synchronize_srcu(&pcifront_users);
	pci_free_host_bridge(bridge);
}

void pcifront_root_remove_all(struct pcifront *front)
{
	struct pcifront_root *root, *next;

	pci_lock_rescan_remove();
	list_for_each_entry_safe(root, next, &front->roots, list)
		root_remove(root);
	pci_unlock_rescan_remove();
}
