// SPDX-License-Identifier: GPL-2.0
#include <linux/tcp.h>

static __used int headers(const struct sk_buff *skb)
{
	return skb_tcp_all_headers(skb);
}
