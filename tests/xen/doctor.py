#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""xenmod doctor on a real host: well with our modules, and what it says when the
kernel's own one is loaded, or a disk has no driver. tests/package/doctor provokes
what needs no Xen."""

import json
import subprocess

from dom0 import backend, disk, module, tap
from dom0.guest import Guest


def doctor():
    """(exit status, {finding: its subject})."""
    done = subprocess.run(["xenmod", "doctor", "--json"],
                          stdout=subprocess.PIPE, universal_newlines=True)
    tap.diagnose(done.stdout)
    return done.returncode, {f["id"]: f["subject"]
                             for f in json.loads(done.stdout)["findings"]}


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
    tap.done()


main()
