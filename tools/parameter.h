/* SPDX-License-Identifier: GPL-2.0 */
/* Module parameters, as modinfo describes them. */
#ifndef XENMOD_PARAMETER_H
#define XENMOD_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Would a module refuse a value? description is modinfo's, "Queues, 1 to 64 (default:
 * 4) (uint)"; value is NULL where only the name is given. Then true, and dst says why.
 * What the description does not tell is not judged.
 */
bool parameter_refused(const char *description, const char *value, char *dst,
		       size_t size);

#endif
