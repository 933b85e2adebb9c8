// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the DMA layer for all that it promises, with QEMU's "edu" device: its
 * DMA engine copies less than a page between memory and a buffer of its own. It
 * drives 28 address lines, so that in a guest next to nothing is used in place.
 * Each check is a line in the kernel's log, "ok NAME" or "not ok NAME".
 */
#define pr_fmt(fmt) "dmatest: " fmt

#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define EDU_SOURCE	0x80
#define EDU_TARGET	0x88
#define EDU_COUNT	0x90
#define EDU_COMMAND	0x98
#define EDU_RUN		1
#define EDU_TO_MEMORY	2
#define EDU_BUFFER	0x40000
#define EDU_BITS	28

struct edu {
	struct pci_dev *pci;
	struct device *dev;
	void __iomem *registers;
	u64 mask;
};

/* The device copies to its buffer, or from there. */
static bool move(struct edu *edu, dma_addr_t dma, size_t size, bool to_memory)
{
	unsigned int i;

	writeq(to_memory ? EDU_BUFFER : dma, edu->registers + EDU_SOURCE);
	writeq(to_memory ? dma : EDU_BUFFER, edu->registers + EDU_TARGET);
	writeq(size, edu->registers + EDU_COUNT);
	writeq(EDU_RUN | (to_memory ? EDU_TO_MEMORY : 0),
	       edu->registers + EDU_COMMAND);
	for (i = 0; i < 5000; i++) {
		if (!(readq(edu->registers + EDU_COMMAND) & EDU_RUN))
			return true;
		usleep_range(1000, 2000);
	}
	pr_err("the device does not come to an end\n");
	return false;
}

static void fill(u8 *p, size_t size, u8 seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = seed + i * 7 + (i >> 8);
}

static bool holds(const u8 *p, size_t size, u8 seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (p[i] != (u8)(seed + i * 7 + (i >> 8)))
			return false;
	return true;
}

static bool all(const u8 *p, size_t size, u8 value)
{
	return !memchr_inv(p, value, size);
}

static bool within(const struct edu *edu, dma_addr_t dma, size_t size)
{
	return !dma_mapping_error(edu->dev, dma) && dma + size - 1 <= edu->mask;
}

/* A buffer of two pages goes to the device, another one comes back. */
static bool stream(struct edu *edu, u8 *from, u8 *to, size_t size, size_t offset)
{
	bool good;
	dma_addr_t dma;

	memset(from, 0x11, 2 * PAGE_SIZE);
	memset(to, 0x22, 2 * PAGE_SIZE);
	fill(from + offset, size, 5);
	dma = dma_map_single(edu->dev, from + offset, size, DMA_TO_DEVICE);
	if (!within(edu, dma, size))
		return false;
	good = move(edu, dma, size, false);
	dma_unmap_single(edu->dev, dma, size, DMA_TO_DEVICE);
	dma = dma_map_single(edu->dev, to + offset, size, DMA_FROM_DEVICE);
	if (!within(edu, dma, size))
		return false;
	good &= move(edu, dma, size, true);
	dma_unmap_single(edu->dev, dma, size, DMA_FROM_DEVICE);
	return good && holds(to + offset, size, 5) && all(to, offset, 0x22) &&
	       all(to + offset + size, 2 * PAGE_SIZE - offset - size, 0x22);
}

/* Sizes around a slot of the pool, within a page and across its end. */
static bool streams(struct edu *edu, u8 *memory)
{
	static const struct {
		size_t size;
		size_t offset;
	} jobs[] = { { 1, 0 }, { 2047, 0 }, { 2048, 0 }, { 2049, 2147 },
		     { 4000, 0 }, { 4000, 2447 } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		if (!stream(edu, memory, memory + 2 * PAGE_SIZE, jobs[i].size,
			    jobs[i].offset))
			return false;
	return true;
}

/* The device's buffer gets the pattern of this seed. */
static bool load(struct edu *edu, u8 *page, size_t size, u8 seed)
{
	dma_addr_t dma;
	bool good;

	fill(page, size, seed);
	dma = dma_map_single(edu->dev, page, size, DMA_TO_DEVICE);
	if (!within(edu, dma, size))
		return false;
	good = move(edu, dma, size, false);
	dma_unmap_single(edu->dev, dma, size, DMA_TO_DEVICE);
	return good;
}

static bool unwritten(struct edu *edu, u8 *page)
{
	bool good = load(edu, page, 2048, 9);
	dma_addr_t dma;

	memset(page, 0x33, PAGE_SIZE);
	dma = dma_map_single(edu->dev, page, PAGE_SIZE, DMA_FROM_DEVICE);
	if (!within(edu, dma, PAGE_SIZE))
		return false;
	good &= move(edu, dma, 100, true);
	dma_unmap_single(edu->dev, dma, PAGE_SIZE, DMA_FROM_DEVICE);
	return good && holds(page, 100, 9) &&
	       all(page + 100, PAGE_SIZE - 100, 0x33);
}

static bool partial_sync(struct edu *edu, u8 *page)
{
	bool good = load(edu, page, 2048, 9);
	dma_addr_t dma;

	memset(page, 0x44, PAGE_SIZE);
	dma = dma_map_single(edu->dev, page, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (!within(edu, dma, PAGE_SIZE))
		return false;
	good &= move(edu, dma + 1024, 512, true);
	dma_sync_single_for_cpu(edu->dev, dma + 1024, 512, DMA_BIDIRECTIONAL);
	good &= holds(page + 1024, 512, 9) && all(page, 1024, 0x44) &&
		all(page + 1536, PAGE_SIZE - 1536, 0x44);
	fill(page + 256, 512, 77);
	dma_sync_single_range_for_device(edu->dev, dma, 256, 512,
					 DMA_BIDIRECTIONAL);
	good &= move(edu, dma + 256, 512, false);
	good &= move(edu, dma + 2048, 512, true);
	dma_unmap_single(edu->dev, dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
	return good && holds(page + 2048, 512, 77) &&
	       holds(page + 1024, 512, 9) && holds(page + 256, 512, 77);
}

static bool no_cpu_sync(struct edu *edu, u8 *page)
{
	bool good = load(edu, page, 2048, 77);
	dma_addr_t dma;

	memset(page, 0x55, PAGE_SIZE);
	dma = dma_map_single_attrs(edu->dev, page, PAGE_SIZE, DMA_FROM_DEVICE,
				   DMA_ATTR_SKIP_CPU_SYNC);
	if (!within(edu, dma, PAGE_SIZE))
		return false;
	good &= move(edu, dma, 512, true);
	dma_sync_single_for_cpu(edu->dev, dma, 256, DMA_FROM_DEVICE);
	dma_unmap_single_attrs(edu->dev, dma, PAGE_SIZE, DMA_FROM_DEVICE,
			       DMA_ATTR_SKIP_CPU_SYNC);
	return good && holds(page, 256, 77) &&
	       all(page + 512, PAGE_SIZE - 512, 0x55);
}

static bool scatter(struct edu *edu, u8 *memory)
{
	static const unsigned int sizes[] = { 4000, 100, 3000, 1 };
	struct scatterlist list[ARRAY_SIZE(sizes)], *sg;
	unsigned int i;
	bool good;
	int nr;

	sg_init_table(list, ARRAY_SIZE(sizes));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *part = memory + i * PAGE_SIZE + 11 * (i & 1);

		fill(part, sizes[i], i);
		sg_set_buf(&list[i], part, sizes[i]);
	}
	nr = dma_map_sg(edu->dev, list, ARRAY_SIZE(sizes), DMA_BIDIRECTIONAL);
	if (nr != ARRAY_SIZE(sizes))
		return false;
	good = true;
	/* The first one gets what each has, by way of the device. */
	for_each_sg(list, sg, nr, i) {
		good &= within(edu, sg_dma_address(sg), sg_dma_len(sg)) &&
			move(edu, sg_dma_address(sg), sg_dma_len(sg), false) &&
			move(edu, sg_dma_address(list), sg_dma_len(sg), true);
		dma_sync_sg_for_cpu(edu->dev, list, ARRAY_SIZE(sizes),
				    DMA_BIDIRECTIONAL);
		good &= holds(memory, sizes[i], i);
	}
	dma_unmap_sg(edu->dev, list, ARRAY_SIZE(sizes), DMA_BIDIRECTIONAL);
	for (i = 1; i < ARRAY_SIZE(sizes); i++)
		good &= holds(memory + i * PAGE_SIZE + 11 * (i & 1), sizes[i],
			      i);
	return good;
}

/* What the device reads at one end it writes at the other. */
static bool both_ends(struct edu *edu, u8 *p, dma_addr_t dma, size_t size)
{
	if (size < 2 * 2048)
		return true;
	fill(p, 2048, 3);
	return move(edu, dma, 2048, false) &&
	       move(edu, dma + size - 2048, 2048, true) &&
	       holds(p + size - 2048, 2048, 3);
}

static bool sgtable(struct edu *edu, u8 *p, dma_addr_t dma, size_t size)
{
	struct sg_table table;
	bool good;

	if (dma_get_sgtable(edu->dev, &table, p, dma, size))
		return false;
	good = sg_virt(table.sgl) == p && table.sgl->length >= size;
	sg_free_table(&table);
	return good;
}

static bool coherent(struct edu *edu, u8 *unused)
{
	static const size_t sizes[] = { 1, 4096, 5000, 65536, 200000, 1 << 20 };
	dma_addr_t dma;
	unsigned int i;
	bool good;
	u8 *p;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = dma_alloc_coherent(edu->dev, sizes[i], &dma, GFP_KERNEL);
		if (!p)
			return false;
		good = all(p, sizes[i], 0) && within(edu, dma, sizes[i]) &&
		       IS_ALIGNED(dma, PAGE_SIZE << get_order(sizes[i])) &&
		       both_ends(edu, p, dma, sizes[i]) &&
		       sgtable(edu, p, dma, sizes[i]);
		dma_free_coherent(edu->dev, sizes[i], p, dma);
		if (!good)
			return false;
	}
	return true;
}

static bool coherent_atomic(struct edu *edu, u8 *unused)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	dma_addr_t dma;
	bool good;
	u8 *p;

	spin_lock_irqsave(&lock, flags);
	p = dma_alloc_coherent(edu->dev, 8192, &dma, GFP_ATOMIC);
	spin_unlock_irqrestore(&lock, flags);
	if (!p)
		return false;
	good = all(p, 8192, 0) && within(edu, dma, 8192) &&
	       IS_ALIGNED(dma, 8192) && both_ends(edu, p, dma, 8192);
	dma_free_coherent(edu->dev, 8192, p, dma);
	return good;
}

static bool pages(struct edu *edu, u8 *unused)
{
	struct page *page;
	dma_addr_t dma;
	bool good;
	u8 *p;

	page = dma_alloc_pages(edu->dev, 8192, &dma, DMA_BIDIRECTIONAL,
			       GFP_KERNEL);
	if (!page)
		return false;
	p = page_address(page);
	good = all(p, 8192, 0) && within(edu, dma, 8192);
	fill(p, 4000, 1);
	dma_sync_single_for_device(edu->dev, dma, 8192, DMA_BIDIRECTIONAL);
	good = good && move(edu, dma, 4000, false) &&
	       move(edu, dma + 4096, 4000, true);
	dma_sync_single_for_cpu(edu->dev, dma, 8192, DMA_BIDIRECTIONAL);
	good = good && holds(p + 4096, 4000, 1);
	dma_free_pages(edu->dev, 8192, page, dma, DMA_BIDIRECTIONAL);
	return good;
}

static bool noncoherent(struct edu *edu, u8 *unused)
{
	dma_addr_t dma;
	bool good;
	u8 *p;

	p = dma_alloc_noncoherent(edu->dev, 4096, &dma, DMA_BIDIRECTIONAL,
				  GFP_KERNEL);
	if (!p)
		return false;
	good = within(edu, dma, 4096);
	dma_free_noncoherent(edu->dev, 4096, p, dma, DMA_BIDIRECTIONAL);
	return good;
}

/* The registers lie where 28 bits do not reach; nothing may be made of that. */
static bool resource(struct edu *edu, u8 *unused)
{
	phys_addr_t place = pci_resource_start(edu->pci, 0);
	dma_addr_t dma = dma_map_resource(edu->dev, place, 4096,
					  DMA_BIDIRECTIONAL, 0);

	if (place > edu->mask)
		return dma_mapping_error(edu->dev, dma);
	dma_unmap_resource(edu->dev, dma, 4096, DMA_BIDIRECTIONAL, 0);
	return dma == place;
}

/* Map and unmap; the two addresses are the mapping's, or it failed. */
static bool map_only(struct edu *edu, u8 *p, size_t size, dma_addr_t *first,
		     dma_addr_t *last)
{
	dma_addr_t dma = dma_map_single(edu->dev, p, size, DMA_BIDIRECTIONAL);

	if (!within(edu, dma, size))
		return false;
	dma_unmap_single(edu->dev, dma, size, DMA_BIDIRECTIONAL);
	*first = dma;
	*last = dma + size - 1;
	return true;
}

/* A buffer of 1 MiB for what is not moved by the device. */
#define LARGE	(1 << 20)

static bool largest(struct edu *edu, u8 *p)
{
	size_t most = dma_max_mapping_size(edu->dev), offset;
	dma_addr_t first, last;

	fill(p, LARGE, 4);
	for (offset = 0; offset < 8192; offset += 1111)
		if (!map_only(edu, p + offset, min_t(size_t, most, LARGE / 2),
			      &first, &last))
			return false;
	return holds(p, LARGE, 4);
}

static bool alignment(struct edu *edu, u8 *p)
{
	dma_addr_t first, last;
	size_t offset, size, most;
	bool good = true;

	fill(p, LARGE, 4);
	dma_set_min_align_mask(edu->dev, 4095);
	most = min_t(size_t, dma_max_mapping_size(edu->dev), LARGE / 4);
	for (offset = 1; offset < 12000; offset += 777)
		for (size = 1; good && size <= most; size = size * 5 + 3)
			good = map_only(edu, p + offset, size, &first, &last) &&
			       !((first ^ (unsigned long)(p + offset)) & 4095);
	dma_set_min_align_mask(edu->dev, 0);
	return good && holds(p, LARGE, 4);
}

static bool boundary(struct edu *edu, u8 *p)
{
	dma_addr_t first, last;
	size_t offset, size;
	bool good = true;

	fill(p, LARGE, 4);
	dma_set_seg_boundary(edu->dev, 0x3fff);
	for (offset = 1; offset < 12000; offset += 777)
		for (size = 1; good && size <= 0x4000; size *= 2)
			good = map_only(edu, p + offset, size, &first, &last) &&
			       !((first ^ last) & ~0x3fffull);
	dma_set_seg_boundary(edu->dev, 0xffffffff);
	return good && holds(p, LARGE, 4);
}

/* Mappings until there is no room; then all is as before. */
static bool flood(struct edu *edu, u8 *p)
{
	unsigned int most = 40000, nr, i;
	dma_addr_t *dma = kvcalloc(most, sizeof(*dma), GFP_KERNEL);
	bool good = true;

	if (!dma)
		return false;
	for (nr = 0; nr < most; nr++) {
		dma[nr] = dma_map_single_attrs(edu->dev, p + 2048, 4096,
					       DMA_TO_DEVICE, DMA_ATTR_NO_WARN);
		if (dma_mapping_error(edu->dev, dma[nr]))
			break;
		good &= within(edu, dma[nr], 4096);
		cond_resched();
	}
	pr_info("# %u mappings at once\n", nr);
	good &= nr && nr < most;
	for (i = 0; i < nr; i++)
		dma_unmap_single(edu->dev, dma[i], 4096, DMA_TO_DEVICE);
	kvfree(dma);
	return good && stream(edu, p, p + 2 * PAGE_SIZE, 4000, 100);
}

static const struct {
	const char *name;
	bool (*good)(struct edu *edu, u8 *memory);
} checks[] = {
	{ "what goes to the device comes back", streams },
	{ "what the device does not write is as before", unwritten },
	{ "parts are synced, both ways", partial_sync },
	{ "without CPU sync what was synced is there", no_cpu_sync },
	{ "scatter list", scatter },
	{ "coherent memory", coherent },
	{ "coherent memory with a lock held", coherent_atomic },
	{ "pages", pages },
	{ "noncoherent memory", noncoherent },
	{ "device memory is not translated", resource },
	{ "the largest mapping can be made", largest },
	{ "offsets in a page are kept", alignment },
	{ "no mapping crosses a boundary", boundary },
	{ "a flood of mappings ends well", flood },
};

static void run_checks(struct edu *edu)
{
	u8 *memory = (u8 *)__get_free_pages(GFP_KERNEL, get_order(LARGE));
	unsigned int i;

	if (!memory) {
		pr_err("not ok there is no memory for the buffers\n");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		pr_info("%s %s\n", checks[i].good(edu, memory) ? "ok" : "not ok",
			checks[i].name);
	free_pages((unsigned long)memory, get_order(LARGE));
}

static int edu_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	struct edu edu = {
		.pci = pci,
		.dev = &pci->dev,
		.mask = DMA_BIT_MASK(EDU_BITS),
	};
	int err;

	err = pci_enable_device_mem(pci);
	if (err)
		return err;
	pci_set_master(pci);
	err = -ENOMEM;
	edu.registers = pci_iomap(pci, 0, 0);
	if (!edu.registers)
		goto err_disable;
	err = dma_set_mask_and_coherent(&pci->dev, edu.mask);
	pr_info("%s the mask is taken\n", err ? "not ok" : "ok");
	if (!err)
		run_checks(&edu);
	pr_info("done\n");
	pci_iounmap(pci, edu.registers);
	if (!err)
		return 0;
err_disable:
	pci_disable_device(pci);
	return err;
}

static void edu_remove(struct pci_dev *pci)
{
	pci_disable_device(pci);
}

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("Checks of the DMA layer");
MODULE_LICENSE("GPL");
