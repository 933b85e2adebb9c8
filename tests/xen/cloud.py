#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A guest on the suite's cloud kernel has our frontend modules: built by the package
for that kernel, found by modprobe there, and a disk that is attached while it runs works
with them. The host is made by tests/package/upgraded."""

import glob
import lzma
import os

from cpio import Archive
from dom0 import disk, fio, network, passthrough, tap
from dom0.guest import FOLDER
from dom0.network import V4
from dom0.passthrough import FRONTEND, SWIOTLB, PciGuest

CLOUD = "/usr/share/xenmod-cloud"
NUMBER = 2
BYTES = 1 << 18
JOBS = [fio.job("small", "%s", 2, "4k", 16), fio.job("large", "%s", 4, "128k", 4)]


def ramdisk():
    """The guests' image for that kernel, with all that the package built for it."""
    whole, more = FOLDER + "/cloud.cpio", FOLDER + "/cloud-ours.cpio"
    with Archive(more) as archive:
        for path in glob.glob("/lib/modules/*-cloud-*/updates/dkms/*.ko*"):
            with open(path, "rb") as file:
                data = file.read()
            if path.endswith(".xz"):
                path, data = path[:-len(".xz")], lzma.decompress(data)
            archive.data("usr/lib/modules/%s/updates/%s" % (
                path.split("/")[3], os.path.basename(path)), data)
    with open(whole, "wb") as out:
        for part in (CLOUD + "/guest.cpio", more):
            with open(part, "rb") as file:
                out.write(file.read())
    return whole


def verify(guest, name, what):
    jobs = [job % name for job in JOBS]
    status, text = guest.run(fio.command(*jobs), timeout=240)
    tap.ok(status == 0, what + " holds what was written", text)


def check_modules(guest):
    """The kernel marks what was built outside its tree with an O."""
    loaded = {line.split()[0]: line.split()[-1] for line
              in guest.check("cat /proc/modules").splitlines()}
    for name in (FRONTEND, SWIOTLB, "xen-core-mod"):
        state = loaded.get(name.replace("-", "_"), "not loaded")
        tap.ok("O" in state and "(" in state, "%s is loaded, and ours" % name,
               state)


def check_pci(guest, device):
    guest.load_frontend()
    check_modules(guest)
    guest.pci_attach(device)
    verify(guest, guest.start_driver(device), "the disk that was attached")
    counts = guest.counters(device)
    tap.ok(counts.get("bytes_in_place", 0) + counts.get("bytes_bounced", 0)
           > 6 << 20, "all that moved was mapped by our module", counts)
    guest.pci_detach(device)


def check_backends(guest):
    guest.wait_connected("vbd")
    verify(guest, "xvda", "its disk")
    network.configure(guest, NUMBER)
    wrong = network.exchange(None, guest, V4 % network.HOST, BYTES, BYTES)
    tap.equal(wrong, None, "its network brings what was sent")


def main():
    device = passthrough.devices("nvme")[0].make_assignable()
    network.bridge()
    image = {"kernel": CLOUD + "/vmlinux", "ramdisk": ramdisk()}
    options = {"disks": [disk.null_block(size_mb=32)],
               "vifs": [network.specification(NUMBER)]}
    with PciGuest("cloud", memory=320, extra=image, **options) as guest:
        release = guest.check("uname -r").strip()
        tap.ok("-cloud-" in release, "the guest runs " + release)
        check_backends(guest)
        check_pci(guest, device)
        guest.shutdown()
    tap.done()


main()
