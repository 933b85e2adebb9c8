/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of xen-acpi-processor share.
 */
#ifndef XEN_ACPI_XENACPI_H
#define XEN_ACPI_XENACPI_H

#include <linux/acpi.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "cpc.h"
#include "cstate.h"
#include "object.h"
#include "pstate.h"

/* Xen's public errno.h: not a hypercall, or not one of this Xen's. */
#define XEN_ENOSYS	38

/* What is uploaded, each by itself. trace.h has names for these, too. */
enum xenacpi_kind {
	XENACPI_C,
	XENACPI_P,
	XENACPI_T,
	XENACPI_CPPC,
	XENACPI_KINDS,
	XENACPI_LIMIT = XENACPI_KINDS,	/* in traces only: _PPC alone */
};

/* ACPI methods whose faults are told. */
enum xenacpi_method {
	XENACPI_CST,
	XENACPI_PCT,
	XENACPI_PSS,
	XENACPI_PSD,
	XENACPI_PPC,
	XENACPI_PTC,
	XENACPI_TSS,
	XENACPI_TSD,
	XENACPI_TPC,
	XENACPI_CPC,
	XENACPI_METHODS,
};

/* Bits of what is to be read again. */
#define XENACPI_READ_C		BIT(XENACPI_C)
#define XENACPI_READ_P		BIT(XENACPI_P)
#define XENACPI_READ_T		BIT(XENACPI_T)
#define XENACPI_READ_CPPC	BIT(XENACPI_CPPC)
#define XENACPI_READ_ALL	(BIT(XENACPI_KINDS) - 1)

/**
 * struct xenacpi_pcpu - a physical CPU, as Xen lists it
 * @xen: its number
 * @apic: its APIC id
 * @acpi: its ACPI id; ~0 if Xen does not know it
 * @online: Xen runs on it
 */
struct xenacpi_pcpu {
	u32 xen;
	u32 apic;
	u32 acpi;
	bool online;
};

/**
 * struct xenacpi_px - all that is uploaded of performance states
 * @good: there is enough to upload
 * @limit: fastest state allowed, its place in @pss
 * @control: how a state is chosen
 * @status: how it is seen which one was taken
 * @domain: which processors change together
 * @pss: the states
 */
struct xenacpi_px {
	bool good;
	u32 limit;
	struct xenacpi_register control;
	struct xenacpi_register status;
	struct xenacpi_domain domain;
	struct xenacpi_pss pss;
};

/**
 * struct xenacpi_tx - what there is of throttling states
 * @limit: least throttled state allowed, as _TPC has it
 * @control: how a state is chosen
 * @status: how it is seen which one was taken
 * @domain: which processors change together
 * @tss: the states
 */
struct xenacpi_tx {
	u32 limit;
	struct xenacpi_register control;
	struct xenacpi_register status;
	struct xenacpi_domain domain;
	struct xenacpi_tss tss;
};

/**
 * struct xenacpi_tables - all that was read from a processor object
 * @c: idle states
 * @p: performance states
 * @t: throttling states
 * @cppc: there is a good _CPC
 * @cpc: what it says
 *
 * Padding is zero, so that two can be compared as bytes.
 */
struct xenacpi_tables {
	struct xenacpi_cstates c;
	struct xenacpi_px p;
	struct xenacpi_tx t;
	bool cppc;
	struct xenacpi_cpc cpc;
};

/**
 * struct xenacpi_sent - the last upload of a kind
 * @asked: there was one
 * @states: number of states in it
 * @answer: what Xen said to it: 0 or a negative errno
 */
struct xenacpi_sent {
	bool asked;
	u32 states;
	int answer;
};

/**
 * struct xenacpi_cpu - a processor object of the firmware
 * @node: in the list of all, by ACPI id
 * @handle: the object
 * @path: its full name
 * @acpi: its ACPI id
 * @pblk: address of its register block, 0 if none
 * @pblk_length: bytes of that
 * @listed: Xen lists a CPU with this id; @pcpu is valid
 * @told: the firmware was told what Xen can do (_PDC or _OSC)
 * @handled: our handler of notifications is installed
 * @again: upload all that is read next, changed or not
 * @p_taken: Xen runs with the performance states of @tables
 * @p_differs: it was told that the firmware has others now
 * @pcpu: what Xen says about it
 * @pending: XENACPI_READ_* bits; set by notifications, without a lock
 * @notified: number of notifications, counted without a lock
 * @tables: what was read, as it was uploaded
 * @sent: what was uploaded
 * @uploads: how often Xen took something
 * @faults: what was dropped, so that it is told once
 *
 * xenacpi_lock guards all but @pending and @notified.
 */
struct xenacpi_cpu {
	struct list_head node;
	acpi_handle handle;
	char *path;
	u32 acpi;
	u32 pblk;
	u32 pblk_length;
	bool listed;
	bool told;
	bool handled;
	bool again;
	bool p_taken;
	bool p_differs;
	struct xenacpi_pcpu pcpu;
	unsigned long pending;
	atomic_t notified;
	struct xenacpi_tables tables;
	struct xenacpi_sent sent[XENACPI_KINDS];
	unsigned int uploads;
	struct xenacpi_faults faults[XENACPI_METHODS];
};

/* What Xen says to a kind of upload, whatever the processor is. */
enum xenacpi_taken {
	XENACPI_UNKNOWN,
	XENACPI_TAKEN,
	XENACPI_REFUSED,
};

/* main.c */

/* Guards the list of processors and what hangs on it, and xenacpi_taken[]. */
extern struct mutex xenacpi_lock;
/* Read and show, but change nothing in Xen; set at load only. */
extern bool xenacpi_dryrun;
/* Notifications, uploads after the first one, CPUs that come and go. */
extern struct workqueue_struct *xenacpi_queue;

/* processor.c */

extern struct list_head xenacpi_cpus;

/**
 * xenacpi_processors_start() - find all processors, upload what they have
 *
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM, -EOPNOTSUPP if Xen takes nothing of it, or what Xen says
 * when asked for its CPUs. What was read stays, to be shown.
 */
int xenacpi_processors_start(void);

/**
 * xenacpi_processors_stop() - forget them; nothing of ours runs afterwards
 *
 * Right after a start that failed, too.
 */
void xenacpi_processors_stop(void);

/**
 * xenacpi_upload_again() - upload all, changed or not
 *
 * Xen forgets idle states of CPUs that were off.
 * Context: any; the work is done later.
 */
void xenacpi_upload_again(void);

/**
 * xenacpi_pcpu_changed() - a CPU of Xen's came or went
 * @xen: its number
 * @online: it came online, and may have been off before without our seeing it
 *
 * Context: process context, xenacpi_lock is held; the work is done later.
 */
void xenacpi_pcpu_changed(u32 xen, bool online);

/**
 * xenacpi_pcpus_changed() - CPUs of Xen's came or went, nobody knows which
 *
 * Context: any; the work is done later.
 */
void xenacpi_pcpus_changed(void);

/**
 * xenacpi_resumes() - how often xenacpi_upload_again() was called
 *
 * Return: the number.
 */
unsigned int xenacpi_resumes(void);

/* listen.c */

/**
 * xenacpi_listen_start() - be told of CPUs that come and go
 *
 * Context: process context, sleeps.
 * Return: 0, or why we cannot listen.
 */
int xenacpi_listen_start(void);

/**
 * xenacpi_listen_stop() - listen no more
 *
 * Right after a start that failed, and without one, too.
 */
void xenacpi_listen_stop(void);

/* read.c */

/**
 * xenacpi_tell_faults() - tell what was dropped of an object
 * @path: of the device it belongs to
 * @name: its name
 * @faults: what was dropped
 */
void xenacpi_tell_faults(const char *path, const char *name,
			 const struct xenacpi_faults *faults);

/**
 * xenacpi_read() - evaluate a processor's methods
 * @cpu: the processor
 * @what: XENACPI_READ_* bits
 * @tables: receives what is asked for; the rest of it stays as it is
 *
 * Context: process context, sleeps; xenacpi_lock is held.
 */
void xenacpi_read(struct xenacpi_cpu *cpu, unsigned long what,
		  struct xenacpi_tables *tables);

/**
 * xenacpi_tell() - tell the firmware what Xen can do with a processor
 * @cpu: the processor
 *
 * Some firmware loads the tables that belong to it only then.
 * Context: process context, sleeps; xenacpi_lock is held.
 */
void xenacpi_tell(struct xenacpi_cpu *cpu);

/**
 * xenacpi_dropped() - number of things that were dropped of a processor
 * @cpu: the processor
 *
 * Return: the number.
 */
unsigned int xenacpi_dropped(const struct xenacpi_cpu *cpu);

/* upload.c */

/* For each kind; xenacpi_lock guards it. */
extern enum xenacpi_taken xenacpi_taken[XENACPI_KINDS];

/* For people, by enum xenacpi_kind. */
extern const char *const xenacpi_kind_names[];

/**
 * xenacpi_upload() - send what has changed to Xen
 * @cpu: the processor; its tables become @tables, but for performance states
 *	that Xen must not be given
 * @tables: what was read
 * @force: send it, changed or not
 *
 * Context: process context, sleeps; xenacpi_lock is held.
 */
void xenacpi_upload(struct xenacpi_cpu *cpu, struct xenacpi_tables *tables,
		    bool force);

/**
 * xenacpi_pcpus() - ask Xen for its CPUs
 * @list: receives an array of them, to be freed with kfree()
 * @nr: receives their number
 *
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM, or what Xen said.
 */
int xenacpi_pcpus(struct xenacpi_pcpu **list, unsigned int *nr);

/**
 * xenacpi_capabilities() - ask Xen what the firmware may be told
 * @acpi: of which processor
 * @capabilities: bits of _PDC (Intel's, used by all); Xen's answer
 *
 * Return: 0, or what Xen said.
 */
int xenacpi_capabilities(u32 acpi, u32 *capabilities);

/* routing.c */

/**
 * xenacpi_routing_start() - check all interrupt routes, register what is not
 *
 * Context: process context, sleeps.
 * Return: whether there are any.
 */
bool xenacpi_routing_start(void);

/**
 * xenacpi_routing_stop() - forget them
 */
void xenacpi_routing_stop(void);

/**
 * xenacpi_routing_show() - show all routes as they are now
 * @file: where
 *
 * Return: 0 or -ENOMEM.
 */
int xenacpi_routing_show(struct seq_file *file);

/* pad.c */

/**
 * xenacpi_pad_start() - serve processor aggregator devices that nobody serves
 *
 * Return: whether there is one.
 */
bool xenacpi_pad_start(void);

/**
 * xenacpi_pad_stop() - the reverse
 */
void xenacpi_pad_stop(void);

/**
 * xenacpi_pad_show() - show who serves them
 *
 * Return: one word.
 */
const char *xenacpi_pad_show(void);

/* debug.c */

/**
 * xenacpi_debug_start() - create the folder in debugfs
 */
void xenacpi_debug_start(void);

/**
 * xenacpi_debug_stop() - remove it
 */
void xenacpi_debug_stop(void);

#endif /* XEN_ACPI_XENACPI_H */
