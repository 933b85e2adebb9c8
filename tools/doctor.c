// SPDX-License-Identifier: GPL-2.0
#include "doctor.h"
#include "command.h"
#include "memory.h"
#include "message.h"
#include "program.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* dkms.conf names them: see the Makefile. */
const char *const doctor_modules[] = { XENMOD_MODULES NULL };

struct options {
	bool json;
	bool help;
	const char *root;
	const char *kernel;
};

void command_doctor_help(void)
{
	puts("Usage: xenmod doctor [--json] [--root FOLDER] [--kernel RELEASE]\n"
	     "\n"
	     "Say what is wrong with this host's Xen modules, and how to cure it. The exit\n"
	     "code is 0 only when all is well.\n"
	     "\n"
	     "  -j, --json            one JSON object instead of text\n"
	     "  -r, --root FOLDER     look at the system below this folder\n"
	     "  -k, --kernel RELEASE  take this for the running kernel\n"
	     "  -h, --help            this text");
}

static bool parse_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(options, 0, sizeof(*options));
	options->root = "";
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":jr:k:h", longs, NULL)) != -1) {
		switch (c) {
		case 'j':
			options->json = true;
			break;
		case 'r':
			options->root = strcmp(optarg, "/") ? optarg : "";
			break;
		case 'k':
			options->kernel = optarg;
			break;
		case 'h':
			options->help = true;
			return true;
		default:
			complain(c == ':' ? "option '%s' needs a value: see 'xenmod doctor --help'" :
				 "option '%s' is not known: see 'xenmod doctor --help'",
				 argv[optind - 1]);
			return false;
		}
	}
	if (optind < argc) {
		complain("argument '%s' is not expected: see 'xenmod doctor --help'",
			 argv[optind]);
		return false;
	}
	if (options->root[0] && access(options->root, X_OK)) {
		complain("there is no folder '%s'", options->root);
		return false;
	}
	return true;
}

const char *doctor_path(const struct host_state *h, char dst[PATH_MAX],
			const char *format, ...)
{
	int length = snprintf(dst, PATH_MAX, "%s", h->root);
	va_list args;

	if (length >= PATH_MAX)
		length = PATH_MAX - 1;
	va_start(args, format);
	vsnprintf(dst + length, PATH_MAX - length, format, args);
	va_end(args);
	return dst;
}

bool doctor_module_file(const struct host_state *h, const char *kernel,
			const char *module, char dst[PATH_MAX])
{
	char pattern[PATH_MAX];
	glob_t found;
	bool good;

	/* Where dkms puts them on Debian, on SUSE, and on Red Hat and Fedora. */
	doctor_path(h, pattern, "/lib/modules/%s/{updates/dkms,updates,extra}/%s.ko{,.xz,.zst,.gz}",
		    kernel, module);
	good = !glob(pattern, GLOB_BRACE, NULL, &found) && found.gl_pathc;
	if (good)
		text_copy(dst, PATH_MAX, found.gl_pathv[0]);
	globfree(&found);
	return good;
}

bool doctor_same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
			return false;
	}
	return *a == *b;
}

const char *doctor_our_module(const char *name)
{
	size_t i;

	for (i = 0; doctor_modules[i]; i++) {
		if (doctor_same_name(doctor_modules[i], name))
			return doctor_modules[i];
	}
	return NULL;
}

void doctor_find(struct host_state *h, const char *id, const char *subject)
{
	struct finding *f;

	h->findings = memory_grow(h->findings, h->count, sizeof(*f));
	f = &h->findings[h->count++];
	f->id = id;
	text_escape(f->subject, sizeof(f->subject), subject);
}

static void write_text(char *dst, size_t size, const char *format,
		       va_list args)
{
	char text[2048];

	vsnprintf(text, sizeof(text), format, args);
	text_escape(dst, size, text);
}

void doctor_cause(struct host_state *h, const char *format, ...)
{
	struct finding *f = &h->findings[h->count - 1];
	va_list args;

	va_start(args, format);
	write_text(f->cause, sizeof(f->cause), format, args);
	va_end(args);
}

void doctor_cure(struct host_state *h, const char *format, ...)
{
	struct finding *f = &h->findings[h->count - 1];
	va_list args;

	va_start(args, format);
	write_text(f->cure, sizeof(f->cure), format, args);
	va_end(args);
}

static bool said(const struct host_state *h, const char *id, const char *subject)
{
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (!strcmp(h->findings[i].id, id) &&
		    !strcmp(h->findings[i].subject, subject))
			return true;
	}
	return false;
}

void doctor_unreadable(struct host_state *h, const char *file, int error)
{
	if (said(h, "not-checked", file))
		return;
	doctor_find(h, "not-checked", file);
	if (error == ENOENT) {
		doctor_cause(h, "it is not there, or not mounted");
		doctor_cure(h, "mount it, then run xenmod doctor again");
	} else {
		doctor_cause(h, "it could not be read: %s", strerror(error));
		doctor_cure(h, "run xenmod doctor as root; if that does not help, mend the file");
	}
}

static void drop(char *line, void *data)
{
	(void)line;
	(void)data;
}

/* Without the program each module would have a finding. */
void doctor_no_modinfo(struct host_state *h, const char *file)
{
	char *argv[] = { "modinfo", "--version", NULL };
	bool runs = program_lines(argv, drop, NULL);
	const char *subject = runs ? file + strlen(h->root) : "modinfo";

	if (said(h, "not-checked", subject))
		return;
	doctor_find(h, "not-checked", subject);
	if (runs) {
		doctor_cause(h, "modinfo does not take it for a module");
		doctor_cure(h, "build it again: dkms remove and install xenmod; see packaging.md");
	} else {
		doctor_cause(h, "it could not be run, so what modules have in them is not known");
		doctor_cure(h, "apt install kmod");
	}
}

/* The newest kernel with modules is what boots next, unless somebody chose. */
static void find_next_kernel(struct host_state *h)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(doctor_path(h, path, "/lib/modules"));

	if (!dir)
		doctor_unreadable(h, "/lib/modules", errno);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    access(doctor_path(h, path, "/lib/modules/%s/modules.builtin",
				       entry->d_name), F_OK))
			continue;
		if (strverscmp(entry->d_name, h->next) > 0)
			text_copy(h->next, sizeof(h->next), entry->d_name);
	}
	if (dir)
		closedir(dir);
}

/* modinfo is not where su without "-", and users, look for programs. */
static void widen_path(void)
{
	const char *path = getenv("PATH");
	char wide[PATH_MAX];

	snprintf(wide, sizeof(wide), "%s:/usr/sbin:/sbin",
		 path ? path : "/usr/bin:/bin");
	setenv("PATH", wide, 1);
}

static void examine(struct host_state *h, const struct options *options)
{
	struct utsname uts;

	memset(h, 0, sizeof(*h));
	h->root = options->root;
	if (options->kernel)
		text_copy(h->running, sizeof(h->running), options->kernel);
	else if (!uname(&uts))
		text_copy(h->running, sizeof(h->running), uts.release);
	find_next_kernel(h);

	doctor_check_host(h);
	doctor_check_lockdown(h);
	doctor_check_kernel(h, h->running);
	if (h->next[0] && strcmp(h->next, h->running))
		doctor_check_kernel(h, h->next);
	doctor_check_settings(h);
	doctor_check_loaded(h);
	doctor_check_devices(h);
}

static void print_text(const struct host_state *h)
{
	size_t i;

	for (i = 0; i < h->count; i++) {
		const struct finding *f = &h->findings[i];

		printf("%s%s%s: %s\n    cure: %s\n", f->id,
		       f->subject[0] ? " " : "", f->subject, f->cause, f->cure);
	}
	if (!h->count)
		puts("all is well");
}

static void print_json(const struct host_state *h)
{
	struct json j;
	size_t i;

	json_begin(&j, stdout);
	json_open_object(&j, NULL);
	json_string(&j, "kernel", h->running);
	json_string(&j, "next_kernel", h->next);
	json_bool(&j, "well", !h->count);
	json_open_array(&j, "findings");
	for (i = 0; i < h->count; i++) {
		const struct finding *f = &h->findings[i];

		json_open_object(&j, NULL);
		json_string(&j, "id", f->id);
		json_string(&j, "subject", f->subject);
		json_string(&j, "cause", f->cause);
		json_string(&j, "cure", f->cure);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_close_object(&j);
	json_end(&j);
}

int command_doctor(int argc, char **argv)
{
	struct options options;
	struct host_state h;
	int status;

	if (!parse_options(argc, argv, &options))
		return EXIT_USAGE;
	if (options.help) {
		command_doctor_help();
		return EXIT_OK;
	}

	widen_path();
	examine(&h, &options);
	if (options.json)
		print_json(&h);
	else
		print_text(&h);
	status = h.count ? EXIT_FAILED : EXIT_OK;
	free(h.findings);
	return status;
}
