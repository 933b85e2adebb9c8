/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of core: /sys/kernel/tracing/events/xenmod/. Names and fields
 * are for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xenmod

#if !defined(XENMOD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XENMOD_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(xenmod_grant_flush,
	TP_PROTO(unsigned int command, unsigned int domain, unsigned int nr,
		 unsigned int failed),
	TP_ARGS(command, domain, nr, failed),
	TP_STRUCT__entry(
		__field(unsigned int, command)
		__field(unsigned int, domain)
		__field(unsigned int, nr)
		__field(unsigned int, failed)
	),
	TP_fast_assign(
		__entry->command = command;
		__entry->domain = domain;
		__entry->nr = nr;
		__entry->failed = failed;
	),
	TP_printk("%s domain=%u nr=%u failed=%u",
		  __print_symbolic(__entry->command, { 0, "map" },
				   { 1, "unmap" }, { 5, "copy" }),
		  __entry->domain, __entry->nr, __entry->failed)
);

TRACE_EVENT(xenmod_notify,
	TP_PROTO(unsigned int irq),
	TP_ARGS(irq),
	TP_STRUCT__entry(
		__field(unsigned int, irq)
	),
	TP_fast_assign(
		__entry->irq = irq;
	),
	TP_printk("irq=%u", __entry->irq)
);

TRACE_EVENT(xenmod_state,
	TP_PROTO(unsigned int domain, int frontend, int backend, int action),
	TP_ARGS(domain, frontend, backend, action),
	TP_STRUCT__entry(
		__field(unsigned int, domain)
		__field(int, frontend)
		__field(int, backend)
		__field(int, action)
	),
	TP_fast_assign(
		__entry->domain = domain;
		__entry->frontend = frontend;
		__entry->backend = backend;
		__entry->action = action;
	),
	TP_printk("domain=%u frontend=%d backend=%d action=%s",
		  __entry->domain, __entry->frontend, __entry->backend,
		  __print_symbolic(__entry->action,
				   { XENMOD_NOTHING, "nothing" },
				   { XENMOD_INVITE, "invite" },
				   { XENMOD_CONNECT, "connect" },
				   { XENMOD_RECONFIGURE, "reconfigure" },
				   { XENMOD_RESUME, "resume" },
				   { XENMOD_CLOSE, "close" },
				   { XENMOD_CLOSED, "closed" },
				   { XENMOD_DEPART, "depart" },
				   { XENMOD_REFUSE, "refuse" }))
);

#endif /* XENMOD_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
