/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_XEN_XEN_H
#define HOST_XEN_XEN_H

#include <linux/types.h>

extern bool fake_pv_domain;

#define xen_pv_domain() fake_pv_domain

#endif
