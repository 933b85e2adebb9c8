/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages granted by hand, through /dev/xen/gntalloc, and a memory of what each
 * grant reference is good for.
 */
#ifndef HOSTILE_GRANTS_H
#define HOSTILE_GRANTS_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SIZE	4096u

/* Whom a page can be granted to. */
#define DOM0		0
#define NOBODY		31000

/* Beyond any grant table. */
#define GREF_BEYOND	(1u << 20)
#define GREF_MAX	UINT32_MAX

/**
 * enum quality - what dom0 can do with a grant reference
 * @GRANT_BAD: nothing
 * @GRANT_READ: read
 * @GRANT_WRITE: read and write
 * @GRANT_UNSURE: not ours to know: the kernel's, or just given up
 */
enum quality {
	GRANT_BAD,
	GRANT_READ,
	GRANT_WRITE,
	GRANT_UNSURE,
};

/**
 * struct pages - pages side by side, each granted
 * @at: where they are
 * @nr: how many
 * @gref: their grant references
 * @index: gntalloc's handle
 */
struct pages {
	void *at;
	unsigned int nr;
	uint32_t *gref;
	uint64_t index;
};

void pages_grant(struct pages *pages, unsigned int nr, unsigned int domain,
		 bool writable);

/* Give them up; what the backend still has mapped stays its problem. */
void pages_revoke(struct pages *pages);

static inline void *pages_at(const struct pages *pages, unsigned int n)
{
	return (char *)pages->at + n * (uint64_t)PAGE_SIZE;
}

enum quality grant_quality(uint32_t gref);

#endif /* HOSTILE_GRANTS_H */
