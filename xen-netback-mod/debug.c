// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs, for people: xen-netback/<vif>/io_ring_q<n> and ctrl, named as in the
 * in-tree driver. Writing "kick" to a ring's file serves it.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include "netback.h"

static struct dentry *root;

/* An index as it stands in the shared page, and how far from ours it is. */
static void show_ring(struct seq_file *file, const char *name,
		      const struct xenmod_ring *ring)
{
	const struct xenmod_ring_shared *shared = xenmod_ring_shared(ring);
	u32 rsp_prod = READ_ONCE(ring->rsp_prod);
	u32 req_prod = READ_ONCE(shared->req_prod);
	u32 cons = READ_ONCE(ring->req_cons);
	u32 req_event = READ_ONCE(shared->req_event);
	u32 rsp_event = READ_ONCE(shared->rsp_event);
	u32 pushed = READ_ONCE(shared->rsp_prod);

	seq_printf(file, "%s: nr_ents %u\n", name, ring->nr_slots);
	seq_printf(file, "req prod %u (%d) cons %u (%d) event %u (%d)\n",
		   req_prod, req_prod - pushed, cons, cons - pushed, req_event,
		   req_event - pushed);
	seq_printf(file, "rsp prod %u (base) pvt %u (%d) event %u (%d)\n\n",
		   pushed, rsp_prod, rsp_prod - pushed, rsp_event,
		   rsp_event - pushed);
}

static void show_limit(struct seq_file *file, const char *name,
		       const struct vif_limit *limit)
{
	if (!vif_rate_limited(&limit->rate)) {
		seq_printf(file, "%s limit: none\n", name);
		return;
	}
	seq_printf(file, "%s limit: %llu bytes in %llu us, next in %llu ns\n",
		   name, limit->bytes, limit->usec,
		   vif_rate_wait(&limit->rate, ktime_get_ns()));
}

static int ring_show(struct seq_file *file, void *unused)
{
	const struct vif_queue *queue = file->private;
	const struct vif *vif = queue->vif;

	seq_printf(file, "Queue %u\n", queue->base.id);
	show_ring(file, "TX", &queue->tx.ring);
	seq_printf(file, "NAPI state: %lx NAPI weight: %d TX queue len %u\n",
		   queue->napi.state, queue->napi.weight,
		   skb_queue_len(&queue->tx.ready));
	seq_printf(file, "kept pages %u\n", READ_ONCE(queue->tx.buffers.nr));
	show_limit(file, "TX", &vif->tx_limit);
	seq_putc(file, '\n');
	show_ring(file, "RX", &queue->rx.ring);
	seq_printf(file, "stopped %d dropping %d stalled %d needed %u wanted %u\n",
		   netif_tx_queue_stopped(queue->rx.txq), queue->rx.dropping,
		   queue->rx.stalled, queue->rx.needed, queue->rx.wanted);
	show_limit(file, "RX", &vif->rx_limit);
	return 0;
}

static int ring_open(struct inode *inode, struct file *file)
{
	return single_open(file, ring_show, inode->i_private);
}

static ssize_t ring_write(struct file *file, const char __user *text,
			  size_t count, loff_t *position)
{
	struct vif_queue *queue = file_inode(file)->i_private;
	char word[8] = "";

	if (*position || !count || count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, text, count))
		return -EFAULT;
	if (!sysfs_streq(word, "kick"))
		return -EINVAL;
	local_bh_disable();
	vif_rx_wake(queue);
	napi_schedule(&queue->napi);
	local_bh_enable();
	return count;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.open = ring_open,
	.read = seq_read,
	.write = ring_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static void show_hash(struct seq_file *file, const struct vif_hash *hash)
{
	static const char *const types[NETIF_HASH_TYPES] = {
		[NETIF_HASH_IPV4] = "IPv4",
		[NETIF_HASH_IPV4_TCP] = "IPv4 + TCP",
		[NETIF_HASH_IPV6] = "IPv6",
		[NETIF_HASH_IPV6_TCP] = "IPv6 + TCP",
	};
	unsigned int i;

	seq_puts(file, "Hash Algorithm: TOEPLITZ\n\nHash Flags:\n");
	for (i = 0; i < NETIF_HASH_TYPES; i++)
		if (hash->flags & 1U << i)
			seq_printf(file, "- %s\n", types[i]);
	seq_printf(file, "\nHash Key:\n%*ph\n", VIF_HASH_KEY, hash->key);
	if (!hash->mapping_size)
		return;
	seq_puts(file, "\nHash Mapping:\n");
	for (i = 0; i < hash->mapping_size; i++)
		seq_printf(file, "[%u]: %u\n", i, hash->mapping[i]);
}

static int ctrl_show(struct seq_file *file, void *unused)
{
	const struct vif *vif = file->private;
	const struct vif_hash *hash;

	rcu_read_lock();
	hash = rcu_dereference(vif->hash);
	if (hash)
		show_hash(file, hash);
	else
		seq_puts(file, "Hash Algorithm: NONE\n");
	rcu_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ctrl);

void vif_debug_show(struct vif *vif)
{
	char name[32];
	unsigned int i;

	vif->debugfs = debugfs_create_dir(vif->dev->name, root);
	for (i = 0; i < vif->nr_queues; i++) {
		snprintf(name, sizeof(name), "io_ring_q%u", i);
		debugfs_create_file(name, 0600, vif->debugfs, vif->queues[i],
				    &ring_fops);
	}
	if (vif->control)
		debugfs_create_file("ctrl", 0400, vif->debugfs, vif,
				    &ctrl_fops);
}

void vif_debug_hide(struct vif *vif)
{
	debugfs_remove_recursive(vif->debugfs);
	vif->debugfs = NULL;
}

void vif_debug_init(void)
{
	root = debugfs_create_dir("xen-netback", NULL);
}

void vif_debug_exit(void)
{
	debugfs_remove_recursive(root);
}
