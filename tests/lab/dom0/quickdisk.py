# SPDX-License-Identifier: GPL-2.0
"""A running guest's disk, made by what xl writes to xenstore, without xl and
its scripts: for tests that need hundreds of them."""

import os

from dom0 import backend, store
from dom0.command import wait_until

INITIALISING, CONNECTED, CLOSING = 1, 4, 5


class QuickDisk:
    def __init__(self, guest, vdev, path, mode="w"):
        self.vdev = vdev
        self.path = path
        self.mode = mode
        self.guest = guest
        self.domid = guest.domid
        self.name = guest.vbd(vdev)
        number = self.name.split("-")[2]
        self.backend = "/local/domain/0/backend/vbd/%d/%s" % (
            self.domid, number)
        self.frontend = "/local/domain/%d/device/vbd/%s" % (self.domid, number)

    def plug(self):
        """Wait with wait_connected(), so that several can be on their way."""
        device = os.stat(self.path).st_rdev
        number = self.name.split("-")[2]
        # Nodes inherit their folder's permissions.
        for folder, owner, reader in (
                (self.frontend, self.domid, 0), (self.backend, 0, self.domid)):
            store.write(folder, "")
            store.permit(folder, "n%d" % owner, "r%d" % reader)
        # Both ends at once, or one of them finds the other missing.
        self.write({self.frontend: {
            "backend": self.backend, "backend-id": 0, "virtual-device": number,
            "device-type": "disk", "state": INITIALISING}, self.backend: {
            "frontend": self.frontend, "frontend-id": self.domid, "online": 1,
            "mode": self.mode, "type": "phy", "dev": self.vdev,
            "params": self.path, "device-type": "disk",
            "physical-device": "%x:%x" % (os.major(device), os.minor(device)),
            "hotplug-status": "connected", "state": INITIALISING}})
        return self

    @staticmethod
    def write(folders):
        store.write_all("/local/domain", {
            "%s/%s" % (folder[len("/local/domain/"):], name): value
            for folder, values in folders.items()
            for name, value in values.items()})

    def wait_connected(self, timeout=60):
        def connected():
            return all(store.read(side + "/state") == str(CONNECTED)
                       for side in (self.backend, self.frontend))
        try:
            wait_until(connected, timeout, "%s connected" % self.name)
        except TimeoutError as error:
            raise TimeoutError("%s: %s" % (error, {
                **store.tree(self.backend), **store.tree(self.frontend)})) \
                from None
        return self

    def unplug(self):
        """Wait with wait_gone()."""
        store.write_all(self.backend, {"online": 0, "state": CLOSING})

    def wait_gone(self, timeout=60):
        wait_until(lambda: self.name not in backend.devices(), timeout,
                   "end of " + self.name)
        for path in (self.backend, self.frontend):
            if store.read(path) is not None:
                store.remove(path)
        # A guest that is slow to see that takes the next one for this one.
        self.guest.check("while [ -e /sys/bus/xen/devices/vbd-%s ]; do "
                         "sleep 0.05; done" % self.name.split("-")[2])
