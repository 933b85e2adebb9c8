# SPDX-License-Identifier: GPL-2.0
"""Block devices in dom0 to give to guests."""

import os

from dom0.command import modprobe, output

CONFIGFS = "/sys/kernel/config"


def null_block(name="disk0", size_mb=256, memory=True, **settings):
    """A null_blk device that keeps its data (memory=True) or drops it.

    Further settings are null_blk's own, e.g. discard=1, blocksize=4096."""
    modprobe("configfs")
    if not os.path.ismount(CONFIGFS):
        output("mount", "-t", "configfs", "configfs", CONFIGFS)
    if not os.path.isdir(CONFIGFS + "/nullb"):
        output("modprobe", "null_blk", "nr_devices=0")
    folder = "%s/nullb/%s" % (CONFIGFS, name)
    os.mkdir(folder)
    values = {"size": size_mb, "memory_backed": int(memory), **settings}
    for key, value in values.items():
        _write("%s/%s" % (folder, key), value)
    _write(folder + "/power", 1)
    index = _read(folder + "/index")
    for path in ("/dev/" + name, "/dev/nullb" + index):
        if os.path.exists(path):
            return path
    raise RuntimeError("null_blk device %s did not appear" % name)


def remove_null_block(name="disk0"):
    folder = "%s/nullb/%s" % (CONFIGFS, name)
    _write(folder + "/power", 0)
    os.rmdir(folder)


def ram_disk(number=0, size_mb=64):
    """/dev/ram<number>; the size counts for the first one made."""
    output("modprobe", "brd", "rd_nr=4", "rd_size=%d" % (size_mb * 1024))
    return "/dev/ram%d" % number


def loop(path, size_mb=64):
    """A loop device over a (sparse) file."""
    modprobe("loop")
    with open(path, "wb") as file:
        file.truncate(size_mb * 1024 * 1024)
    return output("losetup", "--find", "--show", path).strip()


def _write(path, value):
    with open(path, "w") as file:
        file.write(str(value))


def _read(path):
    with open(path) as file:
        return file.read().strip()
