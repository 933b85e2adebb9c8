# SPDX-License-Identifier: GPL-2.0
"""The machine we run on: is it fit, and does it have the programs?"""

import os
import re
import shutil
import time

from lab import process
from lab.progress import Trouble, step

# program: Debian package
PROGRAMS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "iasl": "acpica-tools",
    "mmdebstrap": "mmdebstrap",
    "mksquashfs": "squashfs-tools",
    "unshare": "util-linux",
    "mount": "mount",
    "tar": "tar",
    "xz": "xz-utils",
}

FREE_GIB = 8
LISTS = "/var/lib/apt/lists"
DAY = 24 * 3600

APT_PATIENCE = ("-oAcquire::http::Timeout=20", "-oAcquire::Retries=2")
NO_NETWORK = re.compile(
    r"Could not (resolve|connect)[^\n]*|Temporary failure resolving[^\n]*|"
    r"Unable to connect[^\n]*|Network is unreachable|[Cc]onnection timed out")


def missing():
    return sorted({package for program, package in PROGRAMS.items()
                   if not shutil.which(program)})


def check(cache, cold):
    """One clear line when this machine will not do."""
    if not os.path.exists("/etc/debian_version") or not shutil.which("apt-get"):
        raise Trouble("this is not a Debian machine: the testbed installs "
                      "packages with apt-get and needs Debian 12 or newer")
    if os.geteuid() != 0:
        raise Trouble("the testbed mounts images and starts from a root's "
                      "files: run it as root")
    if os.uname().machine != "x86_64":
        raise Trouble(f"this machine is {os.uname().machine}; the testbed "
                      "needs x86_64")
    os.makedirs(cache, exist_ok=True)
    free = shutil.disk_usage(cache).free / 2 ** 30
    if cold and free < FREE_GIB:
        raise Trouble(f"only {free:.1f} GiB free at {cache}; {FREE_GIB} are "
                      "needed (free some or set XENMOD_CACHE to a folder "
                      "that has them)")


def lists_are_old():
    try:
        newest = max(os.stat(os.path.join(LISTS, name)).st_mtime
                     for name in os.listdir(LISTS) if "_dists_" in name)
    except (OSError, ValueError):
        return True
    return time.time() - newest > DAY


def call_apt(argv, log, what, **options):
    """Run what fetches packages; a lost network is told as such."""
    mark = os.path.getsize(log) if os.path.exists(log) else 0
    try:
        process.call(argv, log, what, **options)
    except Trouble:
        with open(log, errors="replace") as file:
            file.seek(mark)
            lost = NO_NETWORK.search(file.read())
        if lost:
            raise Trouble(f"{what}: no package mirror answers "
                          f"({lost.group(0).strip()}); check the network and "
                          "apt's proxy setting") from None
        raise


def install(log):
    """Install the programs the testbed runs, if they are missing."""
    packages = missing()
    if not packages:
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qy", "-oDPkg::Lock::Timeout=600", *APT_PATIENCE]
    if lists_are_old():
        with step("apt-get update"):
            call_apt([*apt, "update"], log, "apt-get update", env=env)
    with step(f"apt-get install {' '.join(packages)}"):
        call_apt([*apt, "install", "--no-install-recommends", *packages], log,
                 "apt-get install", env=env)
