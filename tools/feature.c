// SPDX-License-Identifier: GPL-2.0
#include "feature.h"
#include "xen.h"

#include <stdio.h>

/* How a key's value is meant. */
enum sense {
	SENSE_FLAG,		/* a number that is not 0 */
	SENSE_AMOUNT,		/* and says how much */
	SENSE_REFUSAL,		/* a number that is not 0 refuses it */
	SENSE_PRESENCE,		/* any value; it may sit in the queue's place */
};

struct rule {
	enum device_kind kind;
	const char *name;
	const char *backend_key;	/* NULL: always offered */
	const char *frontend_key;	/* NULL: needs no frontend's word */
	enum sense sense;		/* of the frontend's key, else backend's */
};

static const struct rule rules[] = {
	{ DEVICE_VBD, "persistent", "feature-persistent",
	  "feature-persistent", SENSE_FLAG },
	{ DEVICE_VBD, "indirect", "feature-max-indirect-segments",
	  NULL, SENSE_AMOUNT },
	{ DEVICE_VBD, "flush", "feature-flush-cache", NULL, SENSE_FLAG },
	{ DEVICE_VBD, "barrier", "feature-barrier", NULL, SENSE_FLAG },
	{ DEVICE_VBD, "discard", "feature-discard", NULL, SENSE_FLAG },

	{ DEVICE_VIF, "sg", "feature-sg", "feature-sg", SENSE_FLAG },
	{ DEVICE_VIF, "gso4", "feature-gso-tcpv4", "feature-gso-tcpv4",
	  SENSE_FLAG },
	{ DEVICE_VIF, "gso6", "feature-gso-tcpv6", "feature-gso-tcpv6",
	  SENSE_FLAG },
	{ DEVICE_VIF, "csum4", NULL, "feature-no-csum-offload",
	  SENSE_REFUSAL },
	{ DEVICE_VIF, "csum6", "feature-ipv6-csum-offload",
	  "feature-ipv6-csum-offload", SENSE_FLAG },
	{ DEVICE_VIF, "split-events", "feature-split-event-channels",
	  "event-channel-tx", SENSE_PRESENCE },
	{ DEVICE_VIF, "multicast", "feature-multicast-control",
	  "request-multicast-control", SENSE_FLAG },
	{ DEVICE_VIF, "ctrl-ring", "feature-ctrl-ring", "ctrl-ring-ref",
	  SENSE_PRESENCE },
};

static struct number presence(struct xen *xen, const char *directory,
			      const char *key)
{
	char text[64], queue_key[64];

	snprintf(queue_key, sizeof(queue_key), "queue-0/%s", key);
	return number_of(xen_store_text(xen, directory, key, text,
					sizeof(text)) ||
			 xen_store_text(xen, directory, queue_key, text,
					sizeof(text)));
}

static struct number frontend_offer(struct xen *xen, const char *frontend,
				    const struct rule *rule)
{
	struct number n;

	if (rule->sense == SENSE_PRESENCE)
		return presence(xen, frontend, rule->frontend_key);

	n = xen_store_number(xen, frontend, rule->frontend_key);
	if (rule->sense == SENSE_REFUSAL && n.kind != NUMBER_BAD)
		n = number_of(!number_true(n));
	return n;
}

size_t feature_collect(struct xen *xen, const struct device *device,
		       const char *backend, const char *frontend,
		       struct feature *features)
{
	size_t count = 0, i;

	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rule *rule = &rules[i];
		struct feature *f = &features[count];

		if (rule->kind != device->kind || count == FEATURES_MAX)
			continue;
		f->name = rule->name;
		f->one_sided = !rule->frontend_key;
		f->has_value = rule->sense == SENSE_AMOUNT;
		f->backend = rule->backend_key ?
			xen_store_number(xen, backend, rule->backend_key) :
			number_of(1);
		if (rule->frontend_key && device->connected)
			f->frontend = frontend_offer(xen, frontend, rule);
		f->negotiated = device->connected && number_true(f->backend) &&
				(f->one_sided || number_true(f->frontend));
		count++;
	}
	return count;
}
