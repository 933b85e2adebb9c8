/* SPDX-License-Identifier: GPL-2.0 */
/* Allocation that does not fail: without memory there is nothing to report. */
#ifndef XENMOD_MEMORY_H
#define XENMOD_MEMORY_H

#include <stddef.h>

/* Room for one more element behind count of them; the new one is zeroed. */
void *memory_grow(void *array, size_t count, size_t element_size);
void *memory_zeroed(size_t count, size_t size);

#endif
