/* SPDX-License-Identifier: GPL-2.0 */
/* cmocka wants these in this order. */
#ifndef HOST_TEST_H
#define HOST_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif
