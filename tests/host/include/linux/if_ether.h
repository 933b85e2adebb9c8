/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_IF_ETHER_H
#define HOST_LINUX_IF_ETHER_H

#define ETH_ALEN	6
#define ETH_HLEN	14

#endif
