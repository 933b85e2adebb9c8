/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_TRACE_DEFINE_TRACE_H
#define HOST_TRACE_DEFINE_TRACE_H


#endif
