#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Several guests and several disks at once, and what xenmod says of them."""

import json
import os

from dom0 import backend, disk, fio, tap
from dom0.command import output
from dom0.guest import FOLDER, Guest, wait_all_gone

OURS = os.environ["TESTBED_DRIVERS"] == "ours"


def together(*runs):
    """Run a command in each of several guests at the same time."""
    started = [(guest, guest.spawn(command)) for guest, command in runs]
    for guest, job in started:
        status, text = job.wait(timeout=300)
        tap.ok(status == 0, "%s: fio verifies" % guest.name, text)


def disks_seen():
    """Guests have consoles, too."""
    devices = json.loads(output("xenmod", "status", "--json"))["devices"]
    return [device for device in devices if device["type"] == "vbd"]


def check_status(guests, wanted):
    """xenmod sees exactly these disks: (guest, number)."""
    devices = disks_seen()
    tap.equal(sorted((d["guest_name"], d["name"].split("-")[2])
                     for d in devices), sorted(wanted),
              "xenmod status sees all the disks")
    origin = "ours" if OURS else "in-tree"
    for device in devices:
        tap.equal((device["module"]["origin"], device["backend_state"],
                   device["frontend_state"]),
                  (origin, "connected", "connected"),
                  "%s of %s is connected" % (device["name"],
                                             device["guest_name"]))
        tap.ok(device["requests"] > 0, "and had requests", device)
    tap.equal(sorted({d["guest_id"] for d in devices}),
              sorted(guest.domid for guest in guests), "of the right guests")


def two_guests(disks):
    with Guest("one", kind="pv", disks=disks[:2]) as one, \
            Guest("two", kind="pvh", disks=disks[2:]) as two:
        one.wait_connected("vbd", 2)
        two.wait_connected("vbd", 1)
        together((one, fio.command(fio.job("a", "xvda", 2, "4k", 16), tag="a")),
                 (one, fio.command(fio.job("b", "xvdb", 8, "128k", 4),
                                   tag="b")),
                 (two, fio.command(fio.job("c", "xvda", 2, "4k", 16),
                                   fio.job("d", "xvda", 8, "256k", 4,
                                           offset_mb=8), tag="c")))
        check_status((one, two), [("one", "51712"), ("one", "51728"),
                                  ("two", "51712")])
        one.shutdown()
        left = [d["guest_name"] for d in disks_seen()]
        tap.equal(left, ["two"], "one guest's end leaves the other alone")
        fio.verify(two, fio.job("after", "xvda", 1, "16k", 8))
        two.shutdown()


def keep_verifying(guest):
    """fio verifies while the guest moves, until a file tells it to end. Its
    result is in a file, too: the console's other end does not move along."""
    job = fio.command(fio.job("moved", "xvda", 4, "16k", 16))
    guest.check("{ (while [ ! -e /run/enough ]; do { %s; } || exit 1; done);"
                " echo $? >/run/moved; } </dev/null >/run/moved.out 2>&1 &"
                % job)
    backend.wait_busy(guest.vbd())


def still_verifying(guest, what):
    guest.wait_connected("vbd")
    backend.wait_busy(guest.vbd())
    tap.ok(guest.run("test -e /run/moved")[0] != 0, "%s: fio goes on" % what)


def verified(guest):
    text = guest.check("touch /run/enough; until [ -s /run/moved ]; do "
                       "sleep 1; done; cat /run/moved", timeout=300).strip()
    tap.ok(text == "0", "fio verifies to the end",
           guest.run("cat /run/moved.out")[1])


def save_and_restore(guest):
    path = FOLDER + "/saved"
    guest.save(path)
    wait_all_gone()
    tap.equal(backend.devices(), [], "a saved guest has no device")
    guest.restore(path)
    os.unlink(path)


def moves(path):
    for kind in ("pv", "pvh"):
        with tap.case("a %s guest moves under I/O" % kind), \
                Guest("moving", kind=kind, memory=160, disks=[path]) as guest:
            guest.wait_connected("vbd")
            keep_verifying(guest)
            save_and_restore(guest)
            still_verifying(guest, "save and restore")
            # Debian's Xen cannot track what a PV guest writes.
            if kind == "pvh":
                guest.migrate()
                still_verifying(guest, "migration")
            verified(guest)
            guest.shutdown()
        wait_all_gone()


def main():
    disks = [disk.null_block("disk0", 32),
             disk.loop("/run/testbed/disk1.img", 32),
             disk.null_block("disk2", 32)]
    with tap.case("a PV and a PVH guest at once, null_blk and loop"):
        two_guests(disks)
    with tap.case("no device is left"):
        tap.equal(disks_seen(), [], "xenmod status shows none")
    with tap.case("save and restore, migration to this host"):
        moves(disks[0])
    tap.done()


main()
