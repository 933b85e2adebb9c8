# SPDX-License-Identifier: GPL-2.0
"""Backend devices as dom0's kernel shows them."""

import os

from dom0 import store
from dom0.command import output, wait_until

DEVICES = "/sys/bus/xen-backend/devices"
DRIVERS = "/sys/bus/xen-backend/drivers"
OURS = "xenmod-vbd"
IN_TREE = "vbd"


def devices():
    return sorted(os.listdir(DEVICES)) if os.path.isdir(DEVICES) else []


def driver(device):
    """(driver, module) that serves a device like "vbd-1-51712"."""
    link = "%s/%s/driver" % (DEVICES, device)
    if not os.path.exists(link):
        return None, None
    module = link + "/module"
    return (os.path.basename(os.path.realpath(link)),
            os.path.basename(os.path.realpath(module))
            if os.path.exists(module) else None)


def attribute(device, name, default=None):
    """A sysfs file of the device, e.g. "statistics/rd_req"."""
    try:
        with open("%s/%s/%s" % (DEVICES, device, name)) as file:
            return file.read().strip()
    except OSError:
        return default


def attributes(device, group):
    """{name: value} of a folder of numbers."""
    folder = "%s/%s/%s" % (DEVICES, device, group)
    if not os.path.isdir(folder):
        return {}
    return {name: int(attribute(device, "%s/%s" % (group, name)))
            for name in sorted(os.listdir(folder))}


def error(domid, kind, device):
    """What the backend told the administrator, or None."""
    return store.read("/local/domain/0/error/backend/%s/%d/%s/error" % (
        kind, domid, device))


def module_file(name):
    """Where modprobe finds a module."""
    return output("modinfo", "-F", "filename", name).strip()


def counters(device):
    """Our counters and the statistics that the in-tree driver has, too."""
    return {**attributes(device, "xenmod"), **attributes(device, "statistics")}


def grown(before, after):
    return {name: after[name] - before[name] for name in after}


def requests(device):
    """Reads and writes that reached the disk; 0 without a driver."""
    return sum(int(attribute(device, "statistics/" + name) or 0)
               for name in ("rd_req", "wr_req"))


def wait_busy(device, timeout=30):
    """Wait until the disk is in the midst of I/O."""
    first = requests(device)
    wait_until(lambda: requests(device) >= first + 50, timeout,
               "I/O on " + device)


def bind(device, driver_name, verb="bind"):
    """Have a driver take a device, or "unbind": let go of it."""
    with open("%s/%s/%s" % (DRIVERS, driver_name, verb), "w") as file:
        file.write(device)
