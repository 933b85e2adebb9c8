// SPDX-License-Identifier: GPL-2.0
#include <linux/ethtool.h>

static void get(struct net_device *dev, struct ethtool_ringparam *ring,
		struct kernel_ethtool_ringparam *kernel_ring,
		struct netlink_ext_ack *extack)
{
}

static __used struct ethtool_ops ops = { .get_ringparam = get };
