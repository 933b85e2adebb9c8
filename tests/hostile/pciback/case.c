// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <unistd.h>
#include "case.h"
#include "device.h"

/* The one function that honest cases have. */
#define DEVFN	0
/* Cases with many functions: one in so many places has one. */
#define CROWD_STEP	32
/* Cases with two: the second one. */
#define SECOND_DEVFN	8
/* A pirq that good backends might give, too. */
#define PIRQ		300
/* The state of a device with an error. */
#define FROZEN		2
/* How long a driver may take for a step of a recovery. */
#define STEP_MS		10000

volatile bool told;
int steps[STEPS];

uint32_t random_word(void)
{
	static __thread uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

static bool honest_at(volatile struct op *op, bool there)
{
	op->err = there ? 0 : -1;
	if (!there)
		return true;
	if (op->cmd == READ)
		op->value = device_read(op->offset, op->size);
	else if (op->cmd == WRITE)
		device_write(op->offset, op->size, op->value);
	else
		op->err = -5;
	return true;
}

static bool honest(volatile struct op *op)
{
	return honest_at(op, op->devfn == DEVFN && !op->bus && !op->domain);
}

static bool silent(volatile struct op *op)
{
	(void)op;
	return false;
}

/* Long enough for the scan, then not any more. */
static bool falls_silent(volatile struct op *op)
{
	static unsigned int count;

	return ++count < 330 && honest(op);
}

static bool everywhere(volatile struct op *op)
{
	return honest_at(op, true);
}

/* Several devices, none of them with a neighbour. */
static bool crowd(volatile struct op *op)
{
	return honest_at(op, op->devfn % CROWD_STEP == 0);
}

static bool random_values(volatile struct op *op)
{
	crowd(op);
	op->value = random_word();
	return true;
}

static bool random_errors(volatile struct op *op)
{
	honest(op);
	if (random_word() & 1)
		op->err = random_word();
	return true;
}

/* What is above the width that was asked for is not nothing. */
static bool too_wide(volatile struct op *op)
{
	honest(op);
	if (op->size < 4)
		op->value |= ~0U << op->size * 8;
	return true;
}

static bool not_ready(volatile struct op *op)
{
	op->err = 0;
	op->value = op->offset ? 0 : 0xffff0001;
	return true;
}

/* Another device at each look. */
static bool changing(volatile struct op *op)
{
	honest(op);
	if (op->devfn == DEVFN && op->cmd == READ && random_word() & 1)
		op->value ^= random_word();
	return true;
}

/* Says that it enabled MSI, and gives an interrupt that there is not. */
static bool bad_pirq(volatile struct op *op)
{
	honest(op);
	if (op->cmd != ENABLE_MSI && op->cmd != DISABLE_MSI)
		return true;
	op->err = 0;
	op->value = random_word() | 1U << 31;
	return true;
}

/* Two devices, and one interrupt for both. */
static bool same_pirq(volatile struct op *op)
{
	bool second = op->devfn == SECOND_DEVFN;
	/* Its ports are elsewhere; whoever asks for their size sets more bits. */
	bool place = second && op->offset == 0x10 && op->size == 4;

	if (place && op->cmd == WRITE && !(op->value >> 16))
		op->value ^= 0x4000;
	honest_at(op, op->devfn == DEVFN || second);
	if (place && op->cmd == READ && !(op->value >> 16))
		op->value ^= 0x4000;
	if (op->cmd != ENABLE_MSI && op->cmd != DISABLE_MSI)
		return true;
	op->err = 0;
	op->value = PIRQ;
	return true;
}

static void make_bridge(void)
{
	device_set(0x0a, 2, 0x0604);
	device_set(0x0e, 1, 0x81);
	device_set(0x18, 4, 0x00ff0100);
}

static void make_loops(void)
{
	/* Of capabilities, and of extended ones. */
	device_set(0x40, 2, 0x4810);
	device_set(0x48, 2, 0x4001);
	device_set(0x34, 1, 0x40);
	device_set(0x42, 2, 0x0002);
	device_set(0x100, 4, 0x10410003);
	device_set(0x104, 4, 0x10010001);
}

/* A BAR where the guest has memory, one at the end of everything. */
static void make_bars(void)
{
	device_set(0x10, 4, 0x00200000);
	device_set(0x14, 4, 0x00000004);
	device_set(0x18, 4, 0xffffffff);
	device_set(0x1c, 4, 0xfffffff4);
	device_set(0x20, 4, 0xffffffff);
	device_set(0x24, 4, 0x0000cf8 | 1);
}

/*
 * The test gives the guest the first page and the last one of a BAR, as if two
 * other ones ended and began there; and all of another one.
 */
static void make_hole(void)
{
	device_set_bar(1, 0xfd010000, 0x2000);
}

/* Of the obsolete type "below 1 MiB". */
static void make_low_bar(void)
{
	device_set(0x10, 4, 0xfd000002);
}

/* A serial port, whose driver enables MSI before it looks for the port. */
static void make_serial_port(void)
{
	device_set(0x00, 4, 0x99009710);
	device_set(0x08, 4, 0x07000200);
	device_set(0x10, 4, 0x0000c001);
	device_set(0x2c, 4, 0x1000a000);
	/* MSI alone: the table of MSI-X would have to be in a good BAR. */
	device_set(MSI_AT + 1, 1, 0);
}

/* A card whose registers are at a place that Xen does not give this guest. */
static void make_impostor(void)
{
	device_set(0x00, 4, 0x10d38086);
	device_set(0x08, 4, 0x02000000);
}

static void send_events(volatile struct page *page)
{
	(void)page;
	page_notify();
}

static void report(volatile struct page *page, uint32_t cmd, int32_t err,
		   uint32_t devfn)
{
	page->aer.cmd = cmd;
	page->aer.err = err;
	page->aer.domain = 0;
	page->aer.bus = 0;
	page->aer.devfn = devfn;
	page->flags |= BACK_ACTIVE;
	page_notify();
}

/* Without an end, and not waiting for the answer to the last one. */
static void report_all(volatile struct page *page)
{
	report(page, AER_DETECTED + random_word() % 4, 1 + random_word() % 3,
	       DEVFN);
	usleep(1000);
}

static void report_nonsense(volatile struct page *page)
{
	report(page, random_word(), random_word(), random_word());
	page->aer.domain = random_word();
	page->aer.bus = random_word();
	usleep(1000);
}

/* An error and its end, in the order that drivers know. */
static void recover(volatile struct page *page)
{
	static const uint32_t order[STEPS] = { AER_DETECTED, AER_MMIO,
					       AER_SLOT_RESET, AER_RESUME };
	static unsigned int done;
	unsigned int ms;

	if (!told || done == STEPS) {
		usleep(20000);
		return;
	}
	report(page, order[done], FROZEN, DEVFN);
	for (ms = 0; page->flags & BACK_ACTIVE && ms < STEP_MS; ms++)
		usleep(1000);
	steps[done++] = page->aer.err;
}

/* Over the frontend's own words, while it reads and writes them. */
static void scribble(volatile struct page *page)
{
	volatile uint32_t *words = (volatile uint32_t *)page;

	words[1 + random_word() % (sizeof(*page) / 4 - 1)] = random_word();
	if (!(random_word() & 0xff))
		page->flags ^= 1U << random_word() % 32;
}

const struct behaviour behaviours[] = {
	{ "honest", .answer = honest },
	{ "silent", .answer = silent },
	{ "falls-silent", .answer = falls_silent },
	{ "slow", .answer = honest, .delay_ms = 1800 },
	{ "tedious", .answer = honest, .delay_ms = 900 },
	{ "too-late", .answer = honest, .delay_ms = 4000 },
	{ "quiet", .answer = honest, .quiet = true },
	{ "crowd", .answer = crowd },
	{ "random-values", .answer = random_values },
	{ "random-errors", .answer = random_errors },
	{ "too-wide", .answer = too_wide },
	{ "not-ready", .answer = not_ready },
	{ "changing", .answer = changing },
	{ "bridge", .prepare = make_bridge, .answer = crowd },
	{ "loops", .prepare = make_loops, .answer = honest },
	{ "bars", .prepare = make_bars, .answer = honest },
	{ "hole", .prepare = make_hole, .answer = honest },
	{ "low-bar", .prepare = make_low_bar, .answer = honest },
	{ "impostor", .prepare = make_impostor, .answer = honest },
	{ "bad-pirq", .prepare = make_serial_port, .answer = bad_pirq },
	{ "same-pirq", .prepare = make_serial_port, .answer = same_pirq },
	{ "recovery", .answer = honest, .aside = recover },
	{ "events", .answer = honest, .aside = send_events },
	{ "reports", .prepare = make_serial_port, .answer = honest, .aside = report_all },
	{ "report-nonsense", .answer = honest, .aside = report_nonsense },
	{ "scribble", .answer = honest, .aside = scribble },
	{ "everywhere", .answer = everywhere },
};

const unsigned int behaviour_count =
	sizeof(behaviours) / sizeof(behaviours[0]);
