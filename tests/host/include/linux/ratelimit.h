/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_RATELIMIT_H
#define HOST_LINUX_RATELIMIT_H

struct ratelimit_state {
	int unused;
};

#endif
