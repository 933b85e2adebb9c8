#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Xen's advisories that only a real Xen and a real kernel can show.

Each test is named after one. tests/advisories/mutate-xen runs this on copies
of our code, each without one rule; tests/host/advisory_test.c has the rest."""

import os
import re
import struct
import time

from dom0 import backend, disk, module, tap
from dom0.command import kernel_log, output, wait_until
from dom0.fakedisk import CONNECTED, INIT_WAIT, FakeDisk
from dom0.guest import Guest, wait_all_gone
from dom0.loopdisk import LoopDisk

DISK_MB = 8
TRACING = "/sys/kernel/tracing/"
STORM_SECONDS = 4


def write(path, text):
    """Neither O_APPEND nor O_TRUNC: tracefs takes both amiss."""
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


class Trace:
    """What a tracepoint or a probe in the kernel saw meanwhile."""

    def __init__(self, event, probe=None):
        self.event = event
        self.probe = probe

    def __enter__(self):
        if self.probe:
            write(TRACING + "kprobe_events", self.probe + "\n")
        write(TRACING + "trace_clock", "mono")
        with open(TRACING + "trace", "w"):
            pass
        write(TRACING + "events/%s/enable" % self.event, "1")
        return self

    def __exit__(self, *_error):
        write(TRACING + "events/%s/enable" % self.event, "0")
        with open(TRACING + "trace") as file:
            self.lines = [line for line in file if not line.startswith("#")]
        if self.probe:
            write(TRACING + "kprobe_events",
                  "-:%s\n" % self.event.split("/")[1])


def lines_about(name):
    return [line for line in kernel_log().splitlines()
            if name in line and "domain" in line]


def xsa_43(domid, path):
    """Whatever a frontend does, it does not fill the log."""
    with FakeDisk(domid, 0, path) as fake:
        fake.wait_state(INIT_WAIT)
        begin = time.monotonic()
        for _ in range(60):
            fake.go(9)
            time.sleep(0.02)
            fake.go(77)
            time.sleep(0.02)
        took = time.monotonic() - begin
        lines = lines_about(fake.name)
        tap.ok(0 < len(lines) <= 2 + took / 5,
               "xsa_43: 120 wrong states in %.0f s leave few lines: %d" % (
                   took, len(lines)), "\n".join(lines[:20]))


def xsa_349(domid, path):
    """However often a watched node is written, one event waits."""
    # struct xenbus_watch: a list's head, a pointer, then nr_pending.
    probe = "p:xenmod_watch xen_core_mod:backend_will_handle pending=+24(%di):u32"
    node = "/physical-device"
    with FakeDisk(domid, 1, path) as fake:
        fake.wait_state(INIT_WAIT)
        with Trace("kprobes/xenmod_watch", probe) as trace:
            for _ in range(20):
                # One transaction: all its events come at once.
                output("xenstore-write", "--", *[
                    word for number in range(100) for word in (
                        "%s%s/%d" % (fake.backend, node, number), "")])
        pending = [int(found.group(1)) for found in
                   (re.search(r"pending=(\d+)", line) for line in trace.lines)
                   if found]
        tap.ok(len(pending) > 500 and max(pending) <= 1,
               "xsa_349: of 2000 writes at most one waits: %d" % max(
                   pending, default=-1),
               "%d events seen" % len(pending))
        fake.connect()
        fake.wait_state(CONNECTED)


def counter(fake, name):
    return int(backend.attribute(fake.name, "xenmod/" + name))


def read_request(number):
    """No such grant: it must be answered all the same."""
    return struct.pack("=BBHIQQ", 0, 1, 0, 0, number, 0) + struct.pack(
        "=IBBH", 0xffffff, 0, 7, 0)


def xsa_332(path):
    """Events without work get rare, whatever the frontend sends."""
    with LoopDisk(3, path) as fake:
        fake.wait_state(INIT_WAIT)
        fake.connect()
        fake.wait_state(CONNECTED)
        fake.post(read_request(1))
        fake.tell()
        wait_until(lambda: fake.answered == 1, 10, "an answer")
        before = counter(fake, "events")
        end = time.monotonic() + STORM_SECONDS
        sent = 0
        while time.monotonic() < end:
            for _ in range(50):
                fake.port.notify()
            sent += 50
        came = counter(fake, "events") - before
        tap.ok(sent > 1000 and came <= sent / 20,
               "xsa_332: of %d events without work %d came in" % (sent, came))
        fake.post(read_request(2))
        fake.tell()
        wait_until(lambda: fake.answered == 2, 10, "an answer after it")


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("advisories", "these tests are about our drivers")
        tap.done()
    path = disk.null_block("disk0", DISK_MB)
    module.load("xen-blkback")
    guest = Guest("paused", kind="pv").create(paused=True)
    domid = guest.domid
    for test, where in ((xsa_43, (domid, path)), (xsa_349, (domid, path)),
                        (xsa_332, (path,))):
        with tap.case(test.__name__ + ": to its end"):
            test(*where)
    guest.destroy()
    wait_all_gone()
    tap.done()


main()
