#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The backends in a PVH driver domain, which serves another guest."""

import os
import time

from dom0 import backend, disk, fio, module, network, store, tap
from dom0.command import wait_until
from dom0.driverdomain import DriverDomain
from dom0.guest import Guest, GuestLost, domains, wait_all_gone

SIZE_MB = 32
PATIENCE = 240          # seconds
LOSSES = 3              # driver domains that the emulator may lose
RAM = "/dev/ram0"
FILE = "/run/disk"
DISK = ("format=raw,backendtype=phy,access=rw,script=block-light,backend=%s,"
        "vdev=%s,target=%s")
VIF = "backend=%s,bridge=" + network.BRIDGE + ",script=vif-light," \
    "mac=00:16:3e:00:00:02"
STREAM = 4 << 20
CMDLINE = "xen_blkfront.max_indirect_segments=256"


def start(domain):
    """Everything a driver domain for disks needs."""
    domain.set_up()
    domain.system("modprobe xen-blkback feature_persistent=N && "
                  "modprobe brd rd_nr=1 rd_size=%d && truncate -s %dM %s" % (
                      SIZE_MB * 1024, SIZE_MB, FILE))
    domain.system("modprobe xen-netback")
    domain.bridge(network.BRIDGE, "10.0.0.1/24")
    for name in ("xen-blkback", "xen-netback"):
        file = domain.system("modinfo -F filename " + name).strip()
        tap.ok("/updates/" in file, "the driver domain has our " + name, file)
    domain.start_devd()


def jobs(name):
    return (fio.job("small", name, 1, "4k", 32, rw="randwrite"),
            fio.job("mixed", name, 4, "4k", 16, offset_mb=1,
                    more="--bs=512-256k"),
            fio.job("large", name, 8, "1M", 4, offset_mb=8))


def verify(guest, domain, vdev):
    """(fio's part of the counters, all of them)"""
    device = guest.vbd(vdev)
    before = domain.counters(device)
    status, text = guest.run(fio.command(*jobs(vdev)), timeout=300)
    tap.ok(status == 0, "fio verifies on %s" % vdev, text)
    used = backend.grown(before, domain.counters(device))
    tap.diagnose({name: n for name, n in used.items() if n})
    tap.ok(used["requests"] and used["requests"] == used["responses"]
           and not used["bad_requests"] and not used["grant_errors"],
           "%s: each request was answered once" % vdev, used)
    return used


def check_content(guest, domain, vdev, path):
    read = "dd if=%s bs=1M count=%d 2>/dev/null | md5sum"
    inside = guest.check("echo 3 >/proc/sys/vm/drop_caches; " + read % (
        "/dev/" + vdev, SIZE_MB), timeout=120)
    outside = domain.system("echo 3 >/proc/sys/vm/drop_caches; " + read % (
        path, SIZE_MB), timeout=120)
    tap.equal(inside.split()[0], outside.split()[0],
              "the driver domain has the same on %s" % path)


def start_guest(domain, name, disks, vifs=()):
    """A guest whose disks come from the driver domain. Two small machines
    share an emulated one: what is quick in dom0 takes its time here."""
    guest = Guest(name, kind="pv", cmdline=CMDLINE, disks=[
        DISK % (domain.name, "xvd%c" % (ord("a") + n), path)
        for n, path in enumerate(disks)], vifs=vifs)
    guest.create()
    try:
        wait_until(lambda: domain.connected(guest, len(disks)), PATIENCE,
                   "disks connected")
        return guest.wait_ready(PATIENCE)
    except BaseException:
        guest.destroy()
        raise


def use(domain, guest):
    tap.equal([d for d in backend.devices() if d.startswith(
        "vbd-%d-" % guest.domid)], [], "dom0 does not serve them")
    with tap.case("copies"):
        used = verify(guest, domain, "xvda")
        data = 512 * (used["rd_sect"] + used["wr_sect"])
        tap.ok(used["bytes_copied"] >= data > 16 << 20,
               "a domain with a p2m of its own copies all data", used)
        tap.equal((used["map_ops"], used["bytes_mapped"]), (0, 0),
                  "it maps none, however large the requests")
        check_content(guest, domain, "xvda", RAM)
    with tap.case("a file, by the loop script in the driver domain"):
        used = verify(guest, domain, "xvdb")
        tap.equal(used["map_ops"], 0, "nothing is mapped")
        check_content(guest, domain, "xvdb", FILE)


def use_vif(domain, guest):
    """Streams between the guest and the driver domain, content checked."""
    vif = network.Vif(guest)
    path = "/local/domain/%d/backend/vif/%d/0/state" % (domain.domid,
                                                        guest.domid)
    wait_until(lambda: store.read(path) == "4", PATIENCE, "a vif connected")
    tap.ok(not vif.exists(), "dom0 does not serve it")
    network.configure(guest, 2)
    status, text = guest.run("ping -c 3 -s 4000 10.0.0.1", timeout=PATIENCE)
    tap.ok(status == 0, "the driver domain answers", text)
    began = time.monotonic()
    tap.equal(network.exchange(domain, guest, "10.0.0.1", STREAM, STREAM,
                               timeout=PATIENCE), None,
              "streams both ways")
    tap.diagnose("%d MB each way in %.1f s" % (
        STREAM >> 20, time.monotonic() - began))
    used = domain.check("cd /sys/class/net/%s/statistics && "
                        "grep . rx_bytes tx_bytes" % vif.name)
    tap.ok(min(int(line.split(":")[1]) for line in used.splitlines())
           >= STREAM, "through the driver domain's vif", used)


def persistent(domain):
    """A guest with persistent grants, destroyed in the midst of its I/O."""
    domain.check("echo Y >/sys/module/xen_blkback/parameters/"
                 "feature_persistent")
    with start_guest(domain, "second", [RAM]) as guest:
        used = verify(guest, domain, "xvda")
        tap.ok(used["persistent_hits"] > 0, "persistent grants are hit", used)
        guest.spawn(fio.endless("xvda"))
        device = guest.vbd()
        first = domain.counters(device)["requests"]
        wait_until(lambda: domain.counters(device)["requests"] > first + 50,
                   60, "I/O")
        guest.destroy()
    wait_until(lambda: list(domains()) == [domain.name], 60,
               "the guest is gone, all its grants given back")
    left = domain.check("ls /sys/bus/xen-backend/devices").split()
    tap.equal(left, [], "the driver domain has no device left")


def serve(domain, dom0_disk):
    start(domain)
    with start_guest(domain, "served", [RAM, FILE],
                     [VIF % domain.name]) as guest:
        use(domain, guest)
        with tap.case("a vif"):
            use_vif(domain, guest)
        guest.shutdown()
    with tap.case("persistent grants, and a guest destroyed"):
        persistent(domain)
    # Once more, to have the driver domain go first.
    with start_guest(domain, "orphan", [RAM]) as guest:
        guest.spawn(fio.endless("xvda"))
        with tap.case("the driver domain is destroyed under I/O"):
            domain.destroy()
            guest.attach("xvdb", dom0_disk)
            fio.verify(guest, fio.job("after", "xvdb", 1, "16k", 8))
        guest.destroy()
    wait_all_gone()


def run(dom0_disk):
    with DriverDomain("driver") as domain:
        try:
            serve(domain, dom0_disk)
        except Exception:
            tap.diagnose(store.tree("/local/domain/%d/backend"
                                    % domain.domid))
            tap.diagnose(domain.system(
                "tail -n 100 /var/log/xen/*; dmesg | tail -n 20"))
            raise


def run_until_kept(dom0_disk):
    for _ in range(LOSSES):
        try:
            return run(dom0_disk)
        except GuestLost:
            tap.diagnose("the emulator lost the driver domain; once more")
            wait_all_gone()
    return run(dom0_disk)


def main():
    if os.environ["TESTBED_DRIVERS"] != "ours":
        tap.skip("driver domain", "it is about our driver")
        tap.done()
    path = disk.null_block("disk0", SIZE_MB)
    module.load("xen-blkback")
    with tap.case("a PVH driver domain serves a PV guest"):
        run_until_kept(path)
    with tap.case("dom0 serves on"):
        with Guest("after", kind="pv", disks=[path]) as guest:
            guest.wait_connected("vbd")
            fio.verify(guest, fio.job("after", "xvda", 2, "16k", 8))
            guest.shutdown()
    tap.equal([name for name in backend.devices() if name.startswith("vbd")],
              [], "no device is left")
    tap.done()


main()
