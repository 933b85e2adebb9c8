#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A hostile frontend: everything that a guest can do to the block backend.

    hostile.py      each case of tests/hostile, in one PV guest
    hostile.py N    at least N requests at random, good and bad ones mixed
"""

import os
import sys
import time

from dom0 import backend, hostile, host, module, tap
from dom0.hostile import GuardedDisk, HostileGuest
from dom0.guest import wait_all_gone

REQUEST_CASES = ("nr-segments", "range", "indirect-op", "unaligned", "ids")
GRANT_CASES = ("bad-grefs", "bad-tables", "same-gref", "own-table")

# (letter, settings of the disk, mode, options and cases, complaints wanted)
ATTACKS = (
    ("a", {}, "w", REQUEST_CASES, {"request"}),
    ("b", {}, "w", ("--order 4", "first-last"), {"request"}),
    ("c", {}, "w", ("--abi 32", *REQUEST_CASES), {"request"}),
    ("d", {}, "w", GRANT_CASES, {"grant"}),
    ("e", {}, "r", ("changes", "range"), {"request"}),
    ("f", {"blocksize": 4096}, "w", ("unaligned", "range", "nr-segments"),
     {"request"}),
    # The discards come last: nothing can be read where they were.
    ("g", {"discard": 1}, "w", ("range", "nr-segments", "discard-flood"),
     {"request"}),
    ("h", {}, "w", ("one-too-many", "far-away"), {"ring"}),
    ("i", {}, "w", ("backwards", "busy-away"), {"ring"}),
    ("j", {}, "w", ("rsp-prod", "event-indices", "ring-revoked",
                    "channel-closed", "own-ring"), {"ring"}),
    ("k", {}, "w", ("shared-ring", "shared-channel", "bad-ring"), {"setup"}),
    ("l", {}, "w", ("--requests 500", "state-pairs", "state-walk"), {"state"}),
    ("m", {}, "w", ("--requests 200 --queues 4", "toggle"), set()),
    ("n", {}, "w", ("--seconds 3", "storm", "storm-with-work", "watch-flood"),
     {"request"}),
    ("o", {}, "w", ("--seconds 4 --threads 2", "flippers"),
     {"request", "grant"}),
    ("p", {}, "w", ("--seconds 3 --threads 2 --abi 32 --persistent",
                    "flippers"), {"request"}),
    ("q", {}, "w", ("--order 4 --requests 20000", "walk"),
     {"request", "grant"}),
    ("r", {}, "w", ("directory-removed",), set()),
    ("s", {}, "w", ("state-text",), set()),
    ("t", {}, "w", ("--abi 32", *GRANT_CASES), {"grant"}),
    ("u", {}, "w", ("--persistent", *GRANT_CASES), {"grant"}),
)

# Which of them run at the same time. Storms take what they can get; and a
# reference that one program has given up is another's next one.
WAVES = ("abcefg", "hijklm", "n", "op", "qrs", "d", "t", "u")

# What ends a device: then the backend must have gone by itself.
ENDING = {"directory-removed", "state-text"}


def sums(cases):
    return {key: sum(case[key] for case in cases)
            for key in ("requests", "responses", "malformed", "errors",
                        "unsupported")}


def check_counters(title, cases, grown):
    """The backend counted what the program counted."""
    ours = sums(cases)
    if all(case["exact"] for case in cases):
        tap.equal((grown["requests"], grown["responses"],
                   grown["bad_requests"]),
                  (ours["requests"], ours["responses"], ours["malformed"]),
                  "%s: the backend counted the same" % title)
        return
    failed = ours["errors"] + ours["unsupported"]
    tap.ok(grown["requests"] == grown["responses"] >= ours["responses"] and
           ours["malformed"] <= grown["bad_requests"],
           "%s: the backend counted no less, and answered all" % title,
           "backend %s, program %s, failed %d" % (grown, ours, failed))


def report(title, cases, rest, status):
    for case in cases:
        name = "%s: %s" % (title, case["case"])
        tap.ok(case["ok"], name, case)
        tap.diagnose(" ".join("%s %s" % item for item in case.items()
                              if item[1] and item[0] not in ("case", "ok")))
    tap.ok(status == 0 and not rest, "%s: the program ends well" % title,
           "status %d, %s" % (status, rest))


class Attack:
    """The program at work on one disk."""

    def __init__(self, guest, letter, words):
        self.guest = guest
        self.letter = letter
        self.words = words
        self.title = "xvd%s%s" % (letter, "".join(
            " " + word for word in words if word.startswith("-")))
        self.before = hostile.counters(guest.device(letter))
        self.job = guest.start(letter, *words)

    def wait(self, timeout=300):
        """Hold the backend's counters against the program's; its cases."""
        status, text = self.job.wait(timeout)
        cases, rest = hostile.results(text)
        report(self.title, cases, rest, status)
        tap.equal([case["case"] for case in cases if case["case"] != "close"],
                  [word for word in self.words if not word.startswith("-")],
                  "%s: all cases ran" % self.title)
        if ENDING & set(self.words):
            ended(self.guest, self.letter, self.title)
        else:
            after = hostile.counters(self.guest.device(self.letter))
            check_counters(self.title, cases, {
                name: after[name] - self.before[name] for name in after})
        return cases


def ended(guest, letter, title):
    end = time.monotonic() + 10
    while guest.device(letter) in backend.devices() and time.monotonic() < end:
        time.sleep(0.1)
    tap.ok(guest.device(letter) not in backend.devices(),
           "%s: the backend's device is gone" % title)


def check_log(guest, wanted):
    """wanted: {letter: causes}."""
    wrong = hostile.indiscipline(guest.domid)
    tap.ok(not wrong, "the log has domain and device in each line, and a "
           "cause once in 5 s", "\n".join(wrong))
    told = {(device, cause) for _when, device, cause, _line
            in hostile.complaints(guest.domid)}
    for letter, causes in wanted.items():
        missing = {c for c in causes if (guest.device(letter), c) not in told}
        tap.ok(not missing, "xvd%s: the log tells why: %s" % (
            letter, ", ".join(sorted(causes))), "nothing of %s" % missing)


def check_disks(disks):
    for letter, guarded in disks.items():
        tap.equal(guarded.damage(), None,
                  "xvd%s: nothing else was written to the disk" % letter)
        guarded.remove()


def check_rest(before, name):
    tap.equal(host.wait_for_use(before), before, name)


def all_cases():
    module.load("xen-blkback")
    module.set_parameter("xen_blkback", "max_queues", 4)
    idle = host.in_use()
    with HostileGuest(vcpus=2) as guest:
        before = host.in_use()
        disks = {}
        for wave in WAVES:
            attacks = []
            for letter, settings, mode, words, _causes in ATTACKS:
                if letter in wave:
                    disks[letter] = GuardedDisk("disk-" + letter, **settings)
                    guest.attach(letter, disks[letter].path, mode)
                    attacks.append(Attack(guest, letter, words))
            for one in attacks:
                with tap.case("%s ends" % one.title):
                    one.wait()
        check_rest(before, "a guest that closed its disks holds nothing")
        check_log(guest, {a[0]: a[4] for a in ATTACKS if a[4]})
        for letter in disks:
            guest.detach(letter)
        guest.shutdown()
    wait_all_gone()
    check_rest(idle, "nothing is left when the guest is gone")
    tap.equal(host.leftovers(), [], "no device, no xenstore node, no domain")
    check_disks(disks)


def at_random(number):
    """For the soak: three disks by turns, with new seeds."""
    module.load("xen-blkback")
    kinds = (("a", {}, ""), ("b", {"blocksize": 4096}, "--persistent"),
             ("c", {"discard": 1}, "--abi 32"))
    seed = int(os.environ.get("HOSTILE_SEED", "1"))
    done, began = 0, time.monotonic()
    idle = host.in_use()
    disks = {}
    with HostileGuest(vcpus=2) as guest:
        for letter, settings, _options in kinds:
            disks[letter] = GuardedDisk("disk-" + letter, **settings)
            guest.attach(letter, disks[letter].path)
        while done < number:
            letter, _settings, options = kinds[seed % len(kinds)]
            share = min(100000, number - done)
            cases = Attack(guest, letter, (
                "--seed %d --order 4 --requests %d --seconds 2 %s" % (
                    seed, share, options), "walk", "flippers")).wait(600)
            done += sums(cases)["responses"]
            seed += 1
            tap.diagnose("%d requests, %.0f a second" % (
                done, done / (time.monotonic() - began)))
            if not cases or not all(case["ok"] for case in cases):
                break
        check_log(guest, {})
        for letter in disks:
            guest.detach(letter)
        guest.shutdown()
    wait_all_gone()
    tap.ok(done >= number, "%d requests of %d were answered" % (done, number))
    check_rest(idle, "nothing is left")
    check_disks(disks)


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("hostile frontend", "for our own drivers only")
    elif sys.argv[1:]:
        at_random(int(sys.argv[1]))
    else:
        all_cases()
    tap.done()


main()
