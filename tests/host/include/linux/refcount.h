/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_REFCOUNT_H
#define HOST_LINUX_REFCOUNT_H

typedef struct {
	int refs;
} refcount_t;

#endif
