// SPDX-License-Identifier: GPL-2.0
/* A kernel that is installed: are our modules built for it, and in its initramfs? */
#include "doctor.h"
#include "program.h"

#include <glob.h>
#include <regex.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool supported(const char *kernel)
{
	regex_t range;
	bool good;

	if (regcomp(&range, XENMOD_KERNELS, REG_EXTENDED | REG_NOSUB))
		return true;
	good = !regexec(&range, kernel, 0, NULL, 0);
	regfree(&range);
	return good;
}

static bool sources_installed(const struct host_state *h)
{
	char pattern[PATH_MAX];
	glob_t found;
	bool good;

	doctor_path(h, pattern, "/usr/src/xenmod-[0-9]*/dkms.conf");
	good = !glob(pattern, 0, NULL, &found) && found.gl_pathc;
	globfree(&found);
	return good;
}

/* Links below the root point to what is below it, too. */
static bool headers_installed(const struct host_state *h, const char *kernel)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t length;

	doctor_path(h, path, "/lib/modules/%s/build", kernel);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	if (target[0] == '/')
		doctor_path(h, path, "%s/Makefile", target);
	else
		doctor_path(h, path, "/lib/modules/%s/build/Makefile", kernel);
	return !access(path, F_OK);
}

/* Names of those that are missing. */
static bool missing(const struct host_state *h, const char *kernel, char *dst,
		    size_t size)
{
	char file[PATH_MAX];
	size_t i, length;

	dst[0] = '\0';
	for (i = 0; doctor_modules[i]; i++) {
		if (doctor_module_file(h, kernel, doctor_modules[i], file))
			continue;
		length = strlen(dst);
		snprintf(dst + length, size - length, "%s%s",
			 length ? ", " : "", doctor_modules[i]);
	}
	return dst[0];
}

static void check_built(struct host_state *h, const char *kernel)
{
	char names[256];

	if (!missing(h, kernel, names, sizeof(names)))
		return;
	if (!sources_installed(h)) {
		doctor_find(h, "not-installed", kernel);
		doctor_cause(h, "the modules' sources are not installed, and the kernel's own drivers serve");
		doctor_cure(h, "apt install xenmod-dkms, or 'make install' in xenmod's sources");
	} else if (!supported(kernel)) {
		doctor_find(h, "not-supported", kernel);
		doctor_cause(h, "this version does not know the kernel, whose own drivers serve");
		doctor_cure(h, "install a newer xenmod, or boot an older kernel");
	} else if (!headers_installed(h, kernel)) {
		doctor_find(h, "headers-missing", kernel);
		doctor_cause(h, "without the kernel's headers %s could not be built",
			     names);
		doctor_cure(h, "apt install linux-headers-%s; linux-headers-amd64 brings those of each kernel to come",
			    kernel);
	} else {
		doctor_find(h, "not-built", kernel);
		doctor_cause(h, "%s: not built for this kernel", names);
		doctor_cure(h, "dkms autoinstall -k %s; if it fails, /var/lib/dkms/xenmod/*/build/make.log says why",
			    kernel);
	}
}

struct image {
	time_t made;
	struct host_state *h;
	const char *kernel;
};

/* Where doctor_module_file() looks, too. */
static bool is_ours(const char *line)
{
	return strstr(line, "/updates/") || strstr(line, "/extra/");
}

/* A module of ours in the initramfs must be the one that is installed. */
static void check_member(char *line, void *data)
{
	struct image *image = data;
	struct host_state *h = image->h;
	char *base = strrchr(line, '/'), *end;
	char file[PATH_MAX];
	struct stat info;
	size_t i;

	end = base ? strstr(base, ".ko") : NULL;
	if (!end || !strstr(line, image->kernel))
		return;
	for (i = 0; doctor_modules[i]; i++) {
		if (strlen(doctor_modules[i]) != (size_t)(end - base - 1) ||
		    strncmp(doctor_modules[i], base + 1, end - base - 1) ||
		    !doctor_module_file(h, image->kernel, doctor_modules[i],
					file))
			continue;
		if (is_ours(line) &&
		    (stat(file, &info) || info.st_mtime <= image->made))
			continue;
		doctor_find(h, "stale-initramfs", image->kernel);
		doctor_cause(h, "its initramfs has %s %s, not the one that is installed",
			     is_ours(line) ? "an older" : "the kernel's own",
			     doctor_modules[i]);
		doctor_cure(h, "update-initramfs -u -k %s (with dracut: dracut --force --kver %s)",
			    image->kernel, image->kernel);
	}
}

/* As Debian, Red Hat and Fedora, and SUSE call it. */
static bool find_image(const struct host_state *h, const char *kernel,
		       char path[PATH_MAX], struct stat *info)
{
	return !stat(doctor_path(h, path, "/boot/initrd.img-%s", kernel), info) ||
	       !stat(doctor_path(h, path, "/boot/initramfs-%s.img", kernel), info) ||
	       !stat(doctor_path(h, path, "/boot/initrd-%s", kernel), info);
}

static void check_initramfs(struct host_state *h, const char *kernel)
{
	struct image image = { .h = h, .kernel = kernel };
	char path[PATH_MAX];
	char *debian[] = { "lsinitramfs", path, NULL };
	char *dracut[] = { "lsinitrd", path, NULL };
	struct stat info;

	if (!find_image(h, kernel, path, &info))
		return;
	image.made = info.st_mtime;
	if (program_lines(debian, check_member, &image) ||
	    program_lines(dracut, check_member, &image))
		return;
	doctor_find(h, "not-checked", kernel);
	doctor_cause(h, "neither lsinitramfs nor lsinitrd could list %s",
		     path + strlen(h->root));
	doctor_cure(h, "run xenmod doctor as root; apt install initramfs-tools; if the file is broken: update-initramfs -u -k %s",
		    kernel);
}

void doctor_check_kernel(struct host_state *h, const char *kernel)
{
	check_built(h, kernel);
	doctor_check_signatures(h, kernel);
	check_initramfs(h, kernel);
}
