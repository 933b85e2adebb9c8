/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands on the disk. Each sector says which one it is, so that all which
 * is read or written tells where it comes from and where it belongs. dom0
 * knows the same pattern, and writes another one around the disk.
 */
#ifndef HOSTILE_DATA_H
#define HOSTILE_DATA_H

#include <stdbool.h>
#include <stdint.h>

#define WORDS	64

/* No sector's content: for writes that must not happen, and before reads. */
#define NO_WRITE	0xdeadbeefdeadbeefULL
#define UNREAD		0x5a5a5a5a5a5a5a5aULL

/* What dom0 puts around the disk. */
#define CANARY		0xca4a47ca4a47ca4aULL

void data_fill(void *at, uint64_t word, unsigned int bytes);

/* The content of @nr sectors from @sector on. */
void data_write(void *at, uint64_t sector, unsigned int nr);

/* Is it that? */
bool data_is(const void *at, uint64_t sector, unsigned int nr);

/* Is it @word, all of it? */
bool data_is_word(const void *at, uint64_t word, unsigned int bytes);

/* Is there a canary in it? */
bool data_has_canary(const void *at, unsigned int bytes);

#endif /* HOSTILE_DATA_H */
