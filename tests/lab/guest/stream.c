// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP connection whose bytes are known: each 8 of them are their place in
 * the stream, scrambled. What arrives is held against that. The result is one
 * line of JSON; the exit status is 0 when all was as wanted.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHUNK		(64 * 1024)
#define PATIENCE_MS	20000

static const char usage[] =
	"usage: stream [OPTION]... HOST PORT\n"
	"  --listen      wait for a connection; HOST is the address to bind to\n"
	"  --send N      bytes to send\n"
	"  --receive N   bytes that have to arrive; else until the other's end\n"
	"  --seconds N   send for so long instead, or until SIGTERM\n";

static const struct option long_options[] = {
	{ "listen", no_argument, NULL, 'l' },
	{ "send", required_argument, NULL, 's' },
	{ "receive", required_argument, NULL, 'r' },
	{ "seconds", required_argument, NULL, 't' },
	{ }
};

static struct {
	bool listen;
	uint64_t send;
	int64_t receive;
	unsigned int seconds;
} options = { .receive = -1 };

static int sock;
static uint64_t sent, received;
static int64_t wrong_at = -1;
static int send_error, receive_error;
static volatile sig_atomic_t enough;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* The bytes from @place, which is a multiple of 8. */
static void fill(uint64_t *words, uint64_t place, size_t len)
{
	uint64_t word = place / 8;
	size_t i;

	for (i = 0; i < len / 8; i++)
		words[i] = (word + i) * 0x9e3779b97f4a7c15ULL;
}

static void *send_all(void *unused __attribute__((unused)))
{
	static uint64_t words[CHUNK / 8];
	uint64_t end = now_ms() + options.seconds * 1000ULL;
	size_t len, done;
	ssize_t n;

	while (options.seconds ? now_ms() < end && !enough :
				 sent < options.send) {
		fill(words, sent, CHUNK);
		len = CHUNK;
		if (!options.seconds && options.send - sent < len)
			len = options.send - sent;
		for (done = 0; done < len; done += n, sent += n) {
			n = send(sock, (char *)words + done, len - done, 0);
			if (n < 0) {
				send_error = errno;
				return NULL;
			}
		}
	}
	shutdown(sock, SHUT_WR);
	return NULL;
}

/* @data is what arrived at @received. */
static void compare(const char *data, size_t len)
{
	static uint64_t words[CHUNK / 8 + 2];
	size_t shift = received % 8;
	size_t i;

	fill(words, received - shift, len + 2 * 8);
	if (wrong_at >= 0 || !memcmp(data, (char *)words + shift, len))
		return;
	for (i = 0; data[i] == ((char *)words)[shift + i]; i++)
		;
	wrong_at = received + i;
}

static void receive_all(void)
{
	static char data[CHUNK];
	ssize_t n;

	while ((n = recv(sock, data, sizeof(data), 0)) > 0) {
		compare(data, n);
		received += n;
	}
	if (n < 0)
		receive_error = errno;
}

/* An address of either family; its length. */
static socklen_t parse(const char *host, const char *port,
		       struct sockaddr_storage *address)
{
	struct sockaddr_in6 *v6 = (void *)address;
	struct sockaddr_in *v4 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(strtoul(port, NULL, 10));
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(strtoul(port, NULL, 10));
		return sizeof(*v6);
	}
	errno = EINVAL;
	die(host);
}

static int accept_one(int fd)
{
	int connection;

	if (listen(fd, 1))
		die("listen");
	alarm(PATIENCE_MS / 1000);
	connection = accept(fd, NULL, NULL);
	if (connection < 0)
		die("accept");
	alarm(0);
	close(fd);
	return connection;
}

static int open_connection(const char *host, const char *port)
{
	struct timespec pause = { .tv_nsec = 50000000 };
	uint64_t end = now_ms() + PATIENCE_MS;
	struct sockaddr_storage address;
	socklen_t len = parse(host, port, &address);
	int one = 1;
	int fd;

	/* The other end may be a little later. */
	for (;; nanosleep(&pause, NULL)) {
		fd = socket(address.ss_family, SOCK_STREAM, 0);
		if (fd < 0)
			die("socket");
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (options.listen) {
			if (bind(fd, (void *)&address, len))
				die("bind");
			return accept_one(fd);
		}
		if (!connect(fd, (void *)&address, len))
			return fd;
		if (now_ms() > end)
			die("connect");
		close(fd);
	}
}

static void stop(int number __attribute__((unused)))
{
	enough = 1;
}

static void take_option(int option)
{
	switch (option) {
	case 'l':
		options.listen = true;
		break;
	case 's':
		options.send = strtoull(optarg, NULL, 0);
		break;
	case 'r':
		options.receive = strtoull(optarg, NULL, 0);
		break;
	case 't':
		options.seconds = strtoul(optarg, NULL, 0);
		break;
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

static bool good(void)
{
	return !send_error && !receive_error && wrong_at < 0 &&
	       (options.receive < 0 || received == (uint64_t)options.receive);
}

int main(int argc, char **argv)
{
	pthread_t sender;
	uint64_t began;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(option);
	if (argc - optind != 2)
		take_option('?');
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, stop);
	sock = open_connection(argv[optind], argv[optind + 1]);
	began = now_ms();
	if (pthread_create(&sender, NULL, send_all, NULL))
		die("thread");
	receive_all();
	pthread_join(sender, NULL);
	printf("{\"good\": %s, \"sent\": %llu, \"received\": %llu, "
	       "\"wrong_at\": %lld, \"send_error\": \"%s\", "
	       "\"receive_error\": \"%s\", \"ms\": %llu}\n",
	       good() ? "true" : "false", (unsigned long long)sent,
	       (unsigned long long)received, (long long)wrong_at,
	       send_error ? strerror(send_error) : "",
	       receive_error ? strerror(receive_error) : "",
	       (unsigned long long)(now_ms() - began));
	return good() ? 0 : 1;
}
