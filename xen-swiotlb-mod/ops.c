// SPDX-License-Identifier: GPL-2.0
/*
 * DMA operations for streaming, and what a device is told about us.
 */
#include <linux/scatterlist.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/memory.h>
#include "swiotlb.h"
#include "trace.h"

/* Covers all of the machine's memory. */
static u64 required_mask;

static dma_addr_t xdma_map_phys(struct device *dev, phys_addr_t phys,
				size_t size, enum dma_data_direction dir,
				unsigned long attrs)
{
	struct xdma_limits limits = xdma_limits_of(dev);
	dma_addr_t dma;

	/* Device memory is where it says, and the CPU cannot copy it. */
	if (unlikely(attrs & DMA_ATTR_MMIO))
		return phys + size - 1 <= limits.mask ? phys :
							DMA_MAPPING_ERROR;
	dma = xdma_translate(phys, size);
	if (likely(dma != XDMA_NOWHERE &&
		   xdma_usable(&limits, phys, dma, size))) {
		struct xdma_device *xdev = xdma_device_of(dev);

		xdma_count(xdev, XDMA_IN_PLACE, 1);
		xdma_count(xdev, XDMA_BYTES_IN_PLACE, size);
		trace_xen_swiotlb_map(dev, phys, dma, size, dir, false);
		return dma;
	}
	if (attrs & DMA_ATTR_REQUIRE_COHERENT)
		return DMA_MAPPING_ERROR;
	dma = xdma_bounce_map(dev, &limits, phys, size, attrs);
	trace_xen_swiotlb_map(dev, phys, dma, size, dir, true);
	return dma;
}

static void xdma_unmap_phys(struct device *dev, dma_addr_t dma, size_t size,
			    enum dma_data_direction dir, unsigned long attrs)
{
	struct xdma_segment *segment;

	if (unlikely(attrs & DMA_ATTR_MMIO))
		return;
	segment = xdma_find(dma);
	trace_xen_swiotlb_unmap(dev, dma, size, dir, segment);
	if (segment)
		xdma_bounce_unmap(dev, segment, dma,
				  dir != DMA_TO_DEVICE &&
				  !(attrs & DMA_ATTR_SKIP_CPU_SYNC));
}

COMPAT_DMA_MAP_PHYS(xdma)

static void xdma_unmap_sg(struct device *dev, struct scatterlist *list,
			  int nents, enum dma_data_direction dir,
			  unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nents, i)
		xdma_unmap_phys(dev, sg_dma_address(sg), sg_dma_len(sg), dir,
				attrs);
}

int xdma_map_sg(struct device *dev, struct scatterlist *list, int nents,
		enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nents, i) {
		sg_dma_address(sg) = xdma_map_phys(dev, sg_phys(sg), sg->length,
						   dir, attrs);
		if (unlikely(sg_dma_address(sg) == DMA_MAPPING_ERROR))
			goto err_unmap;
		sg_dma_len(sg) = sg->length;
	}
	return nents;

err_unmap:
	xdma_unmap_sg(dev, list, i, dir, attrs | DMA_ATTR_SKIP_CPU_SYNC);
	sg_dma_len(list) = 0;
	return compat_dma_map_sg_error(-EIO);
}

static void xdma_sync_single_for_cpu(struct device *dev, dma_addr_t dma,
				     size_t size, enum dma_data_direction dir)
{
	struct xdma_segment *segment = xdma_find(dma);

	if (segment && dir != DMA_TO_DEVICE)
		xdma_bounce_sync(dev, segment, dma, size, false);
}

static void xdma_sync_single_for_device(struct device *dev, dma_addr_t dma,
					size_t size,
					enum dma_data_direction dir)
{
	struct xdma_segment *segment = xdma_find(dma);

	if (segment && dir != DMA_FROM_DEVICE)
		xdma_bounce_sync(dev, segment, dma, size, true);
}

static void xdma_sync_sg_for_cpu(struct device *dev, struct scatterlist *list,
				 int nents, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nents, i)
		xdma_sync_single_for_cpu(dev, sg_dma_address(sg), sg->length,
					 dir);
}

static void xdma_sync_sg_for_device(struct device *dev,
				    struct scatterlist *list, int nents,
				    enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nents, i)
		xdma_sync_single_for_device(dev, sg_dma_address(sg), sg->length,
					    dir);
}

/* Whoever can reach a pool can do without anything else. */
static int xdma_dma_supported(struct device *dev, u64 mask)
{
	if (xdma_mask_bits(mask) >= XDMA_POOL_BITS)
		return 1;
	return xdma_reserve_reach(mask) || mask >= required_mask;
}

static u64 xdma_get_required_mask(struct device *dev)
{
	return required_mask;
}

/* Larger ones can be mapped in place only, which nobody knows beforehand. */
static size_t xdma_max_mapping_size(struct device *dev)
{
	struct xdma_limits limits = {
		.boundary = dma_get_seg_boundary(dev),
		.min_align = dma_get_min_align_mask(dev),
	};

	return xdma_request_largest(&limits);
}

/* No get_merge_boundary: pages that are apart stay apart. */
const struct dma_map_ops xdma_ops = {
	COMPAT_DMA_MAP_PHYS_OPS(xdma),
	.alloc = xdma_alloc,
	.free = xdma_free,
	.alloc_pages_op = xdma_alloc_pages,
	.free_pages = xdma_free_pages,
	.mmap = xdma_mmap,
	.get_sgtable = xdma_get_sgtable,
	.map_sg = xdma_map_sg,
	.unmap_sg = xdma_unmap_sg,
	.sync_single_for_cpu = xdma_sync_single_for_cpu,
	.sync_single_for_device = xdma_sync_single_for_device,
	.sync_sg_for_cpu = xdma_sync_sg_for_cpu,
	.sync_sg_for_device = xdma_sync_sg_for_device,
	.dma_supported = xdma_dma_supported,
	.get_required_mask = xdma_get_required_mask,
	.max_mapping_size = xdma_max_mapping_size,
};

void xdma_ops_init(void)
{
	long last = HYPERVISOR_memory_op(XENMEM_maximum_ram_page, NULL);

	required_mask = last > 0 ? ~0ull >> (64 - fls64((u64)last << PAGE_SHIFT)) :
				   DMA_BIT_MASK(64);
}
