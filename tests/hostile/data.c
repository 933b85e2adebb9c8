// SPDX-License-Identifier: GPL-2.0
#include "data.h"

#define MARK	0x5ec7000000000000ULL

static uint64_t word_of(uint64_t sector, unsigned int n)
{
	return MARK | sector << 8 | n;
}

void data_fill(void *at, uint64_t word, unsigned int bytes)
{
	uint64_t *words = at;
	unsigned int i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = word;
}

void data_write(void *at, uint64_t sector, unsigned int nr)
{
	uint64_t *words = at;
	unsigned int i;

	for (i = 0; i < nr * WORDS; i++)
		words[i] = word_of(sector + i / WORDS, i % WORDS);
}

bool data_is(const void *at, uint64_t sector, unsigned int nr)
{
	const uint64_t *words = at;
	unsigned int i;

	for (i = 0; i < nr * WORDS; i++)
		if (words[i] != word_of(sector + i / WORDS, i % WORDS))
			return false;
	return true;
}

bool data_is_word(const void *at, uint64_t word, unsigned int bytes)
{
	const uint64_t *words = at;
	unsigned int i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		if (words[i] != word)
			return false;
	return true;
}

bool data_has_canary(const void *at, unsigned int bytes)
{
	const uint64_t *words = at;
	unsigned int i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		if (words[i] == CANARY)
			return true;
	return false;
}
