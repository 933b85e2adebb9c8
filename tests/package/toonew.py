# SPDX-License-Identifier: GPL-2.0
"""Packages of a kernel that is newer than what xenmod supports: a kernel of the
suite under another name, with the scripts of a Debian kernel's packages."""

import functools
import os
import shutil

from package import system

RELEASE = "7.3.0-1-amd64"
FOLDER = "/tmp/too-new"

IMAGE_SCRIPT = f"""#!/bin/sh -e
depmod {RELEASE}
run-parts --report --exit-on-error --arg={RELEASE} \\
    --arg=/boot/vmlinuz-{RELEASE} /etc/kernel/postinst.d
"""
HEADERS_SCRIPT = f"""#!/bin/sh -e
[ ! -d /etc/kernel/header_postinst.d ] || \\
    run-parts --report --exit-on-error --arg={RELEASE} \\
    /etc/kernel/header_postinst.d
"""
CONTROL = """Package: {name}
Version: 7.3.0-1
Architecture: amd64
Maintainer: none <none@example.org>
Description: a kernel of the future
"""

# Drivers of the kernel's own that are to be found.
DRIVERS = ("kernel/drivers/net/xen-netback", "kernel/drivers/block/xen-blkback")


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def build(name, script):
    top = f"{FOLDER}/{name}"
    write(f"{top}/DEBIAN/control", CONTROL.format(name=name))
    write(f"{top}/DEBIAN/postinst", script, 0o755)
    done = system.call("dpkg-deb", "--build", top)
    if done.status:
        raise RuntimeError(str(done))
    return top + ".deb"


@functools.lru_cache(maxsize=None)
def packages(kernel):
    """Paths of the image's and the headers' package, made from a kernel's. To be called
    first before ours is installed: newer dkms puts the kernel's own drivers aside."""
    image, headers = f"linux-image-{RELEASE}", f"linux-headers-{RELEASE}"
    source = f"/lib/modules/{kernel}"
    target = f"{FOLDER}/{image}/usr/lib/modules/{RELEASE}"
    if not os.path.islink("/lib"):
        target = target.replace("/usr/lib/", "/lib/")
    for folder in DRIVERS:
        shutil.copytree(f"{source}/{folder}", f"{target}/{folder}")
    for name in ("modules.builtin", "modules.order"):
        shutil.copy(f"{source}/{name}", target)
    write(f"{FOLDER}/{image}/boot/config-{RELEASE}", "")
    write(f"{FOLDER}/{image}/boot/vmlinuz-{RELEASE}", "")
    link = f"{target.replace(image, headers)}/build"
    os.makedirs(os.path.dirname(link))
    os.symlink(os.path.realpath(f"{source}/build"), link)
    return build(image, IMAGE_SCRIPT), build(headers, HEADERS_SCRIPT)
