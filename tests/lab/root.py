# SPDX-License-Identifier: GPL-2.0
"""A suite's root: one image that is dom0's disk and the place to build in."""

import gzip
import os
import shutil
import subprocess

from lab import machine, process
from lab.cache import digest
from lab.progress import Trouble, step

# Part of the cache key: raise it when the way a root is made changes.
RECIPE = 1

# Not needed to build modules or to run dom0.
UNWANTED = ("usr/share/doc", "usr/share/man", "usr/share/info",
            "usr/share/locale", "usr/share/bug", "usr/share/lintian")

# checkpatch is only in the kernel's source package.
CHECKPATCH = "usr/share/xenmod-testbed/checkpatch"
CHECKPATCH_FILES = ("checkpatch.pl", "spelling.txt", "const_structs.checkpatch")


def key(suite):
    return digest(RECIPE, suite, suite.packages, UNWANTED, CHECKPATCH)


def fetch(cache, suite, refresh=False):
    """The folder with root.img, vmlinuz, xen.elf and `release`."""
    def build(part):
        os.makedirs(part)
        tree = os.path.join(part, "tree")
        with step(f"installing {suite.name} (kernel {suite.kernel}, "
                  f"Xen {suite.xen}) into a root"):
            bootstrap(suite, tree, os.path.join(part, "log"))
        with step("adding checkpatch from the kernel's source package"):
            add_checkpatch(tree, os.path.join(part, "log"))
        with step("packing the root"):
            extract_boot(tree, part)
            pack(tree, part)
    return cache.fetch("root", key(suite), build, refresh)


def release(root):
    with open(os.path.join(root, "release")) as file:
        return file.read().strip()


def bootstrap(suite, tree, log):
    options = ["--mode=root", "--variant=minbase", "--format=directory",
               '--aptopt=APT::Install-Recommends "false"',
               '--aptopt=Acquire::Languages "none"',
               '--aptopt=Acquire::http::Timeout "20"',
               '--aptopt=Acquire::Retries "2"', "--dpkgopt=force-unsafe-io"]
    options += [f"--dpkgopt=path-exclude=/{path}/*" for path in UNWANTED]
    if suite.stale_release:
        options.append('--aptopt=Acquire::Check-Valid-Until "false"')
    # No initrd: the testbed boots with one of its own.
    machine.call_apt(
        process.isolated(["mmdebstrap", *options, "--skip=cleanup/apt",
                          "--include=" + ",".join(suite.packages),
                          suite.name, tree]),
        log, f"building the root of {suite.name}",
        env={**os.environ, "INITRD": "No", "LC_ALL": "C.UTF-8"})


def add_checkpatch(tree, log):
    """Keep three scripts of the source package, not its gigabyte."""
    version = ".".join(stock_release(tree).split(".")[:2])
    folder = os.path.join(tree, CHECKPATCH)
    os.makedirs(folder)
    script = (
        f"cd /tmp && apt-get -qq download linux-source-{version} && "
        "dpkg-deb --fsys-tarfile linux-source-*.deb | "
        "tar -xO --wildcards './usr/src/*.tar.xz' | "
        f"tar -xJ -C /{CHECKPATCH} --strip-components=2 --wildcards "
        + " ".join(f"'*/scripts/{name}'" for name in CHECKPATCH_FILES)
        + " && rm linux-source-*.deb")
    machine.call_apt(process.isolated(["chroot", tree, "sh", "-c", script]),
                     log, "unpacking checkpatch")


def stock_release(tree):
    kernels = [name[len("vmlinuz-"):] for name in os.listdir(f"{tree}/boot")
               if name.startswith("vmlinuz-")]
    if len(kernels) != 1:
        raise Trouble(f"the root should hold one kernel, but has {kernels}")
    return kernels[0]


def extract_boot(tree, part):
    kernel = stock_release(tree)
    with open(os.path.join(part, "release"), "w") as file:
        file.write(kernel + "\n")
    shutil.copy(f"{tree}/boot/vmlinuz-{kernel}", f"{part}/vmlinuz")
    hypervisors = [n for n in os.listdir(f"{tree}/boot")
                   if n.startswith("xen-") and n.endswith(".gz")]
    # QEMU's multiboot loader takes the plain ELF only.
    with gzip.open(f"{tree}/boot/{hypervisors[0]}") as packed:
        with open(f"{part}/xen.elf", "wb") as plain:
            shutil.copyfileobj(packed, plain)


def pack(tree, part):
    """Uncompressed: the emulated machine has no time to inflate."""
    for path in ("var/cache/apt", "var/lib/apt/lists", *UNWANTED):
        shutil.rmtree(os.path.join(tree, path), ignore_errors=True)
    with open(os.path.join(tree, "etc/hostname"), "w") as file:
        file.write("dom0\n")
    process.call(["mksquashfs", tree, f"{part}/root.img", "-noI", "-noD",
                  "-noF", "-noX", "-noappend", "-quiet", "-no-progress"],
                 f"{part}/log", "packing the root")
    shutil.rmtree(tree)


def size(path):
    return subprocess.check_output(["du", "-sh", path], text=True).split()[0]
