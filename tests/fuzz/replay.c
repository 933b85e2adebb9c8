// SPDX-License-Identifier: GPL-2.0
/*
 * Run inputs of the fuzzer without one: to measure coverage, or to debug.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST	(1 << 20)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *name)
{
	static uint8_t bytes[MOST];
	FILE *file = fopen(name, "rb");
	uint8_t *data;
	size_t size;

	if (!file) {
		perror(name);
		return 1;
	}
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	/* Exactly so large, so that reading beyond it shows. */
	data = malloc(size + !size);
	for (size_t i = 0; i < size; i++)
		data[i] = bytes[i];
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int i, failed = 0;

	LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed;
}
