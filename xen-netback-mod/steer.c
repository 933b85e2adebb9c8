// SPDX-License-Identifier: GPL-2.0
/*
 * The control ring, and what its requests change: how frames for the guest are
 * hashed and spread over its queues.
 *
 * There are two copies of that. Frames read one, a pass of the ring changes the
 * other and exchanges them at its end, so no frame sees a change half made. Before
 * the next change all readers of the old one have gone: a guest that asks for
 * changes without end waits for that, and nobody else does.
 */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "netback.h"
#include "trace.h"

static struct vif_hash *current_hash(struct vif_control *control)
{
	return &control->hash[control->current_hash];
}

/* The copy that nobody reads. */
static struct vif_hash *changeable_hash(struct vif_control *control)
{
	struct vif_hash *hash = &control->hash[!control->current_hash];

	if (control->changing)
		return hash;
	if (control->published)
		synchronize_rcu();
	*hash = *current_hash(control);
	control->changing = true;
	return hash;
}

static void publish(struct vif_control *control)
{
	struct vif_hash *hash;

	if (!control->changing)
		return;
	control->current_hash = !control->current_hash;
	control->changing = false;
	control->published = true;
	hash = current_hash(control);
	rcu_assign_pointer(control->vif->hash,
			   vif_hash_active(hash) ? hash : NULL);
}

/* Bring what a request has in a page. */
static bool fetch(struct vif_control *control,
		  const struct vif_control_fetch *what)
{
	s16 status = GNTST_okay;

	if (!what->bytes)
		return true;
	xenmod_batch_copy_from(&control->batch, what->gref, control->page, 0,
			       what->bytes, &status);
	xenmod_batch_flush(&control->batch);
	return status == GNTST_okay;
}

static void serve(struct vif_control *control)
{
	struct netif_ctrl_request request;
	struct vif_control_fetch what;
	u32 status, data = 0;

	xenmod_ring_take(&control->ring, &request);
	status = vif_control_check(&request,
				   control->changing ?
					   changeable_hash(control) :
					   current_hash(control), &what);
	if (status == NETIF_CTRL_SUCCESS) {
		if (fetch(control, &what))
			status = vif_control_apply(&request,
						   changeable_hash(control),
						   page_address(control->page),
						   READ_ONCE(control->vif->nr_queues),
						   &data);
		else
			status = NETIF_CTRL_INVALID_PARAMETER;
	}
	if (status != NETIF_CTRL_SUCCESS)
		xenmod_count(&control->stats, XENMOD_BAD_REQUESTS, 1);
	trace_xen_netback_control(control->vif, &request, status);
	vif_control_respond(xenmod_ring_response(&control->ring), &request,
			    status, data);
}

static void control_pass(struct work_struct *work)
{
	struct vif_control *control =
		container_of(work, struct vif_control, work);
	int nr = xenmod_ring_pending(&control->ring), i;

	if (nr < 0) {
		/* Without an end of its event no further one comes in. */
		control->broken = true;
		xenmod_backend_error(control->vif->backend, XENMOD_CAUSE_RING,
				     nr, "control ring: the index of its requests is off the ring");
		return;
	}
	for (i = 0; i < nr; i++)
		serve(control);
	publish(control);
	xenmod_count(&control->stats, XENMOD_REQUESTS, nr);
	xenmod_count(&control->stats, XENMOD_RESPONSES, nr);
	xenmod_count(&control->stats, XENMOD_PASSES, 1);
	if (xenmod_ring_push(&control->ring))
		xenmod_event_notify(&control->event, &control->stats);
	if (xenmod_ring_rest(&control->ring))
		xenmod_event_done(&control->event, nr);
	else
		schedule_work(&control->work);
}

static void control_kick(struct xenmod_event *event)
{
	struct vif_control *control =
		container_of(event, struct vif_control, event);

	if (READ_ONCE(control->ready))
		schedule_work(&control->work);
}

/* What the frontend wrote. Returns 1 if it has a control ring. */
static int read_keys(struct vif *vif, u32 *ref, u32 *port)
{
	struct xenmod_backend *backend = vif->backend;
	int err;

	err = xenmod_backend_read(backend->frontend, "ctrl-ring-ref", ref);
	if (err == -ENOENT)
		return 0;
	if (err)
		return xenmod_backend_fail(backend, err, "%s/ctrl-ring-ref is no grant reference",
					   backend->frontend);
	err = xenmod_backend_read(backend->frontend, "event-channel-ctrl",
				  port);
	if (err)
		return xenmod_backend_fail(backend, err, "%s/event-channel-ctrl is no port",
					   backend->frontend);
	return 1;
}

static struct vif_control *control_make(struct vif *vif)
{
	struct vif_control *control = kvzalloc(sizeof(*control), GFP_KERNEL);

	if (!control)
		return NULL;
	control->vif = vif;
	control->event.kick = control_kick;
	control->batch.stats = &control->stats;
	control->batch.peer = vif->backend->dev->otherend_id;
	control->batch.may_sleep = true;
	control->batch.room_copy = 1;
	INIT_WORK(&control->work, control_pass);
	vif_hash_init(&control->hash[0]);
	snprintf(control->name, sizeof(control->name), "%s-ctrl",
		 vif->dev->name);
	control->page = alloc_page(GFP_KERNEL);
	if (control->page && !xenmod_batch_init(&control->batch))
		return control;
	if (control->page)
		__free_page(control->page);
	kvfree(control);
	return NULL;
}

int vif_control_start(struct vif *vif)
{
	struct xenmod_backend *backend = vif->backend;
	struct vif_control *control;
	u32 ref, port;
	int err;

	err = read_keys(vif, &ref, &port);
	if (err <= 0)
		return err;
	control = control_make(vif);
	if (!control)
		return xenmod_backend_fail(backend, -ENOMEM,
					   "no memory for the control ring");
	vif->control = control;

	err = xenmod_ring_map(backend->dev, &control->ring, &ref, 1,
			      sizeof(union netif_ctrl_slot));
	if (err) {
		xenmod_backend_fail(backend, err, "cannot map the control ring, grant %u",
				    ref);
		goto stop;
	}
	err = xenmod_ring_attach(&control->ring);
	if (err) {
		xenmod_backend_fail(backend, err, "control ring: its indices are nonsense");
		goto stop;
	}
	err = xenmod_event_bind(backend->dev, &control->event, port,
				control->name, &control->stats);
	if (err) {
		xenmod_backend_fail(backend, err, "cannot bind the control ring's event channel %u",
				    port);
		goto stop;
	}
	WRITE_ONCE(control->ready, true);
	/* What came before the event channel was bound. */
	schedule_work(&control->work);
	return 0;

stop:
	vif_control_stop(vif);
	return err;
}

void vif_control_stop(struct vif *vif)
{
	struct vif_control *control = vif->control;

	if (!control)
		return;
	WRITE_ONCE(control->ready, false);
	/* A pass uses the event; one of a late event finds nothing to do. */
	cancel_work_sync(&control->work);
	xenmod_event_unbind(&control->event);
	cancel_work_sync(&control->work);
	RCU_INIT_POINTER(vif->hash, NULL);
	/* Readers of the hash, and of the ring for debugfs. */
	vif->control = NULL;
	synchronize_rcu();
	xenmod_ring_unmap(vif->backend->dev, &control->ring);
	xenmod_batch_destroy(&control->batch);
	__free_page(control->page);
	kvfree(control);
}

/* Hash what of a frame lies in one piece, and more only if that is needed. */
static int hash_skb(const struct vif_hash *hash, const struct sk_buff *skb,
		    u32 *value)
{
	unsigned int length = min_t(unsigned int, skb->len, VIF_HASH_HEAD);
	u8 head[VIF_HASH_HEAD];
	int type;

	type = vif_hash_frame(hash, skb->data,
			      min(length, skb_headlen(skb)), value);
	if (likely(length <= skb_headlen(skb) || type == NETIF_HASH_IPV4_TCP ||
		   type == NETIF_HASH_IPV6_TCP))
		return type;
	if (skb_copy_bits(skb, 0, head, length))
		return type;
	return vif_hash_frame(hash, head, length, value);
}

u16 vif_select_queue(struct net_device *dev, struct sk_buff *skb,
		     struct net_device *below)
{
	struct vif *vif = netdev_priv(dev);
	const struct vif_hash *hash;
	int queue = -1;
	u32 value;

	rcu_read_lock();
	hash = rcu_dereference(vif->hash);
	if (unlikely(hash)) {
		hash_skb(hash, skb, &value);
		queue = vif_hash_queue(hash, value, dev->real_num_tx_queues);
	}
	rcu_read_unlock();
	return queue < 0 ? netdev_pick_tx(dev, skb, below) : queue;
}

bool vif_steer_describe(struct vif *vif, const struct sk_buff *skb,
			struct netif_extra_info *extra)
{
	const struct vif_hash *hash;
	int type = VIF_HASH_NONE;
	unsigned int i;
	u32 value;

	rcu_read_lock();
	hash = rcu_dereference(vif->hash);
	if (hash)
		type = hash_skb(hash, skb, &value);
	rcu_read_unlock();
	if (type == VIF_HASH_NONE)
		return false;
	memset(extra, 0, sizeof(*extra));
	extra->type = NETIF_EXTRA_HASH;
	extra->hash.type = type;
	extra->hash.algorithm = NETIF_HASH_TOEPLITZ;
	for (i = 0; i < sizeof(extra->hash.value); i++, value >>= 8)
		extra->hash.value[i] = value;
	return true;
}

void vif_steer_believe(struct sk_buff *skb,
		       const struct netif_extra_info *extra)
{
	enum pkt_hash_types type;
	u32 value = 0;
	int i;

	switch (extra->hash.type) {
	case NETIF_HASH_IPV4:
	case NETIF_HASH_IPV6:
		type = PKT_HASH_TYPE_L3;
		break;
	case NETIF_HASH_IPV4_TCP:
	case NETIF_HASH_IPV6_TCP:
		type = PKT_HASH_TYPE_L4;
		break;
	default:
		return;
	}
	for (i = sizeof(extra->hash.value) - 1; i >= 0; i--)
		value = value << 8 | extra->hash.value[i];
	skb_set_hash(skb, value, type);
}
