// SPDX-License-Identifier: GPL-2.0
#include <linux/hex.h>

static __used bool parse(const char *text, u8 *mac)
{
	return mac_pton(text, mac);
}
