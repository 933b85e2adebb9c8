// SPDX-License-Identifier: GPL-2.0
/* Parameters that somebody sets: does the module have them, and take the value? */
#include "doctor.h"
#include "parameter.h"
#include "program.h"
#include "text.h"

#include <string.h>

struct parameter {
	const char *name;
	bool known;
	char description[512];
};

/* The kernel itself takes these for any module. */
static bool is_general(const char *name)
{
	return !strcmp(name, "dyndbg") || doctor_same_name(name, "async_probe");
}

/* modinfo prints "name:description (type)". */
static void compare(char *line, void *data)
{
	struct parameter *p = data;
	char *colon = strchr(line, ':');

	if (!colon)
		return;
	*colon = '\0';
	if (!doctor_same_name(line, p->name))
		return;
	p->known = true;
	text_copy(p->description, sizeof(p->description), colon + 1);
}

static void report(struct host_state *h, const char *module, const char *where)
{
	doctor_find(h, "wrong-parameter", module);
	doctor_cure(h, "change it in %s; 'modinfo -p %s' lists the parameters",
		    where, module);
}

static void compare_value(struct host_state *h, const char *module,
			  const struct parameter *p, const char *value,
			  const char *where)
{
	char why[64];

	if (!parameter_refused(p->description, value, why, sizeof(why)))
		return;
	report(h, module, where);
	doctor_cause(h, "%s sets %s%s%s, which %s, and the module refuses it",
		     where, p->name, value ? " to " : "", value ? value : "", why);
}

void doctor_check_parameter(struct host_state *h, const char *module,
			    const char *setting, const char *where)
{
	char file[PATH_MAX], name[128], value[128];
	struct parameter p = { .name = name };
	char *argv[] = { "modinfo", "-F", "parm", file, NULL };
	const char *equals = strchr(setting, '=');

	if (!doctor_module_file(h, h->running, module, file) &&
	    !doctor_module_file(h, h->next, module, file))
		return;
	text_copy(name, sizeof(name), setting);
	name[strcspn(name, "=")] = '\0';
	/* The kernel takes quotes off. */
	text_copy(value, sizeof(value), equals ? equals + 1 + (equals[1] == '"') : "");
	value[strcspn(value, "\"")] = '\0';
	if (is_general(name))
		return;
	if (!program_lines(argv, compare, &p)) {
		doctor_no_modinfo(h, file);
	} else if (p.known) {
		compare_value(h, module, &p, equals ? value : NULL, where);
	} else {
		report(h, module, where);
		doctor_cause(h, "%s sets %s, which the module does not have",
			     where, name);
	}
}
