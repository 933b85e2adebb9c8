#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A hostile network frontend: everything that a guest can do to the backend.

    nethostile.py       each case of tests/hostile/net, in one PV guest
    nethostile.py N     at least N packets at random, good and bad ones mixed
"""

import os
import re
import sys
import threading
import time

from dom0 import backend, hostile, host, module, network, store, tap
from dom0.command import output, wait_until
from dom0.guest import Guest, wait_all_gone
from dom0.hostilenet import (Datagrams, Flood, HostileNetGuest, Watcher,
                             know)

OURS = os.environ["TESTBED_DRIVERS"] == "ours"
HOARD_SECONDS = 6
# What dom0 may hold for a guest that takes nothing: its queueing discipline
# alone keeps up to 32 MB.
BOUND_KB = 40 * 1024

# (options and cases, must the log tell of a vif that was stopped)
ATTACKS = (
    # 0: those that end a vif, a few each, because connections become rare
    (("cross-page", "extra-unknown", "too-many"), True),
    (("far-offset", "extra-none", "unfinished"), True),
    (("--split", "endless", "extra-missing", "gso-size"), True),
    (("gso-type", "extra-endless", "one-too-many"), True),
    (("far-away", "backwards", "rx-too-many"), True),
    # 5: refused, but the vif goes on
    (("short", "long-parts", "many-slots", "tiny-parts", "bad-grefs",
      "same-page", "own-ring"), False),
    (("--split", "gso-lies", "csum-lies"), False),
    (("--queues 2", "indices", "mcast-many", "mcast-odd"), False),
    (("--seconds 2", "rx-bad-grefs", "rx-same", "miser"), False),
    (("--queues 2 --split", "ctrl-good", "ctrl-types", "ctrl-values"), False),
    # 10: rings, states, storms
    (("rx-far-away", "channel-closed"), True),
    (("rx-rsp-prod",), False),
    (("ring-revoked", "rx-revoked"), False),
    (("bad-refs", "shared-ring"), True),
    (("--requests 200", "state-walk", "toggle"), False),
    (("--queues 2", "ctrl-shrink", "ctrl-away"), False),
    (("--seconds 2", "storm", "storm-with-work"), False),
    (("--seconds 3", "flippers"), False),
    (("--requests 3000 --split", "walk"), False),
    (("directory-removed",), False),
    (("--seconds 1", "ctrl-flood"), False),
    (("bad-ctrl",), True),
    (("few-pages",), False),
    (("--seconds 3 --split --quiet", "no-events"), False),
)
# Which of them run at the same time; a reference that one program has given up
# is another's next one.
WAVES = ((8,), (12,), (10, 11, 13, 14, 15), (6, 7, 9), (5,), range(0, 5),
         (16,), (17,), (18, 19, 20, 21), (22, 23))
STOPPED = 30            # the vif that is left as it was stopped
HOARDER = 31
FILTERED = 32
STEERED = 33
ONE_STALLS = 34
ALL_STALL = 35
DRAIN_MSECS = 500
STALL_MSECS = 1500
STALLED_SECONDS = 10
PAUSED_SECONDS = 5
USUAL = {"rx_drain_timeout_msecs": 10000, "rx_stall_timeout_msecs": 60000}
QUICK = {"rx_drain_timeout_msecs": DRAIN_MSECS,
         "rx_stall_timeout_msecs": STALL_MSECS}
GROUPS = ("239.0.0.0", "239.0.0.1")
TARGETS = [network.V4 % host for host in range(150, 182)]


def title(number):
    return "vif %d%s" % (number, "".join(
        " " + word for word in ATTACKS[number][0] if word.startswith("-")))


def offered(vif, words):
    """The backend must offer what these cases are about."""
    for prefix, node in (("ctrl", "feature-ctrl-ring"),
                         ("hash", "feature-ctrl-ring"),
                         ("bad-ctrl", "feature-ctrl-ring"),
                         ("mcast", "feature-multicast-control")):
        if any(word.startswith(prefix) for word in words) \
                and store.read("%s/%s" % (vif.backend, node)) != "1":
            tap.ok(False, "%s: %s is offered" % (vif.name, node))
            return False
    return True


def names(words):
    return [word for word in words if not word.startswith("-")]


def report(name, words, job, timeout=300):
    """What the program said of its cases."""
    status, text = job.wait(timeout)
    cases, rest = hostile.results(text)
    for case in cases:
        tap.ok(case["ok"], "%s: %s" % (name, case["case"]), case)
        tap.diagnose(" ".join("%s %s" % item for item in case.items()
                              if item[1] and item[0] not in ("case", "ok")))
    tap.equal([case["case"] for case in cases if case["case"] != "close"],
              names(words), "%s: all cases ran" % name)
    tap.ok(status == 0 and not rest, "%s: the program ends well" % name,
           "status %d, %s" % (status, rest))


def wave(guest, numbers):
    jobs = []
    for number in numbers:
        words = ATTACKS[number][0]
        if offered(guest.attach(number), words):
            jobs.append((number, guest.start(number, *words)))
    for number, job in jobs:
        with tap.case("%s ends" % title(number)):
            report(title(number), ATTACKS[number][0], job)


def check_log(guest, numbers=()):
    """One line for each cause in a while, and a line for each that stopped."""
    wrong = hostile.indiscipline(guest.domid, "vif")
    tap.ok(not wrong, "the log has domain and device in each line, and a "
           "cause once in 5 s", "\n".join(wrong))
    told = {device for _when, device, _cause, _line
            in hostile.complaints(guest.domid, "vif")}
    for number in numbers:
        if ATTACKS[number][1]:
            tap.ok(guest.vif(number).device in told,
                   "%s: the log tells why it was stopped" % title(number))


def stopped(guest):
    """A vif that was stopped and that nobody closes."""
    vif = guest.attach(STOPPED)
    report("a vif that stays stopped", ("stay-stopped",),
           guest.start(STOPPED, "stay-stopped"))
    tap.ok(vif.error(), "there is an error node", store.tree(vif.backend))
    tap.diagnose("error: %s" % vif.error())
    lines = [line for _when, device, _cause, line in
             hostile.complaints(guest.domid, "vif") if device == vif.device]
    tap.equal(len(lines), 1, "and one line in the log")
    tap.diagnose("\n".join(lines))
    guest.detach(STOPPED)


def set_timeouts(values):
    """They count for what connects from now on."""
    for name, value in values.items():
        module.set_parameter("xen_netback", name, value)


class Carrier:
    """The carriers that a vif has one after the other, beginning now."""

    def __init__(self, vif):
        self.vif = vif
        self.seen = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _look(self):
        try:
            now = self.vif.read("carrier")
        except OSError:
            return          # it has gone
        if self.seen[-1:] != [now]:
            self.seen.append(now)

    def _run(self):
        while not self.stopped.wait(0.02):
            self._look()

    def stop(self):
        self.stopped.set()
        self.thread.join()
        self._look()
        return "".join(self.seen)


def queue_state(vif, number):
    """(stopped, dropping, stalled) of what the guest receives."""
    with open("/sys/kernel/debug/xen-netback/%s/io_ring_q%d" % (
            vif.name, number)) as file:
        found = re.search(r"stopped (\d) dropping (\d) stalled (\d)",
                          file.read())
    return tuple(map(int, found.groups()))


def paused(guest, number):
    """A guest that does not run, while dom0 has much to send."""
    vif = network.Vif(guest)
    # Or dom0 asks for its address, and sends nothing.
    wait_until(lambda: not network.ping(network.V4 % number, 1), 20, "a ping")
    output("xl", "pause", str(guest.domid))
    flood = Flood(network.V4 % number)
    carrier = Carrier(vif)
    began = vif.statistics()
    time.sleep(PAUSED_SECONDS)
    wait_until(lambda: (0, 1, 1) in [queue_state(vif, n) for n in range(
        vif.queues())], 20, "a queue that counts as stalled")
    flood.stop()
    output("xl", "unpause", str(guest.domid))
    wait_until(lambda: vif.read("carrier") == "1", 10, "carrier")
    answers = wait_until(lambda: not network.ping(network.V4 % number, 1), 20,
                         "a ping")
    tap.equal(carrier.stop(), "101", "a paused guest: its carrier goes, and "
              "comes again when it goes on")
    held = flood.before_kb - flood.lowest_kb
    tap.ok(held < BOUND_KB, "dom0 keeps little meanwhile",
           "%d KB less memory, %d MB sent" % (held, flood.sent >> 20))
    dropped = backend.grown(began, vif.statistics())["tx_dropped"]
    tap.ok(dropped, "what is too much is dropped")
    tap.ok(answers, "the guest answers afterwards")
    tap.diagnose("%d KB less memory at most, %d MB sent, %d dropped" % (
        held, flood.sent >> 20, dropped))


def stall(guest, number, case, wanted):
    """One or both of two queues take nothing, until these are their states:
    (carriers, counters)."""
    vif = guest.attach(number)
    know(number, *TARGETS)
    job = guest.start(number, "--queues 2 --seconds", STALLED_SECONDS, case)
    vif.wait_connected()
    carrier = Carrier(vif)
    datagrams = Datagrams(TARGETS)
    try:
        wait_until(lambda: [queue_state(vif, n) for n in range(2)] == wanted,
                   STALLED_SECONDS, "queues of %s in states %s" % (
                       vif.name, wanted))
        counters = vif.counters()
        report("vif %d" % number, (case,), job)
    finally:
        carriers = carrier.stop()
        datagrams.stop()
    guest.detach(number)
    return carriers, counters


def stalls(guest):
    carriers, counters = stall(guest, ONE_STALLS, "one-stalls",
                               [(0, 1, 1), (0, 0, 0)])
    # The last one is that of a vif that was closed.
    tap.equal(carriers, "10", "while one queue is served, there is a carrier")
    tap.ok(counters["queue_1_rx_packets"]
           and not counters["queue_1_rx_dropped"]
           and counters["queue_0_rx_dropped"],
           "packets are dropped on the other one only", counters)
    carriers, counters = stall(guest, ALL_STALL, "hoard", [(0, 1, 1)] * 2)
    tap.equal(carriers, "1010",
              "without it, there is none until packets are taken again")
    tap.ok(counters["queue_0_rx_dropped"] and counters["queue_1_rx_dropped"],
           "packets are dropped on both", counters)
    told = [line for _when, device, _cause, line in
            hostile.complaints(guest.domid, "vif")
            if "takes no packets" in line]
    tap.equal(len(told), 1, "one line tells of it")


def hoard(guest):
    """Data for a guest that takes none, as much as dom0 can send."""
    vif = guest.attach(HOARDER)
    know(HOARDER, guest.address(HOARDER))
    job = guest.start(HOARDER, "--seconds", HOARD_SECONDS, "hoard")
    vif.wait_connected()
    time.sleep(0.5)
    flood = Flood(guest.address(HOARDER))
    time.sleep(HOARD_SECONDS - 2)
    flood.stop()
    held = flood.before_kb - flood.lowest_kb
    tap.diagnose(output("tc", "-s", "qdisc", "show", "dev", vif.name))
    tap.ok(held < BOUND_KB, "dom0 keeps little for a guest that takes nothing",
           "%d KB less memory, %d MB sent" % (held, flood.sent >> 20))
    tap.diagnose("%d KB less memory at most, %d MB sent, %d dropped" % (
        held, flood.sent >> 20, vif.statistics()["tx_dropped"]))
    report("a guest that takes nothing", ("hoard",), job)
    tap.diagnose("%d KB less memory afterwards" % (
        flood.before_kb - host.memory_available_kb()))
    guest.detach(HOARDER)


def in_good_order(guest):
    """What multicast filters and the hash do when nobody is hostile."""
    for number, addresses, words in (
            (FILTERED, GROUPS, ("--multicast --seconds 1", "mcast-filter")),
            (STEERED, TARGETS, ("--queues 2 --seconds 2", "hash-steers"))):
        vif = guest.attach(number)
        if not offered(vif, words):
            guest.detach(number)
            continue
        if addresses is TARGETS:
            know(number, *TARGETS)
        datagrams = Datagrams(addresses)
        try:
            report("vif %d" % number, words, guest.start(number, *words))
        finally:
            datagrams.stop()
        guest.detach(number)


def all_cases():
    idle = host.in_use()
    set_timeouts(QUICK)
    with Guest("neighbour", kind="pv",
               vifs=[network.specification(2)]) as other, \
            HostileNetGuest() as guest:
        network.Vif(other).wait_connected()
        network.configure(other, 2)
        with tap.case("a paused guest"):
            paused(other, 2)
        before = host.in_use()
        with tap.case("stalls"):
            stalls(guest)
        set_timeouts(USUAL)
        watcher = Watcher(network.V4 % 2)
        for test in (hoard, stopped, in_good_order):
            with tap.case(test.__name__):
                test(guest)
        for numbers in WAVES:
            started = time.monotonic()
            wave(guest, numbers)
            tap.diagnose("%s: %.1f s" % (numbers, time.monotonic() - started))
            check_log(guest, numbers)
            for number in numbers:
                guest.detach(number)
        wrong = watcher.stop()
        tap.ok(not wrong, "%d pings of another guest come back meanwhile"
               % watcher.count, wrong)
        after = host.wait_for_use(before)
        tap.equal(after, before, "a guest that closed its vifs holds nothing")
        other.shutdown()
        guest.shutdown()
    wait_all_gone()
    tap.equal(host.wait_for_use(idle), idle,
              "nothing is left when the guest is gone")
    tap.equal(host.leftovers(), [], "no device, no xenstore node, no domain")


def at_random(number):
    """For the soak, with new seeds."""
    seed = int(os.environ.get("HOSTILE_SEED", "1"))
    done = 0
    idle = host.in_use()
    with HostileNetGuest() as guest:
        guest.attach(0)
        while done < number:
            share = min(100000, number - done)
            report("seed %d" % seed, ("walk", "flippers"), guest.start(
                0, "--seed", seed, "--requests", share, "--seconds 2", "walk",
                "flippers"), 3600)
            done += share
            seed += 1
        guest.detach(0)
        check_log(guest)
        guest.shutdown()
    wait_all_gone()
    tap.equal(host.wait_for_use(idle), idle, "nothing is left")
    tap.equal([d for d in backend.devices() if d.startswith("vif")], [],
              "no device either")


def main():
    if not OURS:
        tap.skip("hostile frontend", "for our own drivers only")
        tap.done()
    network.bridge()
    module.load("xen-netback", max_queues=4)
    if sys.argv[1:]:
        at_random(int(sys.argv[1]))
    else:
        all_cases()
    tap.done()


main()
