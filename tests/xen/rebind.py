#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The in-tree driver takes a running guest's disks over, and ours again.

    rebind.py [ROUNDS]

Both drivers are called xen-blkback, so one module has to go first. fio verifies
all the time. The settings that a frontend has agreed to stay with its ring, so
both modules get the same."""

import os
import sys

from dom0 import backend, disk, fio, module, store, tap
from dom0.command import wait_until
from dom0.guest import Guest, wait_all_gone

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
QUEUES = 2
ORDER = 2
DISK_MB = 16
LOAD = "--bsrange=4k-128k --rw=randrw --iodepth=32 --cpus_allowed_policy=split"


def settings(persistent):
    return {"max_queues": QUEUES, "max_ring_page_order": ORDER,
            "feature_persistent": "NY"[persistent]}


def let_go(devices, driver):
    """A busy disk is refused by the in-tree driver at times; then again."""
    for device in devices:
        def unbound(name=device):
            if backend.driver(name)[0] is None:
                return True
            try:
                backend.bind(name, driver, "unbind")
            except OSError:
                pass
            return backend.driver(name)[0] is None
        wait_until(unbound, 30, "unbind of " + device)


def wait_bound(devices, driver):
    for device in devices:
        wait_until(lambda name=device: backend.driver(name)[0] == driver, 20,
                   "%s served by %s" % (device, driver))


def served_by(devices, driver):
    """The driver has them all, and their guest's I/O goes on."""
    wait_bound(devices, driver)
    for device in devices:
        backend.wait_busy(device)
        ours = os.path.exists("/sys/module/xen_blkback/version")
        tap.equal((backend.driver(device)[0], ours),
                  (driver, driver == backend.OURS),
                  "%s: I/O goes on with %s" % (device, driver))


def to_in_tree(devices, **parameters):
    let_go(devices, backend.OURS)
    module.unload("xen-blkback")
    # Loading binds all that has no driver.
    module.load_in_tree("block/xen-blkback/xen-blkback", **parameters)
    served_by(devices, backend.IN_TREE)


def to_ours(devices, **parameters):
    let_go(devices, backend.IN_TREE)
    module.unload("xen-blkback")
    status, text = module.load("xen-blkback", **parameters)
    tap.ok(status == 0, "ours loads again", text)
    served_by(devices, backend.OURS)


def load(guest, vdev):
    """fio that verifies until a file tells it to end; its job."""
    job = fio.command(fio.job(vdev, vdev, 8, "4k", 32, more=LOAD), tag=vdev)
    return guest.spawn(
        "n=0; while [ ! -e /run/enough ]; do { %s; } || exit 1; "
        "n=$((n + 1)); done; echo $n rounds" % job)


def check_agreed(path, persistent):
    frontend = store.read(path + "/frontend")
    tap.equal((store.read(frontend + "/multi-queue-num-queues"),
               store.read(frontend + "/ring-page-order"),
               store.read(path + "/feature-persistent")),
              (str(QUEUES), str(ORDER), str(int(persistent))),
              "%d queues of %d pages, persistent grants: %s" % (
                  QUEUES, 1 << ORDER, persistent))


def rounds(guest, devices, persistent):
    for path in guest.backends("vbd"):
        check_agreed(path, persistent)
    jobs = [load(guest, vdev) for vdev in ("xvda", "xvdb")]
    for device in devices:
        backend.wait_busy(device)
    for _ in range(ROUNDS):
        to_in_tree(devices, **settings(persistent))
        to_ours(devices, **settings(persistent))
    guest.check("touch /run/enough")
    for job in jobs:
        status, text = job.wait(timeout=300)
        tap.ok(status == 0, "fio verifies to the end: %s" % text.strip(), text)


def other_setting(guest, device):
    """A frontend that was refused persistent grants does not have them by a
    new driver's mere offer."""
    job = load(guest, "xvda")
    backend.wait_busy(device)
    backend.bind(device, backend.OURS, "unbind")
    module.reload("xen-blkback", **settings(True))
    served_by([device], backend.OURS)
    guest.check("touch /run/enough")
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies with another setting", text)
    tap.equal(backend.attribute(device, "xenmod/persistent_hits"), "0",
              "what the frontend agreed to counts")


def run(persistent, paths):
    module.reload("xen-blkback", **settings(persistent))
    with Guest("persistent" if persistent else "transient", kind="pv",
               vcpus=QUEUES, disks=paths, memory=512,
               cmdline="xen_blkfront.max_ring_page_order=4") as guest:
        guest.wait_connected("vbd", len(paths))
        devices = [guest.vbd(vdev) for vdev in ("xvda", "xvdb")]
        rounds(guest, devices, persistent)
        if not persistent:
            with tap.case("rebound with other parameters"):
                guest.check("rm /run/enough")
                backend.bind(devices[1], backend.OURS, "unbind")
                other_setting(guest, devices[0])
                # Loaded anew, the driver takes all that has none.
                wait_bound(devices, backend.OURS)
        guest.shutdown()
    wait_all_gone()


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("rebind", "it begins with our driver")
        tap.done()
    paths = [disk.null_block("disk%d" % n, DISK_MB, cache_size=2)
             for n in range(2)]
    module.load("xen-blkback")
    for persistent in (True, False):
        with tap.case("%d times to the in-tree driver and back, persistent "
                      "grants: %s" % (ROUNDS, persistent)):
            run(persistent, paths)
    tap.done()


main()
