// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile network frontend: takes a vif that no driver has, connects it by
 * hand and does to the backend what no frontend should. Each case says in one
 * line of JSON how that went.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../report.h"
#include "cases.h"

#define QUIET_MS	150
/* By then the backend has looked, on a busy host, too: nothing shows it. */
#define SEEN_MS		1000

struct options options = {
	.seed = 1, .requests = 1000, .seconds = 2, .threads = 2,
};

static const struct hostile_case *const groups[] = {
	packet_cases, offload_cases, receive_cases, ring_cases, control_cases,
	storm_cases,
};

#define GROUPS	(sizeof(groups) / sizeof(groups[0]))

static const char usage[] =
	"usage: hostile-net [OPTION]... CASE...\n"
	"  --vif N       its handle\n"
	"  --queues N    queues, up to 4\n"
	"  --split       an event channel for each direction\n"
	"  --multicast   say which multicast is wanted\n"
	"  --quiet       do not promise events for pages that are offered\n"
	"  --seed N      for what is random\n"
	"  --requests N  how many, for cases that go on until told\n"
	"  --seconds N   how long, likewise\n"
	"  --threads N   that flip bytes or send events, up to 8\n"
	"cases:\n";

static const struct option long_options[] = {
	{ "vif", required_argument, NULL, 'v' },
	{ "queues", required_argument, NULL, 'q' },
	{ "split", no_argument, NULL, 'p' },
	{ "multicast", no_argument, NULL, 'm' },
	{ "quiet", no_argument, NULL, 'u' },
	{ "seed", required_argument, NULL, 's' },
	{ "requests", required_argument, NULL, 'r' },
	{ "seconds", required_argument, NULL, 't' },
	{ "threads", required_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

void recover(struct vif *vif)
{
	unsigned int i;

	for (i = 0; i < vif->nr_queues; i++)
		ring_forget(&vif->queue[i].tx);
	if (vif_close(vif) && vif_connect(vif))
		vif_works(vif);
}

void must_stop(struct vif *vif)
{
	struct ring *tx = &vif->queue[0].tx;
	uint32_t before = ring_head(tx)->rsp_prod;
	unsigned int i;

	ring_push(tx);
	sleep_ms(SEEN_MS);
	/* Good ones come too late. */
	for (i = 0; i < 4 && tx->req_prod - tx->rsp_cons < SLOTS; i++)
		tx_put(tx, 0, 64, 0, vif->data.gref[0]);
	ring_push(tx);
	sleep_ms(QUIET_MS);
	if (ring_head(tx)->rsp_prod != before)
		report_fail("a vif that must stop answers");
}

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

static void take_option(int option, struct vif *vif)
{
	switch (option) {
	case 'v':
		vif->number = number(optarg, 150);
		break;
	case 'q':
		vif->nr_queues = number(optarg, QUEUES_MOST);
		break;
	case 'p':
		vif->split = true;
		break;
	case 'm':
		vif->multicast = true;
		break;
	case 'u':
		vif->quiet = true;
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

static bool run(struct vif *vif, const struct hostile_case *one)
{
	report_begin(one->name);
	if (vif->gone)
		report_fail("a case before has ended the vif");
	else if (one->apart && vif->connected && !vif_close(vif))
		report_fail("the case before cannot be closed");
	else if (one->apart || vif->connected || vif_connect(vif))
		one->run(vif);
	return report_end();
}

int main(int argc, char **argv)
{
	static struct vif vif = { .nr_queues = 1 };
	bool good = true;
	int option, i;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(option, &vif);
	if (!vif.nr_queues || optind == argc)
		die("no queue, or no case: see --help");
	/* Names first: a slip of the pen should not end a half-done run. */
	for (i = optind; i < argc; i++)
		find(argv[i]);

	vif_open(&vif);
	for (i = optind; i < argc; i++)
		good = run(&vif, find(argv[i])) && good;
	if (!vif.gone) {
		report_begin("close");
		vif_close(&vif);
		good = report_end() && good;
	}
	return good ? 0 : 1;
}
