/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_EXPORT_H
#define HOST_LINUX_EXPORT_H

#define EXPORT_SYMBOL_GPL(name) extern __typeof__(name) name

#endif
