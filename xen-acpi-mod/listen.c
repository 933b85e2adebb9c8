// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs of Xen's that come and go. Xen tells it by an interrupt (VIRQ_PCPU_STATE)
 * that only one can have, and the kernel's built-in driver has it; but that one
 * tells udev. We listen as udev does.
 */
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/uio.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "compat-acpi.h"
#include "uevent.h"
#include "xenacpi.h"

/* The kernel's own messages; udev hands on what it made of them in another. */
#define GROUP_KERNEL	1

/* How a message begins is enough. */
#define MESSAGE_BYTES	128

/* Messages taken in one go; others have the queue's CPU in between. */
#define MESSAGES	256

/* xenacpi_lock guards it. */
static struct socket *ear;

static void hear(struct work_struct *work);
static DECLARE_WORK(hearing, hear);

/* Takes a message, if there is one. Returns -EAGAIN if not. */
static int take(void)
{
	char text[MESSAGE_BYTES];
	struct kvec vector = { text, sizeof(text) };
	struct msghdr message = { .msg_flags = MSG_DONTWAIT };
	struct xenacpi_uevent event;
	int bytes;

	bytes = kernel_recvmsg(ear, &message, &vector, 1, sizeof(text),
			       MSG_DONTWAIT);
	if (bytes == -ENOBUFS) {
		/* Nobody knows what was in those that had no room. */
		xenacpi_pcpus_changed();
		return 0;
	}
	if (bytes <= 0)
		return -EAGAIN;
	if (xenacpi_uevent_parse(text, min_t(size_t, bytes, sizeof(text)),
				 &event))
		xenacpi_pcpu_changed(event.xen, event.online);
	return 0;
}

static void hear(struct work_struct *work)
{
	int i;

	mutex_lock(&xenacpi_lock);
	for (i = 0; i < MESSAGES && ear; i++)
		if (take())
			break;
	mutex_unlock(&xenacpi_lock);
	if (i == MESSAGES)
		queue_work(xenacpi_queue, &hearing);
}

/* Called by whoever sends a message, in any context. */
static void ready(struct sock *sk)
{
	queue_work(xenacpi_queue, &hearing);
}

int xenacpi_listen_start(void)
{
	struct sockaddr_nl group = {
		.nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL,
	};
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, PF_NETLINK, SOCK_RAW,
			       NETLINK_KOBJECT_UEVENT, &sock);
	if (err)
		return err;
	write_lock_bh(&sock->sk->sk_callback_lock);
	sock->sk->sk_data_ready = ready;
	write_unlock_bh(&sock->sk->sk_callback_lock);
	err = kernel_bind(sock, (struct sockaddr_unsized *)&group,
			  sizeof(group));
	if (err) {
		sock_release(sock);
		return err;
	}
	mutex_lock(&xenacpi_lock);
	ear = sock;
	mutex_unlock(&xenacpi_lock);
	return 0;
}

void xenacpi_listen_stop(void)
{
	struct socket *sock;

	mutex_lock(&xenacpi_lock);
	sock = ear;
	ear = NULL;
	mutex_unlock(&xenacpi_lock);
	/* Waits for those that are sending. */
	if (sock)
		sock_release(sock);
	cancel_work_sync(&hearing);
}
