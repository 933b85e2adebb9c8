# SPDX-License-Identifier: GPL-2.0
"""The kit: what boots dom0 and its guests, made from a root and this tree."""

import os
import shutil

from lab import cell, kernel, process, root
from lab.cache import digest, digest_files
from lab.progress import step

LAB = os.path.dirname(os.path.abspath(__file__))
SOURCES = ("pack.py", "cpio.py", "kernel.py", "kit.py", "dom0/boot", "guest",
           "../dma", "../hostile")

# Where dom0 finds it.
PLACE = "usr/share/xenmod-testbed"


def sources():
    """A digest of what it is made from."""
    return digest_files(LAB, SOURCES)


def fetch(cache, base):
    """The folder with dom0.cpio and kit.img (the guests' image and kernel)."""
    def build(part):
        os.makedirs(part)
        with step("making the initramfs of dom0 and of the guests"):
            fill(base, part)
    key = digest(os.path.basename(base), sources())
    return cache.fetch("kit", key, build)


def fill(base, part):
    log = os.path.join(part, "log")
    tests = os.path.dirname(LAB)
    cell.run(f"{base}/root.img",
             ["python3", "-B", "-m", "lab.pack", "/out", root.release(base)],
             binds=[(tests, "/tests"), (part, "/out")],
             env={"PYTHONPATH": "/tests"}, log=log, what="packing the kit")
    place = os.path.join(part, "tree", PLACE)
    os.makedirs(place)
    for name in ("guest.cpio", "stream"):
        os.rename(f"{part}/{name}", f"{place}/{name}")
    with open(f"{base}/vmlinuz", "rb") as packed, \
            open(f"{place}/vmlinux", "wb") as plain:
        plain.write(kernel.unpacked(packed.read()))
    process.call(["mksquashfs", f"{part}/tree", f"{part}/kit.img", "-noI",
                  "-noD", "-noF", "-noX", "-noappend", "-quiet",
                  "-no-progress"], log, "packing the kit")
    shutil.rmtree(f"{part}/tree")
