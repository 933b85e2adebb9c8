// SPDX-License-Identifier: GPL-2.0
#include <linux/skbuff.h>

static __used struct sk_buff *build(void *data)
{
	return napi_build_skb(data, 2048);
}
