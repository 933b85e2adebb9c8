// SPDX-License-Identifier: GPL-2.0
#include "command.h"
#include "host.h"
#include "message.h"
#include "report.h"
#include "snapshot.h"
#include "xen.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SNAPSHOT	"/run/xenmod/status"
#define INTERVAL_MIN	0.1
#define INTERVAL_MAX	3600.0

struct options {
	bool json;
	bool help;
	double interval;	/* 0: since the last call */
};

void command_status_help(void)
{
	puts("Usage: xenmod status [--json] [--interval SECONDS]\n"
	     "\n"
	     "Show the Xen modules, the backend devices of this domain, the drivers that\n"
	     "serve them, what they negotiated with their guests, and their traffic since\n"
	     "the last call; who translates the DMA of this domain's PCI devices; in dom0\n"
	     "also what Xen got of the processors' power states, and the routing of PCI\n"
	     "interrupts.\n"
	     "\n"
	     "  -j, --json              one JSON object instead of tables\n"
	     "  -i, --interval SECONDS  measure for that long instead (0.1 to 3600)\n"
	     "  -h, --help              this text");
}

static bool parse_interval(const char *text, double *interval)
{
	char *end;

	*interval = strtod(text, &end);
	if (end != text && !*end && *interval >= INTERVAL_MIN &&
	    *interval <= INTERVAL_MAX)
		return true;
	complain("'%s' is no interval: give seconds from 0.1 to 3600", text);
	return false;
}

static void complain_option(const char *word)
{
	/* getopt tells a letter, also in a bundle, and for a long one 0. */
	if (!optopt)
		complain("option '%s' is not known: see 'xenmod status --help'",
			 word);
	else if (strchr("jh", optopt))
		complain("option '%s' takes no value: see 'xenmod status --help'",
			 word);
	else
		complain("option '-%c' is not known: see 'xenmod status --help'",
			 optopt);
}

static bool parse_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "interval", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(options, 0, sizeof(*options));
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":ji:h", longs, NULL)) != -1) {
		switch (c) {
		case 'j':
			options->json = true;
			break;
		case 'i':
			if (!parse_interval(optarg, &options->interval))
				return false;
			break;
		case 'h':
			options->help = true;
			return true;
		case ':':
			complain("option '%s' needs a value: see 'xenmod status --help'",
				 argv[optind - 1]);
			return false;
		default:
			complain_option(argv[optind - 1]);
			return false;
		}
	}
	if (optind < argc) {
		complain("argument '%s' is not expected: see 'xenmod status --help'",
			 argv[optind]);
		return false;
	}
	return true;
}

static void take_snapshot(const struct host *host, struct snapshot *s)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	text_copy(s->boot_id, sizeof(s->boot_id), host->boot_id);
	s->time_ns = host->time_ns;
	for (i = 0; i < host->device_count; i++)
		snapshot_add(s, host->devices[i].name,
			     &host->devices[i].counters);
}

static void compute_rates(struct host *host, const struct snapshot *then)
{
	double seconds = (host->time_ns - then->time_ns) / 1e9;
	size_t i;

	for (i = 0; i < host->device_count; i++) {
		struct device *d = &host->devices[i];

		d->rates = rates_compute(snapshot_find(then, d->name),
					 &d->counters, seconds);
	}
}

/* Rates over an interval of our own leave the kept snapshot to others. */
static void measure(struct xen *xen, struct host *host, double interval)
{
	struct timespec left = {
		.tv_sec = interval,
		.tv_nsec = (interval - floor(interval)) * 1e9,
	};
	struct snapshot then;

	take_snapshot(host, &then);
	host_free(host);
	while (nanosleep(&left, &left) && errno == EINTR)
		;
	host_collect(xen, host);
	compute_rates(host, &then);
	snapshot_free(&then);
}

/* Without a usable snapshot there are no rates, and that is no error. */
static void compare_with_last_call(struct host *host)
{
	struct snapshot then, now;

	if (snapshot_load(SNAPSHOT, host->boot_id, host->time_ns, &then))
		compute_rates(host, &then);
	snapshot_free(&then);

	take_snapshot(host, &now);
	snapshot_save(SNAPSHOT, &now);
	snapshot_free(&now);
}

int command_status(int argc, char **argv)
{
	struct options options;
	struct host host;
	struct xen *xen;

	if (!parse_options(argc, argv, &options))
		return EXIT_USAGE;
	if (options.help) {
		command_status_help();
		return EXIT_OK;
	}

	xen = xen_open();
	if (!xen)
		return EXIT_FAILED;
	host_collect(xen, &host);
	if (options.interval > 0)
		measure(xen, &host, options.interval);
	else
		compare_with_last_call(&host);
	xen_close(xen);

	if (options.json)
		report_json(&host, stdout);
	else
		report_text(&host, stdout);
	host_free(&host);
	return EXIT_OK;
}
