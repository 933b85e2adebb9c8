#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""xenmod doctor on a real host: well with our modules, and what it says when the
kernel's own one is loaded, a disk has no driver, or the kernel refuses modules.
tests/package/doctor provokes what needs no Xen."""

import contextlib
import json
import os
import platform
import subprocess

from dom0 import backend, disk, module, tap
from dom0.command import output
from dom0.guest import Guest

KERNEL = platform.release()
SETTINGS = "/etc/modprobe.d/mine.conf"
LOCKDOWN = "/sys/kernel/security/lockdown"
# What modprobe says of a module that the kernel does not trust.
REFUSED = ("not permitted", "Key was rejected", "Required key", "not available")


def doctor():
    """(exit status, {finding: its subject})."""
    done = subprocess.run(["xenmod", "doctor", "--json"],
                          stdout=subprocess.PIPE, universal_newlines=True)
    tap.diagnose(done.stdout)
    return done.returncode, {f["id"]: f["subject"]
                             for f in json.loads(done.stdout)["findings"]}


@contextlib.contextmanager
def setting(text):
    with open(SETTINGS, "w") as file:
        file.write(text + "\n")
    try:
        yield
    finally:
        os.unlink(SETTINGS)


def check_settings():
    """What doctor says of a value, the module does."""
    module.unload("xen-blkback")
    for value, good in (("max_queues=64", True), ("max_queues=65", False),
                        ("feature_persistent=maybe", False)):
        with setting("options xen-blkback " + value):
            found = (0, {}) if good else (1, {"wrong-parameter": "xen-blkback"})
            tap.equal(doctor(), found, "%s is %s" % (
                value, "well" if good else "found"))
            status, text = module.load("xen-blkback")
            tap.equal(status == 0, good, "and the module %s it" % (
                "takes" if good else "refuses")) or tap.diagnose(text)
            if status == 0:
                module.unload("xen-blkback")


def check_lockdown():
    """A kernel that is locked down refuses our modules, and doctor knows why.
    There is no way back from it."""
    path = output("modinfo", "-F", "filename", "xen-netback").strip()
    signer = output("modinfo", "-F", "signer", "xen-netback").strip()
    module.unload("xen-netback")
    with open(LOCKDOWN, "w") as file:
        file.write("integrity")
    found = {"key-unknown" if signer else "not-signed": KERNEL}
    tap.equal(doctor(), (1, found), "a key that the kernel does not know is "
              "found" if signer else "modules without signature are found")
    refuses("which is why it refuses them")
    if not signer or not path.endswith(".ko"):
        return
    output("strip", "--strip-debug", path)
    tap.equal(doctor(), (1, {**found, "not-signed": KERNEL}),
              "a module without signature is found")
    refuses("which is why it refuses it")


def refuses(name):
    status, text = module.load("xen-netback")
    tap.ok(status and any(word in text for word in REFUSED), name,
           "%s %s" % (status, text))


def main():
    module.load("xen-blkback")
    tap.equal(doctor(), (0, {}), "a host with our modules is well")

    with Guest("one", disks=[disk.null_block(size_mb=64)]) as guest:
        path = guest.wait_connected("vbd")[0]
        name = "vbd-%s-%s" % tuple(path.split("/")[-2:])
        backend.bind(name, backend.OURS, "unbind")
        tap.equal(doctor(), (1, {"no-driver": name}),
                  "a disk without a driver is found")
        backend.bind(name, backend.OURS)
        tap.equal(doctor(), (0, {}), "and nothing once it has one again")
        guest.shutdown()

    module.unload("xen-blkback")
    module.load_in_tree("block/xen-blkback/xen-blkback")
    tap.equal(doctor(), (1, {"in-tree-loaded": "xen-blkback"}),
              "the kernel's own module is found")
    module.reload("xen-blkback")
    tap.equal(doctor(), (0, {}), "the cure helps")
    check_settings()
    check_lockdown()
    tap.done()


main()
