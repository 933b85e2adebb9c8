// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>

static __used blk_opf_t opf = REQ_OP_READ;
