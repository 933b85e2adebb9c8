// SPDX-License-Identifier: GPL-2.0
/*
 * A TCG plugin for QEMU: how often each translated block ran on each vCPU.
 *
 * For every line that it reads from its FIFO, the name of a file, it writes
 * what ran since the last such line there: vCPU, start address, instructions
 * in the block, executions, and what the block is: 1 for a repeated string
 * instruction, which QEMU executes once for each repetition, 2 for a pause,
 * as in loops that wait for another CPU, 0 for all else. User space shares its
 * addresses, so its blocks are told apart by their length only, at address 0.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* What we need of QEMU's plugin interface; not every QEMU has its header. */
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*translated)(qemu_plugin_id_t id,
							      struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*executed)(unsigned int vcpu,
							   void *data),
					  int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

#define EXPORT		__attribute__((visibility("default")))
#define NO_REGISTERS	0

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
			       const struct qemu_info_t *info, int argc,
			       char **argv);

#define MAX_VCPUS	16
#define MAX_BLOCKS	(1u << 21)
#define BUCKETS		(1u << 22)	/* of the open hash table */
#define PLAIN		0
#define STRING		1
#define PAUSE		2
#define KERNEL_START	0xffff800000000000ull

struct block {
	uint64_t address;
	uint64_t instructions;
	int kind;
};

static struct block *blocks;
static unsigned int block_count;
static uint32_t *buckets;		/* number of a block, plus one */
static uint64_t *executed[MAX_VCPUS];	/* of each block */
static uint64_t *reported[MAX_VCPUS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Zeroed; takes memory only where it is touched. */
static void *table(size_t count, size_t size)
{
	void *memory = mmap(NULL, count * size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* What a block of this instruction alone is. */
static int kind_of(const struct qemu_plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	size_t size = qemu_plugin_insn_size(insn);

	if (size < 2 || (code[0] != 0xf2 && code[0] != 0xf3))
		return PLAIN;
	code++;
	size--;
	if (*code == 0x90)
		return PAUSE;
	if ((*code & 0xf0) == 0x40 && size > 1)		/* wide operands */
		code++;
	if ((*code >= 0xa4 && *code <= 0xa7) ||
	    (*code >= 0xaa && *code <= 0xaf))
		return STRING;
	return PLAIN;
}

/* The number of a block. Blocks are translated again and again: the same
 * code is the same block.
 */
static unsigned int find_block(uint64_t address, uint64_t instructions,
			       int kind)
{
	uint64_t hash = (address * 31 + instructions) * 0x9e3779b97f4a7c15ull;
	uint32_t bucket = hash >> 42;
	unsigned int number;

	while (buckets[bucket]) {
		number = buckets[bucket] - 1;
		if (blocks[number].address == address &&
		    blocks[number].instructions == instructions &&
		    blocks[number].kind == kind)
			return number;
		bucket = (bucket + 1) % BUCKETS;
	}
	if (block_count == MAX_BLOCKS) {
		fputs("count: too many blocks\n", stderr);
		exit(1);
	}
	number = block_count++;
	blocks[number].address = address;
	blocks[number].instructions = instructions;
	blocks[number].kind = kind;
	buckets[bucket] = number + 1;
	return number;
}

static void on_execution(unsigned int vcpu, void *data)
{
	executed[vcpu % MAX_VCPUS][(uintptr_t)data]++;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	size_t count = qemu_plugin_tb_n_insns(tb);
	int kind = count == 1 ? kind_of(qemu_plugin_tb_get_insn(tb, 0)) : PLAIN;
	uintptr_t number;

	(void)id;
	if (address < KERNEL_START)
		address = 0;
	pthread_mutex_lock(&lock);
	number = find_block(address, count, kind);
	pthread_mutex_unlock(&lock);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_execution, NO_REGISTERS,
					     (void *)number);
}

static void write_table(FILE *file)
{
	unsigned int count, number, vcpu;
	uint64_t now;

	pthread_mutex_lock(&lock);
	count = block_count;
	pthread_mutex_unlock(&lock);
	for (vcpu = 0; vcpu < MAX_VCPUS; vcpu++) {
		for (number = 0; number < count; number++) {
			now = executed[vcpu][number];
			if (now == reported[vcpu][number])
				continue;
			fprintf(file, "%u %" PRIx64 " %" PRIu64 " %" PRIu64 " %d\n",
				vcpu, blocks[number].address,
				blocks[number].instructions,
				now - reported[vcpu][number],
				blocks[number].kind);
			reported[vcpu][number] = now;
		}
	}
}

/* The file appears under its name when it is complete. */
static void report(const char *path)
{
	char part[4096];
	FILE *file;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return;
	file = fopen(part, "w");
	if (!file) {
		perror(part);
		return;
	}
	write_table(file);
	if (fclose(file) || rename(part, path))
		perror(path);
}

static void *serve(void *data)
{
	FILE *fifo = data;
	char line[4096];

	while (fgets(line, sizeof(line), fifo)) {
		line[strcspn(line, "\n")] = '\0';
		report(line);
	}
	return NULL;
}

static bool make_tables(void)
{
	unsigned int vcpu;

	blocks = table(MAX_BLOCKS, sizeof(*blocks));
	buckets = table(BUCKETS, sizeof(*buckets));
	if (!blocks || !buckets)
		return false;
	for (vcpu = 0; vcpu < MAX_VCPUS; vcpu++) {
		executed[vcpu] = table(MAX_BLOCKS, sizeof(uint64_t));
		reported[vcpu] = table(MAX_BLOCKS, sizeof(uint64_t));
		if (!executed[vcpu] || !reported[vcpu])
			return false;
	}
	return true;
}

/* Argument: fifo=PATH */
EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
			       const struct qemu_info_t *info, int argc,
			       char **argv)
{
	pthread_t thread;
	FILE *fifo;

	(void)info;
	if (argc != 1 || strncmp(argv[0], "fifo=", 5)) {
		fputs("count: the one argument is fifo=PATH\n", stderr);
		return -1;
	}
	/* For writing, too: else it ends whenever the last writer leaves. */
	fifo = fopen(argv[0] + 5, "r+");
	if (!fifo) {
		perror(argv[0] + 5);
		return -1;
	}
	if (!make_tables() || pthread_create(&thread, NULL, serve, fifo)) {
		fputs("count: out of memory\n", stderr);
		return -1;
	}
	pthread_detach(thread);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
