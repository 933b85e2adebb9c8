#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Guests and their disks come and go under load, and leave nothing behind.

    cycles.py [DISKS]       in all, at least so many disks (default: 50)

A round are guests that end each in its own way: one by itself, one is
destroyed and one crashes in the middle of I/O. Before that one of their disks
is taken out and put in again under the others' load."""

import sys
import time

from dom0 import backend, disk, fio, host, module, store, tap
from dom0.guest import Guest, wait_all_gone
from dom0.ledger import Ledger
from dom0.quickdisk import QuickDisk

WANTED = int(sys.argv[1]) if len(sys.argv) > 1 else 50
QUICK = tuple("xvd" + letter for letter in "bcdefghijklmnop")
DISK_MB = 16
# A slow disk: some requests are always in flight, though the CPUs are idle.
SLOW = {"irqmode": 2, "completion_nsec": 30000000}
READ = "dd if=/dev/%s of=/dev/null bs=64k count=2"
LOAD = ("for disk in xvda xvdb; do { %s; } & done; wait"
        % fio.endless("$disk", "$disk", depth=4, sizes="4k-16k"))


class Tally:
    """Disks made and taken away, by the way they ended."""

    def __init__(self):
        self.ends = {}

    def add(self, way, number):
        self.ends[way] = self.ends.get(way, 0) + number

    def total(self):
        return sum(self.ends.values())


def plug(guest, path):
    """More disks, beside the one that xl made."""
    disks = [QuickDisk(guest, vdev, path).plug() for vdev in QUICK]
    for one in disks:
        one.wait_connected()
    return disks


def change(guest, one, tally):
    """A disk goes and comes while the guest's others are busy."""
    guest.check("until %s; do sleep 0.1; done" % (READ % one.vdev))
    one.unplug()
    one.wait_gone()
    tally.add("unplugged", 1)
    one.plug().wait_connected()


def end(guest, way):
    if way == "shut down":
        # Its jobs stay behind as zombies: a guest's init does not bury them.
        guest.check("killall -9 fio")
        guest.shutdown()
    elif way == "destroyed":
        guest.destroy()
    else:
        guest.crash()
        guest.wait_gone()


def round_of(number, paths, tally):
    """Guests one after the other, so that some start while others work."""
    ways = ("shut down", "destroyed", "crashed")
    guests = [Guest("%s%d" % (way.split()[0], number), kind="pv", memory=192,
                    disks=[path]) for way, path in zip(ways, paths)]
    domids = []
    try:
        for guest in guests:
            guest.create()
            domids.append(guest.domid)
        for guest, path in zip(guests, paths):
            guest.wait_ready()
            guest.wait_connected("vbd")
            disks = plug(guest, path)
            guest.spawn(LOAD)
            backend.wait_busy(guest.vbd())
            change(guest, disks[-1], tally)
        for guest, way in zip(guests, ways):
            backend.wait_busy(guest.vbd())
            end(guest, way)
            tally.add(way, 1 + len(QUICK))
    finally:
        for guest in guests:
            guest.destroy()
    wait_all_gone()
    # xl removes what it wrote; the quick disks' nodes are the test's own.
    for domid in domids:
        folder = "/local/domain/0/backend/vbd/%d" % domid
        if store.read(folder) is not None:
            store.remove(folder)


def counts_see(path, idle):
    """What is counted must show a guest that is there."""
    with Guest("seen", kind="pv", disks=[path]) as guest:
        guest.wait_connected("vbd")
        guest.check(READ % "xvda")
        busy = host.in_use()
        for name in ("event channels", "grants", "interrupts"):
            tap.ok(busy[name] > idle[name], "%s of a guest are counted" % name,
                   "%s before, %s with it" % (idle, busy))
        guest.shutdown()
    wait_all_gone()


def cycles(paths):
    round_of(0, paths, Tally())
    # What the first guests brought to life settles meanwhile.
    time.sleep(2)
    ledger = Ledger()
    counts_see(paths[0], ledger.before)
    tally = Tally()
    number = 0
    while tally.total() < WANTED:
        number += 1
        start = time.monotonic()
        round_of(number, paths, tally)
        tap.diagnose("round %d: %.1f s, %d disks so far: %s" % (
            number, time.monotonic() - start, tally.total(), tally.ends))
    tap.ok(tally.total() >= WANTED, "%d disks came and went: %s" % (
        tally.total(), ", ".join("%d %s" % (number, way) for way, number
                                 in tally.ends.items())))
    ledger.check()


def main():
    paths = [disk.null_block("disk%d" % n, DISK_MB, **SLOW) for n in range(3)]
    module.load("xen-blkback")
    with tap.case("%d disks under load" % WANTED):
        cycles(paths)
    name = "xen-blkback"
    status, text = module.unload(name)
    tap.ok(status == 0 and not module.loaded(name), "%s unloads" % name, text)
    tap.done()


main()
