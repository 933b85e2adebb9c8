/* SPDX-License-Identifier: GPL-2.0 */
/* What the two ends of a device offer each other. */
#ifndef XENMOD_FEATURE_H
#define XENMOD_FEATURE_H

#include "device.h"

struct xen;

/*
 * Fills features, FEATURES_MAX of them at most, from the two xenstore
 * directories; the frontend's keys count once it is connected.
 */
size_t feature_collect(struct xen *xen, const struct device *device,
		       const char *backend, const char *frontend,
		       struct feature *features);

#endif
