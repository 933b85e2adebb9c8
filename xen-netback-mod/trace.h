/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: /sys/kernel/tracing/events/xen_netback/. Names and fields are
 * for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_netback

#if !defined(XEN_NETBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XEN_NETBACK_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>
#include "netback.h"

DECLARE_EVENT_CLASS(xen_netback_batch,
	TP_PROTO(const struct vif_queue *queue, unsigned int slots,
		 unsigned int packets, unsigned int copies),
	TP_ARGS(queue, slots, packets, copies),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(u32, handle)
		__field(unsigned int, queue)
		__field(unsigned int, slots)
		__field(unsigned int, packets)
		__field(unsigned int, copies)
	),
	TP_fast_assign(
		__entry->domain = queue->vif->backend->dev->otherend_id;
		__entry->handle = queue->vif->handle;
		__entry->queue = queue->base.id;
		__entry->slots = slots;
		__entry->packets = packets;
		__entry->copies = copies;
	),
	TP_printk("vif%d.%u queue=%u slots=%u packets=%u copies=%u",
		  __entry->domain, __entry->handle, __entry->queue,
		  __entry->slots, __entry->packets, __entry->copies)
);

/* A pass over what the guest sends. */
DEFINE_EVENT(xen_netback_batch, xen_netback_tx,
	TP_PROTO(const struct vif_queue *queue, unsigned int slots,
		 unsigned int packets, unsigned int copies),
	TP_ARGS(queue, slots, packets, copies));
/* What the guest receives at once. */
DEFINE_EVENT(xen_netback_batch, xen_netback_rx,
	TP_PROTO(const struct vif_queue *queue, unsigned int slots,
		 unsigned int packets, unsigned int copies),
	TP_ARGS(queue, slots, packets, copies));

DECLARE_EVENT_CLASS(xen_netback_wait,
	TP_PROTO(const struct vif_queue *queue, u64 ns),
	TP_ARGS(queue, ns),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(u32, handle)
		__field(unsigned int, queue)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->domain = queue->vif->backend->dev->otherend_id;
		__entry->handle = queue->vif->handle;
		__entry->queue = queue->base.id;
		__entry->ns = ns;
	),
	TP_printk("vif%d.%u queue=%u ns=%llu", __entry->domain,
		  __entry->handle, __entry->queue, __entry->ns)
);

/* A limit is reached, for so long. */
DEFINE_EVENT(xen_netback_wait, xen_netback_tx_limit,
	TP_PROTO(const struct vif_queue *queue, u64 ns), TP_ARGS(queue, ns));
DEFINE_EVENT(xen_netback_wait, xen_netback_rx_limit,
	TP_PROTO(const struct vif_queue *queue, u64 ns), TP_ARGS(queue, ns));

/* The frontend made no sense. */
TRACE_EVENT(xen_netback_broken,
	TP_PROTO(const struct vif_queue *queue, const char *reason),
	TP_ARGS(queue, reason),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(u32, handle)
		__field(unsigned int, queue)
		__array(char, reason, 64)
	),
	TP_fast_assign(
		__entry->domain = queue->vif->backend->dev->otherend_id;
		__entry->handle = queue->vif->handle;
		__entry->queue = queue->base.id;
		strscpy(__entry->reason, reason, sizeof(__entry->reason));
	),
	TP_printk("vif%d.%u queue=%u: %s", __entry->domain, __entry->handle,
		  __entry->queue, __entry->reason)
);

TRACE_EVENT(xen_netback_control,
	TP_PROTO(const struct vif *vif, const struct netif_ctrl_request *request,
		 u32 status),
	TP_ARGS(vif, request, status),
	TP_STRUCT__entry(
		__field(int, domain)
		__field(u32, handle)
		__field(u16, type)
		__field(u32, first)
		__field(u32, second)
		__field(u32, third)
		__field(u32, status)
	),
	TP_fast_assign(
		__entry->domain = vif->backend->dev->otherend_id;
		__entry->handle = vif->handle;
		__entry->type = request->type;
		__entry->first = request->data[0];
		__entry->second = request->data[1];
		__entry->third = request->data[2];
		__entry->status = status;
	),
	TP_printk("vif%d.%u type=%u data=%u,%u,%u status=%u", __entry->domain,
		  __entry->handle, __entry->type, __entry->first,
		  __entry->second, __entry->third, __entry->status)
);

#endif /* XEN_NETBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
