// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>
#include "report.h"
#include "store.h"

int store_open(void)
{
	int fd = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("cannot open /dev/xen/xenbus");
	return fd;
}

static void read_all(int fd, void *buffer, size_t len)
{
	ssize_t got;

	for (; len; len -= got, buffer = (char *)buffer + got) {
		got = read(fd, buffer, len);
		if (got <= 0)
			die("cannot read from xenstore");
	}
}

/* Returns the answer's body, to be freed, or NULL for an error. */
static char *transact(int fd, uint32_t type, const char *path,
		      const void *value, size_t len)
{
	struct xsd_sockmsg message = { .type = type };
	size_t path_len = strlen(path) + 1;
	char *body = malloc(sizeof(message) + path_len + len);

	message.len = path_len + len;
	memcpy(body, &message, sizeof(message));
	memcpy(body + sizeof(message), path, path_len);
	if (len)
		memcpy(body + sizeof(message) + path_len, value, len);
	if (write(fd, body, sizeof(message) + message.len) < 0)
		die("cannot write to xenstore");
	free(body);

	read_all(fd, &message, sizeof(message));
	body = malloc(message.len + 1);
	read_all(fd, body, message.len);
	body[message.len] = '\0';
	if (message.type == type)
		return body;
	free(body);
	return NULL;
}

static bool done(char *answer)
{
	free(answer);
	return answer != NULL;
}

char *store_read(int fd, const char *path)
{
	return transact(fd, XS_READ, path, NULL, 0);
}

long store_number(int fd, const char *path, long fallback)
{
	char *text = store_read(fd, path);
	long value = text && *text ? strtol(text, NULL, 10) : fallback;

	free(text);
	return value;
}

bool store_write_bytes(int fd, const char *path, const void *value, size_t len)
{
	return done(transact(fd, XS_WRITE, path, value, len));
}

bool store_write(int fd, const char *path, const char *value)
{
	return store_write_bytes(fd, path, value, strlen(value));
}

bool store_print(int fd, const char *path, const char *fmt, ...)
{
	char value[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	return store_write(fd, path, value);
}

bool store_remove(int fd, const char *path)
{
	return done(transact(fd, XS_RM, path, NULL, 0));
}
