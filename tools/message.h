/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENMOD_MESSAGE_H
#define XENMOD_MESSAGE_H

/* The command's exit codes, as the man page has them. */
#define EXIT_OK		0
#define EXIT_FAILED	1
#define EXIT_USAGE	2

/* One line on stderr: what is wrong and what to do about it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
