/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_ASM_XEN_PAGE_H
#define HOST_ASM_XEN_PAGE_H

#define INVALID_P2M_ENTRY	(~0ul)
#define FOREIGN_FRAME_BIT	(1ul << 63)
#define IDENTITY_FRAME_BIT	(1ul << 62)

/* Belongs to the test. */
unsigned long __pfn_to_mfn(unsigned long pfn);

#endif
