// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI backend that does what none should: it serves the page that a guest's
 * frontend shares. xenstore is its caller's business. It says "ready" when it
 * has the page, runs until its standard input is closed, and says in one line
 * of JSON what it did. Some cases wait for a byte there.
 *
 *	hostile-pciback DOMAIN GRANT PORT CASE
 */
#include <err.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "case.h"
#include "device.h"

#define ARGUMENTS	5
#define LOOK_MS		20

static volatile struct page *page;
static const struct behaviour *behaviour;
static volatile bool over;
static unsigned long asked, answered, aside, commands[DISABLE_MSIX + 1];

static const struct behaviour *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < behaviour_count; i++)
		if (!strcmp(behaviours[i].name, name))
			return &behaviours[i];
	return NULL;
}

static void *run_aside(void *unused)
{
	while (!over) {
		behaviour->aside(page);
		aside++;
	}
	return unused;
}

static bool told_to_stop(void)
{
	struct pollfd wanted = { .fd = STDIN_FILENO, .events = POLLIN };
	char byte;

	if (poll(&wanted, 1, 0) <= 0)
		return false;
	if (read(STDIN_FILENO, &byte, 1) <= 0)
		return true;
	told = true;
	return false;
}

static void serve(void)
{
	uint32_t cmd = page->op.cmd;

	asked++;
	if (cmd <= DISABLE_MSIX)
		commands[cmd]++;
	if (behaviour->delay_ms)
		usleep(behaviour->delay_ms * 1000);
	if (!behaviour->answer(&page->op)) {
		/* Asked once is enough to know. */
		while (!told_to_stop() && page->flags & FRONT_ACTIVE)
			page_wait(LOOK_MS);
		return;
	}
	answered++;
	page->flags &= ~FRONT_ACTIVE;
	if (!behaviour->quiet)
		page_notify();
}

static int list(void)
{
	unsigned int i;

	for (i = 0; i < behaviour_count; i++)
		puts(behaviours[i].name);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t helper;

	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	behaviour = argc == ARGUMENTS ? find(argv[4]) : NULL;
	if (!behaviour)
		errx(2, "hostile-pciback DOMAIN GRANT PORT CASE, or --list");

	device_init();
	if (behaviour->prepare)
		behaviour->prepare();
	page = page_open(atoi(argv[1]), atoi(argv[2]), atoi(argv[3]));
	puts("ready");
	fflush(stdout);
	if (behaviour->aside &&
	    pthread_create(&helper, NULL, run_aside, NULL))
		errx(2, "cannot start a thread");

	while (!told_to_stop()) {
		if (page->flags & FRONT_ACTIVE)
			serve();
		else
			page_wait(LOOK_MS);
	}
	over = true;
	if (behaviour->aside)
		pthread_join(helper, NULL);
	printf("{\"case\": \"%s\", \"asked\": %lu, \"answered\": %lu, "
	       "\"aside\": %lu, \"msi\": [%lu, %lu, %lu, %lu], "
	       "\"steps\": [%d, %d, %d, %d]}\n",
	       behaviour->name, asked, answered, aside, commands[ENABLE_MSI],
	       commands[DISABLE_MSI], commands[ENABLE_MSIX],
	       commands[DISABLE_MSIX], steps[0], steps[1], steps[2], steps[3]);
	return 0;
}
