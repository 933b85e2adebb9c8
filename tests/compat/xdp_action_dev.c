// SPDX-License-Identifier: GPL-2.0
#include <linux/filter.h>

static __used void warn(struct net_device *dev, struct bpf_prog *prog)
{
	bpf_warn_invalid_xdp_action(dev, prog, 99);
}
