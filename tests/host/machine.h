/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rest of the host that a whole queue meets: a kernel that runs its work
 * when a test lets it, a disk, xenbus, event channels; and a frontend that
 * writes what a test wants it to.
 */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <linux/sched.h>
#include <xen/xen.h>
#include "blkback.h"
#include "fake.h"
#include "wire.h"

/* The kernel. Each runs one, and says whether there was one. */
bool fake_run_work(void);
bool fake_run_tasklet(void);
bool fake_run_timer(void);
/* Until nothing is left to do, but for timers and what the disk holds. */
void fake_run(void);
/* The same with both. */
void fake_run_all(void);
unsigned int fake_left_to_run(void);

struct fake_disk {
	u64 nr_sectors;
	u32 block_sectors;
	bool readonly;
	bool discard;
	bool secure;
	bool at_once;			/* done within submit_bio() */
	unsigned int failing;		/* so many more bios fail */
	unsigned int alive;		/* bios */
	unsigned int submitted;
	unsigned int waiting;
	u64 sectors_written, sectors_read, sectors_discarded;
};

extern struct fake_disk fake_disk;
/* One bio is done, the one at this place in line. False: none waits. */
bool fake_disk_complete(unsigned int place);

/* A page of such a bio, or NULL. */
struct page *fake_disk_page(unsigned int place);

struct fake_channel {
	irq_handler_t handler;
	void *data;
	bool masked;			/* between event and its end */
	bool pending;			/* one came meanwhile */
	int bind_error;
	unsigned int interrupts;
	unsigned int ends, spurious_ends;
	unsigned int notifications;
};

extern struct fake_channel fake_channel;
/* The frontend sends an event. */
void fake_send_event(void);

/* What was reported of each cause. */
extern unsigned int fake_reports[XENMOD_CAUSES];
extern char fake_report_text[256];	/* the last one */

/* A device with one queue, and its frontend. */
struct machine {
	struct xenbus_device dev;
	struct xenmod_backend backend;
	struct blk_vbd vbd;
	struct blk_queue queue;
	const struct wire *wire;
	u8 *ring;
	unsigned int ring_pages;
	u32 req_prod;
	u32 rsp_cons;
	u32 nr_slots;
};

struct machine_answer {
	u64 id;
	u8 operation;
	s16 status;
};

/* Fresh fakes, a disk of 4096 sectors, a ring of 1 << @order pages. */
void machine_init(struct machine *machine, const struct wire *wire,
		  unsigned int order);
/* Both indices stand here when the backend comes. */
void machine_start_at(struct machine *machine, u32 index);
/* The frontend may touch its ring again, though nobody has mapped it. */
void machine_unpoison(struct machine *machine);
int machine_connect(struct machine *machine);
void machine_disconnect(struct machine *machine);
/* Disconnects, and fails the test if anything is left over. */
void machine_destroy(struct machine *machine);

/* The slot of the next request; machine_post() makes it one. */
u8 *machine_slot(struct machine *machine);
void machine_post(struct machine *machine);
/* Publish, send an event. */
void machine_kick(struct machine *machine);
/* The next answer; false if there is none. */
bool machine_answer(struct machine *machine, struct machine_answer *answer);
/* A read or write of whole pages with references from @gref on. */
void machine_rw(struct machine *machine, u8 operation, u64 id, u64 sector,
		unsigned int nr, u32 gref);

static inline struct xenmod_ring_shared *machine_shared(struct machine *machine)
{
	return (struct xenmod_ring_shared *)machine->ring;
}

#endif
