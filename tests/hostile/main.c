// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile block frontend: takes a vbd that no driver has, connects it by
 * hand and does to the backend what no frontend should. Each case says in one
 * line of JSON how that went.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cases.h"
#include "report.h"

struct options options = {
	.seed = 1, .requests = 1000, .seconds = 2, .threads = 2,
};

static const struct hostile_case *const groups[] = {
	request_cases, grant_cases, ring_cases, life_cases, flip_cases,
	storm_cases, walk_cases,
};

#define GROUPS	(sizeof(groups) / sizeof(groups[0]))

static const char usage[] =
	"usage: hostile [OPTION]... CASE...\n"
	"  --vdev N      the disk, as xenstore numbers it (51712 is xvda)\n"
	"  --abi 32|64   layout of the slots\n"
	"  --order N     ring of 2^N pages, N up to 4\n"
	"  --queues N    queues, up to 4\n"
	"  --persistent  ask for persistent grants\n"
	"  --seed N      for what is random\n"
	"  --requests N  how many, for cases that go on until told\n"
	"  --seconds N   how long, likewise\n"
	"  --threads N   that flip bytes or send events, up to 8\n"
	"cases:\n";

static const struct option long_options[] = {
	{ "vdev", required_argument, NULL, 'v' },
	{ "abi", required_argument, NULL, 'a' },
	{ "order", required_argument, NULL, 'o' },
	{ "queues", required_argument, NULL, 'q' },
	{ "persistent", no_argument, NULL, 'p' },
	{ "seed", required_argument, NULL, 's' },
	{ "requests", required_argument, NULL, 'r' },
	{ "seconds", required_argument, NULL, 't' },
	{ "threads", required_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static void help(void)
{
	const struct hostile_case *one;
	unsigned int i;

	fputs(usage, stdout);
	for (i = 0; i < GROUPS; i++)
		for (one = groups[i]; one->name; one++)
			printf("  %s\n", one->name);
	exit(0);
}

static const struct hostile_case *find(const char *name)
{
	const struct hostile_case *one;
	unsigned int i;

	for (i = 0; i < GROUPS; i++)
		for (one = groups[i]; one->name; one++)
			if (!strcmp(one->name, name))
				return one;
	die("there is no case %s", name);
}

static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !*text || value > most)
		die("%s is not a number up to %lu", text, most);
	return value;
}

static void take_option(int option, struct device *device)
{
	switch (option) {
	case 'v':
		device->vdev = number(optarg, UINT32_MAX);
		break;
	case 'a':
		device->slot_size = number(optarg, 64) == 32 ? SLOT_32 :
							       SLOT_64;
		break;
	case 'o':
		device->order = number(optarg, 4);
		break;
	case 'q':
		device->nr_queues = number(optarg, QUEUES_MOST);
		break;
	case 'p':
		device->persistent = true;
		break;
	case 's':
		options.seed = number(optarg, -1UL);
		break;
	case 'r':
		options.requests = number(optarg, -1UL);
		break;
	case 't':
		options.seconds = number(optarg, 86400);
		break;
	case 'n':
		options.threads = number(optarg, 8);
		break;
	case 'h':
		help();
		break;
	default:
		exit(2);
	}
}

static bool run(struct device *device, const struct hostile_case *one)
{
	report_begin(one->name);
	if (device->gone)
		report_fail("a case before has ended the device");
	else if (one->apart && device->connected && !device_close(device))
		report_fail("the case before cannot be closed");
	else if (one->apart || device->connected || device_connect(device))
		one->run(device);
	return report_end();
}

int main(int argc, char **argv)
{
	static struct device device = {
		.vdev = 51712, .slot_size = SLOT_64, .nr_queues = 1,
	};
	bool good = true;
	int option, i;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(option, &device);
	if (!device.nr_queues || optind == argc)
		die("no queue, or no case: see --help");
	/* Names first: a slip of the pen should not end a half-done run. */
	for (i = optind; i < argc; i++)
		find(argv[i]);

	device_open(&device);
	for (i = optind; i < argc; i++)
		good = run(&device, find(argv[i])) && good;
	if (!device.gone) {
		report_begin("close");
		device_close(&device);
		good = report_end() && good;
	}
	return good ? 0 : 1;
}
