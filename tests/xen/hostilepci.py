#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A PCI backend that answers nonsense, late, or never, and what a guest makes
of it: a device that is dead, in one line, and nothing else.

Without arguments, the share of `make check`; with "all", or the names of cases,
these instead.
"""

import os
import random
import re
import sys
import time

from dom0 import passthrough, store, tap
from dom0.command import output, wait_until
from dom0.hostilepci import (CLOSED, CLOSING, CONNECTED, INITIALISED, MODULE,
                             RECONFIGURED, RECONFIGURING, HostilePci, cases,
                             module)
from dom0.passthrough import PciGuest

IMAGE = "/run/testbed/guest.save"
# Seconds: the frontend's patience with those that deserve none, with those that
# the emulator makes slow, and what the guest may be late by.
TIMEOUT = 2
LONG_TIMEOUT = 15
SLACK = 25
# One function makes so many lines at most, whatever it looks like.
MOST_LINES = 30
DEAD = "the backend does not answer"

# What becomes of the device: so many functions, death, or anything at all.
DEAD_AFTER_ALL, ANY = "dead", "any"
OUTCOMES = {
    "honest": 1, "quiet": 1, "too-wide": 1, "events": 1, "loops": 1, "bars": 1,
    "impostor": 1, "low-bar": 1, "bad-pirq": 1, "reports": 1,
    "report-nonsense": 1,
    "crowd": 8, "everywhere": 256, "not-ready": 0, "bridge": 0,
    "hole": 1, "same-pirq": 2,
    "silent": DEAD_AFTER_ALL, "falls-silent": DEAD_AFTER_ALL,
    "slow": DEAD_AFTER_ALL, "too-late": DEAD_AFTER_ALL,
    "tedious": DEAD_AFTER_ALL,
}

# A function takes some 150 operations, each of them some milliseconds.
MOST_SCANS = 40
SCAN = {"everywhere": 1800, "loops": 300, "crowd": 60, "bridge": 60,
        "random-values": 60, "tedious": 60}
# Those with much to say.
LENGTHY = ("everywhere", "loops")
LENGTHY_TIMEOUT = 60

# Pages that the guest may reach, of the case "hole": see hostile/pciback.
IOMEM = ("fd000,1", "fd003,1", "fd010,2")

# As pci_ers_result has them.
CAN_RECOVER, NEED_RESET, RECOVERED = 2, 3, 5

# What `make check` has time for: one of each kind.
SHORT = ("honest", "falls-silent", "too-late", "random-values",
         "random-errors", "low-bar", "hole", "bad-pirq", "same-pirq",
         "reports", "scribble")

# What users of the device do: read all of the configuration space, and write.
USE = ("for file in /sys/bus/pci/devices/*/config; do [ -e $file ] || continue; "
       "n=$((n + 1)); [ ${n:-0} -le 4 ] || break; cat $file >/dev/null; "
       "printf '\\7\\0' | dd of=$file bs=1 seek=4 conv=notrunc 2>/dev/null; "
       "done; true")

BAD_KEYS = (
    {"root_num": "abc"}, {"root_num": "-1"}, {"root_num": 2 ** 31},
    {"root_num": 2 ** 32 + 1}, {"root_num": 257}, {"root_num": ""},
    {"root_num": "1" * 2000}, {"root_num": 2}, {"root_0": None},
    {"root_0": "0000"}, {"root_0": "10000:00"}, {"root_0": "0000:100"},
    {"root_num": 2, "root_1": "0000:00"}, {"root_0": "-1:0"},
    {"root_0": "%s%n:00"}, {"root_0": "0:0" * 700},
)

STATES = (*range(10), -1, 2 ** 31, "x", "")


def answers(guest, name):
    """The guest is alive."""
    begin = time.monotonic()
    status, text = guest.run("echo alive", timeout=SLACK)
    tap.ok(status == 0 and "alive" in text, name + ": the guest answers",
           "after %.1f s: %s" % (time.monotonic() - begin, text))


def set_timeout(guest, seconds):
    guest.check("echo %d >/sys/module/xen_pcifront/parameters/timeout" %
                seconds)


def lines_of(guest):
    """The kernel's lines since the last call."""
    return guest.check("dmesg -c").splitlines()


def behave(guest, case):
    """One life of a device with that backend."""
    lines_of(guest)
    wanted = OUTCOMES.get(case, ANY)
    set_timeout(guest, LENGTHY_TIMEOUT if case in LENGTHY else
                TIMEOUT if wanted == DEAD_AFTER_ALL else LONG_TIMEOUT)
    begin = time.monotonic()
    with HostilePci(guest) as device:
        device.serve(case)
        state = device.wait_state(CONNECTED, CLOSING, CLOSED,
                                  timeout=SCAN.get(case, MOST_SCANS) + SLACK)
        connected = time.monotonic() - begin
        guest.check(USE, timeout=4 * SLACK)
        if wanted == DEAD_AFTER_ALL:
            state = device.wait_state(CLOSING, CLOSED, timeout=SLACK)
        functions = device.functions()
        answers(guest, case)
        counts = device.stop()
        set_timeout(guest, TIMEOUT)
        lines = lines_of(guest)
        if device.state != CLOSED:
            device.close()
    took = time.monotonic() - begin
    tap.diagnose("%s: state %d after %.1f s, %d functions, over in %.1f s, "
                 "%d lines, %s" % (case, state, connected, functions, took,
                                   len(lines), counts))
    judge(case, wanted, state, functions, lines, counts)
    tap.equal(len(left_over(guest)), 0, case + ": nothing is left")


def judge(case, wanted, state, functions, lines, counts):
    dead = [line for line in lines if DEAD in line]
    if wanted == DEAD_AFTER_ALL:
        tap.ok(state != CONNECTED and functions == 0 and len(dead) == 1,
               case + ": dead, said in one line",
               "%d functions\n%s" % (functions, "\n".join(lines)))
    elif wanted != ANY:
        tap.ok(state == CONNECTED and functions == wanted and not dead,
               "%s: %d functions are there" % (case, wanted),
               "state %d, %d functions\n%s" % (state, functions,
                                               "\n".join(lines)))
    tap.ok(counts["asked"] > 0, case + ": the backend was asked")
    seen = 8 if case in SCAN else 1
    tap.ok(len(lines) <= MOST_LINES * max(functions, seen),
           case + ": few words", "\n".join(lines[:100]))
    if case == "bad-pirq":
        enabled, disabled, *_ = counts["msi"]
        tap.ok(enabled == disabled > 0, case + ": refused, and disabled again",
               str(counts))
    if case == "same-pirq":
        tap.ok(counts["msi"][:2] == [2, 1] and len([
            line for line in lines if "belongs to another" in line]) == 1,
            case + ": the second one is refused", "%s\n%s" % (
                counts, "\n".join(lines)))
    if case == "hole":
        tap.equal([line.split("BAR ")[1][0] for line in lines
                   if "nothing that Xen gives" in line], ["0"],
                  case + ": a BAR with a hole is not used, a whole one is")


def left_over(guest):
    """PCI devices and buses without a backend."""
    return guest.check("ls /sys/bus/pci/devices /sys/class/pci_bus | "
                       "grep : | grep -v sys || true").split()


def keys(guest, every_one):
    for wrong in every_one:
        name = "keys %s" % re.sub(r"(.{60}).*", r"\1...", str(wrong))
        lines_of(guest)
        with HostilePci(guest, **wrong) as device:
            device.serve("honest")
            device.wait_state(CLOSING, CLOSED)
            lines = [line for line in lines_of(guest) if "PCI buses" in line]
            tap.equal(len(lines), 1, name + ": refused in one line")
            device.stop()
            device.close()
        tap.equal(len(left_over(guest)), 0, name + ": nothing is left")
    answers(guest, "keys")


def reconfigure(guest):
    """Hot removal by a backend that names the wrong devices."""
    with HostilePci(guest) as device:
        device.serve("honest")
        device.wait_state(CONNECTED)
        for number, (count, state, place) in enumerate((
                (1, CLOSING, "zz"), (1, CLOSING, "ffff:ff:1f.07"),
                (1024, "x", "0000:00:00.00"), (1, 2 ** 33, "0000:00:00.00"),
                (1, CLOSING, "0000:00:00.00"))):
            for key, value in (("num_devs", count), ("state-0", state),
                               ("vdev-0", place)):
                store.write("%s/%s" % (device.backend, key), value)
            device.go(RECONFIGURING)
            device.wait_state(RECONFIGURING)
            functions = device.functions()
            device.go(RECONFIGURED)
            device.wait_state(CONNECTED)
            tap.equal(functions, 0 if number == 4 else 1,
                      "removal of %s, state %s: functions" % (place, state))
            device.go(CONNECTED)
        store.write(device.backend + "/num_devs", 2 ** 31)
        device.go(RECONFIGURING)
        device.wait_state(CLOSING, CLOSED)
        device.stop()
        device.close()
    answers(guest, "reconfigure")


def jumps(guest, seed, steps=60):
    """States in any order, the backend answering all the while."""
    choice = random.Random(seed)
    with HostilePci(guest) as device:
        device.serve("honest")
        for _ in range(steps):
            device.go(choice.choice(STATES))
            time.sleep(choice.choice((0, 0, 0.02, 0.2)))
        answers(guest, "states in any order, seed %d" % seed)
        device.stop()
        device.close(timeout=60)
    tap.equal(len(left_over(guest)), 0,
              "states in any order, seed %d: nothing is left" % seed)


def vanish(guest):
    """The backend's folder goes while the device is in use."""
    with HostilePci(guest) as device:
        device.serve("honest")
        device.wait_state(CONNECTED)
        store.remove(device.backend)
        device.wait_state(CLOSED, timeout=SLACK)
        tap.equal(device.functions(), 0, "a backend that vanishes: no device")


def comes_back(guest):
    """A new backend for the same frontend: a new page."""
    with HostilePci(guest) as device:
        device.serve("honest")
        device.wait_state(CONNECTED)
        device.stop()
        device.close()
        device.go(1)
        device.wait_state(INITIALISED)
        device.serve("honest")
        device.wait_state(CONNECTED)
        tap.equal(device.functions(), 1, "a backend that comes back")
        device.stop()
        device.close()


def good_backend(guest, card):
    """After all that, pciback and a real card."""
    guest.pci_attach(card)
    guest.start_card(card)
    status, text = guest.run("ping -c 3 -w 10 " + card.host_address)
    tap.equal(status, 0, "a good backend works: " + text.strip()[-60:])


def recovery(guest, case="recovery"):
    """A backend that reports an error and how it went on, in good order."""
    guest.check("insmod /%s.ko" % MODULE)
    lines_of(guest)
    with HostilePci(guest) as device:
        device.serve(case)
        device.wait_state(CONNECTED, timeout=MOST_SCANS + SLACK)
        wait_until(lambda: "0000:" in guest.check(
            "ls /sys/bus/pci/drivers/" + MODULE), 30, "the driver")
        device.tell()
        wait_until(lambda: "recovery: resume" in guest.check("dmesg"), 60,
                   "the end of the recovery")
        time.sleep(1)
        counts = device.stop()
        device.close()
    tap.equal(re.findall("recovery: (.*)", "\n".join(lines_of(guest))),
              ["detected, state 2", "mmio enabled", "slot reset", "resume"],
              case + ": the driver is asked for each step, in their order")
    tap.equal(counts["steps"], [CAN_RECOVER, NEED_RESET, RECOVERED, RECOVERED],
              case + ": the backend has the driver's answers")
    guest.check("rmmod " + MODULE)


def restored(guest):
    """The guest is saved with the device there, and restored: a new page."""
    with HostilePci(guest) as device:
        device.serve("honest")
        device.wait_state(CONNECTED)
        device.stop()
        guest.save(IMAGE)
        device.forget()
    guest.restore(IMAGE, paused=True)
    os.unlink(IMAGE)
    with HostilePci(guest) as device:
        output("xl", "unpause", guest.name)
        device.serve("honest")
        device.wait_state(CONNECTED)
        tap.equal(device.functions(), 1, "after a restore the device is there")
        answers(guest, "restored")
        device.stop()
        device.close()
    tap.equal(len(left_over(guest)), 0, "restored: nothing is left")


# Cases that take more than one look.
OWN = {"recovery": recovery, "restored": restored}


def every(guest, chosen, whole):
    """Backends that answer wrongly, then those with wrong words in xenstore."""
    for case in chosen:
        with tap.case("backend " + case):
            if case in OWN:
                OWN[case](guest)
            else:
                behave(guest, case)
    set_timeout(guest, TIMEOUT)
    with tap.case("keys"):
        keys(guest, BAD_KEYS if whole else BAD_KEYS[::4])
    for test in (reconfigure, vanish, comes_back):
        with tap.case(test.__name__):
            test(guest)
    for seed in (1, 2, 3) if whole else (1,):
        with tap.case("states in any order, seed %d" % seed):
            jumps(guest, seed)


def main():
    chosen = sys.argv[1:] or SHORT
    whole = "all" in chosen
    if whole:
        chosen = (*cases(), "restored")
    card = passthrough.devices("e1000e")[0].make_assignable()
    with PciGuest(cmdline="iommu=soft", memory=320,
                  extra={"iomem": list(IOMEM)},
                  files=[module()] if "recovery" in chosen else []) as guest:
        guest.check("modprobe e1000e")
        guest.check("modprobe xen-pcifront timeout=%d" % TIMEOUT)
        every(guest, chosen, whole)
        with tap.case("a good backend"):
            good_backend(guest, card)
    tap.done()


main()
