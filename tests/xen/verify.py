#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A disk holds what a guest wrote, whatever the way the data took."""

import os

from dom0 import backend, disk, fio, module, store, tap
from dom0.command import output
from dom0.guest import Guest

SIZE_MB = 48
OURS = os.environ["TESTBED_DRIVERS"] == "ours"
# Lets the frontend send a whole megabyte as one request.
CMDLINE = "xen_blkfront.max_indirect_segments=256"
JOBS = (("4k", 1, 1), ("4k", 32, 2), ("16k", 8, 4), ("64k", 8, 8),
        ("256k", 4, 8), ("1M", 2, 8))


def jobs(name, numbers=range(len(JOBS))):
    result = []
    offset = 0
    for bs, depth, size in [JOBS[n] for n in numbers]:
        result.append(fio.job("%s-%d" % (bs, depth), name, size, bs, depth,
                              offset_mb=offset))
        offset += size
    return result


def served(device):
    driver, name = backend.driver(device)
    wanted = ("xenmod-vbd", "xen_blkback") if OURS else ("vbd", "xen_blkback")
    tap.equal((driver, name), wanted, "%s is served by the wanted driver"
              % device)
    if OURS:
        tap.ok(os.path.exists("/sys/module/xen_blkback/version"),
               "and its module has a version")


def same_content(guest, vdev, path, name):
    """What the guest reads is what stands on the host's device."""
    read = "dd if=%s bs=1M iflag=direct 2>/dev/null | md5sum"
    inside = guest.check(read % ("/dev/" + vdev), timeout=120)
    outside = output("sh", "-c", read % path, timeout=120)
    tap.equal(inside.split()[0], outside.split()[0], name)


def ways(used, copy, mapped, hits):
    """Check the way that the data took.

    copy is None when some requests are indirect: what describes those is
    copied in any case."""
    if not OURS:
        return
    seen = {"copy": used["copy_ops"] > 0, "map": used["map_ops"] > 0,
            "persistent": used["persistent_hits"] > 0}
    if copy is not None:
        tap.equal(seen["copy"], copy, "grant copies: %s" % copy)
    tap.equal(seen["map"], mapped, "grant maps: %s" % mapped)
    tap.equal(seen["persistent"], hits, "persistent grants hit: %s" % hits)
    tap.equal(used["requests"], used["responses"],
              "each request was answered once")
    tap.equal((used["bad_requests"], used["grant_errors"]), (0, 0),
              "no bad request, no grant error")


def test_jobs(guest, vdev, path, copy, mapped, hits, numbers=range(len(JOBS))):
    device = guest.vbd(vdev)
    before = backend.counters(device)
    fio.verify(guest, *jobs(vdev, numbers))
    used = backend.grown(before, backend.counters(device))
    tap.diagnose({name: n for name, n in used.items() if n})
    tap.ok(used["rd_req"] and used["wr_req"], "reads and writes are counted")
    ways(used, copy, mapped, hits)
    same_content(guest, vdev, path, "the host's device has the same content")


def test_flush(guest, vdev):
    device = guest.vbd(vdev)
    path = "/local/domain/0/backend/vbd/%d/%s" % (
        guest.domid, device.split("-")[2])
    tap.equal(store.read(path + "/feature-flush-cache"), "1",
              "a disk with a write cache offers flushes")
    before = backend.counters(device)
    fio.verify(guest, fio.job("flush", vdev, 2, "16k", 4, rw="randwrite",
                              more="--fsync=8"))
    used = backend.grown(before, backend.counters(device))
    # 128 writes, a flush between each eight and the next.
    tap.ok(used["f_req"] >= 15, "flushes reach the backend", used)


def test_discard(guest, vdev, path):
    device = guest.vbd(vdev)
    before = backend.counters(device)
    guest.check("tr '\\0' x </dev/zero | dd of=/dev/%s bs=1M count=4 "
                "iflag=fullblock oflag=direct" % vdev)
    guest.check("blkdiscard -o 1048576 -l 2097152 /dev/%s" % vdev)
    used = backend.grown(before, backend.counters(device))
    tap.ok(used["ds_req"] > 0, "discards reach the backend", used)
    text = guest.check("dd if=/dev/%s bs=1M count=4 iflag=direct 2>/dev/null"
                       " | tr -d '\\0' | wc -c" % vdev)
    tap.equal(int(text), 2097152, "what was discarded reads as zero, "
              "its neighbours do not")
    same_content(guest, vdev, path, "so it does on the host")


def test_ext4(guest, vdev):
    # Full paths: the shell has small programs of its own by these names.
    fill = ("cd /mnt && for n in 1 2 3 4 5 6 7 8 9 10; do mkdir d$n && "
            "dd if=/dev/urandom of=d$n/big bs=64k count=$n 2>/dev/null && "
            "dd if=/dev/urandom of=d$n/small bs=777 count=1 2>/dev/null || "
            "exit 1; done; md5sum d*/* >sums")
    guest.check("/usr/bin/mke2fs -q -t ext4 /dev/%s" % vdev, timeout=120)
    guest.check("mount -t ext4 /dev/%s /mnt" % vdev)
    guest.check(fill, timeout=120)
    guest.check("umount /mnt && mount -t ext4 /dev/%s /mnt" % vdev)
    tap.equal(guest.run("cd /mnt && md5sum -c sums >/run/sums", timeout=120)[0],
              0, "files are intact after a new mount")
    tap.equal(guest.check("wc -l </mnt/sums").strip(), "20", "all of them")
    guest.check("umount /mnt")
    status, text = guest.run("/usr/bin/e2fsck -f -n /dev/%s" % vdev,
                             timeout=120)
    tap.ok(status == 0, "ext4 is clean", text)


def test_readonly(guest, vdev, path):
    output("sh", "-c", "dd if=/dev/urandom of=%s bs=1M count=1 oflag=direct"
           % path)
    before = output("md5sum", path)
    guest.attach(vdev, path, mode="r")
    tap.equal(guest.check("cat /sys/block/%s/ro" % vdev).strip(), "1",
              "the guest sees a read-only disk")
    status, _ = guest.run("dd if=/dev/zero of=/dev/%s bs=4k count=1 "
                          "oflag=direct" % vdev)
    tap.ok(status != 0, "and cannot write")
    same_content(guest, vdev, path, "but read")
    tap.equal(output("md5sum", path), before, "the content is unchanged")
    guest.detach(vdev)


def pv_guest(first, second):
    with Guest("pv", kind="pv", disks=[first], cmdline=CMDLINE) as guest:
        guest.wait_connected("vbd")
        served(guest.vbd("xvda"))
        with tap.case("persistent grants: fio verifies"):
            test_jobs(guest, "xvda", first, None, True, True)
        with tap.case("flush"):
            test_flush(guest, "xvda")
        with tap.case("discard"):
            test_discard(guest, "xvda", first)
        with tap.case("ext4"):
            test_ext4(guest, "xvda")
        with tap.case("a read-only disk"):
            test_readonly(guest, "xvdb", second)
        if OURS:
            with tap.case("copies alone and maps alone"):
                other_ways(guest, second)
        guest.shutdown()


def other_ways(guest, path):
    module.set_parameter("xen_blkback", "feature_persistent", "N")
    guest.attach("xvdc", path)
    with tap.case("small requests are copied"):
        test_jobs(guest, "xvdc", path, True, False, False, (1, 2, 3))
    with tap.case("large ones are mapped"):
        test_jobs(guest, "xvdc", path, None, True, False, (4, 5))
    guest.detach("xvdc")
    module.set_parameter("xen_blkback", "copy_max_bytes", 0)
    guest.attach("xvdd", path)
    with tap.case("copy_max_bytes=0 maps all"):
        test_jobs(guest, "xvdd", path, None, True, False, (1, 4))
    guest.detach("xvdd")


def pvh_guest(path):
    if OURS:
        module.reload("xen-blkback", feature_persistent="N")
        tap.equal(module.parameter("xen_blkback", "feature_persistent"), "N",
                  "a parameter given at load counts")
    with Guest("pvh", kind="pvh", disks=[path], cmdline=CMDLINE) as guest:
        guest.wait_connected("vbd")
        served(guest.vbd("xvda"))
        test_jobs(guest, "xvda", path, True, True, False, (1, 3, 5))
        guest.shutdown()


def main():
    first = disk.null_block("disk0", SIZE_MB, cache_size=8, discard=1)
    second = disk.null_block("disk1", SIZE_MB)
    with tap.case("a PV guest"):
        pv_guest(first, second)
    with tap.case("a PVH guest"):
        pvh_guest(second)
    tap.done()


main()
