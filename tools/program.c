// SPDX-License-Identifier: GPL-2.0
#include "program.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool start(char *const argv[], int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	bool good;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	good = !posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return good;
}

bool program_lines(char *const argv[], void (*each)(char *line, void *data),
		   void *data)
{
	char *line = NULL;
	size_t size = 0;
	int ends[2], status;
	FILE *file;
	pid_t pid;
	bool good;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	good = start(argv, ends[1], &pid);
	close(ends[1]);
	file = good ? fdopen(ends[0], "r") : NULL;
	if (!file) {
		close(ends[0]);
	} else {
		while (getline(&line, &size, file) > 0) {
			line[strcspn(line, "\n")] = '\0';
			each(line, data);
		}
		fclose(file);
	}
	free(line);
	if (!good)
		return false;
	return waitpid(pid, &status, 0) == pid && file && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}
