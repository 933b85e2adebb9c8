#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Nonsense in xenstore and in parameters is refused, in words, and undone."""

import os
import re
import subprocess
import time

from dom0 import backend, disk, host, module, store, tap
from dom0.command import kernel_log, output, wait_until
from dom0.fakedisk import (CLOSED, CLOSING, CONNECTED, INIT_WAIT, INITIALISING,
                           FakeDisk, physical)
from dom0.fakevif import FakeVif
from dom0.guest import Guest, wait_all_gone

DISK_MB = 8
UNKNOWN_GRANT = 500
UNKNOWN_PORT = 4000
QUEUES = 4
# Enough for the cause, what the kernel's own xenbus adds, and a summary.
MOST_LINES = 3

# (keys that the frontend gets wrong, what the administrator must read)
FRONTEND = (
    ({"ring-ref": None}, "without .*/ring-ref"),
    ({"ring-ref": "abc"}, "ring-ref in xenstore is not a number"),
    ({"ring-ref": ""}, "ring-ref in xenstore is not a number"),
    ({"ring-ref": 2 ** 32}, "ring-ref in xenstore is not a number"),
    ({"ring-ref": "9" * 3000}, "ring-ref in xenstore is not a number"),
    ({"ring-ref": UNKNOWN_GRANT}, "ring of 1 pages that the frontend granted"),
    ({"event-channel": None}, "without .*/event-channel"),
    ({"event-channel": "-1"}, "event-channel in xenstore is not a number"),
    ({"event-channel": UNKNOWN_PORT}, "cannot bind event channel 4000"),
    ({"protocol": "sparc"}, "protocol in xenstore is neither"),
    ({"protocol": "%n%s%s"}, "protocol in xenstore is neither"),
    ({"multi-queue-num-queues": 0}, "is 0, but must be 1 to 4"),
    ({"multi-queue-num-queues": 99}, "is 99, but must be 1 to 4"),
    ({"multi-queue-num-queues": "x"}, "num-queues in xenstore is not a"),
    ({"multi-queue-num-queues": 2 ** 32}, "num-queues in xenstore is not a"),
    ({"ring-page-order": 5}, "ring-page-order .* is 5, but must be 0 to 4"),
    ({"ring-page-order": "big"}, "ring-page-order in xenstore is not a"),
    ({"ring-page-order": 2}, "without .*/ring-ref0"),
    ({"multi-queue-num-queues": 2}, "without .*/queue-0/event-channel"),
)


# The same of a vif.
VIF_FRONTEND = (
    ({"request-rx-copy": None}, "does not set request-rx-copy"),
    ({"request-rx-copy": 0}, "does not set request-rx-copy"),
    ({"request-rx-copy": "maybe"}, "does not set request-rx-copy"),
    ({"tx-ring-ref": None}, "without .*/tx-ring-ref"),
    ({"tx-ring-ref": "abc"}, "tx-ring-ref in xenstore is not a number"),
    ({"rx-ring-ref": 2 ** 32}, "rx-ring-ref in xenstore is not a number"),
    ({"rx-ring-ref": "9" * 3000}, "rx-ring-ref in xenstore is not a number"),
    ({"tx-ring-ref": UNKNOWN_GRANT}, "cannot map the tx ring"),
    ({"rx-ring-ref": UNKNOWN_GRANT}, "cannot map the rx ring"),
    ({"event-channel": None}, "without .*/event-channel"),
    ({"event-channel": "%n%s"}, "event-channel in xenstore is not a number"),
    ({"event-channel": UNKNOWN_PORT}, "cannot bind event channel 4000"),
    ({"multi-queue-num-queues": 0}, "is 0, but must be 1 to 4"),
    ({"multi-queue-num-queues": 99}, "is 99, but must be 1 to 4"),
    ({"multi-queue-num-queues": "x"}, "num-queues in xenstore is not a"),
    ({"multi-queue-num-queues": 2}, "without .*/queue-0/"),
    ({"ctrl-ring-ref": UNKNOWN_GRANT, "event-channel-ctrl": 1},
     "control ring"),
    ({"ctrl-ring-ref": "x", "event-channel-ctrl": 1}, "ctrl-ring-ref"),
)


def matches(pattern, text):
    return text is not None and re.search(pattern, text) is not None


def disks():
    return [name for name in backend.devices() if name.startswith("vbd-")]


def vifs():
    return [name for name in backend.devices() if name.startswith("vif-")]


def lines_about(name):
    return [line for line in kernel_log().splitlines() if name in line]


def title(wrong):
    """A case's name."""
    return ", ".join("no " + key if value is None else
                     "%s '%.12s'" % (key, value)
                     for key, value in wrong.items())


def refuse(fake, name, wanted):
    """The device must be refused by now; then serve it once it is right."""
    try:
        fake.wait_state(CLOSING)
    except TimeoutError:
        pass
    tap.ok(fake.state == CLOSING and matches(wanted, fake.error()),
           "%s: refused" % name, "state %d, error %r" % (
               fake.state, fake.error()))
    lines = lines_about(fake.name)
    tap.ok(0 < len(lines) <= MOST_LINES, "%s: the log says it briefly" % name,
           "\n".join(lines))


def recover(fake, name, wrong):
    """Closed and right at last, the device must work."""
    fake.reopen()
    store.write_all(fake.frontend, {key: None for key in wrong})
    fake.connect()
    fake.wait_state(CONNECTED)
    tap.equal(fake.error(), None, "%s: works once it is right" % name)


def frontend_keys(domid, path):
    for index, (wrong, wanted) in enumerate(FRONTEND):
        name = title(wrong)
        with tap.case(name), FakeDisk(domid, index, path) as fake:
            fake.wait_state(INIT_WAIT)
            fake.connect(wrong)
            refuse(fake, name, wanted)
            recover(fake, name, wrong)


def half_made(domid, path):
    """Queue 0 is good, queue 1 is not: queue 0 must be undone."""
    with tap.case("queue 1 missing"), FakeDisk(domid, 40, path) as fake:
        fake.wait_state(INIT_WAIT)
        before = host.in_use()
        for name in ("ring-ref", "event-channel"):
            store.write("%s/queue-0/%s" % (fake.frontend, name),
                        fake.good[name])
        fake.connect({"multi-queue-num-queues": 2})
        refuse(fake, "queue 1 missing", "without .*/queue-1/event-channel")
        tap.equal(host.wait_for_use(before, 5), before,
                  "queue 0 is undone")
        recover(fake, "queue 1 missing", ("multi-queue-num-queues",))


BACKEND = (
    ({"physical_device": "zz"}, "physical-device in xenstore is not a device"),
    ({"physical_device": "8"}, "physical-device in xenstore is not a device"),
    ({"physical_device": "fff:fff"}, "cannot open block device 4095:4095"),
    ({"physical_device": "fffffff:0"}, "is not a device number"),
    ({"mode": None}, "no mode in xenstore"),
)


def backend_keys(domid, path, empty):
    cases = BACKEND + (({"physical_device": empty}, "has no capacity"),)
    for index, (wrong, wanted) in enumerate(cases, 50):
        name = title(wrong)
        with tap.case(name), FakeDisk(domid, index, path, **wrong) as fake:
            refuse(fake, name, wanted)


def vif_keys(domid):
    for index, (wrong, wanted) in enumerate(VIF_FRONTEND):
        name = "vif, " + title(wrong)
        with tap.case(name), FakeVif(domid, index) as fake:
            fake.wait_state(INIT_WAIT)
            fake.connect(wrong)
            refuse(fake, name, wanted)
            recover(fake, name, wrong)
    for index, value in enumerate((None, "abc"), 50):
        name = "vif, " + title({"handle": value})
        with tap.case(name), FakeVif(domid, index, handle=value) as fake:
            fake.wait_state(CLOSING)
            # The kernel's xenbus has the last word in the node for errors.
            lines = lines_about(fake.name)
            tap.ok(any("no handle in xenstore" in line for line in lines),
                   "%s: refused, and the log says why" % name,
                   "\n".join(lines))
    with tap.case("a vif without an address"), \
            FakeVif(domid, 60, mac="nonsense") as fake:
        fake.wait_state(INIT_WAIT)
        fake.connect()
        refuse(fake, "a vif without an address", "no address in the node mac")


def vif_script(domid):
    """The script has the last word on when a vif is connected."""
    with tap.case("a vif's script comes late"), \
            FakeVif(domid, 61, hotplug_status="") as fake:
        fake.wait_state(INIT_WAIT)
        fake.connect()
        time.sleep(1)
        tap.equal((fake.state, fake.error()), (INIT_WAIT, None),
                  "until the script has said so, a vif waits")
        store.write(fake.backend + "/hotplug-status", "connected")
        fake.wait_state(CONNECTED)


def late_device(domid, path):
    with tap.case("physical-device comes late"), \
            FakeDisk(domid, 60, path, physical_device=None) as fake:
        fake.wait_state(INIT_WAIT)
        fake.connect()
        time.sleep(1)
        tap.equal((fake.state, fake.error()), (INIT_WAIT, None),
                  "without physical-device it waits, without complaint")
        store.write(fake.backend + "/physical-device", physical(path))
        fake.wait_state(CONNECTED)


def busy_device(domid, path):
    """A disk that the host has mounted; Xen's block script looks first."""
    output("sh", "-c", "mke2fs -q -t ext4 %s && mkdir -p /run/testbed/m && "
           "mount -t ext4 %s /run/testbed/m" % (path, path))
    try:
        status, text = module.try_command(
            "xl", "block-attach", str(domid), "format=raw,backendtype=phy,"
            "access=rw,vdev=xvdy,target=" + path)
        tap.ok(status and "mounted" in text, "a mounted disk is refused",
               "status %d: %s" % (status, text))
        # The toolstack leaves what it made; the paused guest cannot close it.
        for side in ("0/backend/vbd/%d" % domid, "%d/device/vbd" % domid):
            for number in store.listing("/local/domain/" + side):
                store.remove("/local/domain/%s/%s" % (side, number))
        wait_until(lambda: not disks(), 10, "end of the device")
    finally:
        output("umount", "/run/testbed/m")


def states(domid, path):
    for index, state in enumerate(("9", "-1", "7", "8"), 70):
        for first in (INIT_WAIT, CONNECTED):
            name = "frontend's state %s, ours %d" % (state, first)
            with tap.case(name), FakeDisk(domid, index, path) as fake:
                bring_to(fake, first)
                fake.go(state)
                refuse(fake, name, "frontend went to state " + state)
                recover(fake, name, ())
    for index, state in enumerate(("text", "0x7", ""), 80):
        with tap.case("state '%s' is as good as no frontend" % state), \
                FakeDisk(domid, index, path) as fake:
            bring_to(fake, CONNECTED)
            fake.go(state)
            wait_gone(fake)


def bring_to(fake, state):
    fake.wait_state(INIT_WAIT)
    if state == CONNECTED:
        fake.connect()
        fake.wait_state(CONNECTED)


def wait_gone(fake):
    wait_until(lambda: fake.name not in backend.devices(), 10,
               "end of " + fake.name)


def removed(domid, path):
    for index, side in enumerate(("frontend", "backend"), 85):
        for first in (INIT_WAIT, CONNECTED):
            with tap.case("%s directory removed in state %d" % (side, first)), \
                    FakeDisk(domid, index, path) as fake:
                bring_to(fake, first)
                store.remove(getattr(fake, side))
                wait_gone(fake)
                tap.equal(fake.error(), None, "and so is its error")


def flood(domid, path):
    """One device's frontend runs wild, another connects meanwhile."""
    with tap.case("200 states in a row"), FakeDisk(domid, 90, path) as fake, \
            FakeDisk(domid, 91, path) as other:
        fake.wait_state(INIT_WAIT)
        fake.connect()
        other.wait_state(INIT_WAIT)
        storm = subprocess.Popen(
            ["sh", "-c", "for n in $(seq 50); do for s in 3 5 6 1; do "
             "xenstore-write %s/state $s; done; done" % fake.frontend])
        time.sleep(0.5)
        started = time.monotonic()
        other.connect()
        other.wait_state(CONNECTED)
        took = time.monotonic() - started
        tap.ok(storm.poll() is None and took < 3,
               "meanwhile another disk connects", "in %.1f s" % took)
        storm.wait(timeout=120)
        fake.go(CLOSED)
        fake.wait_state(CLOSED)
        fake.go(INITIALISING)
        fake.wait_state(INIT_WAIT)
        fake.connect()
        fake.wait_state(CONNECTED, timeout=20)
        tap.ok(len(lines_about(fake.name)) <= MOST_LINES,
               "the log is not flooded", "\n".join(lines_about(fake.name)))


def back_off(domid, path):
    """Failing again and again takes longer each time."""
    for index, wrong in enumerate((
            {"protocol": "sparc"}, {"ring-ref": UNKNOWN_GRANT},
            {"event-channel": UNKNOWN_PORT}), 95):
        name = "again and again " + title(wrong)
        with tap.case(name), FakeDisk(domid, index, path) as fake:
            fake.wait_state(INIT_WAIT)
            started = time.monotonic()
            for _ in range(7):
                fake.connect(wrong)
                fake.wait_state(CLOSING, timeout=20)
                fake.reopen()
            took = time.monotonic() - started
            lines = lines_about(fake.name)
            # Seven attempts lie 0.1, 0.2, ... 3.2 s apart.
            tap.ok(6 <= took < 30, "%s: attempts get rare" % name,
                   "7 attempts in %.1f s" % took)
            # The kernel's xenbus has no rate limit but that back-off.
            ours = [line for line in lines if "domain %d: " % domid in line]
            tap.ok(len(ours) <= 2 + took / 5 and len(lines) - len(ours) <= 7,
                   "%s: and lines too" % name, "\n".join(lines))
            recover(fake, name, wrong)


def parameters():
    wrong = (("max_queues", 0), ("max_queues", 65), ("max_ring_page_order", 9),
             ("copy_max_bytes", "abc"), ("copy_max_bytes", -1),
             ("max_persistent_grants", 2 ** 32))
    for name, value in wrong:
        try:
            module.set_parameter("xen_blkback", name, value)
            refused = False
        except OSError as error:
            refused = error.errno == 22
        tap.ok(refused, "%s=%s is refused while loaded" % (name, value))
    status, text = module.unload("xen-blkback")
    tap.ok(status == 0, "xen-blkback unloads", text)
    for name, value in wrong:
        before = kernel_log()
        status, text = module.load("xen-blkback", **{name: value})
        said = [line for line in kernel_log()[len(before):].splitlines()
                if "parameter %s must be a number from" % name in line]
        tap.ok(status and len(said) == 1, "%s=%s is refused at load" % (
            name, value), "status %d, %s, %s" % (status, text, said))
    tap.equal(module.load("xen-blkback"), (0, ""), "and it loads without")


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("bad keys", "these are our drivers' words")
        tap.done()
    path = disk.null_block("disk0", DISK_MB)
    module.load("xen-blkback")
    module.set_parameter("xen_blkback", "max_queues", QUEUES)
    module.load("xen-netback", max_queues=QUEUES)
    output("modprobe", "loop")
    guest = Guest("paused", kind="pv").create(paused=True)
    domid = guest.domid
    before = host.in_use()
    frontend_keys(domid, path)
    vif_keys(domid)
    vif_script(domid)
    half_made(domid, path)
    backend_keys(domid, path, "7:0")
    late_device(domid, path)
    with tap.case("a busy disk"):
        busy_device(domid, path)
    states(domid, path)
    removed(domid, path)
    flood(domid, path)
    back_off(domid, path)
    tap.equal(host.wait_for_use(before), before, "nothing is left over")
    tap.equal(disks() + vifs(), [], "no device either")
    guest.destroy()
    wait_all_gone()
    parameters()
    tap.done()


main()
