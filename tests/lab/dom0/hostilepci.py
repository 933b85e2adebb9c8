# SPDX-License-Identifier: GPL-2.0
"""A PCI backend that is the test: xenstore here, the shared page in the program
hostile-pciback. pciback knows nothing of it, and may serve the same guest."""

import functools
import json
import os
import platform
import shutil
import subprocess

from dom0 import store
from dom0.command import output, wait_until

SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), "hostile", "pciback")
PROGRAM = "/run/testbed/hostile-pciback"
MODULE = "recovery"

(UNKNOWN, INITIALISING, INIT_WAIT, INITIALISED, CONNECTED, CLOSING, CLOSED,
 RECONFIGURING, RECONFIGURED) = range(9)

GOOD = {"num_devs": 1, "dev-0": "0000:00:00.0", "vdev-0": "0000:00:00.00",
        "state-0": INITIALISED, "root_num": 1, "root-0": "0000:00"}


@functools.lru_cache(maxsize=1)
def program():
    output("make", "-s", "-C", SOURCES, "OUT=" + PROGRAM)
    return PROGRAM


@functools.lru_cache(maxsize=1)
def module():
    """A driver for the guest that is asked to recover from errors."""
    folder = PROGRAM + "-module"
    shutil.copytree(SOURCES + "/module", folder)
    output("make", "-s", "-C",
           "/lib/modules/%s/build" % platform.release(), "M=" + folder,
           "modules", timeout=600)
    return "%s/%s.ko" % (folder, MODULE)


def cases():
    return output(program(), "--list").split()


class HostilePci:
    """A device of the guest; keys differ from good ones, None leaves out."""

    def __init__(self, guest, **keys):
        self.guest = guest
        # Not below "backend", where dom0's kernel looks for devices.
        self.backend = "/local/domain/0/hostile-pci/%d/9" % guest.domid
        self.frontend = "/local/domain/%d/device/pci/9" % guest.domid
        self.keys = {**GOOD, **{name.replace("root_", "root-")
                                if name[-1].isdigit() else name: value
                                for name, value in keys.items()}}
        self.process = None

    def __enter__(self):
        for folder, owner, reader in (
                (self.frontend, self.guest.domid, 0),
                (self.backend, 0, self.guest.domid)):
            store.write(folder, "")
            store.permit(folder, "n%d" % owner, "r%d" % reader)
        store.write_all(self.backend, {
            "frontend": self.frontend, "frontend-id": self.guest.domid,
            "online": 1, "state": INITIALISING,
            **{name: value for name, value in self.keys.items()
               if value is not None}})
        store.write_all(self.frontend, {
            "backend": self.backend, "backend-id": 0, "state": INITIALISING})
        return self

    def __exit__(self, *_error):
        self.stop()
        if self.guest:
            self.remove()

    @property
    def state(self):
        """The frontend's."""
        return int(store.read(self.frontend + "/state", "0"))

    def go(self, state):
        store.write(self.backend + "/state", state)

    def wait_state(self, *states, timeout=30):
        wait_until(lambda: self.state in states, timeout,
                   "the frontend in state %s (is %d)" % (states, self.state))
        return self.state

    def serve(self, case):
        """Connect, with the program at the other end."""
        self.wait_state(INITIALISED, timeout=60)
        self.process = subprocess.Popen(
            [program(), str(self.guest.domid),
             store.read(self.frontend + "/pci-op-ref"),
             store.read(self.frontend + "/event-channel"), case],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # Once connected, the frontend may take the page back at once.
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError("hostile-pciback: no page")
        self.go(CONNECTED)

    def tell(self):
        """What the case waits for may begin."""
        self.process.stdin.write(b"!")
        self.process.stdin.flush()

    def stop(self):
        """What the program counted, or None if it does not run."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        text, _ = process.communicate(timeout=30)
        if process.returncode:
            raise RuntimeError("hostile-pciback: status %d" %
                               process.returncode)
        return json.loads(text)

    def close(self, timeout=30):
        """As a good backend would."""
        self.go(CLOSING)
        self.wait_state(CLOSED, timeout=timeout)
        self.go(CLOSED)

    def remove(self):
        """As the toolstack removes a device."""
        for path in (self.backend, self.frontend):
            if store.read(path) is not None:
                store.remove(path)
        self.guest.check("n=0; while [ -e /sys/bus/xen/devices/pci-9 ]; do "
                         "sleep 0.1; n=$((n + 1)); [ $n -lt 300 ] || exit 1; "
                         "done", 60)

    def forget(self):
        """The guest is gone, and the frontend's folder with it."""
        if store.read(self.backend) is not None:
            store.remove(self.backend)
        self.guest = None

    def functions(self):
        """How many PCI devices the guest has."""
        return int(self.guest.check("ls /sys/bus/pci/devices | wc -l"))
