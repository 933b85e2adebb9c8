// SPDX-License-Identifier: GPL-2.0
#include <net/xdp.h>

static __used bool has_frags(struct xdp_frame *frame)
{
	return xdp_frame_has_frags(frame);
}
