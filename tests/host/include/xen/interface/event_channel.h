/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_INTERFACE_EVENT_CHANNEL_H
#define HOST_XEN_INTERFACE_EVENT_CHANNEL_H

#include <linux/types.h>

typedef u32 evtchn_port_t;

#endif
