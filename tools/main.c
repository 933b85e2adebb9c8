// SPDX-License-Identifier: GPL-2.0
#include "command.h"
#include "message.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
	void (*help)(void);
};

static int command_help(int argc, char **argv);

static const struct command commands[] = {
	{ "status", "show modules, backend devices and their traffic",
	  command_status, command_status_help },
	{ "doctor", "say what is wrong with this host's modules, and the cure",
	  command_doctor, command_doctor_help },
	{ "help", "show this text, or that of a command",
	  command_help, NULL },
};

#define COMMANDS	(sizeof(commands) / sizeof(*commands))

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	complain("there is no command '%s': see 'xenmod help'", name);
	return NULL;
}

static void print_usage(FILE *out)
{
	size_t i;

	fputs("Usage: xenmod COMMAND [OPTIONS]\n"
	      "       xenmod --help | --version\n"
	      "\n"
	      "Commands:\n", out);
	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\n'xenmod help COMMAND' tells a command's options; see also xenmod(8).\n",
	      out);
}

static int command_help(int argc, char **argv)
{
	const struct command *command;

	if (argc > 2) {
		complain("too many arguments: 'xenmod help' takes one command");
		return EXIT_USAGE;
	}
	if (argc < 2) {
		print_usage(stdout);
		return EXIT_OK;
	}
	command = find_command(argv[1]);
	if (!command)
		return EXIT_USAGE;
	if (command->help)
		command->help();
	else
		print_usage(stdout);
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return command_help(1, argv);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("xenmod " XENMOD_VERSION);
		return EXIT_OK;
	}
	if (argv[1][0] == '-') {
		complain("option '%s' is not known: see 'xenmod --help'",
			 argv[1]);
		return EXIT_USAGE;
	}

	command = find_command(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write the output: see whether its disk is full");
		return EXIT_FAILED;
	}
	return status;
}
