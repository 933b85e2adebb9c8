/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_INTERFACE_GRANT_TABLE_H
#define HOST_XEN_INTERFACE_GRANT_TABLE_H

/* Layouts and numbers of Xen's interface, as far as the modules use them. */
#include <linux/types.h>

typedef u32 grant_ref_t;
typedef u32 grant_handle_t;
typedef u16 domid_t;

#define DOMID_SELF			0x7ff0

#define GNTTABOP_map_grant_ref		0
#define GNTTABOP_unmap_grant_ref	1
#define GNTTABOP_copy			5

#define GNTMAP_host_map			(1 << 1)
#define GNTMAP_readonly			(1 << 2)

#define GNTCOPY_source_gref		(1 << 0)
#define GNTCOPY_dest_gref		(1 << 1)

#define GNTST_okay			0
#define GNTST_general_error		(-1)
#define GNTST_bad_gntref		(-3)
#define GNTST_bad_handle		(-4)
#define GNTST_permission_denied		(-8)
#define GNTST_bad_page			(-9)
#define GNTST_bad_copy_arg		(-10)
#define GNTST_eagain			(-12)

struct gnttab_map_grant_ref {
	u64 host_addr;
	u32 flags;
	grant_ref_t ref;
	domid_t dom;
	s16 status;
	grant_handle_t handle;
	u64 dev_bus_addr;
};

struct gnttab_unmap_grant_ref {
	u64 host_addr;
	u64 dev_bus_addr;
	grant_handle_t handle;
	s16 status;
};

struct gnttab_copy {
	struct {
		union {
			grant_ref_t ref;
			unsigned long gmfn;
		} u;
		domid_t domid;
		u16 offset;
	} source, dest;
	u16 len;
	u16 flags;
	s16 status;
};

#endif
