/* SPDX-License-Identifier: GPL-2.0 */
/* Processors and interrupt routing, printed for people or for programs. */
#ifndef XENMOD_REPORT_ACPI_H
#define XENMOD_REPORT_ACPI_H

#include "acpi.h"
#include "json.h"

/* Prints nothing where there is nothing to tell. */
void report_acpi_text(const struct acpi *acpi, FILE *out);
/* Two members of the object that is open. */
void report_acpi_json(const struct acpi *acpi, struct json *j);

#endif
