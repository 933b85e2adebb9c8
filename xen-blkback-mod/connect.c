// SPDX-License-Identifier: GPL-2.0
/*
 * What backend and frontend tell each other through xenstore (node names:
 * Xen's public io/blkif.h).
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include "blkback.h"
#include "compat-block.h"

/* xl writes it on both sides, other toolstacks only where frontends look. */
static bool says_cdrom(const char *dir)
{
	char *type = xenbus_read(XBT_NIL, dir, "device-type", NULL);
	bool cdrom;

	if (IS_ERR(type))
		return false;
	cdrom = !strcmp(type, "cdrom");
	kfree(type);
	return cdrom;
}

static int read_mode(struct blk_vbd *vbd)
{
	char *mode = xenbus_read(XBT_NIL, vbd->backend->dev->nodename, "mode",
				 NULL);

	if (IS_ERR(mode))
		return xenmod_backend_fail(vbd->backend, PTR_ERR(mode),
					   "no mode in xenstore: the toolstack has to write 'r' or 'w' there");
	vbd->cdrom = says_cdrom(vbd->backend->dev->nodename) ||
		     says_cdrom(vbd->backend->frontend);
	vbd->readonly = vbd->cdrom || !strchr(mode, 'w');
	kfree(mode);
	return 0;
}

/* Features that a frontend reads before it makes its rings. */
static int write_offers(struct blk_vbd *vbd)
{
	const char *dir = vbd->backend->dev->nodename;

	vbd->max_queues = blk_parameters.max_queues;
	vbd->max_ring_order = blk_parameters.max_ring_order;
	return xenbus_printf(XBT_NIL, dir, "max-ring-page-order", "%u",
			     vbd->max_ring_order) ?:
	       xenbus_printf(XBT_NIL, dir, "multi-queue-max-queues", "%u",
			     vbd->max_queues);
}

static int write_discard(struct blk_vbd *vbd, struct xenbus_transaction xbt)
{
	const char *dir = vbd->backend->dev->nodename;
	struct block_device *bdev = vbd->bdev;
	int err;

	vbd->discard = !vbd->readonly && bdev_max_discard_sectors(bdev) &&
		       xenbus_read_unsigned(dir, "discard-enable", 1);
	vbd->secure = vbd->discard && bdev_max_secure_erase_sectors(bdev);
	err = xenbus_printf(xbt, dir, "feature-discard", "%d", vbd->discard) ?:
	      xenbus_printf(xbt, dir, "discard-secure", "%d", vbd->secure);
	if (err || !vbd->discard)
		return err;
	return xenbus_printf(xbt, dir, "discard-granularity", "%u",
			     bdev_discard_granularity(bdev)) ?:
	       xenbus_printf(xbt, dir, "discard-alignment", "%u",
			     bdev_discard_alignment(bdev));
}

static int write_size(struct blk_vbd *vbd, struct xenbus_transaction xbt)
{
	WRITE_ONCE(vbd->sectors, bdev_nr_sectors(vbd->bdev));
	return xenbus_printf(xbt, vbd->backend->dev->nodename, "sectors",
			     "%llu", vbd->sectors);
}

/* Features and facts that a frontend reads when we are Connected. */
static int write_disk(struct xenmod_backend *backend,
		      struct xenbus_transaction xbt)
{
	struct blk_vbd *vbd = backend->priv;
	const char *dir = vbd->backend->dev->nodename;
	struct block_device *bdev = vbd->bdev;
	int err;

	/* Without a write cache there is nothing that either would be good for. */
	err = xenbus_printf(xbt, dir, "feature-flush-cache", "%d",
			    bdev_write_cache(bdev)) ?:
	      xenbus_printf(xbt, dir, "feature-barrier", "%d",
			    bdev_write_cache(bdev)) ?:
	      xenbus_printf(xbt, dir, "feature-persistent", "%d",
			    vbd->persistent) ?:
	      xenbus_printf(xbt, dir, "feature-max-indirect-segments", "%u",
			    BLK_MAX_INDIRECT) ?:
	      write_discard(vbd, xbt);
	if (err)
		return err;

	return write_size(vbd, xbt) ?:
	       xenbus_printf(xbt, dir, "info", "%u", blk_vbd_info(vbd)) ?:
	       xenbus_printf(xbt, dir, "sector-size", "%u",
			     bdev_logical_block_size(bdev)) ?:
	       xenbus_printf(xbt, dir, "physical-sector-size", "%u",
			     bdev_physical_block_size(bdev));
}

static int publish_disk(struct blk_vbd *vbd)
{
	int err = xenmod_backend_transact(vbd->backend, write_disk);

	if (err)
		xenmod_backend_fail(vbd->backend, err,
				    "cannot describe the disk in xenstore");
	return err;
}

/* Frontends read the size again when our state is written, if only anew. */
static int write_new_size(struct xenmod_backend *backend,
			  struct xenbus_transaction xbt)
{
	struct blk_vbd *vbd = backend->priv;
	struct xenbus_device *dev = vbd->backend->dev;
	int state;

	/*
	 * Do not bring a directory back that was just removed, nor take a state
	 * back that the toolstack wrote.
	 */
	if (xenbus_scanf(xbt, dev->nodename, "state", "%d", &state) != 1 ||
	    state != dev->state)
		return -ENOENT;
	return write_size(vbd, xbt) ?:
	       xenbus_printf(xbt, dev->nodename, "state", "%d", dev->state);
}

static int read_protocol(struct blk_vbd *vbd)
{
	char *text = xenbus_read(XBT_NIL, vbd->backend->frontend,
				 "protocol", NULL);
	int err = 0;

	/* A frontend that says nothing is as old as the 32-bit ones. */
	if (IS_ERR(text) && PTR_ERR(text) == -ENOENT) {
		vbd->abi = BLKIF_ABI_X86_32;
		return 0;
	}
	if (IS_ERR(text))
		return xenmod_backend_fail(vbd->backend, PTR_ERR(text),
					   "cannot read the frontend's protocol from xenstore");
	if (!strcmp(text, "x86_64-abi"))
		vbd->abi = BLKIF_ABI_64;
	else if (!strcmp(text, "x86_32-abi"))
		vbd->abi = BLKIF_ABI_X86_32;
	else
		err = xenmod_backend_fail(vbd->backend, -EINVAL,
					  "protocol in xenstore is neither x86_64-abi nor x86_32-abi");
	kfree(text);
	return err;
}

/* Read a number in the range that we offered; absent means @fallback. */
static int read_choice(struct blk_vbd *vbd, const char *node, u32 fallback,
		       u32 least, u32 most, u32 *value)
{
	int err = xenmod_backend_read(vbd->backend->frontend, node, value);

	if (err == -ENOENT) {
		*value = fallback;
		return 0;
	}
	if (err)
		return xenmod_backend_fail(vbd->backend, err,
					   "%s in xenstore is not a number",
					   node);
	if (*value < least || *value > most)
		return xenmod_backend_fail(vbd->backend, -EINVAL,
					   "%s in xenstore is %u, but must be %u to %u",
					   node, *value, least, most);
	return 0;
}

static int read_ring(struct xenmod_backend *backend, const char *dir,
		     bool numbered, struct blk_ring_keys *keys)
{
	char node[sizeof("ring-ref") + 10];
	unsigned int i;
	int err;

	err = xenmod_backend_read_key(backend, dir, "event-channel",
				      &keys->port);
	if (err)
		return err;
	if (!numbered)
		return xenmod_backend_read_key(backend, dir, "ring-ref",
					       &keys->refs[0]);

	for (i = 0; i < keys->nr_refs; i++) {
		snprintf(node, sizeof(node), "ring-ref%u", i);
		err = xenmod_backend_read_key(backend, dir, node,
					      &keys->refs[i]);
		if (err)
			return err;
	}
	return 0;
}

static int start_queue(struct blk_vbd *vbd, unsigned int id, bool several,
		       bool numbered, u32 ring_order)
{
	struct blk_ring_keys keys = { .nr_refs = 1U << ring_order };
	char *dir;
	int err;

	dir = xenmod_backend_queue_dir(vbd->backend, several, id);
	if (!dir)
		return -ENOMEM;
	err = read_ring(vbd->backend, dir, numbered, &keys);
	kfree(dir);
	return err ?: blk_queue_start(&vbd->queues[id], vbd, id, &keys);
}

/* Stopping takes long. Say so, rarely: each time after twice as long. */
static void stop_is_late(struct work_struct *work)
{
	struct blk_vbd *vbd = container_of(to_delayed_work(work),
					   struct blk_vbd, stop_late);
	unsigned long waited = jiffies - vbd->stop_began;
	unsigned int i, nr = 0;

	for (i = 0; i < vbd->nr_queues; i++)
		nr += READ_ONCE(vbd->queues[i].nr_taken);
	xenmod_backend_report(vbd->backend, XENMOD_CAUSE_RESOURCE,
			      "block device %u:%u holds %u requests for %lu s now: they are waited for",
			      MAJOR(vbd->number), MINOR(vbd->number), nr,
			      waited / HZ);
	queue_delayed_work(blk_workqueue, &vbd->stop_late, waited);
}

static void stop_queues(struct blk_vbd *vbd, unsigned int nr)
{
	struct blk_queue *queues = vbd->queues;
	unsigned int i;

	vbd->stop_began = jiffies;
	queue_delayed_work(blk_workqueue, &vbd->stop_late,
			   READ_ONCE(blk_parameters.drain_seconds) * HZ);
	for (i = 0; i < nr; i++)
		blk_queue_stop(&queues[i]);
	cancel_delayed_work_sync(&vbd->stop_late);

	spin_lock(&vbd->lock);
	for (i = 0; i < nr; i++)
		blk_io_stats_add(&vbd->retired, &queues[i].io);
	vbd->nr_queues = 0;
	vbd->queues = NULL;
	spin_unlock(&vbd->lock);
	kvfree(queues);
}

static int start_queues(struct blk_vbd *vbd)
{
	const char *dir = vbd->backend->frontend;
	u32 nr, ring_order, i;
	bool several, numbered;
	int err;

	err = read_choice(vbd, "multi-queue-num-queues", 1, 1,
			  vbd->max_queues, &nr) ?:
	      read_choice(vbd, "ring-page-order", 0, 0,
			  vbd->max_ring_order, &ring_order);
	if (err)
		return err;
	several = nr > 1;
	numbered = xenbus_exists(XBT_NIL, dir, "ring-page-order");

	vbd->queues = kvcalloc(nr, sizeof(*vbd->queues), GFP_KERNEL);
	if (!vbd->queues)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		err = start_queue(vbd, i, several, numbered, ring_order);
		if (err) {
			stop_queues(vbd, i);
			return err;
		}
	}
	spin_lock(&vbd->lock);
	vbd->nr_queues = nr;
	spin_unlock(&vbd->lock);
	return 0;
}

static int blk_attach(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd;
	int err;

	vbd = kzalloc(sizeof(*vbd), GFP_KERNEL);
	if (!vbd)
		return -ENOMEM;
	vbd->backend = backend;
	spin_lock_init(&vbd->lock);
	blk_fence_init(&vbd->fence);
	INIT_DELAYED_WORK(&vbd->stop_late, stop_is_late);
	backend->priv = vbd;

	err = write_offers(vbd);
	if (err)
		kfree(vbd);
	return err;
}

static void blk_detach(struct xenmod_backend *backend)
{
	kfree(backend->priv);
}

static void blk_release(struct xenmod_backend *backend)
{
	blk_vbd_close(backend->priv);
}

static int blk_prepare(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd = backend->priv;

	return vbd->file ? 1 : read_mode(vbd) ?: blk_vbd_open(vbd);
}

/*
 * A frontend that was refused persistent grants takes its pages back after
 * each request. That holds as long as its ring, whatever driver serves it.
 */
static bool agree_persistent(struct blk_vbd *vbd)
{
	const char *node = "feature-persistent";

	if (!blk_parameters.persistent ||
	    !xenbus_read_unsigned(vbd->backend->frontend, node, 0))
		return false;
	return !vbd->backend->rebound ||
	       xenbus_read_unsigned(vbd->backend->dev->nodename, node, 0);
}

static int blk_connect(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd = backend->priv;
	int err;

	vbd->persistent = agree_persistent(vbd);
	err = read_protocol(vbd) ?: publish_disk(vbd);
	return err ?: start_queues(vbd);
}

static void blk_disconnect(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd = backend->priv;

	stop_queues(vbd, vbd->nr_queues);
}

static void blk_refresh(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd = backend->priv;
	u64 before = vbd->sectors;
	int err;

	if (bdev_nr_sectors(vbd->bdev) == before)
		return;
	err = xenmod_backend_transact(vbd->backend, write_new_size);
	if (err == -ENOENT)
		return;
	if (err) {
		/* So that the next request tries again. */
		WRITE_ONCE(vbd->sectors, before);
		xenmod_backend_error(backend, XENMOD_CAUSE_RESOURCE, err,
				     "cannot tell the frontend that block device %u:%u has a new size",
				     MAJOR(vbd->number), MINOR(vbd->number));
		return;
	}
	dev_info(&backend->dev->dev,
		 "domain %d: block device %u:%u has %llu sectors now, it had %llu\n",
		 backend->dev->otherend_id, MAJOR(vbd->number),
		 MINOR(vbd->number), vbd->sectors, before);
}

/* Each pass gives back what its queue does not need. */
static void blk_reclaim(struct xenmod_backend *backend)
{
	struct blk_vbd *vbd = backend->priv;
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++) {
		WRITE_ONCE(vbd->queues[i].squeeze, true);
		blk_queue_kick(&vbd->queues[i]);
	}
}

static const struct xenbus_device_id blk_ids[] = {
	{ "vbd" },
	{ "" }
};

static const struct xenmod_node refresh_nodes[] = {
	/* XCP-ng's toolstack writes it when it has made a disk larger. */
	{ "resize-device" },
	{}
};

struct xenmod_backend_driver blk_backend_driver = {
	.xenbus = {
		/* Not the in-tree driver's "vbd": both can be loaded. */
		.name = "xenmod-vbd",
		.ids = blk_ids,
		.driver.groups = blk_driver_groups,
	},
	.watch = "physical-device",
	.refresh_nodes = refresh_nodes,
	.drain_seconds = &blk_parameters.drain_seconds,
	.groups = blk_attribute_groups,
	.attach = blk_attach,
	.detach = blk_detach,
	.prepare = blk_prepare,
	.release = blk_release,
	.connect = blk_connect,
	.disconnect = blk_disconnect,
	.refresh = blk_refresh,
	.reclaim = blk_reclaim,
};
