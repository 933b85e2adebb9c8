# SPDX-License-Identifier: GPL-2.0
"""Backend devices as dom0's kernel shows them."""

import os

from dom0 import store
from dom0.command import output

DEVICES = "/sys/bus/xen-backend/devices"


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
