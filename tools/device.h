/* SPDX-License-Identifier: GPL-2.0 */
/* One backend device, as sysfs and xenstore describe it. */
#ifndef XENMOD_DEVICE_H
#define XENMOD_DEVICE_H

#include "counters.h"
#include "module.h"
#include "snapshot.h"
#include "text.h"

enum device_kind {
	DEVICE_OTHER,
	DEVICE_VBD,
	DEVICE_VIF,
};

struct feature {
	const char *name;
	bool one_sided;			/* there is no frontend key for it */
	struct number backend;		/* what each side offers */
	struct number frontend;
	bool negotiated;
	bool has_value;			/* backend's number says how much */
};

#define FEATURES_MAX	8
#define DEVICE_TEXT_MAX	256

/* Texts are as found: escape them before they reach a terminal. */
struct device {
	char name[DEVICE_NAME_MAX];	/* "vbd-1-51712" */
	enum device_kind kind;
	struct number guest_id;
	char guest_name[DEVICE_TEXT_MAX];

	char driver[64];		/* empty: none */
	struct module module;		/* name empty: unknown */

	struct number backend_state;
	struct number frontend_state;
	bool connected;			/* the frontend's keys are complete */

	char params[DEVICE_TEXT_MAX];		/* vbd */
	char physical_device[32];
	char mode[16];
	char network_device[64];		/* vif */
	char bridge[64];

	char protocol[32];
	struct number queues;
	struct number ring_pages;
	struct feature features[FEATURES_MAX];
	size_t feature_count;

	char error[DEVICE_TEXT_MAX];	/* xenstore's error node */

	struct counters counters;
	struct rates rates;
};

struct xen;

/* All devices of this domain's backends; the caller frees *devices. */
size_t device_collect(struct xen *xen, struct device **devices);

#endif
