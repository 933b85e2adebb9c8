// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "page.h"
#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/evtchn.h>
#include <xen/gntdev.h>

#define PAGE	4096

static int events;
static unsigned int local_port;

volatile struct page *page_open(unsigned int domain, unsigned int ref,
				unsigned int port)
{
	struct ioctl_gntdev_map_grant_ref order = {
		.count = 1, .refs = { { .domid = domain, .ref = ref } } };
	struct ioctl_evtchn_bind_interdomain binding = {
		.remote_domain = domain, .remote_port = port };
	int grants = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	void *page;

	if (grants < 0 || ioctl(grants, IOCTL_GNTDEV_MAP_GRANT_REF, &order))
		err(2, "cannot map grant %u of domain %u", ref, domain);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, grants,
		    order.index);
	if (page == MAP_FAILED)
		err(2, "cannot map grant %u of domain %u", ref, domain);

	events = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC);
	if (events < 0)
		err(2, "cannot open /dev/xen/evtchn");
	local_port = ioctl(events, IOCTL_EVTCHN_BIND_INTERDOMAIN, &binding);
	if ((int)local_port < 0)
		err(2, "cannot bind port %u of domain %u", port, domain);
	return page;
}

void page_notify(void)
{
	struct ioctl_evtchn_notify order = { .port = local_port };

	/* Fails when the other end is gone, which is no matter of ours. */
	ioctl(events, IOCTL_EVTCHN_NOTIFY, &order);
}

bool page_wait(unsigned int timeout_ms)
{
	struct pollfd wanted = { .fd = events, .events = POLLIN };
	uint32_t port;

	if (poll(&wanted, 1, timeout_ms) <= 0)
		return false;
	/* Writing the port back lets the next event in. */
	return read(events, &port, sizeof(port)) == sizeof(port) &&
	       write(events, &port, sizeof(port)) == sizeof(port);
}
