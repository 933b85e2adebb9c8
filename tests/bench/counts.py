# SPDX-License-Identifier: GPL-2.0
"""From the plugin's tables to instructions per operation and class."""

import bisect
import collections
import re

from bench.jobs import BLOCK, DOM0_CPU, NETWORK

HYPERVISOR = range(0xffff800000000000, 0xffff880000000000)
TEXT = "tTwW"
# Kinds of blocks that the plugin tells apart.
STRING, PAUSE = 1, 2

# Where hypercalls leave the kernel. Kernels with a hypercall page have one
# symbol for each call, later ones one stub for all.
HYPERCALL = re.compile(r"xen_hypercall_\w+$")
UPCALL = re.compile(r"(xen_pv_evtchn_do_upcall|sysvec_xen_hvm_callback)$")
WAKE_UP = re.compile(r"try_to_wake_up$")
# Where Xen takes over from a domain that is not paravirtualised.
EXIT = re.compile(r"(svm|vmx)_vmexit_handler$")

HYPERVISOR_CLASS, USER_CLASS, REST = "hypervisor", "user space", "rest"
DRIVER = "driver"
MODULES = {
    DRIVER: ("xen_blkback", "xen_netback", "xen_core_mod", "xen_swiotlb_mod"),
    BLOCK: ("null_blk",),
    NETWORK: ("bridge", "stp", "llc", "dummy", "pktgen", "br_netfilter",
              "nf_conntrack", "nf_tables"),
}

# The first rule that matches a symbol's name tells its class. Helpers serve
# everybody, so nobody is charged with them: the block layer's floor is what
# its own functions and the disk's driver take; likewise the network stack's.
# That has the copies to and from processes, which are most of a stream's.
RULES = (
    (DRIVER, r"_*xen_swiotlb|_*swiotlb"),
    (NETWORK, r".*skb|.*netif|_*netdev|.*_xmit|_*dev_(queue|get|hard|loop|"
              r"gro|kfree|direct)|_*napi|_*net_(rx|tx|dev)|br_|_*fdb_|eth_|"
              r"_*ip_|_*ip6|ipv4|_*ipv6|_*tcp|bictcp|cubictcp|_*udp|icmp|"
              r"ping_|inet|_*sk_|lock_sock|release_sock|_*sock_|.*_sock$|"
              r".*sockfd|.*neigh|fib_|nf_|.*qdisc|pfifo|noqueue|fq_|sch_|"
              r"dst_|ipv4_dst|rt_(dst|is|cache|del|add)|arp_|"
              r"_*csum|_*skb|packet_|dql_|process_backlog|enqueue_to_backlog|"
              r"get_rps|flow_diss|.*flow_dissect|_*page_frag|"
              r"_*copy_(to|from|page_to|page_from)_(iter|user)|copyout|copyin|"
              r"copy_user|_*copy_user|simple_copy|csum_and_copy|"
              r"_*import_(iovec|single)|iov_iter|_*iovec|_*zerocopy|"
              r"gro_|.*_gro_|passthru_features|.*rtnl"),
    ("grants", r"_*gnttab|.*m2p|.*p2m|.*phys_to_machine|mfn_to_pfn|"
               r"lookup_address|.*xen_(pte|pmd|pud|p4d|pgd)_val|"
               r".*xen_make_(pte|pmd|pud|p4d)|xen_set_pte|xen_alloc_unpop|"
               r"xen_free_unpop|.*foreign_|(pgd|p4d|pud|pmd|pte)_offset"),
    ("helpers", r"_*kmem_cache|cache_from_obj|memcg_slab|_*slab_|_*kfree|"
                r"_*kmalloc|ktime_get|_*rcu_read|_*list_(add|del)|"
                r"_*x86_(indirect|return)_thunk|_raw_|mem(cpy|set|move)|"
                r"_*memcpy|_*memset|pvclock|read_tsc|_*radix_tree|_*xa_|"
                r"_*xas_|rb_|_*rb_|_*cond_resched|_*alloc_pages|_*free_page|"
                r"_find_|init_timer_key|xen_(save|restore)_fl|"
                r"xen_irq_(enable|disable)_direct|_*llist|_*fentry|"
                r"sort|_*srcu|_*refcount|_*percpu|_*rmqueue|"
                r"get_page_from_freelist|_*mod_.*state|"
                r"free_unref|_*put_page|_*folio_put|"
                r"xen_biovec_phys_mergeable|clear_page|copy_page|str[a-z]+$|"
                r"cmpxchg_double_slab|put_cpu_partial|_*mem_cgroup|_*memcg"),
    (BLOCK, r"_*blk|_*bio_|_*submit_bio|.*bvec|.*sbitmap|_*elv_|dd_|"
            r"_*deadline|_*wbt_|.*rq_qos|_*bdev_|_*blkdev|_*part_|"
            r"update_io_ticks|_*disk_|_*mempool|_*ioc_|_*iocg|"
            r"_*get_task_ioprio|kthread_blkcg|kthread_associate_blkcg|"
            r"badblocks|_*bfq|errno_to_blk|should_fail|flush_end|"
            r"_*cgroup_rstat_updated|dma_map|_*queue_(logical|max)"),
    ("events", r".*evtchn|xen_send_IPI|.*eoi|.*_irq_event|handle_.*irq|"
               r"notify_remote|generic_handle|.*dynirq|irq_to_desc|"
               r"add_interrupt_random|fast_mix|note_interrupt|info_for_irq|"
               r"irq_get_irq_data|xenbus|bind_|radix_tree_lookup_irq"),
    ("scheduler", r".*sched|.*wak(e|ing)|.*_task|.*task_|.*entity|_*psi_|"
                  r".*rcu|.*timer|_*tick_|.*clock|timekeeping|.*work|"
                  r"_*kthread|.*idle|.*load_avg|update_|ttwu|try_to|"
                  r".*switch|ktime|.*jiffies|cpu_startup|_*nohz|.*TLS|"
                  r".*wait|.*mc_|xen_load|.*_se$|clockevents|calc_|"
                  r"record_times|menu_|set_next|_*pick_|complete|"
                  r"cpuacct|account_|acct_account|arch_scale_freq|check_preempt|clear_buddies|"
                  r"put_prev|pwq_|check_cfs_rq|trigger_load|refresh_cpu_vm|"
                  r"need_update|detach_if_pending|paravirt_get_lazy|"
                  r"enter_lazy_tlb|xen_(vcpuop|get_runstate)|ct_|hrtick|"
                  r"profile_tick|raw_notifier|check_spread|ntp_|"
                  r"xen_safe_halt|flush_smp_call|native_load|cpu_util|"
                  r"tsc_verify|run_ksoftirqd|ksoftirqd"),
    ("interrupts", r".*softirq|_*tasklet|asm_|exc_|.*irq|.*entry|"
                   r"xen_hypercall|error_|.*iret|sysvec|xenpv|"
                   r"common_interrupt|ret_from|restore_regs|"
                   r".*hypervisor_callback|_*local_bh|local_touch_nmi"),
)
COMPILED = tuple((name, re.compile(rule)) for name, rule in RULES)
CLASSES = (HYPERVISOR_CLASS, *dict.fromkeys(name for name, _rule in RULES),
           USER_CLASS, REST)


class Symbols:
    """dom0's /proc/kallsyms, and Xen's /proc/xen/xensyms if there is one."""

    def __init__(self, lines, xen_lines=()):
        table = []
        for line in lines:
            words = line.split()
            if words[1] in TEXT:
                module = words[3].strip("[]") if len(words) > 3 else ""
                table.append((int(words[0], 16), words[2], module))
        for line in xen_lines:
            address, kind, name = line.split()[:3]
            if kind in TEXT:
                table.append((int(address, 16), name, HYPERVISOR_CLASS))
        table.sort()
        self.addresses = [entry[0] for entry in table]
        self.names = [entry[1:] for entry in table]

    def find(self, address):
        """(name, module, whether it begins there)."""
        if address == 0:
            return "user space", USER_CLASS, False
        place = bisect.bisect_right(self.addresses, address) - 1
        if address in HYPERVISOR and (
                place < 0 or self.addresses[place] not in HYPERVISOR):
            return "hypervisor", HYPERVISOR_CLASS, False
        if place < 0:
            return "?", "", False
        name, module = self.names[place]
        return name, module, self.addresses[place] == address


def classify(name, module):
    if module in (HYPERVISOR_CLASS, USER_CLASS):
        return module
    for kind, modules in MODULES.items():
        if module in modules:
            return kind
    for kind, rule in COMPILED:
        if rule.match(name):
            return kind
    return REST


class Counts:
    """What ran on dom0's CPU between two marks."""

    def __init__(self):
        self.symbols = collections.Counter()    # instructions
        self.hypercalls = self.upcalls = self.wake_ups = self.exits = 0
        self.repeats = 0        # repetitions of string instructions
        self.pauses = 0         # turns of loops that wait for another CPU

    def add(self, symbols, address, instructions, executions, kind=0):
        name, module, begins = symbols.find(address)
        self.symbols[name, module] += instructions * executions
        self.repeats += executions * (kind == STRING)
        self.pauses += executions * (kind == PAUSE)
        if begins:
            self.hypercalls += executions * bool(HYPERCALL.match(name))
            self.upcalls += executions * bool(UPCALL.match(name))
            self.wake_ups += executions * bool(WAKE_UP.match(name))
            self.exits += executions * bool(EXIT.match(name))


def read_table(lines, symbols, cpu=DOM0_CPU):
    counts = Counts()
    for line in lines:
        vcpu, address, *numbers = line.split()
        if int(vcpu) == cpu:
            counts.add(symbols, int(address, 16), *map(int, numbers))
    return counts


class Cost:
    """The marginal cost of one operation."""

    def __init__(self, few, many, operations):
        """few, many: Counts; operations: how many more `many` has."""
        self.symbols = {
            key: (many.symbols[key] - few.symbols[key]) / operations
            for key in many.symbols | few.symbols}
        self.instructions = sum(self.symbols.values())
        self.repeats = (many.repeats - few.repeats) / operations
        self.pauses = (many.pauses - few.pauses) / operations
        self.hypercalls = 1000 * (many.hypercalls - few.hypercalls) / operations
        self.upcalls = 1000 * (many.upcalls - few.upcalls) / operations
        self.wake_ups = 1000 * (many.wake_ups - few.wake_ups) / operations
        self.exits = 1000 * (many.exits - few.exits) / operations

    def classes(self):
        """{class: instructions}, all classes named."""
        result = dict.fromkeys(CLASSES, 0.0)
        for (name, module), value in self.symbols.items():
            result[classify(name, module)] += value
        return result

    def top(self, count):
        """[(instructions, name, module, class)], the dearest first."""
        best = sorted(self.symbols.items(), key=lambda item: -item[1])[:count]
        return [(value, name, module, classify(name, module))
                for (name, module), value in best]
