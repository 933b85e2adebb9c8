// SPDX-License-Identifier: GPL-2.0
#include "xen.h"
#include "memory.h"
#include "message.h"
#include "sysfs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenstore.h>

#define STORE_TIMEOUT	5	/* seconds */

struct xen {
	xc_interface *control;
	struct xs_handle *store;
};

/* libxenctrl would print its own lines where we print a clearer one. */
static void log_nothing(struct xentoollog_logger *logger,
			xentoollog_level level, int errnoval,
			const char *context, const char *format, va_list args)
{
	(void)logger;
	(void)level;
	(void)errnoval;
	(void)context;
	(void)format;
	(void)args;
}

static void destroy_nothing(struct xentoollog_logger *logger)
{
	(void)logger;
}

static struct xentoollog_logger quiet = {
	.vmessage = log_nothing,
	.destroy = destroy_nothing,
};

/* A xenstore call cannot be cancelled; only the whole program can. */
static void store_silent(int signal)
{
	static const char text[] =
		"xenmod: xenstore does not answer: see whether xenstored runs and is not stuck\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_FAILED);
	_exit(EXIT_FAILED);
}

static bool permission_error(int error)
{
	return error == EACCES || error == EPERM;
}

static bool on_xen(void)
{
	char type[32];

	if (sysfs_text("/sys/hypervisor", "type", type, sizeof(type)) &&
	    !strcmp(type, "xen"))
		return true;

	complain("this machine does not run on Xen: boot it under Xen and try again");
	return false;
}

static bool open_control(struct xen *xen)
{
	xen->control = xc_interface_open(&quiet, &quiet, 0);
	if (xen->control)
		return true;

	if (permission_error(errno))
		complain("no permission to talk to the hypervisor: run this as root");
	else if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		complain("there is no /dev/xen/privcmd: run 'modprobe xen-privcmd'");
	else
		complain("cannot open /dev/xen/privcmd (%s): see the kernel's log",
			 strerror(errno));
	return false;
}

static bool open_store(struct xen *xen)
{
	alarm(STORE_TIMEOUT);
	xen->store = xs_open(0);
	alarm(0);
	if (xen->store)
		return true;

	if (permission_error(errno))
		complain("no permission to read xenstore: run this as root");
	else
		complain("cannot reach xenstore (%s): start xenstored (on Debian: 'service xen start')",
			 strerror(errno));
	return false;
}

struct xen *xen_open(void)
{
	struct xen *xen;

	if (!on_xen())
		return NULL;

	signal(SIGALRM, store_silent);
	xen = memory_zeroed(1, sizeof(*xen));
	if (open_control(xen) && open_store(xen))
		return xen;
	xen_close(xen);
	return NULL;
}

void xen_close(struct xen *xen)
{
	if (xen->store)
		xs_close(xen->store);
	if (xen->control)
		xc_interface_close(xen->control);
	free(xen);
}

/* From the kernel: a guest's programs may be kept from asking Xen. */
void xen_version(char *dst, size_t size)
{
	static const char folder[] = "/sys/hypervisor/version";
	char major[16], minor[16], extra[64];

	dst[0] = '\0';
	if (!sysfs_text(folder, "major", major, sizeof(major)) ||
	    !sysfs_text(folder, "minor", minor, sizeof(minor)))
		return;
	sysfs_text(folder, "extra", extra, sizeof(extra));
	snprintf(dst, size, "%s.%s%s", major, minor, extra);
}

/* Errors about one node are that node's affair, any other ends it all. */
static void check_store(int error)
{
	switch (error) {
	case ENOENT:
	case EACCES:
	case EPERM:
	case EINVAL:
	case E2BIG:
		return;
	}
	complain("xenstore failed (%s): see whether xenstored still runs",
		 strerror(error));
	exit(EXIT_FAILED);
}

bool xen_store_text(struct xen *xen, const char *directory, const char *key,
		    char *dst, size_t size)
{
	char path[XENSTORE_ABS_PATH_MAX + 1];
	unsigned int len;
	char *value;
	int error;

	dst[0] = '\0';
	if (snprintf(path, sizeof(path), "%s%s%s", directory ? directory : "",
		     directory ? "/" : "", key) >= (int)sizeof(path))
		return false;

	alarm(STORE_TIMEOUT);
	value = xs_read(xen->store, XBT_NULL, path, &len);
	error = errno;
	alarm(0);
	if (!value) {
		check_store(error);
		return false;
	}

	/* libxenstore puts a NUL behind the value. */
	text_copy(dst, size, value);
	free(value);
	return true;
}

struct number xen_store_number(struct xen *xen, const char *directory,
			       const char *key)
{
	char text[64];

	if (!xen_store_text(xen, directory, key, text, sizeof(text)))
		return number_parse(NULL);
	return number_parse(text);
}
