/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_COMPLETION_H
#define HOST_LINUX_COMPLETION_H

struct completion {
	unsigned int done;
};

#endif
