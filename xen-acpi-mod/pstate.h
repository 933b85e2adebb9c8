/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Performance states: _PCT, _PSS, _PSD, _PPC (ACPI 6.5, 8.4.5), and throttling
 * states, which are built alike: _PTC, _TSS, _TSD, _TPC (8.4.4).
 * Pure functions of their arguments; they compile in user space too.
 */
#ifndef XEN_ACPI_PSTATE_H
#define XEN_ACPI_PSTATE_H

#include "object.h"

#define XENACPI_PSTATES		128
#define XENACPI_TSTATES		32

/* How processors of a domain change together (ACPI 6.5, 8.4.5.5). */
#define XENACPI_COORD_SW_ALL	0xfc
#define XENACPI_COORD_SW_ANY	0xfd
#define XENACPI_COORD_HW_ALL	0xfe

/**
 * struct xenacpi_pstate - a performance state, as _PSS has it
 * @mhz: the core's frequency
 * @power: in milliwatts
 * @latency: of a change to it, in microseconds
 * @bm_latency: how long bus masters have to wait, in microseconds
 * @control: what to write to change to it
 * @status: what to read afterwards
 */
struct xenacpi_pstate {
	u64 mhz;
	u64 power;
	u64 latency;
	u64 bm_latency;
	u64 control;
	u64 status;
};

/**
 * struct xenacpi_pss - a processor's performance states
 * @nr: number of good ones
 * @all: number of those that the firmware lists
 * @state: the good ones, fastest first
 * @place: where in the firmware's list each stands: _PPC counts these
 */
struct xenacpi_pss {
	u32 nr;
	u32 all;
	struct xenacpi_pstate state[XENACPI_PSTATES];
	u32 place[XENACPI_PSTATES];
};

/**
 * struct xenacpi_tstate - a throttling state, as _TSS has it
 * @percent: of the full frequency
 * @power: in milliwatts
 * @latency: of a change to it, in microseconds
 * @control: what to write to change to it
 * @status: what to read afterwards
 */
struct xenacpi_tstate {
	u64 percent;
	u64 power;
	u64 latency;
	u64 control;
	u64 status;
};

/**
 * struct xenacpi_tss - a processor's throttling states
 * @nr: number of good ones
 * @all: number of those that the firmware lists
 * @state: the good ones
 */
struct xenacpi_tss {
	u32 nr;
	u32 all;
	struct xenacpi_tstate state[XENACPI_TSTATES];
};

/**
 * struct xenacpi_domain - processors that change together, as _PSD and _TSD
 *	have it
 * @entries: number of fields
 * @revision: of the format
 * @domain: its number
 * @coord: %XENACPI_COORD_SW_ALL, _SW_ANY or _HW_ALL
 * @processors: how many processors it has
 */
struct xenacpi_domain {
	u64 entries;
	u64 revision;
	u64 domain;
	u64 coord;
	u64 processors;
};

/**
 * xenacpi_pct_parse() - read _PCT or _PTC: a control and a status register
 * @object: what it returned
 * @control: receives the first
 * @status: receives the second
 * @faults: receives what is wrong
 *
 * Return: whether both are good.
 */
bool xenacpi_pct_parse(const union acpi_object *object,
		       struct xenacpi_register *control,
		       struct xenacpi_register *status,
		       struct xenacpi_faults *faults);

/**
 * xenacpi_pss_parse() - read _PSS
 * @object: what it returned
 * @pss: receives the good states; all else in it is zero
 * @faults: receives what was dropped
 */
void xenacpi_pss_parse(const union acpi_object *object,
		       struct xenacpi_pss *pss, struct xenacpi_faults *faults);

/**
 * xenacpi_tss_parse() - read _TSS
 * @object: what it returned
 * @tss: receives the good states; all else in it is zero
 * @faults: receives what was dropped
 */
void xenacpi_tss_parse(const union acpi_object *object,
		       struct xenacpi_tss *tss, struct xenacpi_faults *faults);

/**
 * xenacpi_psd_parse() - read _PSD or _TSD
 * @object: what it returned
 * @domain: receives it
 * @faults: receives what is wrong
 *
 * Return: whether it is good.
 */
bool xenacpi_psd_parse(const union acpi_object *object,
		       struct xenacpi_domain *domain,
		       struct xenacpi_faults *faults);

/**
 * xenacpi_psd_alone() - the domain of a processor of which nothing is known
 * @domain: receives it
 * @number: of the domain; no other processor's
 */
void xenacpi_psd_alone(struct xenacpi_domain *domain, u32 number);

/**
 * xenacpi_pss_limit() - the fastest state that _PPC allows
 * @pss: the states
 * @ppc: what it returned
 * @faults: receives what is wrong
 *
 * Return: its place among the good states; 0, no limit, if @ppc makes no sense.
 */
u32 xenacpi_pss_limit(const struct xenacpi_pss *pss, u64 ppc,
		      struct xenacpi_faults *faults);

#endif /* XEN_ACPI_PSTATE_H */
