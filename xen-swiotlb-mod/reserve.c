// SPDX-License-Identifier: GPL-2.0
/*
 * Where the slots come from: memory exchanged with Xen when the first device
 * needs it, more of it before it runs out, given back with the last device.
 *
 * Whoever maps memory may not sleep, and an exchange takes long. So a work item
 * gets more while a quarter of the slots is still free.
 */
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "swiotlb.h"
#include "trace.h"

/* Slots that a CPU may keep to itself in struct xdma_class.used. */
#define BATCH		32
#define RETRY_SECONDS	10
/* Pieces that Xen does not take before we wait. */
#define MOST_REFUSED	8
#define SEGMENTS_PER_MB	(1024 * 1024 / XDMA_SEGMENT_SIZE)

static struct xdma_class classes[XDMA_CLASSES];
/* Guards the pools against each other's growth, @users and @nr_segments. */
static DEFINE_MUTEX(reserve_lock);
static unsigned int users;
static unsigned int nr_segments;

static void grow_work(struct work_struct *work);
static DECLARE_WORK(reserve_work, grow_work);

struct xdma_class *xdma_class_of(u64 mask)
{
	unsigned int bits = min_t(unsigned int, xdma_mask_bits(mask),
				  XDMA_POOL_BITS);
	struct xdma_class *class;

	if (bits < XDMA_LEAST_BITS)
		return NULL;
	class = &classes[bits - XDMA_LEAST_BITS];
	/* Pairs with prepare(). */
	return smp_load_acquire(&class->ready) ? class : NULL;
}

static int prepare(struct xdma_class *class, unsigned int bits)
{
	unsigned int most = xdma_pool_max_mb * SEGMENTS_PER_MB;
	int err;

	if (class->ready)
		return 0;
	class->pool.segment = kvcalloc(most, sizeof(*class->pool.segment),
				       GFP_KERNEL);
	if (!class->pool.segment)
		return -ENOMEM;
	err = percpu_counter_init(&class->used, 0, GFP_KERNEL);
	if (err) {
		kvfree(class->pool.segment);
		return err;
	}
	class->pool.most = most;
	class->pool.nr = 0;
	class->bits = bits;
	class->retired = 0;
	class->refused = false;
	class->retry = jiffies;
	/* Pairs with xdma_class_of(): who sees this sees the rest. */
	smp_store_release(&class->ready, true);
	return 0;
}

/*
 * Memory that a device behind the class's mask can reach, in one piece. Pages
 * that Xen does not take go to the list @refused, as the next ones would be the
 * same: what the kernel was loaded from has a second mapping for ever.
 */
static int add_segment(struct xdma_class *class, struct list_head *refused)
{
	struct xdma_segment *segment;
	struct page *page;
	dma_addr_t dma;
	int err = -ENOMEM;

	if (nr_segments >= xdma_pool_max_mb * SEGMENTS_PER_MB)
		return -ENOSPC;
	segment = kzalloc(sizeof(*segment), GFP_KERNEL);
	page = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY,
			   XDMA_SEGMENT_ORDER);
	if (!segment || !page)
		goto err_free;
	err = xdma_exchange_in(page, XDMA_SEGMENT_ORDER, class->bits, &dma);
	if (err)
		goto err_refused;
	xdma_segment_init(segment, dma, page_address(page));
	segment->class = class;
	err = -EIO;
	if ((dma + XDMA_SEGMENT_SIZE - 1) >> class->bits ||
	    !xdma_pool_add(&class->pool, segment))
		goto err_exchange;
	nr_segments++;
	return 0;

err_exchange:
	xdma_exchange_out(page, XDMA_SEGMENT_ORDER);
err_refused:
	list_add(&page->lru, refused);
	page = NULL;
err_free:
	if (page)
		__free_pages(page, XDMA_SEGMENT_ORDER);
	kfree(segment);
	return err;
}

/* Try to have @wanted segments. Returns whether there are any. */
static bool grow(struct xdma_class *class, unsigned int wanted)
{
	unsigned int before = class->pool.nr, tries = MOST_REFUSED;
	struct page *page, *next;
	LIST_HEAD(refused);
	int err = 0;

	lockdep_assert_held(&reserve_lock);
	while (class->pool.nr < wanted) {
		err = add_segment(class, &refused);
		if (err == -ENOMEM || err == -ENOSPC || (err && !--tries))
			break;
	}
	list_for_each_entry_safe(page, next, &refused, lru)
		__free_pages(page, XDMA_SEGMENT_ORDER);
	if (class->pool.nr > before)
		trace_xen_swiotlb_grow(class->bits, class->pool.nr);
	if (err)
		WRITE_ONCE(class->retry, jiffies + RETRY_SECONDS * HZ);
	if (err && err != -ENOSPC && !class->refused) {
		class->refused = true;
		pr_warn("no more memory below %u bits for the pool, which has %u KiB (error %d)\n",
			class->bits,
			class->pool.nr * (XDMA_SEGMENT_SIZE / 1024), err);
	}
	return class->pool.nr;
}

static void grow_work(struct work_struct *work)
{
	struct xdma_class *class;
	unsigned int i, wanted;

	mutex_lock(&reserve_lock);
	for (i = 0; i < XDMA_CLASSES; i++) {
		class = &classes[i];
		if (!class->ready)
			continue;
		/* Half of it free again. */
		wanted = percpu_counter_sum_positive(&class->used) * 2 /
			 XDMA_SEGMENT_SLOTS;
		if (xchg(&class->wanted, false))
			wanted = max(wanted, class->pool.nr * 5 / 4 + 1);
		grow(class, wanted);
	}
	mutex_unlock(&reserve_lock);
}

static void grow_soon(struct xdma_class *class)
{
	if (time_after_eq(jiffies, READ_ONCE(class->retry)))
		queue_work(xdma_workqueue, &reserve_work);
}

void xdma_class_want(struct xdma_class *class)
{
	WRITE_ONCE(class->wanted, true);
	grow_soon(class);
}

void xdma_class_use(struct xdma_class *class, int slots)
{
	s64 used, all = READ_ONCE(class->pool.nr) * XDMA_SEGMENT_SLOTS;

	percpu_counter_add_batch(&class->used, slots, BATCH);
	if (slots < 0)
		return;
	used = percpu_counter_read_positive(&class->used);
	/* Which of two CPUs wins does not matter much. */
	if (used > READ_ONCE(class->most_used))
		WRITE_ONCE(class->most_used, used);
	if (used * 4 > all * 3)
		grow_soon(class);
}

bool xdma_reserve_reach(u64 mask)
{
	unsigned int bits = min_t(unsigned int, xdma_mask_bits(mask),
				  XDMA_POOL_BITS);
	struct xdma_class *class;
	bool reached = false;

	if (bits < XDMA_LEAST_BITS)
		return false;
	class = &classes[bits - XDMA_LEAST_BITS];
	mutex_lock(&reserve_lock);
	/* Without a user nobody would give it back. */
	if (users && !prepare(class, bits))
		reached = grow(class, max(class->pool.nr, 1u));
	mutex_unlock(&reserve_lock);
	return reached;
}

static void free_memory(struct xdma_segment *segment)
{
	if (segment->memory)
		__free_pages(virt_to_page(segment->memory), XDMA_SEGMENT_ORDER);
	segment->memory = NULL;
}

/*
 * A guest that was restored has other frames. The pool is usually gone by then,
 * but not where a driver has left mappings.
 */
static void check_restored(struct xdma_class *class)
{
	struct xdma_segment *segment;
	unsigned int i, free, lost = 0;

	for (i = 0; i < class->pool.nr; i++) {
		segment = class->pool.segment[i];
		if (segment->retired ||
		    xdma_translate(virt_to_phys(segment->memory),
				   XDMA_SEGMENT_SIZE) == segment->dma)
			continue;
		free = xdma_pool_retire(segment);
		xdma_class_use(class, free);
		class->retired++;
		nr_segments--;
		if (free == XDMA_SEGMENT_SLOTS)
			free_memory(segment);
		else
			lost++;
	}
	if (!lost)
		return;
	pr_warn("%u KiB of the pool are lost: the guest was restored while a driver still had mappings\n",
		lost * (XDMA_SEGMENT_SIZE / 1024));
}

void xdma_reserve_get(void)
{
	struct xdma_class *class = &classes[XDMA_CLASSES - 1];
	unsigned int i;

	mutex_lock(&reserve_lock);
	for (i = 0; i < XDMA_CLASSES; i++)
		if (classes[i].ready)
			check_restored(&classes[i]);
	users++;
	if (!prepare(class, XDMA_POOL_BITS))
		grow(class, xdma_pool_mb * SEGMENTS_PER_MB + class->retired);
	mutex_unlock(&reserve_lock);
}

static void give_back(struct xdma_class *class)
{
	struct xdma_segment *segment;

	while ((segment = xdma_pool_remove(&class->pool))) {
		if (!segment->retired) {
			xdma_exchange_out(virt_to_page(segment->memory),
					  XDMA_SEGMENT_ORDER);
			nr_segments--;
		}
		free_memory(segment);
		kfree(segment);
	}
	/* Not all of it if something is still in use: better lost than reused. */
	if (WARN_ON_ONCE(class->pool.nr))
		return;
	class->ready = false;
	percpu_counter_destroy(&class->used);
	kvfree(class->pool.segment);
}

void xdma_reserve_put(void)
{
	unsigned int i;

	mutex_lock(&reserve_lock);
	if (!--users)
		for (i = 0; i < XDMA_CLASSES; i++)
			if (classes[i].ready)
				give_back(&classes[i]);
	mutex_unlock(&reserve_lock);
}

void xdma_reserve_show(struct seq_file *file)
{
	struct xdma_class *class;
	unsigned int i, s, free;

	mutex_lock(&reserve_lock);
	seq_puts(file, "bits  segments     slots      used  most used\n");
	for (i = 0; i < XDMA_CLASSES; i++) {
		class = &classes[i];
		if (!class->ready)
			continue;
		free = 0;
		for (s = 0; s < class->pool.nr; s++)
			free += READ_ONCE(class->pool.segment[s]->free);
		seq_printf(file, "%4u %9u %9u %9u %10u%s\n", class->bits,
			   class->pool.nr, class->pool.nr * XDMA_SEGMENT_SLOTS,
			   class->pool.nr * XDMA_SEGMENT_SLOTS - free,
			   class->most_used,
			   class->refused ? "  Xen gave no more" : "");
	}
	seq_printf(file, "slots of %u bytes, at most %u MiB\n", XDMA_SLOT_SIZE,
		   xdma_pool_max_mb);
	mutex_unlock(&reserve_lock);
}
