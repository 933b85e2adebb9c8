#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The packages' life on a host with a running guest: each time nothing changes for it,
and the next one has the drivers of what is installed then. Booted with --drivers
offered: the version that is installed does not know the kernel."""

import glob
import json
import os
import platform
import subprocess

from dom0 import backend, disk, fio, module, network, tap
from dom0.command import output
from dom0.guest import Guest
from dom0.network import V4, Vif

OFFERED = "/usr/share/xenmod-offered"
PATH = OFFERED + "/bin:" + os.environ["PATH"]
# The compiler's answers are known: see tests/package/offered.
ENV = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "INITRD": "No",
       "PATH": PATH, "CCACHE_DIR": OFFERED + "/ccache",
       "CCACHE_SLOPPINESS": "file_stat_matches,file_stat_matches_ctime"}
KERNEL = platform.release()
MODULES = ("xen-netback", "xen-blkback")
CORE = "xen-core-mod"
DEVICES = ("vbd-", "vif-")
NUMBER = 2          # of the guest, in its addresses


def version(folder):
    found = glob.glob("%s/%s/xenmod-dkms_*.deb" % (OFFERED, folder))
    return output("dpkg-deb", "-f", found[0], "Version").split("~")[0].strip()


def apt(*argv):
    """An apt-get that must end well; what it said, which the run keeps."""
    path = "%s/apt-%s.log" % (os.environ["TESTBED_OUT"], argv[0])
    with open(path, "a+") as log:
        begin = log.tell()
        status = subprocess.run(
            ["apt-get", "-y", "-o", "Dpkg::Use-Pty=0", "-o",
             "DPkg::Path=" + PATH, *argv], env=ENV, stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT).returncode
        log.seek(begin)
        said = log.read()
    tap.ok(status == 0, "apt-get %s ends well" % argv[0], said)
    return said


def doctor():
    """{module: finding}"""
    done = subprocess.run(["xenmod", "doctor", "--json"],
                          stdout=subprocess.PIPE, universal_newlines=True)
    return {f["subject"]: f["id"] for f in json.loads(done.stdout)["findings"]}


def loaded():
    """{module: the version of ours, or None for the kernel's own}"""
    found = {}
    for name in MODULES:
        folder = "/sys/module/" + name.replace("-", "_")
        if os.path.isdir(folder):
            found[name] = None
            if os.path.exists(folder + "/version"):
                with open(folder + "/version") as file:
                    found[name] = file.read().strip()
    return found


def devices():
    return [one for one in backend.devices() if one.startswith(DEVICES)]


def picture():
    """What serves now."""
    return loaded(), {one: backend.driver(one) for one in devices()}


def start_traffic(guest):
    """Verified I/O and packets until a file tells it to end; its job."""
    job = fio.command(fio.job("disk", "xvda", 2, "4k", 8))
    return guest.spawn(
        "n=0; while [ ! -e /run/enough ]; do { %s; } && ping -c 1 -W 30 %s "
        ">/dev/null || exit 1; n=$((n + 1)); sleep 3; done; echo $n rounds" % (
            job, V4 % network.HOST))


def check_drivers(wanted):
    """wanted: a version of ours, or None"""
    tap.equal(loaded(), {name: wanted for name in MODULES},
              "a guest gets %s" % (wanted or "the kernel's own drivers"))
    for one in devices():
        name = ("xenmod-" if wanted else "") + one.split("-")[0]
        tap.equal(backend.driver(one)[0], name, "%s is served by %s" % (
            one.split("-")[0], name))


def under_guest(device, wanted, act):
    """What act() does to the packages, with a guest that has these drivers."""
    with Guest("pv", kind="pv", disks=[device],
               vifs=[network.specification(NUMBER)]) as guest:
        guest.wait_connected("vbd")
        Vif(guest).wait_connected()
        network.configure(guest, NUMBER)
        check_drivers(wanted)
        before = picture()
        job = start_traffic(guest)
        act()
        tap.equal(picture(), before, "nothing changes for the running guest")
        guest.check("touch /run/enough")
        status, text = job.wait(timeout=300)
        tap.ok(status == 0, "its I/O and packets went on: " + text.strip(),
               text)
        guest.shutdown()
    for name in (*MODULES, CORE):
        if module.loaded(name):
            status, text = module.unload(name)
            tap.ok(status == 0, "%s is unloaded" % name, text)


def built(wanted):
    for name in MODULES:
        tap.equal(output("modinfo", "-F", "version", name).strip(), wanted,
                  "%s is installed: %s" % (name, wanted or "the kernel's own"))


def install():
    said = apt("install", *(glob.glob("%s/%s/%s_*.deb" % (
        OFFERED, folder, name))[0] for folder, name in (
            ("old", "xenmod-dkms"), ("new", "xenmod"))))
    tap.ok("nothing changes for running guests" in said and "reboot" in said
           and "doctor" in said, "it says what to do next", said)
    built(version("old"))
    tap.equal(doctor(), {name: "in-tree-loaded" for name in MODULES},
              "doctor: the kernel's own are still loaded")


def upgrade():
    apt("install", glob.glob(OFFERED + "/new/xenmod-dkms_*.deb")[0])
    built(version("new"))
    tap.equal(doctor(), {name: "old-loaded" for name in (*MODULES, CORE)},
              "doctor: the old version is still loaded")


def purge():
    apt("purge", "xenmod-dkms", "xenmod")
    built("")
    tap.equal([line for line in output("dkms", "status").splitlines()
               if line.startswith("xenmod")], [], "dkms has nothing of ours")


def main():
    status = output("dkms", "status")
    tap.ok(not os.path.exists("/lib/modules/%s/updates/dkms/xen-core-mod.ko" %
                              KERNEL) and KERNEL not in status,
           "the kernel is too new for what is installed", status)
    network.bridge()
    device = disk.null_block(size_mb=32)
    under_guest(device, None, install)
    under_guest(device, version("old"), upgrade)
    under_guest(device, version("new"), purge)
    under_guest(device, None, lambda: None)
    tap.diagnose(subprocess.run(["ccache", "-s"], env=ENV,
                                stdout=subprocess.PIPE,
                                universal_newlines=True).stdout)
    tap.done()


main()
