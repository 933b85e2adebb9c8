/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frontend's side of the handshake in xenstore: its keys, and the two states.
 */
#ifndef HOSTILE_FRONTEND_H
#define HOSTILE_FRONTEND_H

#include <stdbool.h>
#include <stdint.h>

/* Repeated connections are slowed down, to 6.4 s at most. */
#define STATE_MS	15000

enum { UNKNOWN, INITIALISING, INIT_WAIT, INITIALISED, CONNECTED, CLOSING,
       CLOSED };

/**
 * struct frontend - one of them
 * @store: xenstore
 * @front: our directory there
 * @back: the backend's
 */
struct frontend {
	int store;
	char front[64];
	char *back;
};

/* @kind is the toolstack's name for it, "vbd". Ends the program without it. */
void frontend_open(struct frontend *frontend, const char *kind,
		   unsigned int number);

/* A number of the backend's directory, or @fallback when there is none. */
long frontend_backend_number(struct frontend *frontend, const char *node,
			     long fallback);

int frontend_backend_state(struct frontend *frontend);

/* Write a number to our directory; @dir is "" or begins with a slash. */
void frontend_write(struct frontend *frontend, const char *dir,
		    const char *node, uint32_t value);

void frontend_remove(struct frontend *frontend, const char *node);

/* Our state, as a number. */
void frontend_go(struct frontend *frontend, int state);

/* To InitWait, from wherever; a failure when the backend does not come. */
bool frontend_invite(struct frontend *frontend);

/*
 * With an offer made, go to @state: does the backend connect? A failure if
 * nothing happens.
 */
bool frontend_try(struct frontend *frontend, int state);

/* All the way to Closed. */
bool frontend_close(struct frontend *frontend);

#endif /* HOSTILE_FRONTEND_H */
