/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: /sys/kernel/tracing/events/xen_swiotlb/. Names and fields are
 * for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_swiotlb

#if !defined(XEN_SWIOTLB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XEN_SWIOTLB_TRACE_H

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

TRACE_EVENT(xen_swiotlb_map,
	TP_PROTO(const struct device *dev, phys_addr_t phys, dma_addr_t dma,
		 size_t size, enum dma_data_direction dir, bool bounced),
	TP_ARGS(dev, phys, dma, size, dir, bounced),
	TP_STRUCT__entry(
		__array(char, device, 16)
		__field(u64, phys)
		__field(u64, dma)
		__field(size_t, size)
		__field(int, dir)
		__field(bool, bounced)
	),
	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev),
			sizeof(__entry->device));
		__entry->phys = phys;
		__entry->dma = dma;
		__entry->size = size;
		__entry->dir = dir;
		__entry->bounced = bounced;
	),
	TP_printk("%s phys=%llx dma=%llx size=%zu dir=%d bounced=%d",
		  __entry->device, __entry->phys, __entry->dma, __entry->size,
		  __entry->dir, __entry->bounced)
);

TRACE_EVENT(xen_swiotlb_unmap,
	TP_PROTO(const struct device *dev, dma_addr_t dma, size_t size,
		 enum dma_data_direction dir, bool bounced),
	TP_ARGS(dev, dma, size, dir, bounced),
	TP_STRUCT__entry(
		__array(char, device, 16)
		__field(u64, dma)
		__field(size_t, size)
		__field(int, dir)
		__field(bool, bounced)
	),
	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev),
			sizeof(__entry->device));
		__entry->dma = dma;
		__entry->size = size;
		__entry->dir = dir;
		__entry->bounced = bounced;
	),
	TP_printk("%s dma=%llx size=%zu dir=%d bounced=%d", __entry->device,
		  __entry->dma, __entry->size, __entry->dir, __entry->bounced)
);

/* The pool for so many address bits has so many segments now. */
TRACE_EVENT(xen_swiotlb_grow,
	TP_PROTO(unsigned int bits, unsigned int segments),
	TP_ARGS(bits, segments),
	TP_STRUCT__entry(
		__field(unsigned int, bits)
		__field(unsigned int, segments)
	),
	TP_fast_assign(
		__entry->bits = bits;
		__entry->segments = segments;
	),
	TP_printk("bits=%u segments=%u", __entry->bits, __entry->segments)
);

/* There was no room for a mapping. */
TRACE_EVENT(xen_swiotlb_exhausted,
	TP_PROTO(const struct device *dev, size_t size),
	TP_ARGS(dev, size),
	TP_STRUCT__entry(
		__array(char, device, 16)
		__field(size_t, size)
	),
	TP_fast_assign(
		strscpy(__entry->device, dev_name(dev),
			sizeof(__entry->device));
		__entry->size = size;
	),
	TP_printk("%s size=%zu", __entry->device, __entry->size)
);

#endif /* XEN_SWIOTLB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
