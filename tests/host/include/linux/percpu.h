/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_PERCPU_H
#define HOST_LINUX_PERCPU_H

/* One CPU. */
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name) __typeof__(type) name
#define this_cpu_inc(name) ((name)++)
#define this_cpu_read(name) (name)
#define this_cpu_write(name, value) ((name) = (value))
#define this_cpu_add(name, value) ((name) += (value))
#define __percpu

#endif
