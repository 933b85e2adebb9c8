# SPDX-License-Identifier: GPL-2.0
"""A running guest's vif, made by what xl writes to xenstore, without xl and
its scripts: for tests that need many of them."""

from dom0 import network, store
from dom0.command import output, wait_until
from dom0.quickdisk import QuickDisk

INITIALISING, CLOSING = 1, 5


class QuickVif(network.Vif):
    """The guest calls it eth<number>, if it has all that come before."""

    def plug_in(self):
        """Wait with wait_connected(), so that several can be on their way."""
        number = int(self.device.split("-")[2])
        mac = "00:16:3e:02:%02x:%02x" % (self.guest.domid & 255, number)
        for folder, owner, reader in ((self.frontend, self.guest.domid, 0),
                                      (self.backend, 0, self.guest.domid)):
            store.write(folder, "")
            store.permit(folder, "n%d" % owner, "r%d" % reader)
        # Both ends at once, or one of them finds the other missing.
        QuickDisk.write({self.frontend: {
            "backend": self.backend, "backend-id": 0, "handle": number,
            "mac": mac, "state": INITIALISING}, self.backend: {
            "frontend": self.frontend, "frontend-id": self.guest.domid,
            "online": 1, "handle": number, "mac": mac, "type": "vif",
            "bridge": network.BRIDGE, "script": "/etc/xen/scripts/vif-bridge",
            "hotplug-status": "connected", "state": INITIALISING}})
        wait_until(self.exists, 20, self.name)
        output("ip", "link", "set", self.name, "master", network.BRIDGE, "up")
        return self

    def unplug(self):
        """Wait with wait_gone()."""
        store.write_all(self.backend, {"online": 0, "state": CLOSING})

    def clear(self):
        """The nodes that xl would remove."""
        for path in (self.backend, self.frontend):
            if store.read(path) is not None:
                store.remove(path)
