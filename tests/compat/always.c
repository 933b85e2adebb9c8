// SPDX-License-Identifier: GPL-2.0
/* Compiles on each kernel, else the compiler is what fails. */
#include <linux/module.h>
#include <xen/xenbus.h>

static __used struct xenbus_driver driver;
