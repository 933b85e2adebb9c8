# SPDX-License-Identifier: GPL-2.0
"""A vif whose frontend is the test itself, in the name of a paused guest, as
with a FakeDisk."""

from dom0 import backend, network, port
from dom0.fakedisk import CONNECTED, CONSOLE_GRANT, INITIALISING, FakeDisk


class FakeVif(FakeDisk):
    def __init__(self, domid, index, **backend_keys):
        self.domid = domid
        self.id = index
        self.name = "vif-%d-%d" % (domid, index)
        self.netdev = "vif%d.%d" % (domid, index)
        self.backend = "/local/domain/0/backend/vif/%d/%d" % (domid, index)
        self.frontend = "/local/domain/%d/device/vif/%d" % (domid, index)
        self.good = {"tx-ring-ref": CONSOLE_GRANT,
                     "rx-ring-ref": CONSOLE_GRANT, "request-rx-copy": 1,
                     "feature-rx-notify": 1,
                     "event-channel": port.for_guest(domid)}
        self.backend_keys = {
            "frontend": self.frontend, "frontend-id": domid, "online": 1,
            "handle": index, "mac": "00:16:3e:03:00:%02x" % index,
            "bridge": network.BRIDGE, "type": "vif",
            "script": "/etc/xen/scripts/vif-bridge",
            "hotplug-status": "connected", "state": INITIALISING,
            **{name.replace("_", "-"): value
               for name, value in backend_keys.items()}}

    def connect(self, keys=None, state=CONNECTED):
        super().connect(keys, state)

    def error(self):
        return backend.error(self.domid, "vif", self.id)
