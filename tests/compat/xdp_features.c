// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <net/xdp.h>

static __used void offer(struct net_device *dev)
{
	xdp_set_features_flag(dev, NETDEV_XDP_ACT_BASIC |
			      NETDEV_XDP_ACT_REDIRECT |
			      NETDEV_XDP_ACT_NDO_XMIT);
}
