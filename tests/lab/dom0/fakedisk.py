# SPDX-License-Identifier: GPL-2.0
"""A disk whose frontend is the test itself, in the name of a paused guest.

The guest's console page, which Xen's domain builder grants to dom0, serves as
ring: the guest never runs, so it holds zeros, which is a ring at its start."""

import os

from dom0 import backend, port, store
from dom0.command import wait_until

CONSOLE_GRANT = 0
INITIALISING, INIT_WAIT, INITIALISED, CONNECTED, CLOSING, CLOSED = range(1, 7)


def physical(path):
    """A block device's number as xenstore has it."""
    number = os.stat(path).st_rdev
    return "%x:%x" % (os.major(number), os.minor(number))


class FakeDisk:
    """backend, frontend: keys that differ from good ones; None leaves out."""

    def __init__(self, domid, index, path, **backend_keys):
        self.domid = domid
        self.id = 51712 + 16 * index
        self.name = "vbd-%d-%d" % (domid, self.id)
        self.backend = "/local/domain/0/backend/vbd/%d/%d" % (domid, self.id)
        self.frontend = "/local/domain/%d/device/vbd/%d" % (domid, self.id)
        self.good = {"ring-ref": CONSOLE_GRANT, "protocol": "x86_64-abi",
                     "event-channel": port.for_guest(domid)}
        self.backend_keys = {
            "frontend": self.frontend, "frontend-id": domid, "online": 1,
            "mode": "w", "type": "phy", "dev": "xvda", "params": path,
            "physical-device": physical(path), "state": INITIALISING,
            **{name.replace("_", "-"): value
               for name, value in backend_keys.items()}}

    def __enter__(self):
        store.write_all(self.frontend, {
            "backend": self.backend, "backend-id": 0, "state": INITIALISING})
        store.write_all(self.backend, self.backend_keys)
        return self

    def __exit__(self, *_error):
        self.remove()

    def remove(self):
        """As the toolstack removes a device."""
        for path in (self.backend, self.frontend):
            if store.read(path) is not None:
                store.remove(path)
        wait_until(lambda: self.name not in backend.devices(), 10,
                   "end of " + self.name)

    @property
    def state(self):
        return int(store.read(self.backend + "/state", "0"))

    def wait_state(self, *states, timeout=10):
        wait_until(lambda: self.state in states, timeout,
                   "%s in state %s (is %d, error: %s)" % (
                       self.name, states, self.state, self.error()))

    def go(self, state):
        store.write(self.frontend + "/state", state)

    def connect(self, keys=None, state=INITIALISED):
        """Write good keys but for these, then the state."""
        store.write_all(self.frontend, {**self.good, **(keys or {})})
        self.go(state)

    def reopen(self):
        """Close, and come back to where a connection can begin."""
        self.go(CLOSED)
        self.wait_state(CLOSED)
        self.go(INITIALISING)
        self.wait_state(INIT_WAIT)

    def error(self):
        return backend.error(self.domid, "vbd", self.id)
