/* SPDX-License-Identifier: GPL-2.0 */
/* A small JSON writer. Its output is plain ASCII whatever the strings hold. */
#ifndef XENMOD_JSON_H
#define XENMOD_JSON_H

#include "text.h"

#include <stdbool.h>
#include <stdio.h>

#define JSON_DEPTH_MAX	16

struct json {
	FILE *out;
	int depth;
	bool filled[JSON_DEPTH_MAX];	/* this level has a member already */
};

void json_begin(struct json *j, FILE *out);
void json_end(struct json *j);

/* A NULL key is for the members of an array. */
void json_open_object(struct json *j, const char *key);
void json_close_object(struct json *j);
void json_open_array(struct json *j, const char *key);
void json_close_array(struct json *j);

void json_null(struct json *j, const char *key);
void json_bool(struct json *j, const char *key, bool value);
/* null when absent or not a number */
void json_number(struct json *j, const char *key, struct number n);
/* null when not finite */
void json_real(struct json *j, const char *key, double value);
/* null when NULL or empty; what is not UTF-8 becomes U+FFFD */
void json_string(struct json *j, const char *key, const char *value);

#endif
