// SPDX-License-Identifier: GPL-2.0
#include <linux/net.h>
#include <linux/socket.h>

static __used int bind(struct socket *sock, struct sockaddr_unsized *address)
{
	return kernel_bind(sock, address, sizeof(struct sockaddr));
}
