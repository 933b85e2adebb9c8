/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of xen-acpi-processor: /sys/kernel/tracing/events/xenacpi/. Names
 * and fields are for people and may change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xenacpi

#if !defined(XEN_ACPI_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XEN_ACPI_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(xenacpi_upload,
	TP_PROTO(unsigned int acpi, unsigned int kind, unsigned int states,
		 int answer),
	TP_ARGS(acpi, kind, states, answer),
	TP_STRUCT__entry(
		__field(unsigned int, acpi)
		__field(unsigned int, kind)
		__field(unsigned int, states)
		__field(int, answer)
	),
	TP_fast_assign(
		__entry->acpi = acpi;
		__entry->kind = kind;
		__entry->states = states;
		__entry->answer = answer;
	),
	TP_printk("acpi=%u kind=%s states=%u answer=%d", __entry->acpi,
		  __print_symbolic(__entry->kind, { 0, "c" }, { 1, "p" },
				   { 2, "t" }, { 3, "cppc" }, { 4, "limit" }),
		  __entry->states, __entry->answer)
);

TRACE_EVENT(xenacpi_notify,
	TP_PROTO(unsigned int acpi, unsigned int event),
	TP_ARGS(acpi, event),
	TP_STRUCT__entry(
		__field(unsigned int, acpi)
		__field(unsigned int, event)
	),
	TP_fast_assign(
		__entry->acpi = acpi;
		__entry->event = event;
	),
	TP_printk("acpi=%u event=%#x", __entry->acpi, __entry->event)
);

TRACE_EVENT(xenacpi_gsi,
	TP_PROTO(unsigned int gsi, bool level, bool low, int answer),
	TP_ARGS(gsi, level, low, answer),
	TP_STRUCT__entry(
		__field(unsigned int, gsi)
		__field(bool, level)
		__field(bool, low)
		__field(int, answer)
	),
	TP_fast_assign(
		__entry->gsi = gsi;
		__entry->level = level;
		__entry->low = low;
		__entry->answer = answer;
	),
	TP_printk("gsi=%u trigger=%s polarity=%s answer=%d", __entry->gsi,
		  __entry->level ? "level" : "edge",
		  __entry->low ? "low" : "high", __entry->answer)
);

#endif /* XEN_ACPI_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
