// SPDX-License-Identifier: GPL-2.0
/* The part of QEMU that the plugin calls, for its test. */

#include <stddef.h>
#include <stdint.h>

#define EXPORT		__attribute__((visibility("default")))
#define MAX_BLOCKS	64

struct qemu_plugin_tb {
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
EXPORT int fake_translate(uint64_t address, size_t instructions);
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

/* A block's number to execute it with, or -1 when there is no room. */
int fake_translate(uint64_t address, size_t instructions)
{
	if (count == MAX_BLOCKS)
		return -1;
	blocks[count].address = address;
	blocks[count].instructions = instructions;
	translated(1, &blocks[count]);
	return count++;
}

void fake_execute(unsigned int block, unsigned int vcpu)
{
	blocks[block].executed(vcpu, blocks[block].data);
}
