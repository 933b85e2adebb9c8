/* SPDX-License-Identifier: GPL-2.0 */
/* A command gets its name as argv[0] and returns the exit code. */
#ifndef XENMOD_COMMAND_H
#define XENMOD_COMMAND_H

int command_status(int argc, char **argv);
void command_status_help(void);

int command_doctor(int argc, char **argv);
void command_doctor_help(void);

#endif
