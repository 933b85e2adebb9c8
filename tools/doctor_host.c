// SPDX-License-Identifier: GPL-2.0
/* The running system: Xen, the modules that are loaded, the devices. */
#include "doctor.h"
#include "program.h"
#include "sysfs.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

void doctor_check_host(struct host_state *h)
{
	char path[PATH_MAX], type[32];

	doctor_path(h, path, "/sys/hypervisor");
	if (sysfs_text(path, "type", type, sizeof(type)) && !strcmp(type, "xen"))
		return;
	doctor_find(h, "not-on-xen", "");
	doctor_cause(h, "this machine does not run on Xen, and nothing uses the modules");
	doctor_cure(h, "apt install xen-system-amd64, reboot, and choose Xen in the boot menu");
}

static void keep_first(char *line, void *data)
{
	char *text = data;

	if (!text[0])
		text_copy(text, 64, line);
}

/* The kernel marks what was built outside its tree with an O. */
static void check_one(struct host_state *h, const char *module)
{
	char folder[PATH_MAX], file[PATH_MAX], taint[32], loaded[64];
	char on_disk[64] = "";
	char *argv[] = { "modinfo", "-F", "version", file, NULL };
	char *p;

	doctor_path(h, folder, "/sys/module/%s", module);
	for (p = folder + strlen(h->root); *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	if (!sysfs_exists(folder, "initstate") ||
	    !doctor_module_file(h, h->running, module, file))
		return;

	sysfs_text(folder, "taint", taint, sizeof(taint));
	sysfs_text(folder, "version", loaded, sizeof(loaded));
	if (!strchr(taint, 'O')) {
		doctor_find(h, "in-tree-loaded", module);
		doctor_cause(h, "the kernel's own module is loaded, though ours is installed");
	} else if (!program_lines(argv, keep_first, on_disk)) {
		doctor_no_modinfo(h, file);
		return;
	} else if (on_disk[0] && strcmp(loaded, on_disk)) {
		doctor_find(h, "old-loaded", module);
		doctor_cause(h, "version %s is loaded, and %s is installed",
			     loaded, on_disk);
	} else {
		return;
	}
	doctor_cure(h, "when no guest uses it: modprobe -r %s, modprobe %s; else reboot",
		    module, module);
}

void doctor_check_loaded(struct host_state *h)
{
	size_t i;

	for (i = 0; doctor_modules[i]; i++)
		check_one(h, doctor_modules[i]);
}

/* Devices of the two buses that are ours to drive, by how their names begin. */
static const struct kind {
	const char *bus;
	const char *prefix;
	const char *module;
	const char *who;
} kinds[] = {
	{ "xen-backend", "vbd-", "xen-blkback", "its guest" },
	{ "xen-backend", "vif-", "xen-netback", "its guest" },
	{ "xen", "pci-", "xen-pcifront", "what it brings" },
};

static void check_device(struct host_state *h, const struct kind *k,
			 const char *name)
{
	char path[PATH_MAX];

	if (strncmp(name, k->prefix, strlen(k->prefix)) ||
	    !access(doctor_path(h, path, "/sys/bus/%s/devices/%s/driver",
				k->bus, name), F_OK))
		return;
	doctor_find(h, "no-driver", name);
	doctor_cause(h, "no driver serves this device, and %s waits", k->who);
	doctor_cure(h, "modprobe %s; if it is loaded, see the kernel's log and 'xenmod status'",
		    k->module);
}

void doctor_check_devices(struct host_state *h)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	size_t i;
	DIR *dir;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		doctor_path(h, folder, "/sys/bus/%s/devices", kinds[i].bus);
		dir = opendir(folder);
		if (!dir && errno != ENOENT)
			doctor_unreadable(h, folder + strlen(h->root), errno);
		while (dir && (entry = readdir(dir)))
			check_device(h, &kinds[i], entry->d_name);
		if (dir)
			closedir(dir);
	}
}
