// SPDX-License-Identifier: GPL-2.0
/* Where the kernel loads only what is signed: are our modules, with a key it knows? */
#include "doctor.h"
#include "program.h"
#include "sysfs.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CERTIFICATE	"/var/lib/dkms/mok.pub"

/* What the running kernel wants, of other kernels, too. */
void doctor_check_lockdown(struct host_state *h)
{
	char path[PATH_MAX], text[128];

	doctor_path(h, path, "/sys/module/module/parameters");
	if (sysfs_text(path, "sig_enforce", text, sizeof(text)) && text[0] == 'Y')
		h->signatures_wanted = true;

	doctor_path(h, path, "/sys/kernel/security");
	if (sysfs_text(path, "lockdown", text, sizeof(text)) &&
	    !strstr(text, "[none]"))
		h->signatures_wanted = true;
	else if (!sysfs_text(path, "lsm", text, sizeof(text)))
		doctor_unreadable(h, "/sys/kernel/security", ENOENT);
}

/* As modinfo prints it; all empty: there is none. */
struct signature {
	char signer[128];	/* the key's name */
	char serial[128];	/* of its certificate, 66:F5:4E */
};

static void keep(const char *line, const char *field, char *dst, size_t size)
{
	size_t length = strlen(field);

	if (!strncmp(line, field, length))
		text_copy(dst, size, line + length + strspn(line + length, " "));
}

static void read_field(char *line, void *data)
{
	struct signature *s = data;

	keep(line, "signer:", s->signer, sizeof(s->signer));
	keep(line, "sig_key:", s->serial, sizeof(s->serial));
}

/*
 * A certificate's identifier as the kernel shows it. False without one, and for
 * another key's certificate.
 */
static bool read_identifier(const unsigned char *der, size_t length,
			    const struct signature *s, char *dst, size_t size)
{
	/* subjectKeyIdentifier, 2.5.29.14, as OCTET STRING in one. */
	static const unsigned char oid[] = { 6, 3, 0x55, 0x1d, 14, 4 };
	unsigned char serial[sizeof(s->serial) / 3];
	const unsigned char *p;
	char *at = (char *)s->serial;
	size_t i, n = 0;

	while (n < sizeof(serial) && at[0] && at[1]) {
		serial[n++] = strtoul(at, &at, 16);
		at += *at == ':';
	}
	if (!n || !memmem(der, length, serial, n))
		return false;
	p = memmem(der, length, oid, sizeof(oid));
	if (!p || (size_t)(der + length - p) < sizeof(oid) + 3)
		return false;
	p += sizeof(oid) + 2;
	n = *p++;
	if ((size_t)(der + length - p) < n || size < 2 * n + 1)
		return false;
	for (i = 0; i < n; i++)
		sprintf(dst + 2 * i, "%02x", p[i]);
	return n;
}

struct key {
	const char *signer;
	char identifier[129];	/* empty: not known, the name has to do */
	bool found;
	bool any;		/* is there a key at all that we may see? */
};

/* "1f0c3a72 I------ 1 perm 1f030000 0 0 asymmetri NAME: IDENTIFIER: X509.rsa ..." */
static void compare_key(struct key *k, const char *line)
{
	const char *name = strstr(line, " asymmetri ");

	if (!name)
		return;
	k->any = true;
	name += strlen(" asymmetri ");
	if (k->identifier[0])
		k->found |= !!strstr(name, k->identifier);
	else
		k->found |= !strncmp(name, k->signer, strlen(k->signer)) &&
			    name[strlen(k->signer)] == ':';
}

/* False, and the finding, when the kernel's keys cannot be seen. */
static bool look_up(struct host_state *h, const struct signature *s,
		    struct key *k)
{
	char path[PATH_MAX], *line = NULL;
	unsigned char der[4096];
	size_t size = 0, length;
	FILE *file;

	memset(k, 0, sizeof(*k));
	k->signer = s->signer;
	file = fopen(doctor_path(h, path, CERTIFICATE), "re");
	if (file) {
		length = fread(der, 1, sizeof(der), file);
		if (!read_identifier(der, length, s, k->identifier,
				     sizeof(k->identifier)))
			k->identifier[0] = '\0';
		fclose(file);
	}
	file = fopen(doctor_path(h, path, "/proc/keys"), "re");
	while (file && getline(&line, &size, file) > 0)
		compare_key(k, line);
	if (!k->any)
		doctor_unreadable(h, "/proc/keys", file ? EACCES : errno);
	free(line);
	if (file)
		fclose(file);
	return k->any;
}

static void check_key(struct host_state *h, const char *kernel,
		      const struct signature *s)
{
	struct key key;

	if (!look_up(h, s, &key) || key.found)
		return;
	doctor_find(h, "key-unknown", kernel);
	doctor_cause(h, "the modules are signed with '%s', which the kernel does not know: it refuses them ('Key was rejected by service')",
		     s->signer);
	doctor_cure(h, "mokutil --import %s, reboot, and choose Enroll MOK in the blue menu; without EFI, start the kernel without sig_enforce; see packaging.md",
		    CERTIFICATE);
}

void doctor_check_signatures(struct host_state *h, const char *kernel)
{
	char file[PATH_MAX], names[256] = "";
	char *argv[] = { "modinfo", file, NULL };
	struct signature some = { "", "" };
	size_t i, length;

	if (!h->signatures_wanted)
		return;
	for (i = 0; doctor_modules[i]; i++) {
		struct signature s = { "", "" };

		if (!doctor_module_file(h, kernel, doctor_modules[i], file))
			continue;
		if (!program_lines(argv, read_field, &s)) {
			doctor_no_modinfo(h, file);
		} else if (s.signer[0]) {
			some = s;
		} else {
			length = strlen(names);
			snprintf(names + length, sizeof(names) - length, "%s%s",
				 length ? ", " : "", doctor_modules[i]);
		}
	}
	if (names[0]) {
		doctor_find(h, "not-signed", kernel);
		doctor_cause(h, "the kernel is locked down and loads only signed modules; not signed: %s",
			     names);
		doctor_cure(h, "let dkms sign: mokutil --import %s, reboot, confirm, then dkms remove and install again; see packaging.md",
			    CERTIFICATE);
	}
	if (some.signer[0])
		check_key(h, kernel, &some);
}
