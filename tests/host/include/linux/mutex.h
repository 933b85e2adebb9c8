/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_MUTEX_H
#define HOST_LINUX_MUTEX_H

struct mutex {
	int unused;
};

#endif
