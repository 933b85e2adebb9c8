/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest network stack's names on older kernels.
 */
#ifndef XENMOD_COMPAT_NET_H
#define XENMOD_COMPAT_NET_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/timer.h>

/* mac_pton() */
#ifdef HAVE_HEX_H
#include <linux/hex.h>
#else
#include <linux/kernel.h>
#endif

#ifndef HAVE_NAPI_BUILD_SKB
#define napi_build_skb(data, size) build_skb(data, size)
#endif

/* NAPI_POLL_WEIGHT is the only weight there is now. */
#ifndef HAVE_NAPI_ADD_WEIGHT
#define netif_napi_add(dev, napi, poll) \
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT)
#endif

#ifndef HAVE_HRTIMER_SETUP
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *timer),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#ifndef HAVE_SKB_TCP_ALL_HEADERS
static inline int skb_tcp_all_headers(const struct sk_buff *skb)
{
	return skb_transport_offset(skb) + tcp_hdrlen(skb);
}
#endif

#ifndef HAVE_DEV_CORE_STATS
#define dev_core_stats_tx_dropped_inc(dev) atomic_long_inc(&(dev)->tx_dropped)
#endif

/* ethtool_ops.get_ringparam has two further arguments now. */
#ifdef HAVE_KERNEL_RINGPARAM
#define COMPAT_GET_RINGPARAM(fn, dev, ring)				\
	fn(dev, ring, struct kernel_ethtool_ringparam *kernel_ring,	\
	   struct netlink_ext_ack *extack)
#else
#define COMPAT_GET_RINGPARAM(fn, dev, ring) fn(dev, ring)
#endif

/* The stack no longer changes the device in struct xenbus_driver.uevent. */
#ifdef HAVE_XENBUS_UEVENT_CONST
#define COMPAT_XENBUS_UEVENT_CONST const
#else
#define COMPAT_XENBUS_UEVENT_CONST
#endif

#endif /* XENMOD_COMPAT_NET_H */
