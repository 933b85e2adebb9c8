/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_TRACEPOINT_H
#define HOST_LINUX_TRACEPOINT_H

/* A tracepoint that is off. */
#define TP_PROTO(...) __VA_ARGS__
#define TRACE_EVENT(name, prototype, ...)			\
	static inline void trace_##name(prototype)		\
	{							\
	}							\
	struct trace_##name

#endif
