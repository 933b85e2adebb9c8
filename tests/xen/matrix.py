#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What has to work with each kernel: every module is loaded, a PV and a PVH guest's
disk and network hold what goes through them, every module is unloaded."""

import glob
import os
import platform
import re

from dom0 import backend, disk, module, network, tap
from dom0.command import kernel_log, output
from dom0.guest import Guest
from dom0.network import V4, Vif

FIO = ("fio --name=verify --filename=/dev/xvda --size=8M --rw=randrw --bs=4k "
       "--ioengine=libaio --iodepth=32 --direct=1 --verify=crc32c "
       "--verify_fatal=1 --do_verify=1")
BYTES = 1 << 18

# A module may refuse a machine that has nothing for it.
NO_DEVICE = "No such device"


def modules():
    """Those of the package that is installed, as dkms.conf has them."""
    with open(glob.glob("/usr/src/xenmod-*/dkms.conf")[0]) as file:
        return re.findall(r'^BUILT_MODULE_NAME\[\d+\]="(.*)"', file.read(),
                          re.MULTILINE)


def load_all(names):
    loaded = []
    for name in names:
        path = output("modinfo", "-F", "filename", name).strip()
        tap.ok("/updates/dkms/" in path, "modprobe finds our %s" % name, path)
        status, text = module.load(name)
        if status and NO_DEVICE in text:
            said = [line.split("] ", 1)[-1] for line in kernel_log().splitlines()
                    if name in line.replace("_", "-")]
            tap.skip("%s is loaded" % name, "not in this domain: %s" % (
                said[-1] if said else NO_DEVICE))
        elif tap.ok(status == 0, "%s is loaded" % name, text):
            loaded.append(name)
            tap.ok("O" in taint(name), "and is ours")
    return loaded


def taint(name):
    with open("/sys/module/%s/taint" % name.replace("-", "_")) as file:
        return file.read()


def served(device, name):
    found = backend.driver(device)[0]
    tap.ok((found or "").startswith("xenmod-"), "%s is served by us" % name,
           found)


def check_guest(kind, number):
    """Verified I/O of a disk and of a vif."""
    with Guest(kind, kind=kind, disks=[disk.null_block(kind, size_mb=32)],
               vifs=[network.specification(number)]) as guest:
        path = guest.wait_connected("vbd")[0]
        served("vbd-%s-%s" % tuple(path.split("/")[-2:]), kind + "'s disk")
        vif = Vif(guest).wait_connected()
        served(vif.device, kind + "'s vif")
        status, text = guest.run(FIO, timeout=180)
        tap.equal(status, 0, "a %s guest's disk holds what was written" % kind) \
            or tap.diagnose(text)
        network.configure(guest, number)
        wrong = network.exchange(None, guest, V4 % network.HOST, BYTES, BYTES)
        tap.equal(wrong, None,
                  "a %s guest's network brings what was sent" % kind)
        guest.shutdown()


def unload_all(names):
    for name in reversed(names):
        status, text = module.unload(name)
        tap.ok(status == 0, "%s is unloaded" % name, text)


def main():
    tap.diagnose("kernel %s, Xen %s" % (
        platform.release(), output("sh", "-c", "xl info | sed -n "
                                   "'s/^xen_version *: *//p'").strip()))
    names = load_all(modules())
    network.bridge()
    for number, kind in enumerate(("pv", "pvh"), 2):
        with tap.case("a %s guest comes and goes" % kind):
            check_guest(kind, number)
    tap.equal(backend.devices(), [], "no device is left")
    unload_all(names)
    tap.equal(os.path.isdir("/sys/module/xen_core_mod"), False,
              "nothing of ours is left in the kernel")
    tap.done()


main()
