#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""All that a frontend and the backend can agree on, each with verified data.

    combinations.py [ROUNDS]

Persistent grants, queues, ring pages, indirect requests; PV and PVH guests.
Five disks at a time differ in their rings' size, which the backend bounds. All
else is the frontend's choice, made when its driver is loaded, but for the
persistent grants that the backend refuses half of the times."""

import itertools
import os
import re
import sys
import time
from dataclasses import dataclass

from dom0 import backend, disk, fio, module, store, tap
from dom0.guest import Guest, GuestLost
from dom0.quickdisk import QuickDisk

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
CPUS = 4
ORDERS = range(5)
# The frontend keeps pages for as many full requests as its rings hold:
# 4 queues of 512 slots with 33 pages are 264 MB, half of that for order 3.
MEMORY_MB = 1024
DISK_MB = 12
LOSSES = 3              # guests that the emulator may lose
SEGMENTS = 32           # of an indirect request: 128 KiB
# Of one queue each: block size, depth, size.
JOBS = (("512", 16, "32k"), ("4k", 32, "256k"), ("64k", 8, "512k"),
        ("1M", 2, "2M"))
FLUSHES = "--rw=randwrite --bs=16k --iodepth=4 --size=256k --fsync=4"
DISCARDS = "--rw=randtrimwrite --bs=32k --iodepth=4 --size=256k"
LARGE_READ = "dd if=/dev/%s of=/dev/null bs=1M count=1 iflag=direct"


@dataclass(frozen=True)
class Combination:
    persistent: bool
    queues: int
    order: int
    indirect: bool

    def __str__(self):
        return "%s, %d queue%s of %d page%s, %s" % (
            "persistent" if self.persistent else "not persistent",
            self.queues, "s" if self.queues > 1 else "", 1 << self.order,
            "s" if self.order else "",
            "indirect" if self.indirect else "direct")


def jobs(vdev):
    """All at the same time, on a CPU and a part of the disk each."""
    shapes = ["--rw=randwrite --bs=%s --iodepth=%d --size=%s" % shape
              for shape in JOBS] + [FLUSHES, DISCARDS]
    return ["--name=%s-%d --filename=/dev/%s --offset=%dM --cpus_allowed=%d %s"
            % (vdev, n, vdev, 2 * n, n % CPUS, shape)
            for n, shape in enumerate(shapes)]


def queue_requests(device):
    """Requests of each queue, as debugfs shows them."""
    result = {}
    queue = None
    with open("/sys/kernel/debug/xenmod/%s/queues" % device) as file:
        for line in file:
            found = re.match(r"queue (\d+)", line)
            if found:
                queue = int(found.group(1))
            elif line.startswith("earlier"):
                queue = None
            elif queue is not None and line.split()[0] == "requests":
                result[queue] = int(line.split()[1])
    return result


def interrupts_of(device):
    """{interrupt's name: count} of the device's queues."""
    result = {}
    with open("/proc/interrupts") as file:
        for line in file:
            words = line.split()
            if words[-1].startswith(device + "-q"):
                result[words[-1]] = sum(int(w) for w in words[1:]
                                        if w.isdigit())
    return result


def agreed(path):
    """What xenstore says: (persistent, queues, order)."""
    frontend = store.read(path + "/frontend")
    persistent = all(store.read(side + "/feature-persistent", "0") == "1"
                     for side in (frontend, path))
    queues = int(store.read(frontend + "/multi-queue-num-queues", "1"))
    folder = frontend + ("/queue-0" if queues > 1 else "")
    pages = len([name for name in store.listing(folder)
                 if name.startswith("ring-ref")])
    return persistent, queues, pages.bit_length() - 1


def load_frontend(guest, queues, persistent, indirect):
    guest.check("rmmod xen-blkfront; modprobe xen-blkfront max_queues=%d "
                "max_ring_page_order=%d max_indirect_segments=%d "
                "feature_persistent=%d" % (
                    queues, max(ORDERS), SEGMENTS if indirect else 0,
                    persistent or indirect))


def plug(guest, paths, persistent, indirect):
    """The disks, their rings bounded one after the other."""
    module.set_parameter("xen_blkback", "feature_persistent",
                         "NY"[persistent or not indirect])
    disks = []
    for order, path in zip(ORDERS, paths):
        module.set_parameter("xen_blkback", "max_ring_page_order", order)
        disks.append(QuickDisk(guest, "xvd%c" % (ord("a") + order), path)
                     .plug().wait_connected())
    guest.check("until [ -b /dev/%s ]; do sleep 0.05; done"
                % disks[-1].vdev)
    return disks


def unplug(disks):
    for one in disks:
        one.unplug()
    for one in disks:
        one.wait_gone()


def check_agreed(disks, before, combinations):
    """Xenstore has it in words; how many requests a megabyte took shows
    whether they were indirect."""
    for one, old, wanted in zip(disks, before, combinations):
        requests = backend.grown(old, backend.counters(one.name))["requests"]
        seen = (*agreed(one.backend), requests <= 1024 // (4 * SEGMENTS) + 1)
        tap.equal(Combination(*seen), wanted, "%s: agreed" % wanted)


def check_use(device, used, combination):
    """What the backend counted must fit."""
    queues = queue_requests(device)
    events = interrupts_of(device)
    wanted = {
        "persistent grants": (used["persistent_hits"] > 0)
        == combination.persistent,
        "queues": sorted(queues) == list(range(combination.queues))
        and min(queues.values()) > 0,
        "events": len(events) == combination.queues
        and min(events.values()) > 0,
        "reads": used["rd_req"] > 0, "writes": used["wr_req"] > 0,
        "flushes": used["f_req"] >= 3, "discards": used["ds_req"] > 0,
        "answers": used["requests"] == used["responses"],
        "no errors": not used["bad_requests"] and not used["grant_errors"],
    }
    tap.ok(all(wanted.values()), "%s: counters fit" % combination,
           "%s\n%s\n%s\n%s" % (wanted, used, queues, events))


def counters_of(disks):
    return [backend.counters(one.name) for one in disks]


def combine(guest, paths, queues, persistent, indirect):
    """One setting of the frontend, with rings of all sizes."""
    combinations = [Combination(persistent, queues, order, indirect)
                    for order in ORDERS]
    load_frontend(guest, queues, persistent, indirect)
    disks = plug(guest, paths, persistent, indirect)
    start = counters_of(disks)
    guest.check(" && ".join(LARGE_READ % one.vdev for one in disks))
    check_agreed(disks, start, combinations)
    start = counters_of(disks)
    status, text = guest.run(fio.command(
        "--thread", *[job for one in disks for job in jobs(one.vdev)]), timeout=300)
    tap.ok(status == 0, "fio verifies on all of them at once", text)
    for one, old, combination in zip(disks, start, combinations):
        check_use(one.name, backend.grown(old, backend.counters(one.name)),
                  combination)
    unplug(disks)


def settings(kind):
    """(queues, persistent, indirect): all of them if rounds were asked for;
    else half of them for PV and the other half for PVH guests. Each half has
    every pair of choices, and with each go rings of all sizes."""
    every = itertools.product((1, CPUS), (True, False), (True, False))
    return [one for one in every if len(sys.argv) > 1
            or (kind == "pv") ^ (one[0] > 1) ^ one[1] ^ one[2]]


def run_until_lost(kind, paths, todo):
    """Returns True if the emulator lost the guest."""
    with Guest(kind, kind=kind, vcpus=CPUS, memory=MEMORY_MB) as guest:
        try:
            while todo:
                started = time.monotonic()
                combine(guest, paths, *todo[0])
                tap.diagnose("%s: %.1f s" % (kind, time.monotonic() - started))
                todo.pop(0)
            guest.shutdown()
        except GuestLost:
            tap.diagnose("the emulator lost the guest; once more from %s"
                         % (todo[0],))
            return True
    return False


def run(kind, paths):
    todo = settings(kind)
    for _ in range(LOSSES + 1):
        if not run_until_lost(kind, paths, todo):
            return
    raise RuntimeError("the emulator lost %d guests" % (LOSSES + 1))


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("combinations", "these are checked with our counters")
        tap.done()
    paths = [disk.null_block("disk%d" % order, DISK_MB, cache_size=2,
                             discard=1) for order in ORDERS]
    module.load("xen-blkback")
    module.set_parameter("xen_blkback", "max_queues", CPUS)
    for _ in range(ROUNDS):
        for kind in ("pv", "pvh"):
            with tap.case("a %s guest with %d CPUs" % (kind, CPUS)):
                run(kind, paths)
    tap.done()


main()
