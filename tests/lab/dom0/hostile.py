# SPDX-License-Identifier: GPL-2.0
"""A guest whose block frontend is the program "hostile", and disks for it."""

import ctypes
import fcntl
import functools
import json
import os
import re
import struct

from dom0 import backend, disk, store
from dom0.command import kernel_log, output, wait_until
from dom0.fakedisk import physical
from dom0.guest import Guest

SECTOR = 512
WORDS = SECTOR // 8
MARK = 0x5ec7 << 48
CANARY = struct.pack("<Q", 0xca4a47ca4a47ca4a)

# The end of a disk, where the program may write what it likes.
SCRATCH_SECTORS = 2048

# linux/blkpg.h
BLKPG = 0x1269
BLKPG_ADD_PARTITION = 1

# What a guest may grant: rings, data, descriptors, leftovers of each.
GRANTS = 16384

# Seconds between two lines of one cause; timestamps are a little off.
LOG_INTERVAL = 4.9


@functools.lru_cache(maxsize=4)
def pattern(first, count):
    """What stands on these sectors; the program in the guest knows it, too."""
    return b"".join(
        struct.pack("<%dQ" % WORDS, *range(MARK | sector << 8,
                                           (MARK | sector << 8) + WORDS))
        for sector in range(first, first + count))


class GuardedDisk:
    """A disk amid a larger one: before and behind it stand canaries."""

    def __init__(self, name, size_mb=4, guard_mb=1, **settings):
        self.name = name
        self.whole = disk.null_block(name, size_mb + 2 * guard_mb, **settings)
        self.sectors = size_mb << 20 >> 9
        self.guard = CANARY * ((guard_mb << 20) // len(CANARY))
        self._add_partition(size_mb << 20)
        self.path = self.whole + ("p1" if self.whole[-1].isdigit() else "1")
        with open(self.whole, "r+b") as file:
            file.write(self.guard + pattern(0, self.sectors) + self.guard)

    def _add_partition(self, size):
        part = bytearray(struct.pack("<qqi64s64s4x", len(self.guard), size, 1,
                                     b"", b""))
        address = (ctypes.c_char * len(part)).from_buffer(part)
        order = struct.pack("iiiP", BLKPG_ADD_PARTITION, 0, len(part),
                            ctypes.addressof(address))
        with open(self.whole, "rb") as file:
            fcntl.ioctl(file, BLKPG, order)

    def remove(self):
        disk.remove_null_block(self.name)

    def damage(self):
        """What is not as it was before, in words; None when all is well."""
        kept = self.sectors - SCRATCH_SECTORS
        # Not the page cache: the guest's writes went around it.
        output("blockdev", "--flushbufs", self.whole, self.path)
        with open(self.whole, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            before = file.read(len(self.guard))
            content = file.read(kept * SECTOR)
            file.read(SCRATCH_SECTORS * SECTOR)
            behind = file.read(len(self.guard))
        if before != self.guard or behind != self.guard:
            return "the disk around the guest's part has changed"
        wanted = pattern(0, self.sectors)[:kept * SECTOR]
        changed = [number for number in range(kept if content != wanted else 0)
                   if content[number * SECTOR:(number + 1) * SECTOR] !=
                   wanted[number * SECTOR:(number + 1) * SECTOR]]
        return "sectors %s have changed" % changed if changed else None


class HostileGuest(Guest):
    """No frontend takes its disks."""

    def __init__(self, name="hostile", **settings):
        super().__init__(name, kind="pv", cmdline="nofront", **settings)

    def wait_ready(self, timeout=120):
        super().wait_ready(timeout)
        self.check("modprobe xen-evtchn && modprobe xen-gntalloc limit=%d"
                   % GRANTS)
        return self

    def attach(self, letter, path, mode="w"):
        """Give it a disk. Through xenstore, as xl would: xl itself, with its
        scripts, takes seconds for each."""
        number = number_of(letter)
        back = "/local/domain/0/backend/vbd/%d/%d" % (self.domid, number)
        front = "/local/domain/%d/device/vbd/%d" % (self.domid, number)
        for folder, owner, reader in ((front, self.domid, 0),
                                      (back, 0, self.domid)):
            store.write(folder, "")
            store.permit(folder, "n%d" % owner, "r%d" % reader)
        store.write_all(front, {
            "backend": back, "backend-id": 0, "virtual-device": number,
            "device-type": "disk", "state": 1})
        store.write_all(back, {
            "frontend": front, "frontend-id": self.domid, "online": 1,
            "mode": mode, "type": "phy", "device-type": "disk",
            "dev": "xvd" + letter, "params": path, "removable": 0,
            "physical-device": physical(path), "state": 1})
        wait_until(lambda: store.read(back + "/state") == "2", 10,
                   "backend of xvd" + letter)

    def detach(self, letter):
        """As xl takes a disk away that its guest has closed."""
        for folder in ("/local/domain/0/backend/vbd/%d" % self.domid,
                       "/local/domain/%d/device/vbd" % self.domid):
            path = "%s/%d" % (folder, number_of(letter))
            if store.read(path) is not None:
                store.remove(path)
            if store.read(folder) is not None and not store.listing(folder):
                store.remove(folder)
        wait_until(lambda: self.device(letter) not in backend.devices(), 20,
                   "end of xvd" + letter)

    def start(self, letter, *words):
        """Start the program on xvd<letter>."""
        return self.spawn("hostile --vdev %d %s" % (
            number_of(letter), " ".join(map(str, words))))

    def device(self, letter):
        """As sysfs calls it."""
        return "vbd-%d-%d" % (self.domid, number_of(letter))


def number_of(letter):
    return 51712 + 16 * (ord(letter) - ord("a"))


def results(text):
    """What the program said: its cases, and lines that are none."""
    cases, rest = [], []
    for line in text.splitlines():
        try:
            cases.append(json.loads(line))
        except ValueError:
            rest.append(line)
    return cases, rest


def counters(device):
    return backend.attributes(device, "xenmod")


# Causes, each with a rate limit of its own: (pattern, name).
CAUSES = (
    (r"request failed: Xen refused", "grant"),
    (r"request failed: the disk", "resource"),
    (r"request failed:", "request"),
    (r"stopped: its request index", "ring"),
    (r"the vif is stopped:", "ring"),
    (r"frontend went to state", "state"),
)


# The kernel's own xenbus says this besides, in its words; it has no rate limit
# but that connections become rare.
NOT_OURS = re.compile(r"v[bi][df]-\d+-\d+: -?\d+ mapping in shared page")


def complaints(domid, kind="vbd"):
    """[(time, device, cause, line)] of what our driver logged of a guest."""
    found = []
    for line in kernel_log().splitlines():
        if NOT_OURS.search(line):
            continue
        match = re.match(r"\[ *([\d.]+)\] xenmod-{0} ({0}-{1}-\d+): (.*)"
                         .format(kind, domid), line)
        if match:
            cause = next((name for pattern, name in CAUSES
                          if re.search(pattern, match.group(3))), "setup")
            found.append((float(match.group(1)), match.group(2), cause, line))
    return found


def indiscipline(domid, kind="vbd"):
    """Lines that come too fast, or that do not name domain or device."""
    found = []
    last = {}
    for when, device, cause, line in complaints(domid, kind):
        if ": domain %d: " % domid not in line:
            found.append("no domain: " + line)
        if when - last.get((device, cause), -LOG_INTERVAL) < LOG_INTERVAL:
            found.append("too soon: " + line)
        last[device, cause] = when
    return found
