// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration space, through the backend.
 */
#include "pcifront.h"

/* Whether this is the scan, which makes hundreds of accesses, in the work. */
static bool may_sleep(const struct pcifront_root *root)
{
	return READ_ONCE(root->scanner) == current && in_task() &&
	       !irqs_disabled();
}

/*
 * A backend may take some time for each answer, and for the whole scan, which
 * holds up others, not that many times as much.
 */
static int scan_call(struct pcifront *front, struct pcifront_call *call)
{
	int err;

	if (READ_ONCE(front->gone))
		return -EIO;
	err = pcifront_call_sleeping(front, call);
	if (err)
		return err;
	if (call->waited > front->scan_left)
		pcifront_channel_kill(front);
	else
		front->scan_left -= call->waited;
	return 0;
}

static int root_access(struct pcifront_root *root, struct pcifront_call *call)
{
	struct pcifront *front = READ_ONCE(root->front);
	int err;

	if (!front || READ_ONCE(root->hidden) ||
	    pcifront_channel_dead(&front->channel))
		return PCIBIOS_DEVICE_NOT_FOUND;

	call->root = root;
	err = may_sleep(root) ? scan_call(front, call) :
				pcifront_call(front, call);
	if (err)
		return PCIBIOS_DEVICE_NOT_FOUND;
	return pcifront_config_status(call->err);
}

static int config_access(struct pci_bus *bus, struct pcifront_call *call)
{
	int index, status;

	if (!pcifront_access_valid(call->where, call->size))
		return PCIBIOS_BAD_REGISTER_NUMBER;
	index = srcu_read_lock(&pcifront_users);
	status = root_access(pcifront_root_of(bus), call);
	srcu_read_unlock(&pcifront_users, index);
	return status;
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	struct pcifront_call call = {
		.cmd = PCIIF_CONFIG_READ,
		.devfn = devfn,
		.where = where,
		.size = size,
	};
	int status;

	status = config_access(bus, &call);
	*value = status ? ~0U : pcifront_config_value(where, size, call.value);
	return status;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	struct pcifront_call call = {
		.cmd = PCIIF_CONFIG_WRITE,
		.devfn = devfn,
		.where = where,
		.size = size,
		.value = value,
	};

	return config_access(bus, &call);
}

struct pci_ops pcifront_config_ops = {
	.read = config_read,
	.write = config_write,
};
