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

#define TP_ARGS(...)
#define DECLARE_EVENT_CLASS(name, ...) struct trace_class_##name
#define DEFINE_EVENT(class, name, prototype, arguments)		\
	static inline void trace_##name(prototype)		\
	{							\
	}							\
	struct trace_##name

#endif
