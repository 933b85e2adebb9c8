/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: /sys/kernel/tracing/events/xen_blkback/. Names and fields are
 * for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_blkback

#if !defined(XEN_BLKBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XEN_BLKBACK_TRACE_H

#include <linux/tracepoint.h>
#include "blkback.h"

#define show_blk_op(op)				\
	__print_symbolic(op, { BLK_READ, "read" }, { BLK_WRITE, "write" }, \
			 { BLK_FLUSH, "flush" }, { BLK_BARRIER, "barrier" }, \
			 { BLK_DISCARD, "discard" })

DECLARE_EVENT_CLASS(xen_blkback_queue,
	TP_PROTO(const struct blk_queue *queue),
	TP_ARGS(queue),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(unsigned int, queue)
		__field(unsigned int, taken)
	),
	TP_fast_assign(
		__entry->domain = queue->vbd->backend->dev->otherend_id;
		__entry->queue = queue->base.id;
		__entry->taken = queue->nr_taken;
	),
	TP_printk("domain=%d queue=%u taken=%u", __entry->domain,
		  __entry->queue, __entry->taken)
);

DEFINE_EVENT(xen_blkback_queue, xen_blkback_start,
	TP_PROTO(const struct blk_queue *queue), TP_ARGS(queue));
DEFINE_EVENT(xen_blkback_queue, xen_blkback_stop,
	TP_PROTO(const struct blk_queue *queue), TP_ARGS(queue));
DEFINE_EVENT(xen_blkback_queue, xen_blkback_shortage,
	TP_PROTO(const struct blk_queue *queue), TP_ARGS(queue));
DEFINE_EVENT(xen_blkback_queue, xen_blkback_broken,
	TP_PROTO(const struct blk_queue *queue), TP_ARGS(queue));

TRACE_EVENT(xen_blkback_submit,
	TP_PROTO(const struct blk_request *request),
	TP_ARGS(request),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(unsigned int, queue)
		__field(u64, id)
		__field(unsigned int, op)
		__field(u64, sector)
		__field(u64, nr_sectors)
		__field(unsigned int, segments)
	),
	TP_fast_assign(
		__entry->domain = request->queue->vbd->backend->dev->otherend_id;
		__entry->queue = request->queue->base.id;
		__entry->id = request->command.id;
		__entry->op = request->command.op;
		__entry->sector = request->command.sector;
		__entry->nr_sectors = request->command.nr_sectors;
		__entry->segments = request->command.nr_segments;
	),
	TP_printk("domain=%d queue=%u id=%llu %s sector=%llu+%llu segments=%u",
		  __entry->domain, __entry->queue, __entry->id,
		  show_blk_op(__entry->op), __entry->sector,
		  __entry->nr_sectors, __entry->segments)
);

TRACE_EVENT(xen_blkback_respond,
	TP_PROTO(const struct blk_request *request, int status),
	TP_ARGS(request, status),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(unsigned int, queue)
		__field(u64, id)
		__field(int, status)
	),
	TP_fast_assign(
		__entry->domain = request->queue->vbd->backend->dev->otherend_id;
		__entry->queue = request->queue->base.id;
		__entry->id = request->command.id;
		__entry->status = status;
	),
	TP_printk("domain=%d queue=%u id=%llu status=%d", __entry->domain,
		  __entry->queue, __entry->id, __entry->status)
);

#endif /* XEN_BLKBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
