#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""ACPI tables as Intel's and AMD's, side by side with the in-tree module; and
broken ones: each fault is one line that names the object, the rest reaches Xen.

Needs the same machine as acpi.py. Tables as Intel's come first: Xen cannot drive
P-states by MSR there, and then does not try again. Once it does drive them, it
must not be told of other registers: it would use them with its old driver."""

import re

from dom0 import acpi, module, tap
from dom0.command import kernel_log, output

ALL_P = [2400, 2000, 1600, 1200]
TWO = [2400, 2000]
THREE = [2400, 2000, 1600]
ALL_C = ["C1", "C2", "C3"]
NO_C3 = ["C1", "C2"]

# kind: MHz of C001's P-states in Xen (None: not uploaded), C002's C-states
# there (None: not uploaded), C003's broken object, its MHz.
KINDS = {
    8: (None, None, "_PCT", None),
    9: (TWO, NO_C3, "_PCT", None),
    10: (TWO, NO_C3, "_PCT", None),
    11: (TWO, NO_C3, "_PCT", None),
    12: (TWO, NO_C3, "_PSD", ALL_P),
    13: (THREE, NO_C3, "_PSD", ALL_P),
    14: (TWO, NO_C3, "_PSD", ALL_P),
    15: (TWO, NO_C3, "_PPC", ALL_P),
    16: (None, None, "_PPC", ALL_P),
    17: (None, NO_C3, "_TSS", ALL_P),
    18: (None, NO_C3, "_TSS", ALL_P),
    19: (THREE, NO_C3, "_TSS", ALL_P),
    20: (TWO, NO_C3, "_PCT", None),
    21: (TWO, NO_C3, "_PCT", None),
    22: (TWO, NO_C3, "_PCT", None),
    23: (TWO, NO_C3, "_PSD", ALL_P),
    24: (None, NO_C3, "_PSD", ALL_P),
    25: (None, None, "_TSS", ALL_P),
    26: (None, None, "_PTC", ALL_P),
    27: (None, None, "_TSD", ALL_P),
    28: (None, None, "_TPC", ALL_P),
    29: (TWO, NO_C3, "_CPC", ALL_P),
    30: (TWO, NO_C3, "_CPC", ALL_P),
    31: (None, NO_C3, "_CPC", ALL_P),
}
# How many lines, where it is not one. None: ACPICA mends it before anybody sees it.
# More: each entry is told, and that too few are left.
LINES = {("C002", 9): 0, ("C002", 10): 0, ("C002", 14): 0, ("C001", 19): 0,
         ("C002", 29): 0, ("C001", 16): 2, ("C001", 18): 2, ("C001", 24): 3,
         ("C001", 25): 3, ("C002", 25): 2, ("C001", 27): 2, ("C001", 28): 2,
         ("C001", 31): 3}
# MHz, C-states that Xen has then; 127: the registers are fixed hardware.
GOOD = (
    ("as Intel's", acpi.INTEL, [2401, 2400, 2000, 1600, 1200],
     {"C1": ("C1", 0, "HALT"), "C2": ("C2", 64, "FFH"), "C3": ("C3", 96, "FFH")}),
    ("as AMD's", acpi.AMD, [3400, 2800, 1400],
     {"C1": ("C1", 0, "HALT"), "C2": ("C2", 18, "SYSIO")}),
)
FIXED_HARDWARE = 127
EVERY = [0, 1, 2, 3]

# What is told of the routing tables.
ROUTES = (
    r"\\_SB\.PCI0\.SD8\._PRT: cannot be evaluated, dropped",
    r"\\_SB\.PCI0\.SE0\._PRT: entry 1: its link has no good _CRS, dropped",
    r"\\_SB\.PCI0\.SE0\._PRT: entry 2: no such device or pin, dropped",
    r"\\_SB\.PCI0\.SE0\._PRT: entry 3: no such device or pin, dropped",
    r":00 INTA: Xen does not register GSI 5000 ",
    r":00 INTA: Xen does not register GSI 5001 ",
)

ODD = ("ODD0", "ODD1", "ODD2")


def check_good(name, kind, mhz, c_states):
    acpi.choose(kind)
    theirs, theirs_c = acpi.sent_in_tree()
    tap.diagnose("in-tree: P-states of %d CPUs, C-states: %s" % (
        len(theirs), "yes" if theirs_c else "no"))
    ours = acpi.uploads(acpi.load())
    with tap.case("tables %s: P-states of all CPUs" % name):
        assert [u.acpi_id for u in ours] == EVERY, ours
        for upload in ours:
            assert [state[0] for state in upload.states] == mhz, upload
            assert [reg[0] for reg in upload.registers] == \
                [FIXED_HARDWARE] * 2, upload
    tap.equal({u.acpi_id: u.content() for u in ours if u.acpi_id in theirs},
              theirs, "tables %s: all that the in-tree module uploads" % name)
    tap.equal(acpi.c_states(), {cpu: c_states for cpu in EVERY},
              "tables %s: C-states of all CPUs" % name)
    acpi.unload()


def messages(count):
    """The module's lines since the log had that many."""
    return [line.split("] ", 1)[-1] for line in kernel_log().splitlines()[count:]
            if "xen_acpi_processor: " in line or "xen-acpi-processor: " in line]


def about(lines, name):
    return [line for line in lines if re.search(r"\b%s\b.*dropped" % name, line)]


def check_lines(kind, said, third):
    for cpu, method in (("C001", "_PSS"), ("C002", "_CST"), ("C003", third)):
        found = about(said, r"%s\.%s" % (cpu, method))
        wanted = LINES.get((cpu, kind), 1)
        tap.ok(len(found) == wanted,
               "kind %d: %d lines on %s.%s" % (kind, wanted, cpu, method),
               "\n".join(said))
        tap.diagnose("\n".join(found))
    for name in ODD:
        found = about(said, name)
        tap.ok(len(found) == 1, "kind %d: one line on %s" % (kind, name),
               "\n".join(said))


def check_rest(kind, uploads, states, rows):
    second, idle, _third, last = KINDS[kind]
    wanted = {0: ALL_P, 1: second, 2: ALL_P, 3: last}
    for number, mhz in wanted.items():
        upload = uploads.get(number)
        tap.equal(upload and [state[0] for state in upload.states], mhz,
                  "kind %d: P-states of CPU %d" % (kind, number))
    for number in (0, 1, 3):
        tap.equal(sorted(states[number]), ALL_C,
                  "kind %d: C-states of CPU %d" % (kind, number))
    if idle:
        tap.equal(sorted(states[2]), idle, "kind %d: C-states of CPU 2" % kind)
    else:
        tap.ok(rows["2"]["c"].endswith("/-"),
               "kind %d: no C-states of CPU 2 are uploaded" % kind, rows["2"])
    tap.ok("200" not in rows or rows["200"]["uploads"] == "0",
           "kind %d: nothing for a CPU that is not there" % kind, rows)


def check(kind):
    acpi.choose(kind)
    count = len(kernel_log().splitlines())
    acpi.new_lines()
    status, text = module.load(acpi.MODULE)
    tap.ok(status == 0, "kind %d: the module loads" % kind, text)
    uploads = {u.acpi_id: u for u in acpi.uploads(acpi.new_lines())}
    check_lines(kind, messages(count), KINDS[kind][2])
    check_rest(kind, uploads, acpi.c_states(), acpi.processors())
    acpi.unload()


def check_routes():
    """Broken _PRT; see tests/acpi/routing.asl."""
    count = len(kernel_log().splitlines())
    acpi.load()
    said = messages(count)
    for wanted in ROUTES:
        found = [line for line in said if re.search(wanted, line)]
        tap.ok(len(found) == 1, "one line: " + wanted, "\n".join(said))
    tap.ok(not any("SE0._PRT: entry 0" in line for line in said),
           "none on the good entry", "\n".join(said))
    acpi.unload()


output("xenpm", "set-max-cstate", "1")
for case in GOOD:
    check_good(*case)
for kind in sorted(KINDS):
    check(kind)
with tap.case("all of them again, by notification"):
    acpi.load()
    for kind in sorted(KINDS):
        acpi.choose(kind)
    acpi.processors()
    acpi.unload()
check_routes()
tap.done()
