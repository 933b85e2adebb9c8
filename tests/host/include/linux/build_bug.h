/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BUILD_BUG_H
#define HOST_LINUX_BUILD_BUG_H

#include <assert.h>

/* The kernel's needs no message. */
#undef static_assert
#define static_assert(condition) _Static_assert(condition, #condition)

#endif
