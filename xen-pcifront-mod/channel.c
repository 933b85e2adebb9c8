// SPDX-License-Identifier: GPL-2.0
/*
 * The shared page and its event channel.
 *
 * The page has room for one operation. Its answer is taken by whoever sees it
 * first: the one who asked, the next one who wants the page, or the interrupt.
 * So nobody needs interrupts for the answer, and an access to the configuration
 * space from an interrupt handler can complete the one that it interrupted.
 *
 * The kernel lets the configuration space be accessed from any context. So who
 * waits for the answer stays awake, with interrupts as the caller has them. In
 * an access by user space they are off: that one gives up before the deadline,
 * and the answer, if it comes, is nobody's. The scan for devices, which may
 * sleep, does.
 */
#include <linux/interrupt.h>
#include <linux/timekeeping.h>
#include <asm/sync_bitops.h>
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/sched.h>
#include <xen/interface/vcpu.h>
#include <xen/page.h>
#include <xen/xen-ops.h>
#include "compat.h"
#include "compat-pci.h"
#include "pcifront.h"
#include "trace.h"

/* How long whoever waits for an answer trusts the backend to send an event. */
#define SLEEP_SLICE	msecs_to_jiffies(10)
#define WAIT_SLICE_NS	(2 * NSEC_PER_MSEC)

/* The longest wait with interrupts off. */
#define IRQS_OFF_NS	(2 * NSEC_PER_SEC)

/* So many deadlines are what all answers together may take. */
#define PATIENCE	4

static struct pcifront *front_of(struct pcifront_channel *channel)
{
	return container_of(channel, struct pcifront, channel);
}

static bool flag_set(const struct pcifront_channel *channel, int flag)
{
	return READ_ONCE(channel->page->flags) & BIT(flag);
}

static void set_flag(struct pcifront_channel *channel, int flag)
{
	sync_set_bit(flag, (unsigned long *)&channel->page->flags);
}

static void begin(struct pcifront_channel *channel, struct pcifront_call *call,
		  u64 now)
{
	struct pciif_op *op = &channel->page->op;
	unsigned int i;

	op->cmd = call->cmd;
	op->err = 0;
	op->domain = call->root->sysdata.domain;
	op->bus = call->root->buses.start;
	op->devfn = call->devfn;
	op->offset = call->where;
	op->size = call->size;
	op->value = call->value;
	op->info = 0;
	for (i = 0; i < call->count; i++)
		op->vectors[i] = call->vectors[i];

	channel->call = call;
	channel->waited = 0;
	channel->looked = now;
	/* The backend sees the operation before the flag. */
	virt_wmb();
	set_flag(channel, PCIIF_FRONT_ACTIVE);
	notify_remote_via_irq(channel->irq);
}

/* Copy the answer, each word once. What it means is checked in the copy. */
static void harvest(struct pcifront_channel *channel, u64 now)
{
	const struct pciif_op *op = &channel->page->op;
	struct pcifront_call *call = channel->call;
	unsigned int i;

	if (!call)
		return;
	channel->waited += pcifront_waited(channel->looked, now);
	channel->looked = now;
	if (flag_set(channel, PCIIF_FRONT_ACTIVE))
		return;
	/* The answer was written before the flag was cleared. */
	virt_rmb();
	call->err = READ_ONCE(op->err);
	call->value = READ_ONCE(op->value);
	call->waited = channel->waited;
	for (i = 0; i < call->count; i++)
		call->vectors[i].pirq = READ_ONCE(op->vectors[i].pirq);

	channel->call = NULL;
	channel->answers++;
	if (!pcifront_patience_spend(&channel->patience, channel->waited, now))
		channel->dead = true;
	trace_pcifront_answer(call->cmd, call->devfn, call->where, call->size,
			      call->value, call->err, channel->waited);
	call->answered = true;
	/* Its owner takes the lock once more before it goes. */
	complete(&call->done);
}

/*
 * One look at the page, for an operation that is not over yet. After a restore
 * nothing is at the other end of our port, and nobody need be waited for.
 */
static bool step(struct pcifront_channel *channel, struct pcifront_call *call,
		 bool *begun)
{
	bool dying, over, report;
	unsigned long flags;
	u64 now;

	raw_spin_lock_irqsave(&channel->lock, flags);
	now = ktime_get_mono_fast_ns();
	dying = !channel->dead;
	if (!channel->dead) {
		harvest(channel, now);
		if (channel->call && channel->waited >= pcifront_deadline())
			channel->dead = true;
	}
	if (!channel->dead && !*begun && !channel->call) {
		if (irq_from_evtchn(channel->port) == channel->irq)
			begin(channel, call, now);
		else
			channel->dead = true;
		*begun = true;
	}
	dying = dying && channel->dead;
	over = call->answered || channel->dead;
	report = !channel->dead && flag_set(channel, PCIIF_BACK_ACTIVE);
	/* It is on its owner's stack. */
	if (over && channel->call == call)
		channel->call = NULL;
	raw_spin_unlock_irqrestore(&channel->lock, flags);

	if (dying)
		pcifront_poke(front_of(channel), 0);
	/* The event that we do without may have been of a report. */
	if (over && report)
		pcifront_poke_report(front_of(channel));
	return over;
}

/* The page stays occupied until the answer or the deadline. */
static void give_up(struct pcifront_channel *channel,
		    const struct pcifront_call *call)
{
	struct pcifront_call *nobody = &channel->nobody;
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	if (channel->call == call) {
		nobody->cmd = call->cmd;
		nobody->devfn = call->devfn;
		nobody->where = call->where;
		nobody->size = call->size;
		init_completion(&nobody->done);
		channel->call = nobody;
	}
	raw_spin_unlock_irqrestore(&channel->lock, flags);
}

/* Others' operations may go before ours, but not for ever. */
static bool waited_enough(u64 start, bool begun)
{
	u64 now = ktime_get_mono_fast_ns();
	u64 waited = now > start ? now - start : 0;

	if (!begun && waited >= 2 * pcifront_deadline())
		return true;
	return irqs_disabled() && waited >= IRQS_OFF_NS;
}

/*
 * Let Xen have the CPU until an event came in or the slice is over, whether
 * interrupts are on or off. Xen wants its own time: it was on its clock when
 * this virtual CPU was last scheduled, which may be too long ago. Then the
 * wait ends at once, and it has just been scheduled.
 */
static void wait_in_xen(int irq)
{
	struct vcpu_runstate_info state;
	int cpu = raw_smp_processor_id();

	if (HYPERVISOR_vcpu_op(VCPUOP_get_runstate_info, xen_vcpu_nr(cpu),
			       &state))
		HYPERVISOR_sched_op(SCHEDOP_yield, NULL);
	else
		xen_poll_irq_timeout(irq,
				     state.state_entry_time + WAIT_SLICE_NS);
}

static int do_call(struct pcifront *front, struct pcifront_call *call,
		   bool sleeping)
{
	struct pcifront_channel *channel = &front->channel;
	u64 start = ktime_get_mono_fast_ns();
	int irq = READ_ONCE(channel->irq);
	bool begun = false;

	call->answered = false;
	init_completion(&call->done);
	if (!irq)
		return -EIO;
	for (;;) {
		/* With interrupts off nobody takes the last event. */
		if (!sleeping && irqs_disabled())
			xen_clear_irq_pending(irq);
		if (step(channel, call, &begun))
			break;
		if (waited_enough(start, begun)) {
			give_up(channel, call);
			break;
		}
		if (!sleeping)
			wait_in_xen(irq);
		else if (begun)
			wait_for_completion_timeout(&call->done, SLEEP_SLICE);
		else
			schedule_timeout_uninterruptible(1);
	}
	return call->answered ? 0 : -EIO;
}

int pcifront_call(struct pcifront *front, struct pcifront_call *call)
{
	return do_call(front, call, false);
}

int pcifront_call_sleeping(struct pcifront *front, struct pcifront_call *call)
{
	return do_call(front, call, true);
}

/*
 * An event that brings neither an answer nor a report is spurious, and the
 * kernel makes a backend wait that sends many of them. An answer may have been
 * taken before its event.
 */
static irqreturn_t channel_interrupt(int irq, void *data)
{
	struct pcifront *front = data;
	struct pcifront_channel *channel = &front->channel;
	bool dying, worked;
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	dying = !channel->dead;
	if (!channel->dead)
		harvest(channel, ktime_get_mono_fast_ns());
	dying = dying && channel->dead;
	worked = channel->answers;
	channel->answers = 0;
	raw_spin_unlock_irqrestore(&channel->lock, flags);

	if (dying)
		pcifront_poke(front, 0);
	if (flag_set(channel, PCIIF_BACK_ACTIVE) && pcifront_poke_report(front))
		worked = true;
	xen_irq_lateeoi(irq, worked ? 0 : XEN_EOI_FLAG_SPURIOUS);
	return IRQ_HANDLED;
}

/* Copy an error report, if there is one. */
bool pcifront_channel_report(struct pcifront_channel *channel,
			     struct pciif_aer *report)
{
	const struct pciif_aer *aer;

	if (!channel->page || !flag_set(channel, PCIIF_BACK_ACTIVE))
		return false;
	/* The report was written before the flag was set. */
	virt_rmb();
	aer = &channel->page->aer;
	report->cmd = READ_ONCE(aer->cmd);
	report->err = READ_ONCE(aer->err);
	report->domain = READ_ONCE(aer->domain);
	report->bus = READ_ONCE(aer->bus);
	report->devfn = READ_ONCE(aer->devfn);
	return true;
}

void pcifront_channel_report_done(struct pcifront_channel *channel,
				  unsigned int result)
{
	WRITE_ONCE(channel->page->aer.err, result);
	/* The backend sees the answer before the flag. */
	virt_wmb();
	sync_clear_bit(PCIIF_BACK_ACTIVE,
		       (unsigned long *)&channel->page->flags);
	notify_remote_via_irq(channel->irq);
}

void pcifront_channel_init(struct pcifront_channel *channel)
{
	raw_spin_lock_init(&channel->lock);
	channel->ref = -1;
	channel->dead = true;
}

void pcifront_channel_kill(struct pcifront *front)
{
	struct pcifront_channel *channel = &front->channel;
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	channel->dead = true;
	raw_spin_unlock_irqrestore(&channel->lock, flags);
	pcifront_poke(front, 0);
}

static int channel_share(struct pcifront *front)
{
	struct pcifront_channel *channel = &front->channel;
	int err;

	channel->page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!channel->page)
		return -ENOMEM;
	set_flag(channel, PCIIF_AER_HANDLER);
	channel->ref = gnttab_grant_foreign_access(front->dev->otherend_id,
						   virt_to_gfn(channel->page),
						   0);
	if (channel->ref < 0)
		return channel->ref;

	err = xenbus_alloc_evtchn(front->dev, &channel->port);
	if (err) {
		channel->port = 0;
		return err;
	}
	err = bind_evtchn_to_irqhandler_lateeoi(channel->port,
						channel_interrupt, 0,
						"pcifront", front);
	if (err < 0)
		return err;
	channel->irq = err;
	return 0;
}

/* Make page and event channel. They are not in xenstore yet. */
int pcifront_channel_open(struct pcifront *front)
{
	struct pcifront_channel *channel = &front->channel;
	unsigned long flags;
	int err;

	channel->answers = 0;
	err = channel_share(front);
	if (err) {
		pcifront_channel_close(front);
		return err;
	}
	raw_spin_lock_irqsave(&channel->lock, flags);
	/* What was given up on the page before. */
	channel->call = NULL;
	pcifront_patience_init(&channel->patience, PATIENCE * pcifront_deadline(),
			       ktime_get_mono_fast_ns());
	channel->dead = false;
	raw_spin_unlock_irqrestore(&channel->lock, flags);
	return 0;
}

/*
 * Idempotent, and right from any partial state. Root buses are gone, so nobody
 * calls. A page that the backend still has mapped is the grant table's to free.
 */
void pcifront_channel_close(struct pcifront *front)
{
	struct pcifront_channel *channel = &front->channel;
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	channel->dead = true;
	raw_spin_unlock_irqrestore(&channel->lock, flags);

	if (channel->irq)
		unbind_from_irqhandler(channel->irq, front);
	else if (channel->port)
		xenbus_free_evtchn(front->dev, channel->port);
	channel->irq = 0;
	channel->port = 0;

	if (channel->ref >= 0)
		gnttab_end_foreign_access(channel->ref,
					  virt_to_page(channel->page));
	else
		free_page((unsigned long)channel->page);
	channel->ref = -1;
	channel->page = NULL;
}
