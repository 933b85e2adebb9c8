/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest XDP's names on older kernels.
 */
#ifndef XENMOD_COMPAT_XDP_H
#define XENMOD_COMPAT_XDP_H

#include <linux/filter.h>
#include <linux/netdevice.h>
#include <net/xdp.h>

#ifndef HAVE_XDP_PREPARE_BUFF
static inline void xdp_init_buff(struct xdp_buff *buff, u32 frame_size,
				 struct xdp_rxq_info *rxq)
{
	buff->frame_sz = frame_size;
	buff->rxq = rxq;
}

static inline void xdp_prepare_buff(struct xdp_buff *buff, unsigned char *start,
				    int headroom, int length, bool meta)
{
	buff->data_hard_start = start;
	buff->data = start + headroom;
	buff->data_end = buff->data + length;
	buff->data_meta = meta ? buff->data : buff->data + 1;
}

#define xdp_rxq_info_reg(rxq, dev, queue, napi_id) \
	xdp_rxq_info_reg(rxq, dev, queue)
#endif

#ifndef HAVE_XDP_FRAME_HAS_FRAGS
static inline bool xdp_frame_has_frags(struct xdp_frame *frame)
{
	return false;
}
#endif

#ifndef HAVE_XDP_ACTION_DEV
#define bpf_warn_invalid_xdp_action(dev, prog, action) \
	bpf_warn_invalid_xdp_action(action)
#endif

/* What a device can do has to be said. */
#ifndef HAVE_XDP_FEATURES
#define NETDEV_XDP_ACT_BASIC	0
#define NETDEV_XDP_ACT_REDIRECT	0
#define NETDEV_XDP_ACT_NDO_XMIT	0
#define xdp_set_features_flag(dev, features) do { } while (0)
#endif

/*
 * Frames that ndo_xdp_xmit did not send are the caller's now, and used to be
 * the device's to free.
 */
static inline void compat_xdp_xmit_rest(struct xdp_frame **frames, int nr)
{
#ifndef HAVE_XDP_XMIT_KEEPS
	while (nr--)
		xdp_return_frame(*frames++);
#endif
}

#endif /* XENMOD_COMPAT_XDP_H */
