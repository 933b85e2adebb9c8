# SPDX-License-Identifier: GPL-2.0
"""Make dom0's and the guests' initramfs. Runs inside the suite's root, so
libraries and modules are found the way the suite itself finds them."""

import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile

from lab.cpio import Archive

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTILE = os.path.join(os.path.dirname(HERE), "hostile")
DMA = os.path.join(os.path.dirname(HERE), "dma")

# What dom0 needs before it has its disk.
DOM0_MODULES = ("virtio_pci", "virtio_blk", "squashfs", "overlay",
                "9pnet_virtio", "9p")

GUEST_MODULES = (
    "xen-blkfront", "xen-netfront", "xen-pcifront", "xen-evtchn", "xen-gntdev",
    "xen-gntalloc", "xen-privcmd", "xenfs", "ext4", "crc32c_generic",
    "null_blk", "loop", "pktgen", "dummy", "af_packet", "squashfs",
    "overlay", "8021q", "e1000e", "e1000", "8139too", "pcnet32", "nvme",
)

GUEST_PROGRAMS = ("fio", "iperf3", "mke2fs", "e2fsck", "ethtool", "ip",
                  "ping", "blkdiscard", "kmod", "blockdev", "flock", "base64")

# fio links storage clusters' clients, 70 MB nobody calls here.
HOLLOW = ("libgfapi", "libnbd", "libibverbs", "librdmacm", "librados",
          "librbd", "libpmemblk", "libpmem")


def output(*argv):
    return subprocess.check_output(argv, universal_newlines=True)


def which(program):
    return output("sh", "-c", "command -v " + program).strip()


def add_busybox(archive):
    archive.copy("bin/busybox", which("busybox"))
    for applet in output("busybox", "--list").split():
        archive.link("bin/" + applet, "busybox")
    archive.link("sbin", "bin")
    for name in ("proc", "sys", "dev", "tmp", "run"):
        archive.folder(name)
    archive.device("dev/console", 5, 1)


def module_files(names, release):
    """The files of the modules and all they need, in loading order."""
    files = []
    for name in names:
        try:
            text = output("modprobe", "--set-version", release,
                          "--ignore-install", "--show-depends", name)
        except subprocess.CalledProcessError:
            print("kernel %s has no module %s" % (release, name))
            continue
        files += re.findall(r"^insmod (\S+)", text, re.MULTILINE)
    return list(dict.fromkeys(files))


def plain_module(path):
    """A module's name and content, decompressed."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".xz"):
        path, data = path[:-3], lzma.decompress(data)
    return path, data


def libraries(program):
    """The libraries a program is linked with: (name, file) pairs."""
    found = re.findall(r"^\s*(?:\S+ => )?(/\S+) \(0x", output("ldd", program),
                       re.MULTILINE)
    return [(os.path.basename(path), path) for path in found]


def undefined_symbols(program):
    """name -> version (or "") of the symbols a program takes from others."""
    table = output("readelf", "--wide", "--dyn-syms", program)
    return dict(re.findall(r" UND (\w+)(?:@+(\S+))?", table))


def hollow_library(program, name, path, folder):
    """A library of that name whose functions exist and do nothing."""
    wanted = undefined_symbols(program)
    table = output("nm", "--dynamic", "--defined-only", path)
    symbols = {symbol for symbol in re.findall(r" [TWBDRi] (\w+)", table)
               if symbol in wanted}
    versions = {}
    for symbol in sorted(symbols):
        versions.setdefault(wanted[symbol], []).append(symbol)
    source = os.path.join(folder, name + ".c")
    with open(source, "w") as file:
        file.writelines("void %s(void) {}\n" % symbol for symbol in symbols)
    versions.pop("", None)
    script = os.path.join(folder, name + ".map")
    with open(script, "w") as file:
        for version, members in versions.items():
            file.write("%s { %s; };\n" % (version, "; ".join(members)))
    option = ["-Wl,--version-script," + script] if versions else []
    result = os.path.join(folder, name)
    subprocess.check_call(
        ["gcc", "-w", "-shared", "-fPIC", "-nostdlib", "-fno-builtin",
         "-Wl,-soname," + name, *option, "-o", result, source])
    return result


def needed(program):
    """Sonames the program itself names."""
    return re.findall(r"\(NEEDED\).*\[(\S+)\]",
                      output("readelf", "-d", program))


def place_of(soname):
    return ("lib64/" if soname.startswith("ld-") else "usr/lib/") + soname


def add_program(archive, name, folder):
    path = os.path.realpath(which(name))
    archive.copy("usr/bin/" + name, path)
    loaded = dict(libraries(path))
    direct = needed(path)
    hollow = [n for n in direct if n.split(".so")[0] in HOLLOW]
    if hollow:
        for soname in hollow:
            archive.copy("usr/lib/" + soname, hollow_library(
                path, soname, loaded[soname], folder))
        for soname in direct:
            if soname not in hollow and soname in loaded:
                for child, file in libraries(loaded[soname]):
                    archive.copy(place_of(child), file)
                archive.copy("usr/lib/" + soname, loaded[soname])
        loaded = {n: p for n, p in loaded.items() if n.startswith("ld-")}
    for soname, file in loaded.items():
        archive.copy(place_of(soname), file)


def add_module_tree(archive, release, folder):
    """Modules and their index, so that modprobe works in the guest."""
    top = os.path.join(folder, "tree")
    base = "%s/lib/modules/%s" % (top, release)
    for path in module_files(GUEST_MODULES, release):
        name, data = plain_module(path)
        os.makedirs(base + "/kernel", exist_ok=True)
        with open("%s/kernel/%s" % (base, os.path.basename(name)),
                  "wb") as file:
            file.write(data)
    for name in ("modules.builtin", "modules.builtin.modinfo",
                 "modules.order"):
        source = "/lib/modules/%s/%s" % (release, name)
        with open(source, "rb") as file, open(base + "/" + name, "wb") as copy:
            copy.write(file.read())
    subprocess.check_call(["depmod", "-b", top, release])
    for place, _folders, names in os.walk(base):
        for name in names:
            path = os.path.join(place, name)
            archive.copy("usr/" + os.path.relpath(path, top), path)


def add_hostile(archive, folder):
    """The hostile frontends; they are started by the tests that want them."""
    disk, net = folder + "/hostile", folder + "/hostile-net"
    subprocess.check_call(["make", "-s", "-C", HOSTILE, "OUT=" + disk,
                           "OUT_NET=" + net])
    for program in (disk, net):
        archive.copy("usr/bin/" + os.path.basename(program), program)


def add_dmatest(archive, release, folder):
    """The module that asks the DMA layer for what it promises."""
    copy = shutil.copytree(DMA, folder + "/dma")
    subprocess.check_call(["make", "-s", "-C",
                           "/lib/modules/%s/build" % release, "M=" + copy,
                           "modules"])
    module = copy + "/xenmod-dmatest.ko"
    subprocess.check_call(["strip", "--strip-debug", module])
    archive.copy("usr/share/xenmod-dmatest.ko", module)


def make_stream(program):
    """The program for TCP connections whose content is checked."""
    subprocess.check_call(
        ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread",
         "-o", program, os.path.join(HERE, "guest", "stream.c")])


def make_dom0(path, release):
    with Archive(path) as archive:
        add_busybox(archive)
        archive.copy("init", os.path.join(HERE, "dom0", "boot"))
        order = []
        for file in module_files(DOM0_MODULES, release):
            name, data = plain_module(file)
            order.append(os.path.basename(name))
            archive.data("modules/" + order[-1], data)
        archive.data("modules/order", "\n".join(order).encode() + b"\n")


def make_guest(path, release, stream):
    with Archive(path) as archive, tempfile.TemporaryDirectory() as folder:
        archive.folder("usr/lib")
        archive.link("lib", "usr/lib")
        add_busybox(archive)
        archive.copy("init", os.path.join(HERE, "guest", "init"))
        for name in GUEST_PROGRAMS:
            add_program(archive, name, folder)
        add_hostile(archive, folder)
        add_dmatest(archive, release, folder)
        archive.copy("usr/bin/stream", stream)
        for name in ("modprobe", "depmod"):
            archive.link("usr/bin/" + name, "kmod")
        archive.data("etc/ld.so.conf", b"/usr/lib\n")
        # As the suites have it; without it depmod prefers the kernel's own.
        archive.data("etc/depmod.d/search.conf", b"search updates built-in\n")
        add_module_tree(archive, release, folder)


if __name__ == "__main__":
    make_dom0(sys.argv[1] + "/dom0.cpio", sys.argv[2])
    make_stream(sys.argv[1] + "/stream")
    make_guest(sys.argv[1] + "/guest.cpio", sys.argv[2],
               sys.argv[1] + "/stream")
