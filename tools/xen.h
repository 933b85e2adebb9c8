/* SPDX-License-Identifier: GPL-2.0 */
/* Connections to the hypervisor and to xenstore. */
#ifndef XENMOD_XEN_H
#define XENMOD_XEN_H

#include "text.h"

struct xen;

/* NULL after a line on stderr that says why not. */
struct xen *xen_open(void);
void xen_close(struct xen *xen);

void xen_version(char *dst, size_t size);

/*
 * The value of directory/key; false, and dst empty, when it is missing or
 * not ours to read. Without a directory, the key is one of this domain's
 * own part. Ends the program when xenstore is gone or silent.
 */
bool xen_store_text(struct xen *xen, const char *directory, const char *key,
		    char *dst, size_t size);
struct number xen_store_number(struct xen *xen, const char *directory,
			       const char *key);

#endif
