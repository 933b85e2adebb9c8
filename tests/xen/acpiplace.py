#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Where there is little or nothing for xen-acpi-processor to do: one clear line, no
harm, the right exit code.

    acpiplace.py bare       on a machine without Xen
    acpiplace.py refused    Xen takes neither C- nor P-states; and in a PVH guest

What Xen has to be told for that is in lab/check/stages.py. A PV guest is acpi.py's."""

import sys

from dom0 import acpi, module, tap
from dom0.command import kernel_log

NO_DEVICE = "No such device"


def said(count):
    """The module's lines since the log had that many."""
    return [line.split("] ", 1)[-1] for line in kernel_log().splitlines()[count:]
            if "xen_acpi_processor: " in line and "taint" not in line]


def load():
    """(status, modprobe's words, the module's lines)"""
    count = len(kernel_log().splitlines())
    return (*module.load(acpi.MODULE), said(count))


def check_bare():
    for _ in range(2):
        status, text, lines = load()
        tap.ok(status == 1 and NO_DEVICE in text, "modprobe fails with ENODEV",
               (status, text))
        tap.ok(len(lines) == 1 and "does not run on Xen" in lines[0],
               "one line says why", lines)
        tap.ok(not module.loaded(acpi.MODULE), "it is not loaded")


def check_refused():
    status, text, lines = load()
    tap.equal((status, text), (0, ""), "the module loads: there is more to do")
    for kind in ("C-states", "P-states"):
        found = [line for line in lines if kind in line]
        tap.ok(len(found) == 1 and "Xen takes no %s (error -38)" % kind
               in found[0], "one line says that Xen takes no " + kind, lines)
    found = acpi.totals()
    tap.equal((found["c"], found["p"]), ("refused", "refused"),
              "debugfs says so, too")
    rows = acpi.processors()
    tap.ok(all(row["c"].startswith("3/") and row["p"].startswith("4/")
               for row in (rows["0"], rows["1"])), "what was read is shown", rows)
    rows = acpi.table("routing")
    tap.ok(any(row["state"] in ("verified", "registered") for row in rows),
           "interrupt routing is served", rows)
    tap.equal(found["pad"], "built-in", "the processor aggregator is")
    acpi.choose(acpi.FEWER)
    tap.equal(acpi.totals()["notifications"], "0",
              "the firmware's notifications are not listened to")
    acpi.unload()


def check_pvh_guest():
    acpi.check_guest("pvh")


if sys.argv[1] == "bare":
    check_bare()
else:
    check_refused()
    check_pvh_guest()
tap.done()
