/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the PCI frontend: /sys/kernel/tracing/events/xen_pcifront/.
 * Names and fields are for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_pcifront

#if !defined(XEN_PCIFRONT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XEN_PCIFRONT_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(pcifront_answer,
	TP_PROTO(unsigned int cmd, unsigned int devfn, int where, int size,
		 u32 value, int err, u64 waited),
	TP_ARGS(cmd, devfn, where, size, value, err, waited),
	TP_STRUCT__entry(
		__field(unsigned int, cmd)
		__field(unsigned int, devfn)
		__field(int, where)
		__field(int, size)
		__field(u32, value)
		__field(int, err)
		__field(u64, waited)
	),
	TP_fast_assign(
		__entry->cmd = cmd;
		__entry->devfn = devfn;
		__entry->where = where;
		__entry->size = size;
		__entry->value = value;
		__entry->err = err;
		__entry->waited = waited;
	),
	TP_printk("%s devfn=%02x where=%#x size=%d value=%#x err=%d waited=%llu",
		  __print_symbolic(__entry->cmd,
				   { 0, "read" }, { 1, "write" },
				   { 2, "enable-msi" }, { 3, "disable-msi" },
				   { 4, "enable-msix" }, { 5, "disable-msix" }),
		  __entry->devfn, __entry->where, __entry->size,
		  __entry->value, __entry->err, __entry->waited)
);

TRACE_EVENT(pcifront_state,
	TP_PROTO(int backend, int frontend, int action),
	TP_ARGS(backend, frontend, action),
	TP_STRUCT__entry(
		__field(int, backend)
		__field(int, frontend)
		__field(int, action)
	),
	TP_fast_assign(
		__entry->backend = backend;
		__entry->frontend = frontend;
		__entry->action = action;
	),
	TP_printk("backend=%d frontend=%d action=%s", __entry->backend,
		  __entry->frontend,
		  __print_symbolic(__entry->action,
				   { 0, "nothing" }, { 1, "publish" },
				   { 2, "connect" }, { 3, "detach" },
				   { 4, "attach" }, { 5, "retry" },
				   { 6, "close" }, { 7, "give-up" },
				   { 8, "refuse" }))
);

TRACE_EVENT(pcifront_report,
	TP_PROTO(unsigned int cmd, int state, unsigned int domain,
		 unsigned int bus, unsigned int devfn, unsigned int result),
	TP_ARGS(cmd, state, domain, bus, devfn, result),
	TP_STRUCT__entry(
		__field(unsigned int, cmd)
		__field(int, state)
		__field(unsigned int, domain)
		__field(unsigned int, bus)
		__field(unsigned int, devfn)
		__field(unsigned int, result)
	),
	TP_fast_assign(
		__entry->cmd = cmd;
		__entry->state = state;
		__entry->domain = domain;
		__entry->bus = bus;
		__entry->devfn = devfn;
		__entry->result = result;
	),
	TP_printk("%s state=%d function=%04x:%02x:%02x result=%u",
		  __print_symbolic(__entry->cmd,
				   { 6, "detected" }, { 7, "resume" },
				   { 8, "mmio" }, { 9, "slot-reset" }),
		  __entry->state, __entry->domain, __entry->bus,
		  __entry->devfn, __entry->result)
);

#endif /* XEN_PCIFRONT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
