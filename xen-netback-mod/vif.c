// SPDX-License-Identifier: GPL-2.0
/*
 * The network device that a guest's interface is in the host.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include "compat-net.h"
#include "compat-xdp.h"
#include "netback.h"
#include "trace.h"

#define VIF_OFFLOADS	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_IP_CSUM | \
			 NETIF_F_IPV6_CSUM | NETIF_F_TSO | NETIF_F_TSO6)

/* Frames for a guest that does not take them yet. */
#define VIF_QUEUE_LENGTH	32

/* The frontend is told whether the device is up. */
static void poke(struct vif *vif)
{
	/* Without queues the backend may be about to go. */
	if (vif->nr_queues)
		xenmod_backend_poke(vif->backend);
}

static int vif_open(struct net_device *dev)
{
	netif_tx_start_all_queues(dev);
	poke(netdev_priv(dev));
	return 0;
}

static int vif_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	poke(netdev_priv(dev));
	return 0;
}

static netdev_tx_t vif_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_queue *queue;

	/* Pairs with vif_carrier_on(). */
	queue = smp_load_acquire(&vif->queues[skb_get_queue_mapping(skb)]);
	if (likely(queue))
		return vif_rx_send(queue, skb);
	dev_kfree_skb_any(skb);
	dev_core_stats_tx_dropped_inc(dev);
	return NETDEV_TX_OK;
}

static void add_traffic(struct vif_traffic *sum, const struct vif_traffic *part)
{
	sum->packets += READ_ONCE(part->packets);
	sum->bytes += READ_ONCE(part->bytes);
	sum->errors += READ_ONCE(part->errors);
	sum->dropped += READ_ONCE(part->dropped);
}

/* Add what @part has counted since it was added last. */
static void retire(struct vif_traffic *sum, const struct vif_traffic *part,
		   struct vif_traffic *added)
{
	struct vif_traffic now = {};

	add_traffic(&now, part);
	sum->packets += now.packets - added->packets;
	sum->bytes += now.bytes - added->bytes;
	sum->errors += now.errors - added->errors;
	sum->dropped += now.dropped - added->dropped;
	*added = now;
}

static void retire_queue(struct vif_queue *queue)
{
	struct vif *vif = queue->vif;

	retire(&vif->retired_tx, &queue->tx.traffic, &queue->retired_tx);
	retire(&vif->retired_rx, &queue->rx.traffic, &queue->retired_rx);
}

void vif_retire(struct vif_queue *queue)
{
	spin_lock_bh(&queue->vif->lock);
	retire_queue(queue);
	spin_unlock_bh(&queue->vif->lock);
}

static void vif_get_stats64(struct net_device *dev,
			    struct rtnl_link_stats64 *stats)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_traffic tx, rx;
	unsigned int i;

	spin_lock_bh(&vif->lock);
	tx = vif->retired_tx;
	rx = vif->retired_rx;
	for (i = 0; i < vif->nr_queues; i++) {
		add_traffic(&tx, &vif->queues[i]->tx.traffic);
		add_traffic(&rx, &vif->queues[i]->rx.traffic);
	}
	spin_unlock_bh(&vif->lock);

	/* What the guest sends, the host receives. */
	stats->rx_packets = tx.packets;
	stats->rx_bytes = tx.bytes;
	stats->rx_errors = tx.errors;
	stats->rx_dropped = tx.dropped;
	stats->tx_packets = rx.packets;
	stats->tx_bytes = rx.bytes;
	stats->tx_errors = rx.errors;
	stats->tx_dropped = rx.dropped;
}

static netdev_features_t vif_fix_features(struct net_device *dev,
					  netdev_features_t features)
{
	const struct vif *vif = netdev_priv(dev);

	if (!vif->sg)
		features &= ~(NETIF_F_SG | NETIF_F_FRAGLIST);
	if (!vif->gso_tcpv4)
		features &= ~NETIF_F_TSO;
	if (!vif->gso_tcpv6)
		features &= ~NETIF_F_TSO6;
	if (!vif->ip_csum)
		features &= ~NETIF_F_IP_CSUM;
	if (!vif->ipv6_csum)
		features &= ~NETIF_F_IPV6_CSUM;
	return features;
}

static unsigned int max_mtu(const struct vif *vif)
{
	return vif->sg ? ETH_MAX_MTU - VLAN_ETH_HLEN : ETH_DATA_LEN;
}

static const struct net_device_ops vif_device_ops = {
	.ndo_open = vif_open,
	.ndo_stop = vif_stop,
	.ndo_start_xmit = vif_start_xmit,
	.ndo_select_queue = vif_select_queue,
	.ndo_bpf = vif_xdp_setup,
	.ndo_xdp_xmit = vif_xdp_xmit,
	.ndo_get_stats64 = vif_get_stats64,
	.ndo_fix_features = vif_fix_features,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void set_up(struct net_device *dev)
{
	/*
	 * Not the guest's address, which the host must not take for its own, and
	 * higher than those of other ports, so that no bridge takes it either.
	 */
	static const u8 address[ETH_ALEN] = {
		0xfe, 0xff, 0xff, 0xff, 0xff, 0xff
	};

	dev->netdev_ops = &vif_device_ops;
	dev->ethtool_ops = &vif_ethtool_ops;
	dev->hw_features = VIF_OFFLOADS;
	dev->features = VIF_OFFLOADS | NETIF_F_RXCSUM | NETIF_F_GSO_ROBUST;
	dev->hw_features |= NETIF_F_RXCSUM;
	/* A frame is kept until it is copied. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->tx_queue_len = VIF_QUEUE_LENGTH;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU - VLAN_ETH_HLEN;
	xdp_set_features_flag(dev, NETDEV_XDP_ACT_BASIC |
				   NETDEV_XDP_ACT_REDIRECT |
				   NETDEV_XDP_ACT_NDO_XMIT);
	eth_hw_addr_set(dev, address);
	netif_carrier_off(dev);
}

int vif_create(struct xenmod_backend *backend, u32 handle, u32 max_queues)
{
	struct xenbus_device *xdev = backend->dev;
	struct net_device *dev;
	char name[IFNAMSIZ];
	struct vif *vif;
	int err;

	snprintf(name, sizeof(name), "vif%u.%u", xdev->otherend_id, handle);
	dev = alloc_netdev_mqs(sizeof(*vif), name, NET_NAME_UNKNOWN,
			       ether_setup, max_queues, max_queues);
	if (!dev)
		return xenmod_backend_fail(backend, -ENOMEM,
					   "not enough memory for %s", name);
	vif = netdev_priv(dev);
	vif->backend = backend;
	vif->dev = dev;
	vif->handle = handle;
	vif->max_queues = max_queues;
	spin_lock_init(&vif->lock);
	spin_lock_init(&vif->groups_lock);
	SET_NETDEV_DEV(dev, &xdev->dev);
	set_up(dev);

	vif->queues = kcalloc(max_queues, sizeof(*vif->queues), GFP_KERNEL);
	err = vif->queues ? register_netdev(dev) : -ENOMEM;
	if (err) {
		kfree(vif->queues);
		free_netdev(dev);
		return xenmod_backend_fail(backend, err,
					   "cannot make network device %s",
					   name);
	}
	backend->priv = vif;
	return 0;
}

void vif_destroy(struct vif *vif)
{
	struct vif_queue **queues = vif->queues;

	unregister_netdev(vif->dev);
	free_netdev(vif->dev);
	kfree(queues);
}

int vif_carrier_on(struct vif *vif, struct vif_queue **queues, unsigned int nr)
{
	struct net_device *dev = vif->dev;
	unsigned int i;
	int err;

	rtnl_lock();
	err = netif_set_real_num_tx_queues(dev, nr) ?:
	      netif_set_real_num_rx_queues(dev, nr);
	for (i = 0; i < nr && !err; i++)
		err = vif_xdp_start(queues[i]);
	if (err)
		goto unlock;
	dev->max_mtu = max_mtu(vif);
	if (dev->mtu > dev->max_mtu)
		dev_set_mtu(dev, dev->max_mtu);
	netdev_update_features(dev);

	for (i = 0; i < nr; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(dev, i);

		__netif_tx_lock_bh(txq);
		vif_rx_open(queues[i]);
		/* Pairs with vif_start_xmit(). */
		smp_store_release(&vif->queues[i], queues[i]);
		__netif_tx_unlock_bh(txq);
	}
	spin_lock_bh(&vif->lock);
	vif->nr_queues = nr;
	spin_unlock_bh(&vif->lock);
	netif_carrier_on(dev);
unlock:
	rtnl_unlock();
	return err;
}

unsigned int vif_carrier_off(struct vif *vif, struct vif_queue **queues)
{
	unsigned int i, nr = vif->nr_queues;
	struct vif_queue *queue;

	rtnl_lock();
	netif_carrier_off(vif->dev);
	spin_lock_bh(&vif->lock);
	vif->nr_queues = 0;
	for (i = 0; i < nr; i++) {
		queues[i] = vif->queues[i];
		retire_queue(queues[i]);
	}
	spin_unlock_bh(&vif->lock);
	for (i = 0; i < nr; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(vif->dev, i);

		queue = queues[i];
		__netif_tx_lock_bh(txq);
		vif_rx_close(queue);
		WRITE_ONCE(vif->queues[i], NULL);
		__netif_tx_unlock_bh(txq);
	}
	/* One that closed late may have found that the guest takes packets again. */
	netif_carrier_off(vif->dev);
	rtnl_unlock();
	return nr;
}

void vif_break(struct vif_queue *queue, const char *reason)
{
	struct vif *vif = queue->vif;

	if (xchg(&vif->broken, true))
		return;
	trace_xen_netback_broken(queue, reason);
	vif->reason_queue = queue->base.id;
	/* Pairs with vif_refresh(), which tells it. */
	smp_store_release(&vif->reason, reason);
	xenmod_backend_poke(vif->backend);
}
