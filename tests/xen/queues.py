#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Several queues with rings of several pages."""

import os
import re

from dom0 import disk, fio, module, store, tap
from dom0.guest import Guest

QUEUES = 4
ORDER = 4
# The frontend keeps pages for as many full requests as its rings hold:
# 4 queues of 512 slots with 33 pages are 264 MB.
MEMORY_MB = 768
CMDLINE = "xen_blkfront.max_ring_page_order=%d" % ORDER
LARGE = " xen_blkfront.max_indirect_segments=256"
OURS = os.environ["TESTBED_DRIVERS"] == "ours"


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


def negotiation(frontend):
    tap.equal(store.read(frontend + "/multi-queue-num-queues"), str(QUEUES),
              "the frontend made %d queues" % QUEUES)
    tap.equal(store.read(frontend + "/ring-page-order"), str(ORDER),
              "with rings of %d pages" % (1 << ORDER))
    for number in range(QUEUES):
        names = store.listing("%s/queue-%d" % (frontend, number))
        tap.equal(len([n for n in names if n.startswith("ring-ref")]),
                  1 << ORDER, "queue %d has all its pages" % number)
        tap.ok("event-channel" in names, "and its event channel", names)


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


def run(guest, path):
    frontend = store.read(path + "/frontend")
    device = "vbd-%s-%s" % tuple(path.split("/")[-2:])
    negotiation(frontend)
    fio.verify(guest,
               fio.job("small", "xvda", 2, "4k", 32,
                       more="--numjobs=4 --offset_increment=4M "
                       "--cpus_allowed=0-3 --cpus_allowed_policy=split"),
               fio.job("large", "xvda", 8, "1M", 2, offset_mb=16,
                       more="--numjobs=4 --offset_increment=8M "
                       "--cpus_allowed=0-3 --cpus_allowed_policy=split"))
    if OURS:
        used = queue_requests(device)
        tap.equal(sorted(used), list(range(QUEUES)),
                  "the backend serves %d queues" % QUEUES)
        tap.ok(used and min(used.values()) > 0, "all of them had requests",
               used)
        tap.diagnose(used)
        counts = interrupts_of(device)
        tap.ok(len(counts) == QUEUES and min(counts.values()) > 0,
               "each had events of its own", counts)


def main():
    path = disk.null_block("disk0", 64)
    module.load("xen-blkback")
    module.set_parameter("xen_blkback", "max_queues", QUEUES)
    with tap.case("a guest with %d CPUs verifies its disk" % QUEUES):
        with Guest("queues", kind="pv", vcpus=QUEUES, disks=[path],
                   memory=MEMORY_MB, cmdline=CMDLINE) as guest:
            run(guest, guest.wait_connected("vbd")[0])
            guest.shutdown()
    module.set_parameter("xen_blkback", "max_queues", 2)
    module.set_parameter("xen_blkback", "max_ring_page_order", 1)
    with tap.case("a frontend takes no more than it is offered"):
        with Guest("fewer", kind="pv", vcpus=QUEUES, disks=[path],
                   memory=MEMORY_MB, cmdline=CMDLINE + LARGE) as guest:
            frontend = store.read(guest.wait_connected("vbd")[0] + "/frontend")
            tap.equal((store.read(frontend + "/multi-queue-num-queues"),
                       store.read(frontend + "/ring-page-order")), ("2", "1"),
                      "two queues, two pages")
            fio.verify(guest, fio.job("fewer", "xvda", 16, "1M", 4))
            guest.shutdown()
    tap.done()


main()
