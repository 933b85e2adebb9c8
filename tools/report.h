/* SPDX-License-Identifier: GPL-2.0 */
/* A host, printed for people or for programs. */
#ifndef XENMOD_REPORT_H
#define XENMOD_REPORT_H

#include "host.h"

#include <stdio.h>

/* "Connected", ..., "-" without a state, "?" for an odd one. */
const char *report_state_name(struct number state);

void report_text(const struct host *host, FILE *out);
void report_json(const struct host *host, FILE *out);

#endif
