/* SPDX-License-Identifier: GPL-2.0 */
/* What all fuzzers share: the input, and how it is taken byte by byte. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <linux/types.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const u8 *input;
static size_t left;

/* The next byte; zeroes when all were taken. */
static u8 byte(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

static inline u16 word(void)
{
	u16 low = byte();

	return low | byte() << 8;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	/* No test is running that could fail: stop at once. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	return 0;
}

#endif
