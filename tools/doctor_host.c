// SPDX-License-Identifier: GPL-2.0
/* The running system: Xen, the modules that are loaded, the devices. */
#include "doctor.h"
#include "program.h"
#include "sysfs.h"
#include "text.h"

#include <dirent.h>
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
	} else if (program_lines(argv, keep_first, on_disk) && on_disk[0] &&
		   strcmp(loaded, on_disk)) {
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

static const char *driver_of(const char *device)
{
	if (!strncmp(device, "vbd-", 4))
		return "xen-blkback";
	if (!strncmp(device, "vif-", 4))
		return "xen-netback";
	return NULL;
}

void doctor_check_devices(struct host_state *h)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(doctor_path(h, folder,
				       "/sys/bus/xen-backend/devices"));

	while (dir && (entry = readdir(dir))) {
		const char *module = driver_of(entry->d_name);

		if (!module ||
		    !access(doctor_path(h, path, "/sys/bus/xen-backend/devices/%s/driver",
					entry->d_name), F_OK))
			continue;
		doctor_find(h, "no-driver", entry->d_name);
		doctor_cause(h, "no driver serves this device, and its guest waits");
		doctor_cure(h, "modprobe %s; if it is loaded, see the kernel's log and 'xenmod status'",
			    module);
	}
	if (dir)
		closedir(dir);
}
