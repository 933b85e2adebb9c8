// SPDX-License-Identifier: GPL-2.0
/* Only the other change of the same release can be compiled. */
#include <linux/filter.h>

static __used enum bpf_map_type type(struct bpf_redirect_info *info)
{
	return info->map_type;
}
