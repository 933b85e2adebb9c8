#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""First light: a PV guest's disk holds what fio writes; a PVH guest starts."""

import os

from dom0 import backend, disk, tap
from dom0.guest import Guest

FIO = ("fio --name=verify --filename=/dev/xvda --size=16M --rw=randrw --bs=4k "
       "--ioengine=libaio --iodepth=32 --direct=1 --verify=crc32c "
       "--verify_fatal=1 --do_verify=1")


def main():
    device = disk.null_block(size_mb=64)
    with tap.case("a PV guest starts and its disk holds what was written"):
        with Guest("pv", kind="pv", disks=[device]) as guest:
            path = guest.wait_connected("vbd")[0]
            name = "vbd-%s-%s" % tuple(path.split("/")[-2:])
            driver, module = backend.driver(name)
            tap.diagnose("%s is served by %s of module %s, %s" % (
                name, driver, module, backend.module_file("xen-blkback")))
            ours = backend.module_file("xen-blkback").find("/updates/") >= 0
            tap.equal(ours, os.environ["TESTBED_DRIVERS"] == "ours",
                      "the wanted driver serves the disk")
            tap.diagnose(guest.check("free -m; uname -r; df -h"))
            tap.diagnose(guest.check(FIO, timeout=180))
            tap.diagnose(backend.attributes(name, "statistics"))
            guest.shutdown()
    with tap.case("a PVH guest starts"):
        with Guest("pvh", kind="pvh") as guest:
            tap.ok("Linux" in guest.check("uname -a"), "it runs commands")
    tap.done()


main()
