/* SPDX-License-Identifier: GPL-2.0 */
/* Other programs, run for what they print. */
#ifndef XENMOD_PROGRAM_H
#define XENMOD_PROGRAM_H

#include <stdbool.h>

/*
 * Calls each(line, data) for what the program prints, without line ends. False
 * when it could not be run or failed; what it says on stderr is dropped.
 */
bool program_lines(char *const argv[], void (*each)(char *line, void *data),
		   void *data);

#endif
