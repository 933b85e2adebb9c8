#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""One guest attacks the block backend, another one wants its disk served.

dom0 and both guests have a CPU each, so what the hostile guest burns of its own
CPU is its own. What is left to share is dom0's CPU and the backend. The measure
is a fixed amount of verified I/O: how long it takes, and its 99th percentile of
latency. It is compared with the same I/O while the hostile guest is just as
busy, but only with itself: then an emulator whose CPUs share the host's counts
for both sides. On the instruction clock the figures come again exactly.

Bounds: events that bring no work must cost the neighbour nearly nothing (a
quarter). A guest that has its requests served, bad ones or not, takes its fair
half of dom0's CPU: work takes twice the time, and the slowest percent a bit
more, as it waits for two passes of the other."""

import json
import os
import re

from dom0 import disk, hostile, module, tap
from dom0.command import output
from dom0.guest import Guest, wait_all_gone
from dom0.hostile import GuardedDisk, HostileGuest

SIZE_MB = 4
FIO = ("fio --name=n --filename=/dev/xvda --rw=randrw --bs=4k --iodepth=4 "
       "--size=%dM --ioengine=libaio --direct=1 --verify=crc32c "
       "--verify_fatal=1 --do_verify=1 --output-format=json "
       "--percentile_list=50:99 --output=/run/n.json > /run/n.err 2>&1 || "
       "{ cat /run/n.err /run/n.json; exit 1; }; cat /run/n.json" % SIZE_MB)

# (case, most time, most p99, as multiples of the same without an attack)
ATTACKS = (
    ("storm", 1.25, 2),
    ("storm-with-work", 2.5, 4),
    ("flippers", 2.5, 4),
)


def numbers(text):
    """(seconds, p99 in milliseconds, completed) of fio's report."""
    job = json.loads(text[text.index("{"):])["jobs"][0]
    sides = [job[name] for name in ("read", "write") if job[name]["total_ios"]]
    return (sum(side["runtime"] for side in sides) / 1000,
            max(side["clat_ns"]["percentile"]["99.000000"]
                for side in sides) / 1e6,
            sum(side["total_ios"] for side in sides))


def measure(victim, attacker, case):
    """fio's numbers, and what the backend did for the attacker meanwhile."""
    job = attacker.start("a", "--seconds 600 --threads 1 --order 4", case)
    device = attacker.device("a")
    attacker.check("sleep 0.5")
    before = hostile.counters(device)
    victim.check("sleep 0.2")
    result = numbers(victim.check(FIO, timeout=400))
    after = hostile.counters(device)
    tap.ok(job.running, "%s: the attack goes on" % case,
           "" if job.running else job.wait())
    job.kill()
    grown = {name: after[name] - before[name] for name in
             ("events", "spurious_events", "requests", "bad_requests")}
    tap.diagnose("%s: %.2f s, p99 %.2f ms, %d I/Os; backend for the "
                 "attacker: %s" % (case, *result, grown))
    return result, grown


def compare(name, got, calm, most_time, most_p99):
    tap.equal(got[2], calm[2], "%s: the neighbour's I/O is complete" % name)
    tap.ok(got[0] <= most_time * calm[0],
           "%s: it takes at most %g times as long" % (name, most_time),
           "%.2f s, without %.2f s" % (got[0], calm[0]))
    tap.ok(got[1] <= most_p99 * calm[1],
           "%s: p99 is at most %g times as high" % (name, most_p99),
           "%.2f ms, without %.2f ms" % (got[1], calm[1]))
    tap.diagnose("%s: time x%.2f, p99 x%.2f" % (
        name, got[0] / calm[0], got[1] / calm[1]))


def run(victim, attacker):
    calm, grown = measure(victim, attacker, "spin")
    tap.equal(grown["requests"], 0, "spin: that is no attack")
    for case, most_time, most_p99 in ATTACKS:
        with tap.case(case):
            got, grown = measure(victim, attacker, case)
            tap.ok(grown["events"] > 10, "%s: the backend notices it" % case,
                   grown)
            if case != "storm":
                tap.ok(grown["requests"] > 1000, "%s: and serves it" % case,
                       grown)
            compare(case, got, calm, most_time, most_p99)


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("hostile neighbour", "for our own drivers only")
        tap.done()
    cpus = int(re.search(r"nr_cpus *: (\d+)", output("xl", "info")).group(1))
    if cpus < 3 or os.cpu_count() > 1:
        tap.skip("hostile neighbour", "wants --cpus 3 and one CPU for dom0")
        tap.done()
    output("xl", "vcpu-pin", "0", "all", "0")
    module.load("xen-blkback")
    guarded = GuardedDisk("disk-a")
    path = disk.null_block("disk-v", 16)
    with Guest("victim", kind="pv", disks=[path], vcpus=1,
               extra={"cpus": "1"}) as victim, \
            HostileGuest(vcpus=1, extra={"cpus": "2"}) as attacker:
        victim.wait_connected("vbd")
        attacker.attach("a", guarded.path)
        with tap.case("a neighbour under attack"):
            run(victim, attacker)
        wrong = hostile.indiscipline(attacker.domid)
        tap.ok(not wrong, "the log is not flooded", "\n".join(wrong))
        attacker.detach("a")
        attacker.shutdown()
        victim.shutdown()
    wait_all_gone()
    tap.done()


main()
