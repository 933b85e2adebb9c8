// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <xen/xen.h>
#include <xen/evtchn.h>
#include "event.h"
#include "grants.h"
#include "report.h"

void event_open(struct event *event)
{
	struct ioctl_evtchn_bind_unbound_port order = { .remote_domain = DOM0 };
	int port;

	event->fd = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (event->fd < 0)
		die("cannot open /dev/xen/evtchn");
	port = ioctl(event->fd, IOCTL_EVTCHN_BIND_UNBOUND_PORT, &order);
	if (port < 0)
		die("cannot make an event channel");
	event->port = port;
}

void event_close(struct event *event)
{
	if (!event->port)
		return;
	close(event->fd);
	event->port = 0;
}

void event_send(struct event *event)
{
	struct ioctl_evtchn_notify order = { .port = event->port };

	/* Fails when the other end is gone, which is no matter of ours. */
	ioctl(event->fd, IOCTL_EVTCHN_NOTIFY, &order);
}

bool event_wait(struct event *event, unsigned int timeout_ms)
{
	struct pollfd wanted = { .fd = event->fd, .events = POLLIN };
	uint32_t port;

	if (poll(&wanted, 1, timeout_ms) <= 0)
		return false;
	/* Writing the port back lets the next event in. */
	if (read(event->fd, &port, sizeof(port)) == sizeof(port) &&
	    write(event->fd, &port, sizeof(port)) != sizeof(port))
		die("cannot unmask an event channel");
	return true;
}
