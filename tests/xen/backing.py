#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every sort of block device that xl and its scripts hand over.

The NVMe disk is one of QEMU's, see lab/check/stages.py."""

import glob
import os

from dom0 import backend, disk, fio, store, tap
from dom0.command import modprobe, output, wait_until
from dom0.guest import FOLDER, Guest

SIZE_MB = 24
CMDLINE = "xen_blkfront.max_indirect_segments=256"


def jobs(discards):
    result = [
        fio.job("small", "xvda", 1, "4k", 32, rw="randwrite"),
        fio.job("flush", "xvda", 1, "16k", 4, offset_mb=2, rw="randwrite",
                more="--fsync=8"),
        fio.job("large", "xvda", 8, "1M", 4, offset_mb=4),
        fio.job("mixed", "xvda", 4, "4k", 16, offset_mb=12,
                more="--bs=512-128k"),
    ]
    if discards:
        result.append(fio.job("discard", "xvda", 2, "64k", 8, offset_mb=18,
                              rw="randtrimwrite"))
    return result


def discards(path):
    """Whether the kernel says that a block device discards."""
    number = os.stat(path).st_rdev
    with open("/sys/dev/block/%d:%d/queue/discard_max_bytes" % (
            os.major(number), os.minor(number))) as file:
        return int(file.read()) > 0


def md5(text):
    return text.split()[0]


def check_disk(guest, name, target, driver, wanted_discards):
    """One disk in the guest and out again."""
    guest.attach("xvda", target)
    device = guest.vbd()
    path = guest.backends("vbd")[0]
    number = store.read(path + "/physical-device")
    link = "/sys/dev/block/%d:%d" % tuple(
        int(part, 16) for part in number.split(":"))
    tap.ok(os.path.basename(os.path.realpath(link)).startswith(driver),
           "%s: the disk is a %s device" % (name, driver),
           "%s, %s" % (number, os.path.realpath(link)))
    offered = store.read(path + "/feature-discard")
    tap.equal(offered, str(int(wanted_discards)), "%s: discards are %soffered"
              % (name, "" if wanted_discards else "not "))
    before = backend.counters(device)
    status, text = guest.run(fio.command(*jobs(wanted_discards)), timeout=300)
    tap.ok(status == 0, "%s: fio verifies" % name, text)
    used = backend.grown(before, backend.counters(device))
    tap.ok((used["ds_req"] > 0) == wanted_discards and used["wr_req"]
           and (used["f_req"] > 0
                or store.read(path + "/feature-flush-cache") == "0")
           and not used["bad_requests"] and used["requests"]
           == used["responses"], "%s: all sorts of requests" % name, used)
    tap.diagnose("%s: feature-flush-cache %s, flushes %d, discards %d" % (
        name, store.read(path + "/feature-flush-cache"), used["f_req"],
        used["ds_req"]))
    inside = guest.check("dd if=/dev/xvda bs=1M iflag=direct 2>/dev/null | "
                         "md5sum", timeout=120)
    guest.detach("xvda")
    wait_until(lambda: device not in backend.devices(), 20, "end of " + device)
    return md5(inside)


def serve(guest, name, make, driver):
    """A block device; make() returns its path, or None."""
    with tap.case(name):
        path = make()
        if path is None:
            tap.skip(name, "the machine has none")
            return
        inside = check_disk(guest, name, path, driver, discards(path))
        outside = output("sh", "-c", "dd if=%s bs=1M iflag=direct 2>/dev/null"
                         " | md5sum" % path, timeout=120)
        tap.equal(inside, md5(outside), "%s: the host reads the same" % name)


def serve_file(guest, name, make):
    """A file, that xl's block script puts on a loop device."""
    with tap.case(name):
        path = make()
        loops = output("losetup", "--list", "--noheadings")
        inside = check_disk(guest, name, "format=raw,access=rw,target=" + path,
                            "loop", True)
        tap.equal(md5(output("md5sum", path)), inside,
                  "%s: the file has the same" % name)
        wait_until(lambda: output("losetup", "--list", "--noheadings")
                   == loops, 20, "the script takes its loop device away")


def ext4_file():
    """A file on a file system on a disk."""
    device = disk.null_block("under", 2 * SIZE_MB)
    folder = FOLDER + "/ext4"
    output("mke2fs", "-q", "-t", "ext4", device)
    os.mkdir(folder)
    output("mount", device, folder)
    return empty_file(folder + "/disk")


def empty_file(path):
    with open(path, "wb") as file:
        file.truncate(SIZE_MB << 20)
    return path


def nvme():
    """QEMU's disk, if it has one."""
    modprobe("nvme")
    try:
        return wait_until(lambda: glob.glob("/dev/nvme*n1"), 20, "NVMe")[0]
    except TimeoutError:
        return None


def volume():
    """LVM on a loop device."""
    return disk.logical_volume(disk.loop(FOLDER + "/physical", 2 * SIZE_MB),
                               SIZE_MB)


DEVICES = (
    ("null_blk", lambda: disk.null_block("nullb-plain", SIZE_MB), "nullb"),
    ("null_blk with cache and discard", lambda: disk.null_block(
        "nullb-more", SIZE_MB, cache_size=2, discard=1), "nullb"),
    ("brd", lambda: disk.ram_disk(0, SIZE_MB), "ram"),
    ("LVM", volume, "dm-"),
    ("NBD", lambda: disk.network_block_device(empty_file(FOLDER + "/nbd")),
     "nbd"),
    ("loop device", lambda: disk.loop(FOLDER + "/loop", SIZE_MB), "loop"),
    ("NVMe", nvme, "nvme"),
)


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("backing devices", "these are checked with our counters")
        tap.done()
    modprobe("xen-blkback", "loop")
    with tap.case("a guest with one disk after the other"):
        with Guest("backing", kind="pv", cmdline=CMDLINE) as guest:
            for name, make, driver in DEVICES:
                serve(guest, name, make, driver)
            serve_file(guest, "file on tmpfs",
                       lambda: empty_file(FOLDER + "/file"))
            serve_file(guest, "file on ext4", ext4_file)
            guest.shutdown()
    tap.done()


main()
