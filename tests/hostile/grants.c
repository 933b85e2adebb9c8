// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <xen/gntalloc.h>
#include "grants.h"
#include "report.h"

/* References that a guest's table can have here. */
#define TABLE		(64 * 512)
/* The first ones belong to Xen's tools: console, xenstore. */
#define RESERVED	8

static uint8_t qualities[TABLE];

static int gntalloc(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("cannot open /dev/xen/gntalloc");
	return fd;
}

static void remember(const struct pages *pages, enum quality quality)
{
	unsigned int i;

	for (i = 0; i < pages->nr; i++)
		if (pages->gref[i] < TABLE)
			qualities[pages->gref[i]] = quality;
}

void pages_grant(struct pages *pages, unsigned int nr, unsigned int domain,
		 bool writable)
{
	struct ioctl_gntalloc_alloc_gref *order;
	enum quality quality = GRANT_BAD;

	order = calloc(1, sizeof(*order) + nr * sizeof(order->gref_ids[0]));
	order->domid = domain;
	order->count = nr;
	order->flags = writable ? GNTALLOC_FLAG_WRITABLE : 0;
	if (ioctl(gntalloc(), IOCTL_GNTALLOC_ALLOC_GREF, order))
		die("cannot grant %u pages", nr);

	pages->nr = nr;
	pages->index = order->index;
	pages->gref = calloc(nr, sizeof(*pages->gref));
	memcpy(pages->gref, order->gref_ids, nr * sizeof(*pages->gref));
	free(order);
	pages->at = mmap(NULL, nr * (size_t)PAGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED, gntalloc(), pages->index);
	if (pages->at == MAP_FAILED)
		die("cannot map %u granted pages", nr);
	memset(pages->at, 0, nr * (size_t)PAGE_SIZE);
	if (domain == DOM0)
		quality = writable ? GRANT_WRITE : GRANT_READ;
	remember(pages, quality);
}

void pages_revoke(struct pages *pages)
{
	struct ioctl_gntalloc_dealloc_gref order = {
		.index = pages->index,
		.count = pages->nr,
	};

	if (!pages->nr)
		return;
	munmap(pages->at, pages->nr * (size_t)PAGE_SIZE);
	if (ioctl(gntalloc(), IOCTL_GNTALLOC_DEALLOC_GREF, &order))
		die("cannot give up %u granted pages", pages->nr);
	remember(pages, GRANT_BAD);
	free(pages->gref);
	memset(pages, 0, sizeof(*pages));
}

enum quality grant_quality(uint32_t gref)
{
	if (gref < RESERVED)
		return GRANT_UNSURE;
	return gref < TABLE ? qualities[gref] : GRANT_BAD;
}
