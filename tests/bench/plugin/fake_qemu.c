// SPDX-License-Identifier: GPL-2.0
/* The part of QEMU that the plugin calls, for its test. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EXPORT		__attribute__((visibility("default")))
#define MAX_BLOCKS	64
#define MAX_CODE	15

struct qemu_plugin_insn {
	uint8_t code[MAX_CODE];
	size_t size;
};

struct qemu_plugin_tb {
	struct qemu_plugin_insn first;
	uint64_t address;
	size_t instructions;
	void (*executed)(unsigned int vcpu, void *data);
	void *data;
};

static void (*translated)(uint64_t id, struct qemu_plugin_tb *tb);
static struct qemu_plugin_tb blocks[MAX_BLOCKS];
static unsigned int count;

EXPORT void
qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
				      void (*callback)(uint64_t id,
						       struct qemu_plugin_tb *tb));
EXPORT void
qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
				     void (*callback)(unsigned int vcpu,
						      void *data),
				     int flags, void *data);
EXPORT size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
EXPORT uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
EXPORT struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(struct qemu_plugin_tb *tb, size_t index);
EXPORT const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
EXPORT size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
EXPORT int fake_translate(uint64_t address, size_t instructions,
			  const void *code, size_t size);
EXPORT void fake_execute(unsigned int block, unsigned int vcpu);

void
qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
				      void (*callback)(uint64_t id,
						       struct qemu_plugin_tb *tb))
{
	(void)id;
	translated = callback;
}

void
qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
				     void (*callback)(unsigned int vcpu,
						      void *data),
				     int flags, void *data)
{
	(void)flags;
	tb->executed = callback;
	tb->data = data;
}

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb)
{
	return tb->instructions;
}

uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb)
{
	return tb->address;
}

struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(struct qemu_plugin_tb *tb, size_t index)
{
	return index ? NULL : &tb->first;
}

const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn)
{
	return insn->code;
}

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
	return insn->size;
}

/* A block's number to execute it with, or -1 when there is no room.
 * code: its first instruction.
 */
int fake_translate(uint64_t address, size_t instructions, const void *code,
		   size_t size)
{
	if (count == MAX_BLOCKS || size > MAX_CODE)
		return -1;
	memcpy(blocks[count].first.code, code, size);
	blocks[count].first.size = size;
	blocks[count].address = address;
	blocks[count].instructions = instructions;
	translated(1, &blocks[count]);
	return count++;
}

void fake_execute(unsigned int block, unsigned int vcpu)
{
	blocks[block].executed(vcpu, blocks[block].data);
}
