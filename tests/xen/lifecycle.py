#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Guests and modules come and go, and leave nothing behind."""

import os
import sys
import time

from dom0 import backend, disk, fio, host, module, tap
from dom0.guest import Guest, wait_all_gone

# Of two guests each.
CYCLES = int(sys.argv[1]) if len(sys.argv) > 1 else 10
DRIVER = "/sys/bus/xen-backend/drivers/xenmod-vbd/"
OURS = os.environ["TESTBED_DRIVERS"] == "ours"
ENDLESS = ("fio --name=load --filename=/dev/xvda --size=8M --rw=randrw "
           "--bsrange=4k-256k --ioengine=libaio --iodepth=32 --direct=1 "
           "--time_based --runtime=600 --output=/run/load.out")


def device_of(guest):
    """As sysfs calls the guest's disk."""
    node = guest.wait_connected("vbd")[0]
    return "vbd-%s-%s" % tuple(node.split("/")[-2:])


def requests(device):
    return backend.attribute(device, "statistics/rd_req")


def wait_busy(device):
    """Wait until the disk is in the midst of I/O."""
    end = time.monotonic() + 30
    first = int(requests(device) or 0)
    while int(requests(device) or 0) < first + 50:
        if time.monotonic() > end:
            raise TimeoutError("the guest's disk stays idle")
        time.sleep(0.05)


def cycle(number, paths):
    """Two guests come; one is killed during I/O, the other goes itself."""
    guests = [Guest("%s%d" % (name, number), kind="pv", disks=[path])
              for name, path in zip(("killed", "clean"), paths)]
    try:
        for guest in guests:
            guest.create()
        for guest in guests:
            guest.wait_ready()
        killed, clean = guests
        device = device_of(killed)
        killed.spawn(ENDLESS)
        wait_busy(device)
        killed.destroy()
        clean.wait_connected("vbd")
        clean.check("dd if=/dev/xvda of=/dev/null bs=64k count=16")
        clean.shutdown()
    finally:
        for guest in guests:
            guest.destroy()
    wait_all_gone()


def compare(before, after, memory):
    for name, value in before.items():
        tap.equal(after[name], value, "%s are back where they began" % name)
    lost = memory - host.memory_available_kb()
    tap.ok(lost < host.MEMORY_TOLERANCE_KB, "so is memory",
           "%d KB less than before" % lost)
    tap.diagnose("before %s, after %s, %d KB of memory less" % (
        before, after, lost))
    tap.equal(host.leftovers(), [], "no device, no xenstore node, no domain")


def counts_see(path, idle):
    """What is counted must show a guest that is there."""
    with Guest("seen", kind="pv", disks=[path]) as guest:
        guest.wait_connected("vbd")
        guest.check("dd if=/dev/xvda of=/dev/null bs=64k count=16")
        busy = host.in_use()
        for name in ("event channels", "grants", "interrupts"):
            tap.ok(busy[name] > idle[name], "%s of a guest are counted" % name,
                   "%s before, %s with it" % (idle, busy))
        guest.shutdown()
    wait_all_gone()


def cycles(paths):
    cycle(0, paths)
    # What the first guests brought to life settles meanwhile.
    time.sleep(2)
    before = host.in_use()
    memory = host.memory_available_kb()
    counts_see(paths[0], before)
    for number in range(CYCLES):
        start = time.monotonic()
        cycle(number + 1, paths)
        tap.diagnose("cycle %d: %.1f s" % (number, time.monotonic() - start))
    compare(before, host.wait_for_use(before), memory)


def rebind(guest, device):
    """The driver lets go of a busy disk and takes it again."""
    job = guest.spawn(fio.command(
        fio.job("rebind", "xvda", 8, "16k", 16, more="--loops=3")))
    wait_busy(device)
    for _ in range(3):
        with open(DRIVER + "unbind", "w") as file:
            file.write(device)
        tap.equal(backend.driver(device)[0], None, "the disk has no driver")
        with open(DRIVER + "bind", "w") as file:
            file.write(device)
        wait_busy(device)
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies across three rebinds", text)


def reload(guest, device):
    """The module goes while a guest wants its disk, and comes again."""
    job = guest.spawn(fio.command(
        fio.job("reload", "xvda", 8, "16k", 16, more="--loops=2"),
        tag="reload"))
    wait_busy(device)
    for name in ("xen-blkback", "xen-core-mod"):
        status, text = module.unload(name)
        tap.ok(status and "in use" in text, "%s stays while it is in use"
               % name, "status %d: %s" % (status, text))
    with open(DRIVER + "unbind", "w") as file:
        file.write(device)
    module.reload("xen-blkback")
    wait_busy(device)
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies across a reload", text)


def unload(path):
    with Guest("user", kind="pv", disks=[path]) as guest:
        device = device_of(guest)
        if OURS:
            with tap.case("rebind under I/O"):
                rebind(guest, device)
            with tap.case("reload under I/O"):
                reload(guest, device)
        guest.shutdown()
    wait_all_gone()
    for name in ("xen-blkback", "xen-core-mod") if OURS else ("xen-blkback",):
        status, text = module.unload(name)
        tap.ok(status == 0 and not module.loaded(name), "%s unloads" % name,
               text)
    with tap.case("a guest runs after a reload"):
        with Guest("again", kind="pv", disks=[path]) as guest:
            guest.wait_connected("vbd")
            fio.verify(guest, fio.job("again", "xvda", 1, "16k", 8))
            guest.shutdown()


def main():
    paths = [disk.null_block("disk0", 32), disk.null_block("disk1", 32)]
    with tap.case("%d guests, every second one killed during I/O"
                  % (2 * CYCLES)):
        cycles(paths)
    with tap.case("modules unload and load"):
        unload(paths[0])
    tap.done()


main()
