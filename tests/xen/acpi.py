#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What reaches Xen of the machine's ACPI tables: processors' power states and
interrupt routing, side by side with the in-tree module.

Needs tests/acpi/processors.asl, four CPUs, one of dom0's, and a Xen that drives
the P-states (lab/check/stages.py)."""

import glob
import json
import os
import time

from dom0 import acpi, hypercall, module, tap
from dom0.command import output, wait_until

CPUS = int(os.environ["TESTBED_CPUS"])
EVERY = list(range(CPUS))
TRACING = "/sys/kernel/tracing/"
# Until what was told has been done.
SOON = 5

MHZ = [2400, 2000, 1600, 1200]
SYSTEM_IO = 1
# What Xen's C-states are; see tests/acpi/good.asl.
PORTS = {"C1": ("C1", 0, "HALT"), "C2": ("C2", 80, "SYSIO"),
         "C3": ("C3", 200, "SYSIO")}
FEWER = {"C1": ("C1", 0, "HALT"), "C2": ("C2", 70, "SYSIO")}


def check_load():
    """Side by side with the in-tree module. Ours comes first: what Xen has of
    a CPU's P-states then, a newer one keeps."""
    ours = acpi.uploads(acpi.load())
    with tap.case("P-states of all CPUs"):
        assert [u.acpi_id for u in ours] == EVERY, ours
        for upload in ours:
            assert [state[0] for state in upload.states] == MHZ, upload
            assert [reg[0] for reg in upload.registers] == [SYSTEM_IO] * 2, upload
    acpi.unload()
    theirs, theirs_c = acpi.sent_in_tree()
    tap.diagnose("in-tree: P-states of %d CPUs, C-states: %s" % (
        len(theirs), "yes" if theirs_c else "no"))
    mine = {u.acpi_id: u.content() for u in ours}
    tap.ok(acpi.same(mine, theirs), "the in-tree module uploads the same",
           (mine, theirs))
    acpi.load()
    tap.equal(acpi.c_states(), {cpu: PORTS for cpu in EVERY},
              "C-states of all CPUs")
    rows = acpi.processors()
    for number in map(str, EVERY):
        row = rows.pop(number)
        tap.ok((row["c"], row["p"]) == ("3/3/0", "4/4/0"),
               "ACPI id %s: debugfs says the same" % number, row)
    tap.equal([row["uploads"] for row in rows.values()], ["0"] * len(rows),
              "nothing is uploaded for CPUs that are not there")
    found = acpi.frequencies()
    tap.equal(sorted(found), EVERY, "Xen drives the P-states of all CPUs")
    tap.equal([found[cpu].affected for cpu in EVERY],
              [[0, 1], [0, 1], [2, 3], [2, 3]], "in the domains of _PSD")


# Changes at run time

class Trace:
    """Our uploads, as the tracepoint tells them."""

    def __enter__(self):
        self.enable("1")
        return self

    def __exit__(self, *_error):
        self.enable("0")

    @staticmethod
    def enable(value):
        with open(TRACING + "events/xenacpi/xenacpi_upload/enable", "w") as file:
            file.write(value)

    @staticmethod
    def clear():
        with open(TRACING + "trace", "w"):
            pass

    @staticmethod
    def uploads():
        """[(ACPI id, kind)], sorted"""
        with open(TRACING + "trace") as file:
            words = [dict(word.split("=") for word in line.split() if "=" in word)
                     for line in file if "xenacpi_upload:" in line]
        return sorted((int(w["acpi"]), w["kind"]) for w in words)


def notify(trace, kind):
    """Change the tables: what was uploaded then."""
    trace.clear()
    told = int(acpi.totals()["notifications"])
    acpi.choose(kind)
    # Three each: _PPC, _CST, _TPC.
    wait_until(lambda: int(acpi.totals()["notifications"]) >= told + 3 * CPUS,
               20, "%d notifications" % (3 * CPUS))
    seen = None
    while seen != trace.uploads():
        seen = trace.uploads()
        time.sleep(0.5)
    return seen


def all_cpus(*kinds):
    return sorted((cpu, kind) for cpu in EVERY for kind in kinds)


def check_changes(trace):
    tap.equal(notify(trace, acpi.LIMIT), all_cpus("limit"),
              "_PPC changed: only the limits are uploaded")
    tap.equal([acpi.wait_limit(cpu, 2000000) for cpu in EVERY],
              [2000000] * CPUS, "Xen keeps the limit")
    tap.equal(notify(trace, acpi.FEWER), all_cpus("c"),
              "_CST changed: only C-states are uploaded")
    tap.equal(acpi.c_states(), {cpu: FEWER for cpu in EVERY},
              "Xen has the new ones, and none of the old")
    tap.equal(notify(trace, acpi.THROTTLE), [],
              "_TPC changed: nothing that Xen takes")
    tap.equal(notify(trace, acpi.SAME), [], "nothing changed: no upload")
    tap.equal(notify(trace, acpi.BACK), all_cpus("c", "limit"),
              "both changed: both are uploaded")
    tap.equal([acpi.wait_limit(cpu, 2400000) for cpu in EVERY],
              [2400000] * CPUS, "Xen has the old limit")
    tap.equal(acpi.c_states(), {cpu: PORTS for cpu in EVERY},
              "Xen has the old C-states")


def check_hotplug(trace):
    """A CPU that Xen took offline comes back."""
    last = EVERY[-1]
    output("xen-hptool", "cpu-offline", str(last))
    wait_until(lambda: acpi.processors()[str(last)]["online"] == "0", SOON,
               "the module sees that CPU %d is offline" % last)
    trace.clear()
    output("xen-hptool", "cpu-online", str(last))
    wait_until(trace.uploads, SOON, "uploads for CPU %d" % last)
    tap.equal(trace.uploads(), [(last, "c"), (last, "p")],
              "a CPU that comes online gets C- and P-states, no other one")
    tap.equal(acpi.c_states()[last], PORTS, "and Xen has them")
    for number in range(3):
        trace.clear()
        output("sh", "-c", "xen-hptool cpu-offline {0} && "
               "xen-hptool cpu-online {0}".format(last))
        begin = time.monotonic()
        wait_until(trace.uploads, SOON, "uploads for CPU %d" % last)
        tap.diagnose("after %.1f s" % (time.monotonic() - begin))
        tap.equal(acpi.c_states()[last], PORTS,
                  "off and on at once: Xen has its C-states again")


def check_hot_add():
    """A CPU is plugged in: Xen is told of it, and the firmware notifies. There is
    an object for it, of tests/acpi/odd.asl, and nothing more."""
    acpi.load()
    before = acpi.processors()["200"]
    hypercall.add_cpu(200, 200)
    acpi.new_lines()
    acpi.choose(acpi.PORTS)
    wait_until(lambda: acpi.processors()["200"]["xen"] != "-", SOON,
               "the module sees the new CPU")
    sent = acpi.by_id(acpi.new_lines())
    tap.equal((before["xen"], before["uploads"]), ("-", "0"),
              "nothing is uploaded for a CPU before it is there")
    tap.equal((acpi.processors()["200"]["xen"], [
        state[0] for state in sent[200][2]]), (str(CPUS), [999, 998]),
        "its P-states reach Xen when it is")
    tap.equal(sorted(sent), [200], "and those of no other CPU do")
    acpi.unload()


# Processor aggregator

def parked():
    """How many CPUs Xen does not run on, as the kernel's own driver sees it."""
    off = 0
    for path in glob.glob("/sys/devices/system/xen_cpu/xen_cpu*/online"):
        with open(path) as file:
            off += file.read().strip() == "0"
    return off


def ask(kind, idle):
    """The firmware wishes; how many CPUs are parked once they are so many."""
    acpi.choose(kind)
    end = time.monotonic() + SOON
    while parked() != idle and time.monotonic() < end:
        time.sleep(0.1)
    return parked()


def check_built_in():
    tap.equal(acpi.totals()["pad"], "built-in", "the kernel's own driver serves")
    tap.equal(ask(acpi.TWO_IDLE, 2), 2, "it parks two CPUs")
    tap.equal(ask(acpi.BACK, 0), 0, "and takes them back")
    wait_until(lambda: all(acpi.processors()[str(cpu)]["online"] == "1"
                           for cpu in EVERY), SOON, "all CPUs are seen")
    states = acpi.c_states()
    end = time.monotonic() + SOON
    while states != {cpu: PORTS for cpu in EVERY} and time.monotonic() < end:
        time.sleep(0.2)
        states = acpi.c_states()
    tap.equal(states, {cpu: PORTS for cpu in EVERY},
              "C-states of CPUs that were parked are uploaded again")


def check_ours():
    """Without the built-in driver."""
    bound = glob.glob("/sys/bus/*/drivers/*/ACPI000C:00")
    tap.equal(len(bound), 1, "a driver is bound")
    folder = os.path.dirname(bound[0])
    acpi.unload()
    with open(folder + "/unbind", "w") as file:
        file.write("ACPI000C:00")
    acpi.load()
    tap.equal(acpi.totals()["pad"], "active", "nobody serves it, so we do")
    for kind, idle in ((acpi.ONE_IDLE, 1), (acpi.TWO_IDLE, 2)):
        calls = acpi.Said().calls
        tap.equal(ask(kind, idle), idle, "%d CPUs are parked" % idle)
        wait_until(lambda: acpi.Said().calls == calls + 1, SOON, "the answer")
        said = acpi.Said()
        tap.equal((said.status, said.idle), (0, idle),
                  "the firmware is told that %d are" % idle)
    for kind, name in ((acpi.BAD_FORM, "of unknown form"),
                       (acpi.CUT_SHORT, "that is cut short")):
        calls = acpi.Said().calls
        acpi.choose(kind)
        wait_until(lambda: acpi.Said().calls == calls + 1, SOON, "the answer")
        said = acpi.Said()
        tap.equal((said.status, said.idle, parked()), (1, 2, 2),
                  "a wish %s is refused, and changes nothing" % name)
    acpi.unload()
    wait_until(lambda: not parked(), SOON, "no CPU is parked")
    tap.ok(True, "unloaded, it takes all CPUs back")
    acpi.choose(acpi.BACK)
    with open(folder + "/bind", "w") as file:
        file.write("ACPI000C:00")


# Interrupt routing

def linux_irq(row):
    """What the kernel says of the devices behind a pin: {irq}, without MSI."""
    found = set()
    top = "/sys/bus/pci/devices"
    for name in os.listdir(top):
        domain, bus, place = name.split(":")
        if "%s:%s" % (domain, bus) != row["bus"] or \
                place.split(".")[0] != row["device"]:
            continue
        with open("%s/%s/config" % (top, name), "rb") as file:
            pin = file.read(64)[61]
        with open("%s/%s/irq" % (top, name)) as file:
            if pin and "ABCD"[pin - 1] == row["pin"]:
                found.add(file.read().strip())
    return found


def check_routing():
    # It asks for its pin's interrupt, not for MSI.
    output("modprobe", "uhci-hcd")
    rows = acpi.table("routing")
    pins, interrupts = acpi.pins(), acpi.interrupts()
    tap.ok(rows, "there is a routing table")
    tap.equal([r for r in rows if r["state"] in ("different", "failed")], [],
              "no route is different, none failed")
    used = [row for row in rows if row["state"] in ("verified", "registered")]
    tap.ok(used, "some routes are in use")
    wrong = [row for row in used if pins.get(int(row["gsi"])) != (
        row["trigger"], row["polarity"])]
    tap.equal(wrong, [], "triggers and polarities are those of the I/O APIC")
    wrong = [row for row in used if interrupts.get(int(row["gsi"])) != (
        row["trigger"], True)]
    tap.equal(wrong, [], "Xen has each of them mapped for dom0")
    wrong = []
    for row in used:
        seen = linux_irq(row) - {"0"}
        if row["irq"] != "-" and seen and row["irq"] not in seen:
            wrong.append((row, seen))
    tap.equal(wrong, [], "the kernel's interrupts are the same")
    with open("/proc/interrupts") as file:
        lines = {line.split(":")[0].strip(): line for line in file}
    listed = {row["irq"] for row in used} & set(lines)
    tap.ok(listed, "a driver has one of these interrupts")
    tap.equal([i for i in listed if "xen-pirq" not in lines[i]
               or "ioapic-level" not in lines[i]], [],
              "/proc/interrupts agrees on %s" % sorted(listed))


def check_status():
    found = json.loads(output("xenmod", "status", "--json"))
    rows = acpi.processors()
    tap.equal([(str(p["acpi_id"]), p["object"], str(p["cpu"]), p["limit"])
               for p in found["processors"]],
              [(r["acpi"], r["object"], r["xen"].replace("-", "None"),
                int(r["limit"])) for r in rows.values()], "xenmod status --json: processors")
    tap.equal([(r["device"], r["pin"], r["state"]) for r in found["routing"]],
              [(r["device"], r["pin"], r["state"])
               for r in acpi.table("routing")], "xenmod status --json: routing")
    text = output("xenmod", "status")
    tap.ok("C-STATES" in text and "POLARITY" in text
           and "\\_SB.CPUS.C003" in text, "xenmod status has both tables", text)


# Where it has nothing to do

def check_parameters():
    acpi.choose(acpi.FEWER)
    before = acpi.c_states()
    lines = acpi.load(dryrun=1)
    tap.equal(acpi.uploads(lines), [], "dryrun: no P-states reach Xen")
    tap.equal(acpi.c_states(), before, "dryrun: C-states in Xen are as before")
    row = acpi.processors()["0"]
    tap.ok(row["c"].startswith("2/") and row["p"].startswith("4/")
           and row["uploads"] == "0", "dryrun: but they are read", row)
    acpi.unload()
    tap.equal(acpi.uploads(acpi.load(off=1)), [], "off: no P-states reach Xen")
    tap.equal(acpi.c_states(), before, "off: C-states in Xen are as before")
    acpi.unload()
    for wrong in ({"dryrun": "maybe"}, {"off": "x"}):
        status, text = module.load(acpi.MODULE, **wrong)
        tap.ok(status == 1 and len(text.splitlines()) == 1,
               "modprobe refuses %s" % wrong, (status, text))
        tap.ok(not module.loaded(acpi.MODULE), "and does not load it")


output("xenpm", "set-max-cstate", "1")
check_load()
with Trace() as trace:
    check_changes(trace)
    check_hotplug(trace)
check_routing()
check_status()
check_built_in()
check_ours()
check_parameters()
acpi.choose(acpi.PORTS)
for _ in range(3):
    last = acpi.by_id(acpi.load())
    acpi.unload()
tap.equal(sorted(last), EVERY, "loads and unloads again and again")
check_hot_add()
acpi.check_guest("pv")
tap.done()
