#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What the block protocol has beyond reads and writes, on real devices.

Arguments name the parts to run, e.g. "hanging disk"; without, all of them."""

import functools
import os
import re
import subprocess
import sys
import time

from dom0 import backend, disk, fio, host, module, store, tap
from dom0.command import kernel_log, output, wait_until
from dom0.guest import FOLDER, Guest, wait_all_gone

DRIVER = "/sys/bus/xen-backend/drivers/xenmod-vbd/"
TRACING = "/sys/kernel/tracing/"
LATE = FOLDER + "/late"
MB = 1024 * 1024
SECTORS_PER_MB = 2048
QUEUES = 2
READ_ONLY, REMOVABLE, CDROM = 4, 2, 1

# A hotplug script that stops the guest when its frontend is ready, and only
# then lets the backend connect.
LATE_SCRIPT = """#!/bin/sh
[ "$1" = add ] || exit 0
front=$(xenstore-read $XENBUS_PATH/frontend)
until [ "$(xenstore-read $front/state)" = 3 ]; do sleep 0.05; done
xl pause $(xenstore-read $XENBUS_PATH/frontend-id)
xenstore-write $XENBUS_PATH/physical-device %s
"""


class Disk:
    """A disk attached to a running guest."""

    def __init__(self, guest, vdev, path, access="rw", more=""):
        self.guest = guest
        self.vdev = vdev
        self.path = path
        number = 51712 + 16 * (ord(vdev[3]) - ord("a"))
        self.name = "vbd-%d-%d" % (guest.domid, number)
        self.backend = "/local/domain/0/backend/vbd/%d/%d" % (
            guest.domid, number)
        self.spec = ("format=raw,backendtype=phy,access=%s,vdev=%s%s,target=%s"
                     % (access, vdev, more, path))

    def __enter__(self):
        self.attach()
        self.wait()
        return self

    def __exit__(self, *_error):
        if self.guest.domid is None:
            return
        output("xl", "block-detach", str(self.guest.domid), self.vdev)
        wait_until(lambda: self.name not in backend.devices(), 20,
                   "end of " + self.name)

    def attach(self):
        output("xl", "block-attach", str(self.guest.domid), self.spec)

    def wait(self):
        wait_until(lambda: self.node("state") == "4", 20,
                   "connection of " + self.name)
        self.guest.check("until [ -b /dev/%s ]; do sleep 0.1; done"
                         % self.vdev)

    def node(self, name):
        return store.read("%s/%s" % (self.backend, name))

    def seen(self, name):
        """A value of the guest's sysfs."""
        return self.guest.check("cat /sys/block/%s/%s" % (
            self.vdev, name)).strip()

    def count(self, name):
        return int(backend.attribute(self.name, name))

    def unbind(self):
        with open(DRIVER + "unbind", "w") as file:
            file.write(self.name)

    def bind(self):
        with open(DRIVER + "bind", "w") as file:
            file.write(self.name)


def number_of(path):
    device = os.stat(path).st_rdev
    return os.major(device), os.minor(device)


# Barriers


class BarrierDisk(Disk):
    """A disk whose frontend is made to use barriers.

    Today's frontends take flushes where they are offered: the offer is taken
    back before the guest can see it."""

    def __init__(self, guest, vdev, path):
        super().__init__(guest, vdev, path, more=",script=" + LATE)

    def attach(self):
        with open(LATE, "w") as file:
            file.write(LATE_SCRIPT % ("%x:%x" % number_of(self.path)))
        os.chmod(LATE, 0o755)
        super().attach()
        wait_until(lambda: self.node("state") == "4", 20, "the connection")
        tap.equal((self.node("feature-flush-cache"),
                   self.node("feature-barrier")), ("1", "1"),
                  "a disk with a write cache offers flushes and barriers")
        store.write(self.backend + "/feature-flush-cache", 0)
        output("xl", "unpause", str(self.guest.domid))


def trace(on):
    for name in ("submit", "respond"):
        with open(TRACING + "events/xen_blkback/xen_blkback_%s/enable" % name,
                  "w") as file:
            file.write("1" if on else "0")


def trace_start():
    for name, value in (("trace_clock", "counter"), ("trace", ""),
                        ("buffer_size_kb", 16384)):
        with open(TRACING + name, "w") as file:
            file.write(str(value))
    trace(True)


def trace_lines():
    """(is submit, request, operation) in order of time."""
    pattern = re.compile(r"xen_blkback_(submit|respond): domain=\d+ "
                         r"(queue=\d+ id=\d+) (\w+)")
    with open(TRACING + "trace") as file:
        for line in file:
            found = pattern.search(line)
            if found:
                yield (found.group(1) == "submit", found.group(2),
                       found.group(3))


def check_fences(name):
    """No request may be at the disk together with a barrier."""
    at_disk = set()
    barriers, queues, deepest, wrong = 0, set(), 0, []
    fenced = None
    for submitted, request, operation in trace_lines():
        if not submitted:
            at_disk.discard(request)
            fenced = None if fenced == request else fenced
            continue
        if operation == "barrier":
            barriers += 1
            queues.add(request.split()[0])
            if at_disk:
                wrong.append("barrier %s with %s" % (request, at_disk))
            fenced = request
        elif fenced:
            wrong.append("%s %s during barrier %s" % (operation, request,
                                                      fenced))
        at_disk.add(request)
        deepest = max(deepest, len(at_disk))
    tap.ok(not wrong, "%s: barriers are alone at the disk" % name,
           "\n".join(wrong[:10]))
    tap.ok(barriers > 50 and len(queues) == QUEUES and deepest > QUEUES,
           "%s: there were many, of all queues, between deep I/O" % name,
           "%d barriers of %s, at most %d at the disk" % (barriers, queues,
                                                          deepest))
    tap.diagnose("%d barriers of %s, up to %d requests at the disk" % (
        barriers, sorted(queues), deepest))


BARRIER_JOBS = ("--numjobs=4 --size=512k --offset_increment=4M --fsync=%d "
                "--cpus_allowed=0-1 --cpus_allowed_policy=split")


def barrier_load(vdev, loops=1, fsync=6):
    return fio.command(fio.job("barrier", vdev, 2, "4k", 8, rw="randwrite",
                               more=BARRIER_JOBS % fsync
                               + " --loops=%d" % loops),
                       fio.job("sync", vdev, 1, "16k", 4, offset_mb=20,
                               rw="randwrite", more="--sync=1"))


def barriers(guest):
    # Slow enough that requests meet each other at the disk.
    path = disk.null_block("barrier", 64, cache_size=8, irqmode=2,
                           completion_nsec=2000000, submit_queues=2)
    with BarrierDisk(guest, "xvdb", path) as dev:
        tap.equal((dev.seen("queue/write_cache"), dev.seen("queue/fua")),
                  ("write back", "1"), "the frontend uses barriers")
        trace_start()
        status, text = guest.run(barrier_load("xvdb"), timeout=300)
        trace(False)
        tap.ok(status == 0, "fio verifies, with barriers", text)
        check_fences("fio")
        tap.ok(dev.count("statistics/f_req") > 50,
               "they are counted as flushes")
        with tap.case("rebind between barriers"):
            job = guest.spawn(barrier_load("xvdb", loops=2))
            for _ in range(4):
                time.sleep(1)
                dev.unbind()
                dev.bind()
            status, text = job.wait(timeout=300)
            tap.ok(status == 0, "fio verifies across rebinds", text)
        with tap.case("a barrier that the disk fails"):
            failing_barriers(guest, path)


def failing_barriers(guest, path):
    write = "dd if=/dev/zero of=/dev/xvdb bs=4k count=1 seek=%d oflag=%s"
    name = "/sys/kernel/config/nullb/barrier/badblocks"
    with open(name, "w") as file:
        file.write("+0-7")
    tap.ok(guest.run(write % (0, "direct,sync"))[0] != 0,
           "a barrier that the disk fails, fails in the guest")
    with open(name, "w") as file:
        file.write("-0-7")
    # The frontend does without barriers from here on.
    tap.equal(guest.run(write % (0, "direct"))[0], 0,
              "no fence is left: the disk works again")


def killed_barriers():
    """A guest goes in the midst of barriers: nothing is left to wait for."""
    path = disk.null_block("killed", 64, cache_size=8, irqmode=2,
                           completion_nsec=20000000)
    with Guest("barriers", kind="pv", vcpus=QUEUES) as guest:
        dev = BarrierDisk(guest, "xvdb", path)
        dev.attach()
        dev.wait()
        guest.spawn(barrier_load("xvdb", loops=50, fsync=1))
        wait_until(lambda: dev.count("statistics/f_req") > 20, 60, "barriers")
        guest.destroy()
    wait_all_gone()
    wait_until(lambda: not backend.devices(), 20, "end of the device")
    tap.ok(True, "a guest killed between barriers leaves no device")


# What the disk is


@functools.lru_cache(None)
def plain():
    """A disk with nothing special."""
    return disk.null_block("plain", 32, discard=1)


def discard_values(guest):
    output("modprobe", "sd_mod")
    module.load("scsi_debug", removable=1, dev_size_mb=16, lbpu=1,
                unmap_granularity=16, unmap_alignment=4, physblk_exp=3,
                delay=0)
    path = wait_until(lambda: scsi_debug_disk(), 20, "the SCSI disk")
    with Disk(guest, "xvdb", path) as dev:
        # Blocks of 512 bytes: 16 of them, from the fourth on. What sysfs calls
        # discard_alignment is, in some kernels, another alignment.
        tap.equal((dev.node("feature-discard"),
                   dev.node("discard-granularity"),
                   dev.node("discard-alignment"), dev.node("discard-secure")),
                  ("1", "8192", "2048", "0"),
                  "discard's values are the disk's")
        tap.equal((dev.node("sector-size"), dev.node("physical-sector-size")),
                  ("512", "4096"), "so are the sector sizes")
        tap.equal(int(dev.node("info")), REMOVABLE, "the disk is removable")
        tap.equal(dev.seen("queue/discard_granularity"), "8192",
                  "the guest sees the granularity")
        before = dev.count("statistics/ds_req")
        tap.ok(guest.run("blkdiscard -s -o 0 -l 1048576 /dev/xvdb")[0] != 0,
               "a secure discard is refused where the disk has none")
        tap.equal(dev.count("statistics/ds_req"), before, "nothing is "
                  "discarded instead")
        fio.verify(guest, fio.job("scsi", "xvdb", 2, "4k", 8))
    with Disk(guest, "xvdb", path, more=",no-discard") as dev:
        tap.equal((dev.node("discard-enable"), dev.node("feature-discard")),
                  ("0", "0"), "discard-enable=0 is honoured")
        tap.ok(guest.run("blkdiscard /dev/xvdb")[0] != 0,
               "and a discard refused")
    module.unload("scsi_debug")


def scsi_debug_disk():
    for name in sorted(os.listdir("/sys/block")):
        model = "/sys/block/%s/device/model" % name
        if os.path.exists(model):
            with open(model) as file:
                if file.read().strip() == "scsi_debug":
                    return "/dev/" + name
    return None


def discard_reaches_the_disk(guest):
    """Zeros afterwards, and memory that null_blk gave back."""
    with Disk(guest, "xvdb", plain()) as dev:
        guest.check("tr '\\0' x </dev/zero | dd of=/dev/xvdb bs=1M count=8 "
                    "iflag=fullblock oflag=direct")
        guest.check("blkdiscard -o 2097152 -l 4194304 /dev/xvdb")
        tap.equal(dev.count("statistics/ds_req") > 0, True,
                  "the discard is counted")
    text = output("sh", "-c", "dd if=%s bs=1M count=8 iflag=direct "
                  "2>/dev/null | tr -d '\\0' | wc -c" % plain())
    tap.equal(int(text), 4 * MB, "on the host's device the range reads zero")


def read_only(guest):
    before = output("md5sum", plain())
    with Disk(guest, "xvdb", plain(), access="ro") as dev:
        tap.equal((dev.node("feature-discard"), int(dev.node("info")),
                   dev.seen("ro")), ("0", READ_ONLY, "1"),
                  "a read-only disk says so and offers no discard")
        tap.ok(guest.run("dd if=/dev/zero of=/dev/xvdb bs=4k count=1 "
                         "oflag=direct")[0] != 0, "no write")
        tap.ok(guest.run("blkdiscard /dev/xvdb")[0] != 0, "no discard")
    tap.equal(output("md5sum", plain()), before, "the content is unchanged")


def large_blocks(guest):
    path = disk.null_block("large", 32, blocksize=4096)
    with Disk(guest, "xvdb", path) as dev:
        tap.equal((dev.node("sector-size"), dev.node("physical-sector-size"),
                   dev.node("sectors")),
                  ("4096", "4096", str(32 * SECTORS_PER_MB)),
                  "a 4Kn disk's sizes; sectors stay 512 bytes")
        tap.equal((dev.seen("queue/logical_block_size"), dev.seen("size")),
                  ("4096", str(32 * SECTORS_PER_MB)), "so the guest sees them")
        fio.verify(guest, fio.job("4k", "xvdb", 4, "4k", 16),
                   fio.job("64k", "xvdb", 8, "64k", 4, offset_mb=8))
        tap.equal(dev.count("xenmod/bad_requests"), 0, "nothing was refused")


def cdrom(guest):
    with Disk(guest, "xvdb", plain(), access="ro",
              more=",devtype=cdrom") as dev:
        tap.equal((int(dev.node("info")), dev.seen("ro")),
                  (CDROM | READ_ONLY, "1"), "a CD-ROM is one, and read-only")
        tap.equal(backend.attribute(dev.name, "mode"), "r",
                  "its mode in sysfs is r")
        inside = guest.check("dd if=/dev/xvdb bs=1M iflag=direct 2>/dev/null "
                             "| md5sum", timeout=120)
        tap.equal(inside.split()[0], output("md5sum", plain()).split()[0],
                  "it can be read")
        tap.ok(guest.run("dd if=/dev/zero of=/dev/xvdb bs=4k count=1 "
                         "oflag=direct")[0] != 0, "but not written")
    with Disk(guest, "xvdb", plain()) as dev:
        tap.equal(int(dev.node("info")), 0, "a disk is no CD-ROM")


# Resize


class File:
    """A loop device that can change its size."""

    def __init__(self, name, size_mb):
        self.name = "%s/%s.img" % (FOLDER, name)
        self.path = disk.loop(self.name, size_mb)

    def resize(self, size_mb):
        os.truncate(self.name, size_mb * MB)
        output("losetup", "-c", self.path)


def last_said(pattern):
    """When the kernel said so last, by its own clock."""
    return float(re.findall(r"(?m)^\[ *([\d.]+)\] .*" + pattern,
                            kernel_log())[-1])


def wait_size(dev, size_mb):
    """Seconds from the disk's new size to xenstore's."""
    wanted = str(size_mb * SECTORS_PER_MB)
    wait_until(lambda: dev.node("sectors") == wanted, 20, "%d MB" % size_mb)
    return last_said("%s: .* has %s sectors now" % (dev.name, wanted)) - \
        last_said("detected capacity change from .* to " + wanted)


def guest_sees(dev, size_mb):
    wanted = size_mb * SECTORS_PER_MB
    dev.guest.check("until [ $(cat /sys/block/%s/size) = %d ]; do "
                    "sleep 0.1; done" % (dev.vdev, wanted), timeout=20)


def write_new_part(dev, offset_mb):
    fio.verify(dev.guest, fio.job("new", dev.vdev, 2, "64k", 4,
                                  offset_mb=offset_mb))


def grows_under_io(guest, file, dev):
    job = guest.spawn(fio.command(
        fio.job("grow", dev.vdev, 4, "16k", 8, more="--loops=3"), tag="grow"))
    first = dev.count("statistics/wr_req")
    wait_until(lambda: dev.count("statistics/wr_req") > first + 20, 30, "I/O")
    file.resize(32)
    took = wait_size(dev, 32)
    tap.ok(took < 1, "a disk in use that grows is seen within a second",
           "%.2f s" % took)
    tap.diagnose("in use: %.2f s" % took)
    guest_sees(dev, 32)
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies meanwhile", text)
    write_new_part(dev, 20)


def idle_disk_grows(dev, file):
    before = dev.node("sectors")
    file.resize(40)
    time.sleep(1)
    tap.equal(dev.node("sectors"), before, "without udev an idle disk waits")
    store.write(dev.backend + "/resize-device", 1)
    wait_size(dev, 40)
    tap.ok(True, "the toolstack's resize-device is heard")
    guest_sees(dev, 40)
    udev = subprocess.Popen(["/usr/lib/systemd/systemd-udevd"],
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    try:
        output("udevadm", "settle", "--timeout=30")
        wait_until(lambda: os.path.exists("/run/udev/control"), 20, "udev")
        file.resize(48)
        took = wait_size(dev, 48)
        tap.ok(took < 1, "with our udev rule it is seen within a second",
               "%.2f s" % took)
        tap.diagnose("idle: %.2f s" % took)
        guest_sees(dev, 48)
    finally:
        udev.terminate()
        udev.wait()
    write_new_part(dev, 44)


def disk_shrinks(dev, file):
    """The guest asks for what is not there any more, then knows better."""
    file.resize(24)
    bad = dev.count("xenmod/bad_requests")
    read = "dd if=/dev/%s of=/dev/null bs=4k count=1 skip=%d iflag=direct"
    tap.ok(dev.guest.run(read % (dev.vdev, 40 * 256))[0] != 0,
           "beyond the end of a disk that shrank, a read fails")
    tap.equal(dev.count("xenmod/bad_requests"), bad + 1,
              "because the backend refuses it")
    wait_size(dev, 24)
    guest_sees(dev, 24)
    tap.ok(True, "and the guest learns of the new end")
    tap.equal(dev.guest.run(read % (dev.vdev, 23 * 256))[0], 0,
              "what is left can be read")


def refresh_file(dev, file):
    for text in ("x", "", "12"):
        try:
            with open(DRIVER + "refresh", "w") as control:
                control.write(text)
            good = text == ""
        except OSError as error:
            good = error.errno == 22
        tap.ok(good, "refresh does not take '%s'" % text)
    file.resize(28)
    with open(DRIVER + "refresh", "w") as control:
        control.write("%d:%d" % (number_of(file.path)[0], 999))
    time.sleep(0.5)
    tap.equal(dev.node("sectors"), str(24 * SECTORS_PER_MB),
              "another disk's number changes nothing")
    with open(DRIVER + "refresh", "w") as control:
        control.write("%d:%d\n" % number_of(file.path))
    wait_size(dev, 28)
    tap.equal(store.read(dev.backend + "/state"), "4", "the state is the same")
    said = [line for line in kernel_log().splitlines()
            if dev.name in line and "sectors now" in line]
    tap.equal(len(said), 5, "the log has one line for each size")


def resize(guest):
    file = File("resize", 16)
    with Disk(guest, "xvdb", file.path) as dev:
        grows_under_io(guest, file, dev)
        idle_disk_grows(dev, file)
        disk_shrinks(dev, file)
        refresh_file(dev, file)


# A disk that hangs


def device_mapper(*arguments):
    output("dmsetup", *arguments, "--noudevsync", "--noudevrules")


def in_flight(dev):
    return dev.count("xenmod/requests") - dev.count("xenmod/responses")


def hang(dev):
    """Unbind while the disk holds requests."""
    frontend = dev.node("frontend")
    device_mapper("suspend", "--nolockfs", "--noflush", "hang")
    dev.guest.spawn("fio --name=hang --filename=/dev/%s --rw=randread --bs=4k "
                    "--iodepth=8 --ioengine=libaio --direct=1 --size=1M"
                    % dev.vdev)
    wait_until(lambda: in_flight(dev) > 3, 30, "requests at the disk")
    started = time.monotonic()
    dev.unbind()
    took = time.monotonic() - started
    tap.ok(3 <= took < 15, "unbinding waits for a disk that hangs, "
           "but not for ever", "%.1f s" % took)
    log = [line for line in kernel_log().splitlines() if dev.name in line]
    for words in (r"holds \d+ requests for 3 s",
                  "was not finished within 3 s"):
        tap.equal(len([line for line in log if re.search(words, line)]), 1,
                  "the log says: " + words)
    tap.equal(dev.node("state"), "6", "the backend is closed")
    wait_until(lambda: store.read(frontend + "/state") in ("5", "6"), 20,
               "the frontend closes")
    tap.ok(True, "so is the frontend")
    status, text = module.unload("xen-blkback")
    tap.ok(status and "in use" in text, "the module stays", text)
    dev.bind()
    time.sleep(1)
    tap.ok(dev.node("state") != "4", "no driver takes the ring over",
           dev.node("state"))


def hanging_disk():
    under = disk.null_block("under", 32)
    output("modprobe", "dm_mod")
    device_mapper("create", "hang", "--table",
                  "0 %d linear %s 0" % (32 * SECTORS_PER_MB, under))
    path = "/dev/" + output("dmsetup", "info", "-c", "--noheadings", "-o",
                            "blkdevname", "hang").strip()
    module.set_parameter("xen_blkback", "drain_seconds", 3)
    before = host.in_use()
    with Guest("hang", kind="pv") as guest:
        dev = Disk(guest, "xvdb", path)
        dev.attach()
        dev.wait()
        hang(dev)
        held = host.in_use()
        tap.ok(held["grants"] > before["grants"],
               "the guest's pages are held", held)
        device_mapper("resume", "hang")
        guest.destroy()
    wait_all_gone()
    wait_until(lambda: not backend.devices(), 20, "end of the device")
    tap.equal(host.wait_for_use(before), before,
              "nothing is left when the disk has answered")
    device_mapper("remove", "hang")
    module.set_parameter("xen_blkback", "drain_seconds", 30)
    tap.equal(module.unload("xen-blkback"), (0, ""), "the module unloads")
    module.load("xen-blkback")


# Parameters


def log_lines(dev):
    return len([line for line in kernel_log().splitlines()
                if dev.name in line and "in 10 s" in line])


def statistics_in_the_log(dev):
    read = "dd if=/dev/xvdb of=/dev/null bs=64k count=16 iflag=direct"
    tap.equal(module.parameter("xen_blkback", "log_stats"), "N",
              "log_stats is off")
    dev.guest.check(read)
    module.set_parameter("xen_blkback", "log_stats", 1)
    dev.guest.check(read)
    wait_until(lambda: log_lines(dev), 30, "a line of statistics")
    tap.ok("in 10 s 16 reads of 2048 sectors, 0 writes" in kernel_log(),
           "log_stats tells what was done in ten seconds")
    time.sleep(11)
    tap.equal(log_lines(dev), 1, "an idle disk has no line")
    module.set_parameter("xen_blkback", "log_stats", 0)


def pages_freed():
    with open(TRACING + "kprobe_profile") as file:
        return int(re.search(r"freed\s+(\d+)", file.read()).group(1))


def squeeze(dev, milliseconds):
    """Pages that three reads free after memory was short."""
    module.set_parameter("xen_blkback", "buffer_squeeze_duration_ms",
                         milliseconds)
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("2")
    time.sleep(1)
    before = pages_freed()
    for _ in range(3):
        dev.guest.check("dd if=/dev/xvdb of=/dev/null bs=64k count=16 "
                        "iflag=direct")
    return pages_freed() - before


def squeezed(dev):
    with open(TRACING + "kprobe_events", "w") as file:
        file.write("p:freed gnttab_free_pages\n")
    with open(TRACING + "events/kprobes/freed/enable", "w") as file:
        file.write("1")
    short, long = squeeze(dev, 10), squeeze(dev, 600000)
    tap.equal(short, 0, "a moment after memory was short pages are kept")
    tap.ok(long >= 16, "buffer_squeeze_duration_ms makes that longer",
           "%d pages freed" % long)
    with open(TRACING + "events/kprobes/freed/enable", "w") as file:
        file.write("0")


def parameters(guest):
    module.set_parameter("xen_blkback", "feature_persistent", "N")
    module.set_parameter("xen_blkback", "copy_max_bytes", 0)
    with Disk(guest, "xvdb", plain()) as dev:
        statistics_in_the_log(dev)
        squeezed(dev)
    module.set_parameter("xen_blkback", "feature_persistent", "Y")


IN_ONE_GUEST = (barriers, large_blocks, cdrom, discard_reaches_the_disk,
                read_only, discard_values, resize, parameters)
WITH_THEIR_OWN = (killed_barriers, hanging_disk)


def title(function):
    return function.__name__.replace("_", " ")


def one_guest(functions):
    with Guest("features", kind="pv", vcpus=QUEUES) as guest:
        for function in functions:
            with tap.case(title(function)):
                function(guest)
        guest.shutdown()


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("features", "these are our driver's")
        tap.done()
    module.load("xen-blkback")
    module.set_parameter("xen_blkback", "max_queues", QUEUES)
    wanted = [function for function in IN_ONE_GUEST + WITH_THEIR_OWN
              if not sys.argv[1:] or title(function) in sys.argv[1:]]
    if set(wanted) & set(IN_ONE_GUEST):
        one_guest([f for f in wanted if f in IN_ONE_GUEST])
    for function in wanted:
        if function in WITH_THEIR_OWN:
            with tap.case(title(function)):
                function()
    tap.done()


main()
