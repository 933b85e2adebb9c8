// SPDX-License-Identifier: GPL-2.0
/*
 * What backend and frontend tell each other through xenstore (node names:
 * Xen's public io/netif.h).
 */
#include <linux/kernel.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "compat.h"
#include "compat-net.h"
#include "netback.h"

static const struct {
	const char *node;
	unsigned int value;
} offers[] = {
	{ "feature-sg", 1 },
	{ "feature-gso-tcpv4", 1 },
	{ "feature-gso-tcpv6", 1 },
	{ "feature-ipv6-csum-offload", 1 },
	{ "feature-rx-copy", 1 },
	{ "feature-rx-flip", 0 },
	{ "feature-multicast-control", 1 },
	{ "feature-dynamic-multicast-control", 1 },
	{ "feature-ctrl-ring", 1 },
	{ "feature-xdp-headroom", 1 },
};

static int write_offers(struct xenmod_backend *backend,
			struct xenbus_transaction xbt)
{
	const char *dir = backend->dev->nodename;
	struct vif *vif = backend->priv;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(offers); i++) {
		err = xenbus_printf(xbt, dir, offers[i].node, "%u",
				    offers[i].value);
		if (err)
			return err;
	}
	return xenbus_printf(xbt, dir, "feature-split-event-channels", "%u",
			     vif_parameters.split) ?:
	       xenbus_printf(xbt, dir, "multi-queue-max-queues", "%u",
			     vif->max_queues);
}

/* A switch in the frontend's directory; absent means @fallback. */
static bool read_switch(struct vif *vif, const char *node, bool fallback)
{
	return xenbus_read_unsigned(vif->backend->frontend, node, fallback);
}

static int read_features(struct vif *vif)
{
	if (!read_switch(vif, "request-rx-copy", false))
		return xenmod_backend_fail(vif->backend, -EOPNOTSUPP,
					   "the frontend does not set request-rx-copy: nothing else is supported");
	vif->rx_notify = read_switch(vif, "feature-rx-notify", false);
	vif->sg = read_switch(vif, "feature-sg", false);
	vif->gso_tcpv4 = vif->sg && read_switch(vif, "feature-gso-tcpv4", false);
	vif->gso_tcpv6 = vif->sg && read_switch(vif, "feature-gso-tcpv6", false);
	vif->ip_csum = !read_switch(vif, "feature-no-csum-offload", false);
	vif->ipv6_csum = read_switch(vif, "feature-ipv6-csum-offload", false);
	return 0;
}

static int read_keys(struct xenmod_backend *backend, const char *dir,
		     struct vif_keys *keys)
{
	int err = xenmod_backend_read_key(backend, dir, "tx-ring-ref",
					  &keys->tx_ref) ?:
		  xenmod_backend_read_key(backend, dir, "rx-ring-ref",
					  &keys->rx_ref);

	if (err)
		return err;
	/* A frontend before this one may have left the key of a single one. */
	keys->split = xenbus_exists(XBT_NIL, dir, "event-channel-tx");
	if (!keys->split)
		return xenmod_backend_read_key(backend, dir, "event-channel",
					       &keys->tx_port);
	return xenmod_backend_read_key(backend, dir, "event-channel-tx",
				       &keys->tx_port) ?:
	       xenmod_backend_read_key(backend, dir, "event-channel-rx",
				       &keys->rx_port);
}

static int read_nr_queues(struct vif *vif, u32 *nr)
{
	const char *node = "multi-queue-num-queues";
	int err = xenmod_backend_read(vif->backend->frontend, node, nr);

	if (err == -ENOENT) {
		*nr = 1;
		return 0;
	}
	if (err)
		return xenmod_backend_fail(vif->backend, err,
					   "%s in xenstore is not a number",
					   node);
	if (!*nr || *nr > vif->max_queues)
		return xenmod_backend_fail(vif->backend, -EINVAL,
					   "%s in xenstore is %u, but must be 1 to %u",
					   node, *nr, vif->max_queues);
	return 0;
}

static struct vif_queue *start_queue(struct vif *vif, unsigned int id,
				     bool several)
{
	struct vif_keys keys;
	char *dir;
	int err;

	dir = xenmod_backend_queue_dir(vif->backend, several, id);
	if (!dir)
		return ERR_PTR(-ENOMEM);
	err = read_keys(vif->backend, dir, &keys);
	kfree(dir);
	return err ? ERR_PTR(err) : vif_queue_start(vif, id, &keys);
}

static int start_queues(struct vif *vif)
{
	struct vif_queue *queues[VIF_MAX_QUEUES];
	u32 i, nr, started;
	int err;

	err = read_nr_queues(vif, &nr);
	if (err)
		return err;
	for (started = 0; started < nr; started++) {
		queues[started] = start_queue(vif, started, nr > 1);
		if (IS_ERR(queues[started])) {
			err = PTR_ERR(queues[started]);
			goto err_stop;
		}
	}
	err = vif_carrier_on(vif, queues, nr);
	if (err)
		goto err_stop;
	for (i = 0; i < nr; i++)
		vif_queue_serve(queues[i]);
	return 0;

err_stop:
	while (started--)
		vif_queue_stop(queues[started]);
	return err;
}

/* The script sets it, too; but nobody runs that when a driver takes over. */
static void read_mtu(struct vif *vif)
{
	u32 mtu;

	if (xenmod_backend_read(vif->backend->dev->nodename, "mtu", &mtu) ||
	    mtu > INT_MAX)
		return;
	rtnl_lock();
	if (dev_set_mtu(vif->dev, mtu))
		xenmod_backend_report(vif->backend, XENMOD_CAUSE_SETUP,
				      "%u in the node mtu is no MTU that a vif can have",
				      mtu);
	rtnl_unlock();
}

/* For rules of udev that run the script, where the toolstack does not. */
static void tell_udev(struct vif *vif, enum kobject_action action)
{
	char name[sizeof("vif=") + IFNAMSIZ];
	char *env[2] = { name };

	snprintf(name, sizeof(name), "vif=%s", vif->dev->name);
	kobject_uevent_env(&vif->backend->dev->dev.kobj, action, env);
}

static int vif_attach(struct xenmod_backend *backend)
{
	u32 handle;
	int err;

	err = xenmod_backend_read(backend->dev->nodename, "handle", &handle);
	if (err)
		return xenmod_backend_fail(backend, err,
					   "no handle in xenstore: the toolstack has to write the vif's number there");
	err = vif_create(backend, handle, vif_parameters.max_queues);
	if (err)
		return err;
	read_mtu(backend->priv);
	err = xenmod_backend_transact(backend, write_offers);
	if (err) {
		vif_destroy(backend->priv);
		return err;
	}
	tell_udev(backend->priv, KOBJ_ONLINE);
	return 0;
}

static void vif_detach(struct xenmod_backend *backend)
{
	tell_udev(backend->priv, KOBJ_OFFLINE);
	vif_destroy(backend->priv);
}

/* The script has put the device on its bridge. */
static int vif_prepare(struct xenmod_backend *backend)
{
	char *status = xenbus_read(XBT_NIL, backend->dev->nodename,
				   "hotplug-status", NULL);
	int ready;

	if (IS_ERR(status))
		return 0;
	ready = !strcmp(status, "connected");
	kfree(status);
	return ready;
}

/* Each queue's next pass gives back the pages that it keeps. */
static void vif_reclaim(struct xenmod_backend *backend)
{
	struct vif *vif = backend->priv;
	unsigned int i;

	spin_lock_bh(&vif->lock);
	for (i = 0; i < vif->nr_queues; i++) {
		WRITE_ONCE(vif->queues[i]->tx.squeeze, true);
		napi_schedule(&vif->queues[i]->napi);
	}
	spin_unlock_bh(&vif->lock);
}

static void vif_release(struct xenmod_backend *backend)
{
}

/* The frontend may ask for it at any time. */
static void read_filter(struct vif *vif)
{
	WRITE_ONCE(vif->filter,
		   read_switch(vif, "request-multicast-control", false));
}

/*
 * What the frontend's programs want in front of each packet. It may change; no
 * packet sees that half done.
 */
static void read_headroom(struct vif *vif)
{
	u32 headroom = 0;

	/* 0 stays if there is no such node, or no number in it. */
	xenmod_backend_read(vif->backend->frontend, "xdp-headroom", &headroom);
	if (headroom > VIF_MAX_HEADROOM) {
		xenmod_backend_report(vif->backend, XENMOD_CAUSE_SETUP,
				      "xdp-headroom is %u, but at most %u leave room for all packets: it gets none",
				      headroom, VIF_MAX_HEADROOM);
		headroom = 0;
	}
	netif_tx_lock_bh(vif->dev);
	vif->headroom = headroom;
	netif_tx_unlock_bh(vif->dev);
}

static void vif_disconnect(struct xenmod_backend *backend)
{
	struct vif_queue *queues[VIF_MAX_QUEUES];
	struct vif *vif = backend->priv;
	unsigned int i, nr;

	vif_debug_hide(vif);
	vif_control_stop(vif);
	nr = vif_carrier_off(vif, queues);
	for (i = 0; i < nr; i++)
		vif_queue_stop(queues[i]);
}

static int vif_connect(struct xenmod_backend *backend)
{
	struct vif *vif = backend->priv;
	u8 mac[ETH_ALEN];
	char *text;
	int err;

	text = xenbus_read(XBT_NIL, backend->dev->nodename, "mac", NULL);
	err = IS_ERR(text) ? PTR_ERR(text) : mac_pton(text, mac) ? 0 : -EINVAL;
	if (!IS_ERR(text))
		kfree(text);
	if (err)
		return xenmod_backend_fail(backend, err,
					   "no address in the node mac in xenstore: the toolstack has to write the guest's there");
	err = read_features(vif);
	if (err)
		return err;
	vif->broken = false;
	vif->reason = NULL;
	vif->carrier_told = false;
	vif_limit_refresh(vif);
	vif_multicast_clear(&vif->groups);
	read_filter(vif);
	read_headroom(vif);
	err = start_queues(vif);
	if (err)
		return err;
	err = vif_control_start(vif);
	if (err)
		vif_disconnect(backend);
	else
		vif_debug_show(vif);
	return err;
}

static int write_carrier(struct xenmod_backend *backend,
			 struct xenbus_transaction xbt)
{
	const char *dir = backend->dev->nodename;
	struct vif *vif = backend->priv;

	/* Do not bring a directory back that was just removed. */
	if (!xenbus_exists(xbt, dir, "state"))
		return -ENOENT;
	return xenbus_printf(xbt, dir, "carrier", "%d", vif->carrier);
}

/* For frontends that look: is the interface up on this side? */
static void tell_carrier(struct vif *vif)
{
	bool carrier = netif_running(vif->dev);

	if (vif->carrier_told && vif->carrier == carrier)
		return;
	vif->carrier = carrier;
	vif->carrier_told = !xenmod_backend_transact(vif->backend,
						    write_carrier);
}

/* Something was to be told that could not be where it was found. */
static void tell(struct vif *vif)
{
	/* Pairs with vif_break(). */
	const char *reason = smp_load_acquire(&vif->reason);

	tell_carrier(vif);
	if (!reason)
		return;
	vif->reason = NULL;
	xenmod_backend_error(vif->backend, XENMOD_CAUSE_RING, -EPROTO,
			     "queue %u: the vif is stopped: %s",
			     vif->reason_queue, reason);
	rtnl_lock();
	netif_carrier_off(vif->dev);
	rtnl_unlock();
}

static void vif_refresh(struct xenmod_backend *backend)
{
	struct vif *vif = backend->priv;

	tell(vif);
	vif_limit_refresh(vif);
	read_filter(vif);
}

/* The frontend got or lost an XDP program. */
static void vif_reconfigure(struct xenmod_backend *backend)
{
	read_headroom(backend->priv);
}

static int vif_uevent(COMPAT_XENBUS_UEVENT_CONST struct xenbus_device *dev,
		      struct kobj_uevent_env *env)
{
	char *script = xenbus_read(XBT_NIL, dev->nodename, "script", NULL);
	int err;

	if (IS_ERR(script))
		return 0;
	err = add_uevent_var(env, "script=%s", script);
	kfree(script);
	return err;
}

static const struct xenbus_device_id vif_ids[] = {
	{ "vif" },
	{ "" }
};

static const struct xenmod_node refresh_nodes[] = {
	{ "rate" },
	{ "rate-rx" },
	{ "request-multicast-control", true },
	{}
};

struct xenmod_backend_driver vif_backend_driver = {
	.xenbus = {
		/* Not the in-tree driver's "vif": both can be loaded. */
		.name = "xenmod-vif",
		.ids = vif_ids,
		.uevent = vif_uevent,
	},
	.watch = "hotplug-status",
	.refresh_nodes = refresh_nodes,
	.attach = vif_attach,
	.detach = vif_detach,
	.prepare = vif_prepare,
	.reclaim = vif_reclaim,
	.release = vif_release,
	.connect = vif_connect,
	.disconnect = vif_disconnect,
	.refresh = vif_refresh,
	.reconfigure = vif_reconfigure,
};
