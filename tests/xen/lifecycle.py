#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Drivers, modules and disks come and go under a guest's I/O."""

import os
import subprocess

from dom0 import backend, disk, fio, host, module, store, tap
from dom0.command import modprobe, output, wait_until
from dom0.guest import FOLDER, Guest, wait_all_gone

OURS = os.environ["TESTBED_DRIVERS"] == "ours"
DISK_MB = 32


def rebind(guest, device):
    """The driver lets go of a busy disk and takes it again."""
    job = guest.spawn(fio.command(
        fio.job("rebind", "xvda", 8, "16k", 16, more="--loops=3")))
    backend.wait_busy(device)
    for _ in range(3):
        backend.bind(device, backend.OURS, "unbind")
        tap.equal(backend.driver(device)[0], None, "the disk has no driver")
        backend.bind(device, backend.OURS)
        backend.wait_busy(device)
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies across three rebinds", text)


def reload(guest, device):
    """The module goes while a guest wants its disk, and comes again."""
    job = guest.spawn(fio.command(
        fio.job("reload", "xvda", 8, "16k", 16, more="--loops=2"),
        tag="reload"))
    backend.wait_busy(device)
    for name in ("xen-blkback", "xen-core-mod"):
        status, text = module.unload(name)
        tap.ok(status and "in use" in text, "%s stays while it is in use"
               % name, "status %d: %s" % (status, text))
    backend.bind(device, backend.OURS, "unbind")
    module.reload("xen-blkback")
    backend.wait_busy(device)
    status, text = job.wait(timeout=300)
    tap.ok(status == 0, "fio verifies across a reload", text)


def unload(path):
    with Guest("user", kind="pv", disks=[path]) as guest:
        guest.wait_connected("vbd")
        device = guest.vbd()
        if OURS:
            with tap.case("rebind under I/O"):
                rebind(guest, device)
            with tap.case("reload under I/O"):
                reload(guest, device)
        guest.shutdown()
    wait_all_gone()
    for name in ("xen-blkback", "xen-core-mod") if OURS else ("xen-blkback",):
        status, text = module.unload(name)
        tap.ok(status == 0 and not module.loaded(name), "%s unloads" % name,
               text)
    with tap.case("a guest runs after a reload"):
        with Guest("again", kind="pv", disks=[path]) as guest:
            guest.wait_connected("vbd")
            fio.verify(guest, fio.job("again", "xvda", 1, "16k", 8))
            guest.shutdown()


def null_block_off():
    """A disk that its driver takes away."""
    path = disk.null_block("going", DISK_MB)
    return path, lambda: disk.power_off("going")


def scsi_delete():
    """A SCSI disk pulled out."""
    modprobe("sd_mod")
    output("modprobe", "scsi_debug", "dev_size_mb=%d" % DISK_MB, "max_luns=1")
    name = wait_until(lambda: [n for n in os.listdir("/sys/block")
                               if n.startswith("sd")], 20, "scsi_debug")[0]

    def pull():
        with open("/sys/block/%s/device/delete" % name, "w") as file:
            file.write("1")
    return "/dev/" + name, pull


def full_file_system():
    """A loop device whose file cannot grow to its size."""
    folder = FOLDER + "/small"
    os.mkdir(folder)
    output("mount", "-t", "tmpfs", "-o", "size=2M", "small", folder)
    return disk.loop(folder + "/disk", DISK_MB), None


def truncated_file():
    path = FOLDER + "/cut"
    return disk.loop(path, DISK_MB), lambda: os.truncate(path, 0)


# name, what makes the disk and what takes it away, whether the guest must see
# errors; a loop device reads zeros where its file has ended
LOSSES = (
    ("null_blk switched off", null_block_off, True),
    ("SCSI disk deleted", scsi_delete, True),
    ("file system full", full_file_system, True),
    ("loop device's file truncated", truncated_file, False),
)


def lose(guest, name, make, errors):
    """The host loses a disk that a guest uses; it can be detached after."""
    path, take = make()
    guest.attach("xvdb", path)
    device = guest.vbd("xvdb")
    job = guest.spawn(fio.endless("xvdb"))
    if take:
        backend.wait_busy(device)
        take()
    if errors:
        status, text = job.wait(timeout=120)
        tap.ok(status != 0, "%s: the guest sees errors" % name, text)
    else:
        backend.wait_busy(device)
        guest.check("killall -9 fio")
        job.wait()
    used = backend.counters(device)
    tap.ok(wait_until(lambda: backend.counters(device)["requests"]
                      == backend.counters(device)["responses"], 10,
                      "answers"), "%s: all requests are answered" % name, used)
    guest.detach("xvdb")
    wait_until(lambda: device not in backend.devices(), 20, "end of " + device)
    fio.verify(guest, fio.job("other", "xvda", 1, "16k", 8))
    tap.ok(True, "%s: the disk goes, the guest's other one is well" % name)


def force_detach(guest):
    done = subprocess.run(["xl", "block-detach", "--force", str(guest.domid),
                           "xvdb"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True)
    tap.ok(done.returncode == 0, "xl block-detach --force", done.stdout)


def remove_backend(guest):
    store.remove([path for path in guest.backends("vbd")
                  if path.endswith("/51728")][0])


def remove_frontend(guest):
    store.remove("/local/domain/%d/device/vbd/51728" % guest.domid)


def remove_both(guest):
    remove_frontend(guest)
    remove_backend(guest)


# What the toolstack can do to a busy disk.
REMOVALS = (
    ("xl block-detach --force", force_detach),
    ("backend directory removed", remove_backend),
    ("frontend directory removed", remove_frontend),
    ("both removed", remove_both),
)


def remove(name, removal, paths):
    with Guest("user", kind="pv", disks=paths) as guest:
        guest.wait_connected("vbd", 2)
        device = guest.vbd("xvdb")
        guest.spawn(fio.endless("xvdb"))
        backend.wait_busy(device)
        removal(guest)
        wait_until(lambda: device not in backend.devices(), 10,
                   "end of " + device)
        status, text = guest.run(fio.command(
            fio.job("other", "xvda", 1, "16k", 8)), timeout=120)
        tap.ok(status == 0, "%s: the guest's other disk is well" % name, text)
        guest.destroy()
    wait_all_gone()


def surprises(paths):
    """Disks that go without asking."""
    before = host.in_use()
    with Guest("loser", kind="pv", disks=paths[:1]) as guest:
        guest.wait_connected("vbd")
        for name, make, errors in LOSSES:
            with tap.case(name):
                lose(guest, name, make, errors)
        guest.shutdown()
    wait_all_gone()
    # It has threads of its own.
    module.unload("scsi_debug")
    for name, removal in REMOVALS:
        with tap.case(name):
            remove(name, removal, paths)
    tap.equal(host.wait_for_use(before), before, "nothing is left over")
    tap.equal(host.leftovers(), [], "no device, no xenstore node, no domain")


def main():
    paths = [disk.null_block("disk0", DISK_MB),
             disk.null_block("disk1", DISK_MB)]
    modprobe("xen-blkback", "loop")
    with tap.case("surprises"):
        surprises(paths)
    with tap.case("modules unload and load"):
        unload(paths[0])
    tap.done()


main()
