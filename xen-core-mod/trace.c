// SPDX-License-Identifier: GPL-2.0
#include <xenmod/state.h>

#define CREATE_TRACE_POINTS
#include "trace.h"
