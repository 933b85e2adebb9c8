#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The host sleeps (S3) and wakes: guests' disks and networks go on, and Xen has
C- and P-states again.

    acpisleep.py [ROUNDS]

Needs tests/acpi/processors.asl, --suspend, and a Xen that drives the P-states
(lab/check/stages.py)."""

import os
import sys

from dom0 import acpi, backend, disk, fio, module, network, tap
from dom0.command import output, wait_until
from dom0.guest import Guest

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
OURS = os.environ["TESTBED_DRIVERS"] == "ours"
CPUS = int(os.environ["TESTBED_CPUS"])
LOAD = "--bsrange=4k-128k --rw=randrw --iodepth=32"
WOKE = "Finishing wakeup from ACPI S3 state"


def disk_load(guest):
    """fio that verifies until a file tells it to end; its job."""
    return guest.spawn(
        "n=0; while [ ! -e /run/enough ]; do { %s; } || exit 1; "
        "n=$((n + 1)); done; echo $n rounds" % fio.command(
            fio.job("sleep", "xvda", 8, "4k", 32, more=LOAD)))


def sleep_once(guest, vif):
    """What Xen said from falling asleep on."""
    before = vif.statistics()
    acpi.new_lines()
    with open("/sys/power/state", "w") as file:
        file.write("mem")
    backend.wait_busy(guest.vbd())
    tap.ok(True, "the guest's disk works after the sleep")
    wait_until(lambda: vif.statistics()["rx_bytes"] > before["rx_bytes"], 60,
               "the guest's stream goes on")
    tap.ok(True, "the guest's network works after the sleep")
    return acpi.new_lines()


def check_round(guest, vif, uploaded, states):
    resumes = int(acpi.totals()["resumes"]) if OURS else 0
    lines = sleep_once(guest, vif)
    tap.ok(any(WOKE in line for line in lines), "the machine slept and woke",
           "\n".join(lines[-20:]))
    again = acpi.by_id(lines)
    if OURS:
        tap.equal(again, uploaded, "P-states are uploaded again, all the same")
        tap.equal(int(acpi.totals()["resumes"]), resumes + 1,
                  "the module counts the resume")
        for number, row in sorted(acpi.processors().items()):
            if row["online"] == "1":
                tap.ok(row["c"].endswith("/0") and row["p"].endswith("/0"),
                       "CPU with ACPI id %s: Xen took both" % number, row)
    else:
        tap.equal(sorted(again), sorted(uploaded), "P-states are uploaded again")
    tap.equal(acpi.c_states(), states, "Xen has its C-states again")
    found = acpi.frequencies()
    tap.equal(sorted(found), list(range(CPUS)),
              "Xen drives the P-states of all CPUs")


output("xenpm", "set-max-cstate", "1")
acpi.new_lines()
if OURS:
    uploaded = acpi.by_id(acpi.load())
else:
    module.load_in_tree(acpi.IN_TREE)
    uploaded = acpi.by_id(acpi.new_lines())
tap.equal(sorted(uploaded), list(range(CPUS)), "P-states of all CPUs uploaded")
states = acpi.c_states()
tap.ok(all("C3" in found for found in states.values()), "C-states, too", states)

network.bridge()
with Guest("sleeper", disks=[disk.null_block(size_mb=16)],
           vifs=[network.specification(0)]) as guest:
    guest.wait_connected("vbd")
    network.configure(guest, 0)
    vif = network.Vif(guest)
    vif.wait_connected()
    job = disk_load(guest)
    stream = network.Stream(None, guest, "10.0.0.1", up=1, down=1,
                            seconds=86400)
    backend.wait_busy(guest.vbd())
    for _ in range(ROUNDS):
        check_round(guest, vif, uploaded, states)
    good, said = stream.finish()
    tap.ok(good, "the stream's bytes all came, in order", said)
    guest.check("touch /run/enough")
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies to the end: %s" % text.strip(), text)
tap.done()
