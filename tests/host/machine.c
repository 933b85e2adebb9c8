// SPDX-License-Identifier: GPL-2.0
/*
 * A device's other side: its frontend, xenbus, the event channel; and what
 * core and the backing device tell a queue.
 */
#include "test.h"
#include "machine.h"
#include <sanitizer/asan_interface.h>
#include <linux/jiffies.h>
#include <stdio.h>
#include <stdlib.h>
#include <xen/events.h>

#define IRQ	5

struct fake_channel fake_channel;
unsigned int fake_reports[XENMOD_CAUSES];
char fake_report_text[256];
struct workqueue_struct *blk_workqueue;
struct blk_parameters blk_parameters;

/* Where the next ring that is mapped lies. */
static u8 *ring_memory;
static unsigned int ring_pages;

void fake_kernel_reset(void);
void fake_disk_reset(void);

/* Event channels, with late end-of-interrupt. */

int bind_interdomain_evtchn_to_irqhandler_lateeoi(struct xenbus_device *dev,
						  evtchn_port_t port,
						  irq_handler_t handler,
						  unsigned long flags,
						  const char *name, void *data)
{
	fake_may_sleep();
	if (fake_channel.bind_error)
		return fake_channel.bind_error;
	assert_null(fake_channel.handler);
	fake_channel.handler = handler;
	fake_channel.data = data;
	/* Linux sets a channel pending when it binds it. */
	fake_send_event();
	return IRQ;
}

void unbind_from_irqhandler(unsigned int irq, void *data)
{
	fake_may_sleep();
	assert_int_equal(irq, IRQ);
	assert_ptr_equal(data, fake_channel.data);
	fake_channel.handler = NULL;
	fake_channel.masked = false;
	fake_channel.pending = false;
}

static void interrupt(void)
{
	struct task_struct *before = fake_current;

	fake_channel.masked = true;
	fake_channel.pending = false;
	fake_channel.interrupts++;
	fake_current = NULL;
	fake_channel.handler(IRQ, fake_channel.data);
	fake_current = before;
}

void fake_send_event(void)
{
	fake_channel.pending = true;
	if (fake_channel.handler && !fake_channel.masked)
		interrupt();
}

void xen_irq_lateeoi(unsigned int irq, unsigned int flags)
{
	assert_int_equal(irq, IRQ);
	assert_non_null(fake_channel.handler);
	/* Each event ends once. */
	assert_true(fake_channel.masked);
	fake_channel.ends++;
	if (flags & XEN_EOI_FLAG_SPURIOUS)
		fake_channel.spurious_ends++;
	fake_channel.masked = false;
	if (fake_channel.pending)
		interrupt();
}

/* While a worker waits in Xen, others run. */
void xen_poll_irq_timeout(int irq, u64 timeout)
{
	assert_int_equal(irq, IRQ);
	fake_may_sleep();
	if (!fake_disk_complete(0))
		jiffies++;
	fake_barrier();
}

void xen_clear_irq_pending(int irq)
{
	assert_int_equal(irq, IRQ);
	fake_channel.pending = false;
}

void notify_remote_via_irq(int irq)
{
	assert_int_equal(irq, IRQ);
	assert_non_null(fake_channel.handler);
	fake_channel.notifications++;
}

/* xenbus */

int xenbus_map_ring_valloc(struct xenbus_device *dev, grant_ref_t *refs,
			   unsigned int nr_refs, void **address)
{
	fake_may_sleep();
	assert_int_equal(nr_refs, ring_pages);
	ASAN_UNPOISON_MEMORY_REGION(ring_memory, ring_pages * PAGE_SIZE);
	*address = ring_memory;
	return 0;
}

/* Whoever touches it now is found out by ASan. */
int xenbus_unmap_ring_vfree(struct xenbus_device *dev, void *address)
{
	fake_may_sleep();
	assert_ptr_equal(address, ring_memory);
	ASAN_POISON_MEMORY_REGION(ring_memory, ring_pages * PAGE_SIZE);
	return 0;
}

/* Core and the backing device, as far as a queue sees them */

static void report(enum xenmod_cause cause, const char *fmt, va_list args)
{
	assert_true(vsnprintf(fake_report_text, sizeof(fake_report_text), fmt,
			      args) > 0);
	fake_reports[cause]++;
}

void xenmod_backend_report(struct xenmod_backend *backend,
			   enum xenmod_cause cause, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(cause, fmt, args);
	va_end(args);
}

void xenmod_backend_error(struct xenmod_backend *backend,
			  enum xenmod_cause cause, int err,
			  const char *fmt, ...)
{
	va_list args;

	fake_may_sleep();
	va_start(args, fmt);
	report(cause, fmt, args);
	va_end(args);
}

int xenmod_backend_fail(struct xenmod_backend *backend, int err,
			const char *fmt, ...)
{
	va_list args;

	fake_may_sleep();
	va_start(args, fmt);
	report(XENMOD_CAUSE_SETUP, fmt, args);
	va_end(args);
	return err;
}

void xenmod_queue_add(struct xenmod_backend *backend,
		      struct xenmod_queue *queue, unsigned int id)
{
	queue->id = id;
}

void xenmod_queue_del(struct xenmod_backend *backend,
		      struct xenmod_queue *queue)
{
}

void blk_vbd_limits(const struct blk_vbd *vbd, struct blk_limits *limits)
{
	limits->nr_sectors = fake_disk.nr_sectors;
	limits->block_sectors = fake_disk.block_sectors;
	limits->readonly = fake_disk.readonly;
	limits->discard = fake_disk.discard;
	limits->secure = fake_disk.secure;
	fake_barrier();
}

/* The frontend */

void machine_init(struct machine *machine, const struct wire *wire,
		  unsigned int order)
{
	fake_kernel_reset();
	fake_disk_reset();
	memset(&fake_channel, 0, sizeof(fake_channel));
	memset(fake_reports, 0, sizeof(fake_reports));
	fake_pv_domain = true;
	blk_parameters = (struct blk_parameters){
		.max_buffer_pages = 64, .max_persistent_grants = 32,
		.persistent_unused_seconds = 1, .copy_max_bytes = 8192,
		.squeeze_ms = 100 };

	memset(machine, 0, sizeof(*machine));
	machine->dev.nodename = "backend/vbd/7/51712";
	machine->dev.dev.name = "vbd-7-51712";
	machine->dev.otherend_id = FAKE_PEER;
	machine->backend.dev = &machine->dev;
	machine->vbd.backend = &machine->backend;
	blk_fence_init(&machine->vbd.fence);
	machine->vbd.abi = wire->abi;
	machine->wire = wire;
	machine->ring_pages = 1 << order;
	machine->ring = aligned_alloc(PAGE_SIZE,
				      machine->ring_pages * PAGE_SIZE);
	memset(machine->ring, 0, machine->ring_pages * PAGE_SIZE);
	machine->nr_slots = 32 << order;
	machine_start_at(machine, 0);
	ring_memory = machine->ring;
	ring_pages = machine->ring_pages;
}

void machine_unpoison(struct machine *machine)
{
	ASAN_UNPOISON_MEMORY_REGION(machine->ring,
				    machine->ring_pages * PAGE_SIZE);
}

void machine_start_at(struct machine *machine, u32 index)
{
	struct xenmod_ring_shared *shared = machine_shared(machine);

	machine_unpoison(machine);
	machine->req_prod = index;
	machine->rsp_cons = index;
	shared->req_prod = index;
	shared->rsp_prod = index;
	shared->req_event = index + 1;
	shared->rsp_event = index + 1;
}

int machine_connect(struct machine *machine)
{
	struct blk_ring_keys keys = { .nr_refs = machine->ring_pages };

	memset(&machine->queue, 0, sizeof(machine->queue));
	return blk_queue_start(&machine->queue, &machine->vbd, 0, &keys);
}

void machine_disconnect(struct machine *machine)
{
	blk_queue_stop(&machine->queue);
	assert_int_equal(fake_left_to_run(), 0);
	assert_int_equal(fake_disk.alive, 0);
	assert_null(fake_channel.handler);
}

void machine_destroy(struct machine *machine)
{
	machine_disconnect(machine);
	ASAN_UNPOISON_MEMORY_REGION(machine->ring,
				    machine->ring_pages * PAGE_SIZE);
	free(machine->ring);
	machine->ring = NULL;
}

u8 *machine_slot(struct machine *machine)
{
	return machine->ring + XENMOD_RING_HEADER +
	       (machine->req_prod & (machine->nr_slots - 1)) *
		       machine->wire->slot;
}

void machine_post(struct machine *machine)
{
	machine->req_prod++;
}

void machine_kick(struct machine *machine)
{
	machine_shared(machine)->req_prod = machine->req_prod;
	fake_send_event();
}

static u64 get(const u8 *at, unsigned int bytes)
{
	u64 value = 0;

	memcpy(&value, at, bytes);
	return value;
}

bool machine_answer(struct machine *machine, struct machine_answer *answer)
{
	const u8 *at = machine->ring + XENMOD_RING_HEADER +
		       (machine->rsp_cons & (machine->nr_slots - 1)) *
			       machine->wire->slot;

	if (machine_shared(machine)->rsp_prod == machine->rsp_cons)
		return false;
	machine->rsp_cons++;
	machine_shared(machine)->rsp_event = machine->rsp_cons + 1;
	answer->id = get(at, 8);
	answer->operation = at[8];
	answer->status = get(at + 10, 2);
	return true;
}

void machine_rw(struct machine *machine, u8 operation, u64 id, u64 sector,
		unsigned int nr, u32 gref)
{
	u8 slot[BLKIF_SLOT_64];
	unsigned int i;

	wire_head(machine->wire, slot, operation, nr, id, sector);
	for (i = 0; i < nr && i < BLKIF_SEGMENTS; i++)
		wire_segment(machine->wire, slot, i, gref + i, 0, 7);
	memcpy(machine_slot(machine), slot, machine->wire->slot);
	machine_post(machine);
}
