/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_ASM_XEN_HYPERCALL_H
#define HOST_ASM_XEN_HYPERCALL_H

int HYPERVISOR_grant_table_op(unsigned int command, void *operations,
			      unsigned int count);

#endif
