#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A PVH dom0: its kernel registers no interrupt with Xen, so xen-acpi-processor
does. Xen before 4.20 does not take that, and is asked once.

Needs --dom0 pvh, tests/acpi/processors.asl, and four CPUs (lab/check/stages.py)."""

import os
import re

from dom0 import acpi, tap
from dom0.command import kernel_log, output, wait_until

CPUS = int(os.environ["TESTBED_CPUS"])
EVERY = list(range(CPUS))
LAST = EVERY[-1]
TAKES_GSIS = tuple(map(int, re.search(
    r"xen_version\s*: (\d+)\.(\d+)", output("xl", "info")).groups())) >= (4, 20)


def said(count):
    return [line.split("] ", 1)[-1] for line in kernel_log().splitlines()[count:]
            if "xen_acpi_processor: " in line and "GSI" in line]


def load():
    """(what Xen said, our lines on GSIs)"""
    count = len(kernel_log().splitlines())
    return acpi.load(), said(count)


def states(rows):
    return {row["state"] for row in rows}


def check_refused(lines, rows):
    tap.ok(len(lines) == 1 and "does not let this domain register" in lines[0],
           "one line says that Xen does not take GSIs", lines)
    tap.ok(not states(rows) & {"registered", "verified"}, "none is registered",
           states(rows))


def check_taken(lines, rows):
    tap.ok(len(lines) == 1 and re.search(r"registered \d+ GSIs with Xen",
                                         lines[0]),
           "what is missing is registered", lines)
    ours = [row for row in rows if row["state"] == "registered"]
    tap.ok(ours and not states(rows) & {"failed", "different"},
           "the table says so", states(rows))
    pins = acpi.pins()
    tap.equal([row for row in ours if pins.get(int(row["gsi"])) != (
        row["trigger"], row["polarity"])], [],
        "triggers and polarities are those of the I/O APIC")
    acpi.unload()
    _said, lines = load()
    again = {row["gsi"]: row["state"] for row in acpi.table("routing")}
    tap.equal({again[row["gsi"]] for row in ours}, {"verified"},
              "loaded again, it finds them")
    tap.equal(lines, [], "and is quiet")


with open("/sys/hypervisor/guest_type") as file:
    tap.equal(file.read().strip(), "PVH", "this is a PVH dom0")
output("xenpm", "set-max-cstate", "1")
text, lines = load()
tap.equal([(u.acpi_id, len(u.states)) for u in acpi.uploads(text)],
          [(cpu, 4) for cpu in EVERY], "P-states of all CPUs reach Xen")
rows = acpi.table("routing")
tap.ok(rows, "there is a routing table")
(check_taken if TAKES_GSIS else check_refused)(lines, rows)
for verb, online in (("offline", "0"), ("online", "1")):
    output("xen-hptool", "cpu-" + verb, str(LAST))
    wait_until(lambda: acpi.processors()[str(LAST)]["online"] == online, 5,
               "the module sees that CPU %d is %s" % (LAST, verb))
tap.ok(True, "CPUs that come and go are seen")
acpi.unload()
tap.done()
