/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host and the Xen that the modules' code meets in a test. A test says
 * what shall go wrong; the fakes keep account of what was done.
 */
#ifndef HOST_FAKE_H
#define HOST_FAKE_H

#include <linux/mm.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>

#define FAKE_PEER	7	/* the guest */
#define FAKE_REFS	4096	/* its grants: references 0 to this */
#define FAKE_FOREVER	UINT_MAX

/* Start from nothing: no memory, no mapping, no plan. For setup functions. */
int fake_reset(void **state);
/* Fails the test that leaves memory, pages or mappings behind. */
int fake_verify(void **state);

/* Memory. */
struct fake_memory {
	unsigned int allocations;	/* alive */
	size_t bytes;			/* of these */
	unsigned int pages;		/* alive, ordinary */
	unsigned int mappable;		/* alive, mappable */
	/* so many more allocations or pages succeed */
	unsigned int allocations_left;
	unsigned int pages_left;
};

extern struct fake_memory fake_memory;
/* A page that the code under test gave up for ever: not a leak. */
void fake_page_quarantined(struct page *page);

/* Locks. What may sleep fails the test if one is held. */
extern unsigned int fake_locks_held;
void fake_may_sleep(void);

/* Called wherever others could run now: at unlock, in a barrier, in Xen. */
extern void (*fake_meanwhile)(void);

/* Time. */
struct fake_time {
	unsigned int short_sleeps;
	unsigned int long_sleeps;
	/* called in each long sleep, with its number from 1 */
	void (*on_sleep)(unsigned int nr);
};

extern struct fake_time fake_time;

/* Xen. */
struct fake_xen {
	/* indexed by GNTTABOP_* */
	unsigned int calls[6];
	unsigned int operations[6];
	/* a call as a whole fails and does nothing */
	int call_error[6];
	/* the kernel's helper maps, and then fails as a whole */
	int late_map_error;
	unsigned int mapped;		/* grants mapped now */
	unsigned int most_operations;	/* of one call */
};

extern struct fake_xen fake_xen;

/* The next @times operations of that kind on @ref yield @status. */
void fake_refuse(unsigned int command, grant_ref_t ref, s16 status,
		 unsigned int times);
/* All that was to be refused is not. */
void fake_relent(void);
/* What Xen would not unmap stays so, and its pages with it: not a leak. */
void fake_forget_mapped(void);
/* The guest's memory behind a reference. */
u8 *fake_guest_page(grant_ref_t ref);

/* It was changed: so is what is mapped. */
void fake_guest_wrote(grant_ref_t ref);

/* What the last operations of each kind were. */
struct fake_copy {
	grant_ref_t ref;
	bool to_guest;
	unsigned int offset;
	unsigned int length;
};

struct fake_map {
	grant_ref_t ref;
	bool readonly;
	u64 address;
};

#define FAKE_LOG	1024

struct fake_log {
	struct fake_copy copy[FAKE_LOG];
	unsigned int nr_copy;
	struct fake_map map[FAKE_LOG];
	unsigned int nr_map;
};

extern struct fake_log fake_log;

#endif
