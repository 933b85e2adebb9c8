// SPDX-License-Identifier: GPL-2.0
/* Compiles on no kernel, else the compiler takes anything. */
#include <linux/module.h>

static __used int call(void)
{
	return xenmod_no_such_function();
}
