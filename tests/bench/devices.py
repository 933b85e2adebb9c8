# SPDX-License-Identifier: GPL-2.0
"""What disks and vifs have in common: guests get them and lose them."""

import os

from dom0 import backend, store
from dom0.command import output, wait_until

OURS = os.environ.get("TESTBED_DRIVERS") == "ours"
PATIENCE = 900


class Devices:
    kind = None         # as xenstore calls them
    xl_name = None      # as xl's commands do

    def __init__(self, guests):
        self.guests = guests

    def connect(self, guest, *specification):
        """A further device for a guest; the backend's path."""
        before = guest.backends(self.kind)
        output("xl", self.xl_name + "-attach", guest.name,
               *specification)
        path = guest.wait_connected(self.kind, len(before) + 1)[-1]
        device = "-".join(path.split("/")[-3:])
        driver, module = backend.driver(device)
        if (driver or "").startswith("xenmod-") != OURS:
            raise RuntimeError("%s is served by %s of %s" % (
                device, driver, module))
        return path

    def detach(self, guest):
        """Take all its devices."""
        for path in guest.backends(self.kind):
            output("xl", self.xl_name + "-detach", guest.name,
                   path.split("/")[-1])
        wait_until(lambda: not guest.backends(self.kind), 30,
                   "end of %s's devices" % guest.name)

    def release(self):
        for guest in self.guests:
            self.detach(guest)


def frontend_says(path, name, default):
    """What the frontend of a backend's path wrote."""
    return store.read("%s/%s" % (store.read(path + "/frontend"), name),
                      default)
