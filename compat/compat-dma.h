/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest DMA layer's names on older kernels.
 */
#ifndef XENMOD_COMPAT_DMA_H
#define XENMOD_COMPAT_DMA_H

#include <linux/dma-map-ops.h>
#include <linux/mm.h>

/* Older kernels pass no attribute that has one of these bits. */
#ifndef DMA_ATTR_MMIO
#define DMA_ATTR_MMIO BIT(10)
#endif
#ifndef DMA_ATTR_REQUIRE_COHERENT
#define DMA_ATTR_REQUIRE_COHERENT BIT(12)
#endif

/*
 * struct dma_map_ops maps physical addresses now, memory and MMIO alike. Write
 *	COMPAT_DMA_MAP_PHYS(prefix)
 * behind the functions prefix_map_phys() and prefix_unmap_phys(), and
 * COMPAT_DMA_MAP_PHYS_OPS(prefix) among the initialisers.
 */
#ifdef HAVE_DMA_MAP_PHYS
#define COMPAT_DMA_MAP_PHYS(prefix)
#define COMPAT_DMA_MAP_PHYS_OPS(prefix) \
	.map_phys = prefix##_map_phys, .unmap_phys = prefix##_unmap_phys
#else
#define COMPAT_DMA_MAP_PHYS(prefix)					\
static dma_addr_t prefix##_map_page(struct device *dev,			\
				    struct page *page,			\
				    unsigned long offset, size_t size,	\
				    enum dma_data_direction dir,	\
				    unsigned long attrs)		\
{									\
	return prefix##_map_phys(dev, page_to_phys(page) + offset,	\
				 size, dir, attrs);			\
}									\
static dma_addr_t prefix##_map_resource(struct device *dev,		\
					phys_addr_t phys, size_t size,	\
					enum dma_data_direction dir,	\
					unsigned long attrs)		\
{									\
	return prefix##_map_phys(dev, phys, size, dir,			\
				 attrs | DMA_ATTR_MMIO);		\
}									\
static void prefix##_unmap_resource(struct device *dev, dma_addr_t dma,	\
				    size_t size,			\
				    enum dma_data_direction dir,	\
				    unsigned long attrs)		\
{									\
	prefix##_unmap_phys(dev, dma, size, dir,			\
			    attrs | DMA_ATTR_MMIO);			\
}

#define COMPAT_DMA_MAP_PHYS_OPS(prefix)					\
	.map_page = prefix##_map_page,					\
	.unmap_page = prefix##_unmap_phys,				\
	.map_resource = prefix##_map_resource,				\
	.unmap_resource = prefix##_unmap_resource
#endif

#ifndef HAVE_DMA_ALLOC_PAGES_OP
#define alloc_pages_op alloc_pages
#endif

/* What map_sg returns when it fails. */
#ifdef HAVE_DMA_MAP_SG_ERRNO
#define compat_dma_map_sg_error(err) (err)
#else
#define compat_dma_map_sg_error(err) 0
#endif

/* Before that, dma-iommu was one of struct device.dma_ops. */
#ifdef HAVE_USE_DMA_IOMMU
#include <linux/iommu-dma.h>
#else
static inline bool use_dma_iommu(struct device *dev)
{
	return false;
}
#endif

/* Older kernels always call the functions that sync. */
#ifndef HAVE_DMA_RESET_NEED_SYNC
static inline void dma_reset_need_sync(struct device *dev)
{
}
#endif

#endif /* XENMOD_COMPAT_DMA_H */
