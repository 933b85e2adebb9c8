// SPDX-License-Identifier: GPL-2.0
#include <net/xdp.h>

static __used int prepare(struct xdp_buff *buff, struct xdp_rxq_info *rxq,
			  struct net_device *dev, unsigned char *data)
{
	xdp_init_buff(buff, PAGE_SIZE, rxq);
	xdp_prepare_buff(buff, data, 0, 64, false);
	return xdp_rxq_info_reg(rxq, dev, 0, 0);
}
