// SPDX-License-Identifier: GPL-2.0
/*
 * What ethtool shows of a vif.
 */
#include <linux/ethtool.h>
#include <linux/module.h>
#include "compat-net.h"
#include "netback.h"

/* The in-tree driver's; nothing is mapped here, so there is no zero copy. */
static const char vif_names[][ETH_GSTRING_LEN] = {
	"rx_gso_checksum_fixup",
	"tx_zerocopy_sent",
	"tx_zerocopy_success",
	"tx_zerocopy_fail",
	"tx_frag_overflow",
};

#define COUNTER(name, member) { name, offsetof(struct vif_queue, member) }

/* Those of each queue; "tx" is what the guest sends. */
static const struct {
	const char *name;
	size_t offset;
} queue_counters[] = {
	COUNTER("tx_packets", tx.traffic.packets),
	COUNTER("tx_bytes", tx.traffic.bytes),
	COUNTER("tx_errors", tx.traffic.errors),
	COUNTER("tx_dropped", tx.traffic.dropped),
	COUNTER("rx_packets", rx.traffic.packets),
	COUNTER("rx_bytes", rx.traffic.bytes),
	COUNTER("rx_errors", rx.traffic.errors),
	COUNTER("rx_dropped", rx.traffic.dropped),
	COUNTER("xdp_passed", tx.xdp.stats.passed),
	COUNTER("xdp_dropped", tx.xdp.stats.dropped),
	COUNTER("xdp_sent", tx.xdp.stats.sent),
	COUNTER("xdp_redirected", tx.xdp.stats.redirected),
	COUNTER("xdp_failed", tx.xdp.stats.failed),
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	const struct vif *vif = netdev_priv(dev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, XENMOD_VERSION, sizeof(info->version));
	strscpy(info->bus_info, dev_name(&vif->backend->dev->dev),
		sizeof(info->bus_info));
}

static void get_channels(struct net_device *dev,
			 struct ethtool_channels *channels)
{
	const struct vif *vif = netdev_priv(dev);

	channels->max_combined = vif->max_queues;
	channels->combined_count = dev->real_num_tx_queues;
}

/* The protocol's; the guest has made them. */
static void COMPAT_GET_RINGPARAM(get_ringparam, struct net_device *dev,
				 struct ethtool_ringparam *ring)
{
	ring->rx_max_pending = NETIF_RING_SLOTS;
	ring->tx_max_pending = NETIF_RING_SLOTS;
	ring->rx_pending = NETIF_RING_SLOTS;
	ring->tx_pending = NETIF_RING_SLOTS;
}

static int get_sset_count(struct net_device *dev, int set)
{
	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(vif_names) +
	       dev->real_num_tx_queues * ARRAY_SIZE(queue_counters);
}

static void get_strings(struct net_device *dev, u32 set, u8 *data)
{
	unsigned int queue, i;

	if (set != ETH_SS_STATS)
		return;
	memcpy(data, vif_names, sizeof(vif_names));
	data += sizeof(vif_names);
	for (queue = 0; queue < dev->real_num_tx_queues; queue++)
		for (i = 0; i < ARRAY_SIZE(queue_counters); i++) {
			snprintf(data, ETH_GSTRING_LEN, "queue_%u_%s", queue,
				 queue_counters[i].name);
			data += ETH_GSTRING_LEN;
		}
}

static u64 read_counter(const struct vif_queue *queue, size_t offset)
{
	return READ_ONCE(*(const u64 *)((const u8 *)queue + offset));
}

static void get_statistics(struct net_device *dev, struct ethtool_stats *stats,
			   u64 *data)
{
	struct vif *vif = netdev_priv(dev);
	unsigned int i, j;
	u64 *value = data + ARRAY_SIZE(vif_names);

	memset(data, 0, get_sset_count(dev, ETH_SS_STATS) * sizeof(*data));
	/* With the RTNL held no queue comes or goes. */
	for (i = 0; i < vif->nr_queues; i++) {
		const struct vif_queue *queue = vif->queues[i];

		data[0] += READ_ONCE(queue->tx.checksum_fixups);
		data[4] += READ_ONCE(queue->tx.frag_overflows);
		for (j = 0; j < ARRAY_SIZE(queue_counters); j++)
			*value++ = read_counter(queue,
						queue_counters[j].offset);
	}
}

const struct ethtool_ops vif_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_channels = get_channels,
	.get_ringparam = get_ringparam,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_statistics,
};
