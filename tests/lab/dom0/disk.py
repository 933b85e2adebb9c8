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


def power_off(name="disk0"):
    """The null_blk device goes, whoever uses it."""
    _write("%s/nullb/%s/power" % (CONFIGFS, name), 0)


def remove_null_block(name="disk0"):
    power_off(name)
    os.rmdir("%s/nullb/%s" % (CONFIGFS, name))


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


def logical_volume(device, size_mb=64, name="volume"):
    """A logical volume on a block device of its own. No udev runs here."""
    modprobe("dm-mod")
    lvm = ("lvm", "{}", "--config", "activation { udev_sync=0 udev_rules=0 } "
           "devices { obtain_device_list_from_udev=0 "
           "external_device_info_source=\"none\" }")
    for verb, *arguments in (
            ("pvcreate", device), ("vgcreate", "testbed", device),
            ("lvcreate", "-y", "-Zn", "-Wn", "-L", "%dM" % size_mb, "-n", name,
             "testbed")):
        output(lvm[0], verb, *lvm[2:], *arguments)
    return "/dev/mapper/testbed-" + name


def network_block_device(path, number=0):
    """An NBD device that a server here serves from a file."""
    modprobe("nbd")
    settings = path + ".conf"
    with open(settings, "w") as file:
        file.write("[generic]\n[disk]\nexportname = %s\nflush = true\n"
                   "trim = true\n" % path)
    output("nbd-server", "-C", settings)
    device = "/dev/nbd%d" % number
    output("nbd-client", "-N", "disk", "127.0.0.1", device)
    return device


def _write(path, value):
    with open(path, "w") as file:
        file.write(str(value))


def _read(path):
    with open(path) as file:
        return file.read().strip()
