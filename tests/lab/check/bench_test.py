# SPDX-License-Identifier: GPL-2.0
"""Tests of how the benchmark gets from counts to figures."""

import csv
import json
import os
import socket
import tempfile
import threading
import types

from bench import (chart, cli, goals, machine, pktgen, report, results,
                   stream)
from bench.counts import (CLASSES, DRIVER, REST, Cost, Counts, Symbols,
                          classify, read_table)
from bench.jobs import (BLOCK, FACTOR, FLOOR, JOBS, MEMORY, NAMES, NETWORK,
                        RX)
from bench.machine import CLOCK, MEASURED, PARALLEL
from lab.check.command import main
from lab.dom0 import tap
from lab.progress import Trouble

KALLSYMS = """\
ffffffff81001000 T xen_hypercall_pv
ffffffff81002000 T xen_pv_evtchn_do_upcall
ffffffff81003000 T try_to_wake_up
ffffffff81004000 T blk_mq_submit_bio
ffffffff81005000 d not_text
ffffffff81006000 T gnttab_map_refs
ffffffffc0001000 t blk_pass	[xen_blkback]
ffffffffc0002000 t null_queue_rq	[null_blk]
"""
HYPERCALL, UPCALL, WAKE_UP, SUBMIT = (
    0xffffffff81001000, 0xffffffff81002000, 0xffffffff81003000,
    0xffffffff81004000)
DRIVER_CODE = 0xffffffffc0001010
XEN = 0xffff82d040200000

CLASS_OF = (
    ("gnttab_unmap_refs", "", "grants"),
    ("set_foreign_p2m_mapping", "", "grants"),
    ("m2p_remove_override", "", "grants"),
    ("__raw_callee_save_xen_pud_val", "", "grants"),
    ("blk_mq_get_tag", "", BLOCK),
    ("bio_alloc_bioset", "", BLOCK),
    ("sbitmap_get", "", BLOCK),
    ("null_handle_cmd", "null_blk", BLOCK),
    ("kmem_cache_alloc", "", "helpers"),
    ("_raw_spin_lock_irqsave", "", "helpers"),
    ("ktime_get", "", "helpers"),
    ("evtchn_fifo_unmask", "", "events"),
    ("xen_irq_lateeoi", "", "events"),
    ("handle_edge_irq", "", "events"),
    ("try_to_wake_up", "", "scheduler"),
    ("enqueue_entity", "", "scheduler"),
    ("process_one_work", "", "scheduler"),
    ("__mod_timer", "", "scheduler"),
    ("__do_softirq", "", "interrupts"),
    ("xen_hypercall_pv", "", "interrupts"),
    ("xen_blkif_schedule", "xen_blkback", DRIVER),
    ("xenmod_cache_get", "xen_core_mod", DRIVER),
    ("kmem_cache_alloc", "xen_core_mod", DRIVER),
    ("vfs_read", "", REST),
    ("xenvif_tx_action", "xen_netback", DRIVER),
    ("skb_queue_tail", "", NETWORK),
    ("kfree_skb_reason", "", NETWORK),
    ("__alloc_skb", "", NETWORK),
    ("__netif_receive_skb_core.constprop.0", "", NETWORK),
    ("napi_complete_done", "", NETWORK),
    ("dev_hard_start_xmit", "", NETWORK),
    ("tcp_v4_rcv", "", NETWORK),
    ("_copy_to_iter", "", NETWORK),
    ("copy_user_generic_string", "", NETWORK),
    ("br_handle_frame", "bridge", NETWORK),
    ("pktgen_thread_worker", "pktgen", NETWORK),
    ("kfree", "", "helpers"),
    ("net_rx_action", "", NETWORK),
    ("schedule_timeout", "", "scheduler"),
)


def symbols():
    return Symbols(KALLSYMS.splitlines())


def table(scale):
    """What the plugin writes; everything but the start-up grows."""
    rows = [(0, SUBMIT, 100, scale), (0, DRIVER_CODE, 7, 10 * scale),
            (0, HYPERCALL, 3, 2 * scale), (0, UPCALL, 5, scale // 10),
            (0, WAKE_UP, 4, scale // 5), (0, XEN, 50, scale),
            (0, XEN + 64, 10, 1000), (0, 0, 9, 500), (1, SUBMIT, 100, 77777)]
    return [f"{cpu} {address:x} {size} {count} 0"
            for cpu, address, size, count in rows] + [
                f"0 {XEN + 32:x} 1 {8 * scale} 1", f"0 {XEN + 48:x} 1 70 2"]


def cost():
    return Cost(read_table(table(100), symbols()),
                read_table(table(500), symbols()), 400)


def check_symbols():
    found = symbols()
    tap.equal(found.find(SUBMIT), ("blk_mq_submit_bio", "", True),
              "a symbol begins where kallsyms says")
    tap.equal(found.find(SUBMIT + 0x1800),
              ("blk_mq_submit_bio", "", False), "data is no symbol of code")
    tap.equal(found.find(DRIVER_CODE), ("blk_pass", "xen_blkback", False),
              "a module's symbol tells the module")
    tap.equal(found.find(XEN + 8), ("hypervisor", "hypervisor", False),
              "Xen without symbols is one thing")
    named = Symbols(KALLSYMS.splitlines(), [f"{XEN:016x} T do_grant_copy"])
    tap.equal((named.find(XEN + 8), named.find(XEN - 8)),
              (("do_grant_copy", "hypervisor", False),
               ("hypervisor", "hypervisor", False)),
              "Xen's symbols, and what is none of them")
    tap.equal(classify("do_grant_copy", "hypervisor"), "hypervisor",
              "they are of the hypervisor whatever their name")
    for name, module, wanted in CLASS_OF:
        tap.equal(classify(name, module), wanted,
                  f"class of {name} {module}".strip())
    tap.ok({kind for _name, _module, kind in CLASS_OF} <= set(CLASSES),
           "every class is listed")


def check_cost():
    got = cost()
    # 100 + 70 + 6 + 0.5 + 0.8 + 50 + 8; the rest is the same for N and 5N.
    tap.equal(round(got.instructions, 6), 235.3,
              "marginal instructions: no start-up, no other CPU")
    tap.equal((got.hypercalls, got.upcalls, got.wake_ups),
              (2000.0, 100.0, 200.0), "hypercalls, upcalls, wake-ups per 1000")
    tap.equal((got.repeats, got.pauses), (8.0, 0.0),
              "repetitions of string instructions, and pauses")
    tap.equal(read_table(table(1), symbols()).pauses, 70, "pauses are told")
    classes = got.classes()
    tap.equal((classes["hypervisor"], classes[DRIVER], classes[BLOCK],
               classes["user space"]), (58.0, 70.0, 100.0, 0.0),
              "classes: hypervisor, driver, block layer, user space")
    tap.equal(round(sum(classes.values()), 6), round(got.instructions, 6),
              "the classes add up")
    tap.equal([name for _value, name, _module, _kind in got.top(2)],
              ["blk_mq_submit_bio", "blk_pass"], "the dearest symbols first")
    counts = Counts()
    counts.add(symbols(), HYPERCALL + 4, 2, 10)
    tap.equal(counts.hypercalls, 0, "only a symbol's first block is a call")


def write_run(folder, name, scale, times, values=()):
    """What a boot leaves, with the costs of `table` times `scale`."""
    job = JOBS[name]
    tables = os.path.join(folder, "tables")
    os.makedirs(tables)
    with open(os.path.join(folder, "kallsyms"), "w") as file:
        file.write(KALLSYMS)
    measured = {}
    for count, time in zip((job.operations, FACTOR * job.operations), times):
        measured[f"{name}.{count}"] = time
        with open(os.path.join(tables, f"{name}.{count}"), "w") as file:
            file.write("\n".join(table(count * scale)))
    with open(os.path.join(folder, MEASURED), "w") as file:
        json.dump({"times": measured, "values": values}, file)


def collected(folder):
    """Three rounds of both drivers in both regimes."""
    name = "blk-randread-4k-qd32-nopersist"
    for driver, scales in (("in-tree", (30, 10, 20)), ("ours", (10, 9, 11))):
        for turn, scale in enumerate(scales):
            for regime in (CLOCK, PARALLEL):
                write_run(os.path.join(
                    folder, "runs", f"{regime}.{turn}.{driver}"), name, scale,
                    (100, 100 + scale * 100), [
                        (MEMORY, "memory_kb_per_queue", scale)]
                    if regime == CLOCK else ())
    return name, cli.collect(folder)


def check_results(folder):
    name, found = collected(folder)
    tap.equal(round(found.median(name, "in-tree", "dom0_insn_per_op")), 4706,
              "the median of three rounds")
    tap.equal(round(found.cost(name, "in-tree", CLOCK).instructions), 4706,
              "the breakdown is that of the round in the middle")
    tap.equal(found.median(name, "ours", "block_layer_insn_per_op"), 1000.0,
              "the floor is the block layer")
    tap.equal(found.jobs(), [name, MEMORY], "jobs in the order of the plan")
    results.write_csv(found, os.path.join(folder, "results.csv"))
    results.write_spread(found, os.path.join(folder, "spread.csv"))
    with open(os.path.join(folder, "results.csv")) as file:
        text = file.read()
        rows = list(csv.reader(text.splitlines()))
    tap.equal(text.splitlines()[0], "job,driver,metric,unit,value",
              "results.csv has its header")
    tap.ok([name, "in-tree", "dom0_insn_per_op", "instructions",
            "4706"] in rows, "and its rows", text)
    tap.ok([MEMORY, "ours", "memory_kb_per_queue", "KiB", "10.0"] in rows,
           "memory is one of them", text)
    with open(os.path.join(folder, "spread.csv")) as file:
        tap.ok(f"{name},in-tree,dom0_insn_per_op,instructions,4706,2353,7059,"
               "3" in file.read().splitlines(), "spread.csv has the extremes")
    return name, found


def check_report(name, found):
    got = goals.judge(found, name, "dom0_insn_per_op")
    tap.ok(got.verdict == goals.MET and got.text == "<= 0.63", "a goal that is met", got)
    worse = results.Results()
    for driver, value in (("in-tree", 1000), ("ours", 700)):
        worse.add(name, driver, "dom0_insn_per_op", value)
        worse.add(name, driver, "iops", value)
        worse.add(name, driver, "hypercalls_per_1000", 1e6 / value)
        worse.add(MEMORY, driver, "memory_kb_per_queue", value)
    for job, metric in ((name, "dom0_insn_per_op"), (name, "iops"),
                        (name, "hypercalls_per_1000"),
                        (MEMORY, "memory_kb_per_queue")):
        tap.equal(goals.judge(worse, job, metric).verdict, goals.MISSED,
                  f"a goal that is missed: {metric}")
    tap.ok(goals.judge(worse, name, "upcalls_per_1000") is None,
           "no goal without figures")
    tap.ok("0 of 4 goals are met, 4 missed" in report.verdict(worse), "all missed are told",
           report.verdict(worse))
    for value in (990, 700):
        worse.add(name, "in-tree", "iops", value)
    for _turn in range(2):
        worse.add(name, "ours", "iops", 750)
    tap.equal(goals.judge(worse, name, "iops").verdict, goals.IN_SPREAD,
              "no worse than in-tree's worst round")
    text = "\n".join(report.comparison(found))
    tap.ok("0.50" in text and "met" in text, "ratios are printed", text)
    tap.equal(report.above_floor(1500, 3000, 1000), "0.25",
              "what is left above the floor")
    text = "\n".join(report.markdown(found))
    tap.ok(f"| {name} | 2000 | 4706, 2353, **0.50** |" in text,
           "the table in markdown", text)
    data = report.as_data(found)
    tap.ok(json.loads(json.dumps(data))["metrics"][0]["rounds"] == 3,
           "and as JSON")
    text = "\n".join(report.breakdown(found))
    tap.ok("HYPERVISOR" in text and "parallel" in text, "the breakdown", text)


def check_chart(name, found):
    text = chart.script(found, "title") or ""
    tap.ok(f"'{name}' 0" in text and "4.71k" in text and "(0.50)" in text,
           "the chart shows job, value and ratio", text)
    tap.ok(chart.script(results.Results(), "title") is None,
           "no chart of nothing")
    tap.equal([chart.short(v) for v in (7, 999.4, 5681, 9996, 99960)],
              ["7", "999", "5.68k", "10.0k", "100k"], "short numbers")


def check_plan():
    tap.equal(cli.choose(["blk-idle", "*-4guests"]),
              ["blk-randread-4k-qd32-4guests", MEMORY], "jobs by pattern")
    try:
        cli.choose(["nothing*"])
        tap.ok(False, "a pattern that matches nothing is refused")
    except Trouble as trouble:
        tap.ok("nothing*" in str(trouble),
               "a pattern that matches nothing is refused")
    options = types.SimpleNamespace(regime=None, rounds=2, drivers=None,
                                    jobs=list(NAMES))
    plan = cli.plan(options)
    tap.equal([one[:3] for one in plan[:8:2]],
              [(CLOCK, 1, "in-tree"), (CLOCK, 1, "ours"),
               (CLOCK, 2, "in-tree"), (CLOCK, 2, "ours")],
              "drivers take turns")
    tap.equal([{cli.needs_iommu(name) for name in jobs}
               for *_which, jobs in plan], [{False}, {True}] * (len(plan) // 2),
              "jobs with PCI devices have a machine of their own")
    tap.equal(sorted(plan[0][3] + plan[1][3]), sorted(NAMES),
              "and no job is left out")
    tap.equal(len({cli.run_name(*one) for one in plan}), len(plan),
              "each boot has its own folder")
    options.jobs = [MEMORY]
    tap.ok(all(regime == CLOCK for regime, *_rest in cli.plan(options)),
           "memory is measured in one regime")
    tap.ok(all(job.operations % job.guests == 0 for job in JOBS.values()
               if job.layer == BLOCK),
           "guests share operations evenly")


REPORT = """\
Params: count 8000  min_pkt_size: 64  max_pkt_size: 64
Result: OK: 365812(c360000+d5812) usec, 8000 (64byte,0frags)
  21869pps 11Mb/sec (11196928bps) errors: 3
"""


def check_network():
    for name, wanted in (("blk-randread-4k-qd1", 2000.0),
                         ("net-udp64-tx", 2000.0), ("net-tcp-rx", 16.0),
                         ("net-rr", 500.0)):
        tap.equal(JOBS[name].rate(8000, 4000), wanted,
                  f"{name}: {JOBS[name].rate_metric}")
    tap.equal(pktgen.milliseconds(REPORT, 8000), 365.812, "pktgen's time")
    for text, count in ((REPORT, 8001), ("Result: Idle", 8000)):
        try:
            pktgen.milliseconds(text, count)
            tap.ok(False, "pktgen that did not send all is told")
        except RuntimeError as error:
            tap.ok(str(count) in str(error),
                   "pktgen that did not send all is told")
    two = JOBS["net-udp1500-rx-2q"]
    command = pktgen.shell("eth0", "02:00:00:00:00:01", two, 8000)
    for wanted in ("echo 'count 8000' >/proc/net/pktgen/eth0",
                   "echo 'pkt_size 1514' >", "echo 'queue_map_max 1' >"):
        tap.ok(wanted in command, f"pktgen is told: {wanted}", command)
    tap.ok(command.index("add_device") < command.index("count") <
           command.index("echo start"), "in the right order", command)
    tap.equal((two.way, two.guests, JOBS["net-udp64-guests"].guests,
               JOBS["net-udp64-floor"].way, JOBS["net-udp64-floor"].guests),
              (RX, 1, 2, FLOOR, 0), "who takes part in a job")
    tap.ok(all(job in JOBS for job in (*goals.NET_RATIOS, *goals.RATES)),
           "goals are those of jobs")
    tap.ok({job.rate_metric for job in JOBS.values()} <= set(results.UNITS),
           "every rate has its unit")


def check_stream():
    """Against an iperf3 server that counts and tells."""
    server = socket.create_server(("127.0.0.1", 0))
    found = {}

    def serve():
        control, _peer = server.accept()
        name = control.recv(37, socket.MSG_WAITALL)
        control.sendall(bytes([stream.PARAMETERS]))
        found["parameters"] = stream.take_json(control)
        control.sendall(bytes([stream.STREAMS]))
        ways = [server.accept()[0] for _number in range(2)]
        found["cookies"] = {way.recv(37, socket.MSG_WAITALL) for way in ways}
        found["cookies"].add(name)
        control.sendall(bytes([stream.START, stream.RUNNING]))
        sizes = [len(way.recv(300000, socket.MSG_WAITALL)) for way in ways]
        stream.expect(control, stream.END)
        control.sendall(bytes([stream.RESULTS]))
        found["results"] = stream.take_json(control)
        stream.send_json(control, {"streams": [
            {"bytes": size} for size in sizes]})
        control.sendall(bytes([stream.DISPLAY]))
        stream.expect(control, stream.DONE)

    stream.PORT = server.getsockname()[1]
    thread = threading.Thread(target=serve)
    thread.start()
    took, got = stream.send("127.0.0.1", 2, 600000)
    thread.join()
    server.close()
    tap.ok(got == 600000 and took > 0, "two streams bring all their bytes",
           (took, got))
    tap.equal((len(found["cookies"]), found["parameters"]["parallel"],
               [one["id"] for one in found["results"]["streams"]]),
              (1, 2, [1, 3]), "as iperf3 wants to be told")


def check_network_results(folder):
    """Both layers in one report; a latency is better when it is less."""
    for driver, scale in (("in-tree", 20), ("ours", 10)):
        for turn, name in enumerate(("net-udp64-tx", "net-rr",
                                     "blk-randread-4k-qd1")):
            write_run(os.path.join(folder, "runs", f"{CLOCK}.{turn}.{driver}"),
                      name, scale, (100, 100 + scale * 100))
    found = cli.collect(folder)
    tap.equal(found.median("net-udp64-tx", "ours", "network_insn_per_op"), 0.0,
              "a network job's floor is the network stack")
    tap.equal((found.median("net-udp64-tx", "ours", "pps"),
               found.median("net-rr", "ours", "latency_us")),
              (8000.0, 416.6666666666667), "rate and latency")
    tap.ok(found.median("net-rr", "ours", "iops") is None,
           "a job has the metrics of its kind only")
    for name, metric, wanted in (
            ("net-rr", "latency_us", "<= 1"), ("net-udp64-tx", "pps", ">= 1.3"),
            ("net-udp64-tx", "dom0_insn_per_op", "<= 0.62")):
        got = goals.judge(found, name, metric)
        tap.ok(got.verdict == goals.MET and got.text == wanted,
               f"the goal of {name} {metric}", got)
    for name, told in (("net-rr", False), ("blk-randread-4k-qd1", True)):
        tap.equal(goals.judge(found, name, "upcalls_per_1000") is not None,
                  told, f"whether upcalls have a goal: {name}")
    text = "\n".join(report.markdown(found))
    tap.ok(text.count("| job |") == 2 and "packets/s" in text,
           "a table for each layer", text)
    text = chart.script(found, "title") or ""
    tap.ok("'net-udp64-tx' 1" in text and "8.00k" in text and
           "$theirs1" in text and '"833"' not in text,
           "the chart has packets a second, but no latency as a rate", text)


def check_domain_results(folder):
    """What counts is the driver domain's CPU, with its own kernel's names."""
    name = "domain-udp64-tx"
    run = os.path.join(folder, "runs", f"{CLOCK}.1.ours")
    write_run(run, name, 10, (100, 200))
    for kernel, text in (
            ("kallsyms-domain", f"{DRIVER_CODE:x} t vif_tx_poll\t[xen_netback]"),
            ("xensyms", f"{XEN:x} t svm_vmexit_handler")):
        with open(os.path.join(run, kernel), "w") as file:
            file.write(text + "\n")
    job = JOBS[name]
    for count in (job.operations, FACTOR * job.operations):
        with open(os.path.join(run, "tables", f"{name}.{count}"), "a") as file:
            file.write(f"\n2 {DRIVER_CODE:x} 30 {count} 0"
                       f"\n2 {XEN:x} 8 {2 * count} 0")
    found = cli.collect(folder)
    tap.equal((found.median(name, "ours", "dom0_insn_per_op"),
               found.median(name, "ours", "vm_exits_per_1000")),
              (46.0, 2000.0), "a driver domain's instructions and exits")
    tap.equal(found.cost(name, "ours", CLOCK).classes()[DRIVER], 30.0,
              "its driver by its own symbols")
    tap.ok(name not in cli.choose(None) and cli.choose(["domain-udp64-tx"]),
           "only who asks for it gets a driver domain")
    options = types.SimpleNamespace(suite="x")
    argv = machine.arguments(options, "ours", CLOCK, [name], "out", "control",
                             "plugin")
    tap.equal(argv[argv.index("--cpus") + 1], "3", "which has a CPU of its own")


def check_dma_results(folder):
    """What counts is the guest's CPU, with its own kernel's names."""
    name = "dma-map-4k"
    run = os.path.join(folder, "runs", f"{CLOCK}.1.ours.dma")
    write_run(run, name, 10, (100, 200))
    with open(os.path.join(run, "kallsyms-guest"), "w") as file:
        file.write(f"{DRIVER_CODE:x} t xdma_map_phys\t[xen_swiotlb_mod]\n")
    job = JOBS[name]
    for count in (job.operations, FACTOR * job.operations):
        with open(os.path.join(run, "tables", f"{name}.{count}"), "a") as file:
            file.write(f"\n1 {DRIVER_CODE:x} 90 {count} 0")
    found = cli.collect(folder)
    tap.equal(found.cost(name, "ours", CLOCK).classes()[DRIVER], 90.0,
              "a mapping's instructions are those of the guest's CPU")
    tap.equal(found.median(name, "ours", "dom0_insn_per_op"), None,
              "and not dom0's")
    for driver in ("ours", "in-tree"):
        found.values[name, driver, "map_ns"] = [200.0]
    tap.equal(goals.judge(found, name, "map_ns").verdict, goals.MET,
              "a mapping may take as long as in-tree's")
    text = "\n".join(report.markdown(found))
    tap.ok("| dma-map-4k |" in text and "200, 200, **1.00**" in text,
           "there is a table for it", text)


def check():
    check_symbols()
    check_network()
    check_stream()
    check_cost()
    check_plan()
    with tempfile.TemporaryDirectory() as folder:
        name, found = check_results(folder)
    with tempfile.TemporaryDirectory() as folder:
        check_network_results(folder)
    with tempfile.TemporaryDirectory() as folder:
        check_domain_results(folder)
    with tempfile.TemporaryDirectory() as folder:
        check_dma_results(folder)
    check_report(name, found)
    check_chart(name, found)


main(check)
