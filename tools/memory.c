// SPDX-License-Identifier: GPL-2.0
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check(void *p)
{
	if (!p) {
		fputs("xenmod: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

void *memory_grow(void *array, size_t count, size_t element_size)
{
	char *p = check(reallocarray(array, count + 1, element_size));

	memset(p + count * element_size, 0, element_size);
	return p;
}

void *memory_zeroed(size_t count, size_t size)
{
	return check(calloc(count ? count : 1, size));
}
