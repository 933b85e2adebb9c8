# SPDX-License-Identifier: GPL-2.0
"""Guests, made and driven with xl."""

import os
import re
import subprocess
import time

from dom0 import hypercall, store
from dom0.command import modprobe, output, wait_until
from dom0.console import Console, GuestGone

KIT = "/usr/share/xenmod-testbed"
FOLDER = "/run/testbed"
DEFAULT_KIND = os.environ.get("TESTBED_GUEST", "pv")
DEFAULT_MEMORY = int(os.environ.get("TESTBED_GUEST_MEMORY", "256"))
DEFAULT_VCPUS = int(os.environ.get("TESTBED_VCPUS", "1"))
LAST_CPU = int(os.environ.get("TESTBED_CPUS", "2")) - 1

STATES = {"1": "Initialising", "2": "InitWait", "3": "Initialised",
          "4": "Connected", "5": "Closing", "6": "Closed",
          "7": "Reconfiguring", "8": "Reconfigured"}


def domains():
    """{name: id} of all guests that exist."""
    lines = output("xl", "list").splitlines()[1:]
    return {line.split()[0]: int(line.split()[1]) for line in lines
            if line.split()[1] != "0"}


class GuestLost(BaseException):
    """The emulator lost the guest: with emulated SVM that happens now and then,
    to PVH guests, at a place in their own kernel that has nothing to do with
    what is tested. No Exception, so that no test counts it as its own."""


class Guest:
    """One guest.

    disks: each a block device's path, or a whole xl disk specification.
    They become xvda, xvdb, ... in the guest.
    vifs: xl vif specifications, e.g. "bridge=xenbr0".
    extra: more lines of xl's configuration, {key: value}.
    cmdline: more of the guest kernel's command line."""

    def __init__(self, name="guest", kind=None, memory=None, vcpus=None,
                 disks=(), vifs=(), extra=None, cmdline=""):
        self.name = name
        self.kind = kind or DEFAULT_KIND
        self.memory = memory or DEFAULT_MEMORY
        self.vcpus = vcpus or DEFAULT_VCPUS
        self.disks = list(disks)
        self.vifs = list(vifs)
        self.extra = dict(extra or {})
        self.cmdline = cmdline
        self.domid = None
        self.console = None

    def __enter__(self):
        if self.domid is None:
            try:
                self.create()
                self.wait_ready()
            except BaseException:
                self.destroy()
                raise
        return self

    def __exit__(self, *_error):
        self.destroy()

    # Life

    def configuration(self):
        settings = {
            "name": self.name, "type": self.kind, "memory": self.memory,
            "vcpus": self.vcpus, "kernel": KIT + "/vmlinux",
            "ramdisk": KIT + "/guest.cpio",
            "extra": ("console=hvc0 quiet panic=1 random.trust_cpu=on "
                      "net.ifnames=0 " + self.cmdline).strip(),
            "on_crash": "destroy", "on_reboot": "destroy",
            "disk": [self._disk(n, d) for n, d in enumerate(self.disks)],
            "vif": self.vifs, **self.extra,
        }
        # Emulated SVM loses fewer guests if they stay where they are.
        if self.kind == "pvh":
            settings.setdefault("cpus", str(LAST_CPU))
        return "".join("%s = %s\n" % (key, repr(value))
                       for key, value in settings.items())

    @staticmethod
    def _disk(number, text):
        if "," in text or "=" in text:
            return text
        return "format=raw,backendtype=phy,access=rw,vdev=xvd%s,target=%s" % (
            chr(ord("a") + number), text)

    def create(self, timeout=120, paused=False):
        """xl create. The backends are loaded as a host would at boot."""
        if self.disks:
            modprobe("xen-blkback")
        if self.vifs:
            modprobe("xen-netback")
        path = "%s/%s.cfg" % (FOLDER, self.name)
        with open(path, "w") as file:
            file.write(self.configuration())
        output("xl", "create", *(["-p"] if paused else []), path,
               timeout=timeout)
        self._find()
        return self

    def _find(self):
        """Learn the domain's number and open its console."""
        self.domid = int(output("xl", "domid", self.name))
        terminal = wait_until(
            lambda: store.read("/local/domain/%d/console/tty" % self.domid),
            20, "console of " + self.name)
        self.console = Console(terminal, self._transcript())

    def _transcript(self):
        folder = os.path.join(os.environ.get("TESTBED_OUT", FOLDER), "guests")
        os.makedirs(folder, exist_ok=True)
        return "%s/%s.txt" % (folder, self.name)

    def wait_ready(self, timeout=120):
        """Wait for the guest's init."""
        wait_until(lambda: self.console.ready.is_set() or self.console.gone,
                   timeout, "guest %s is up" % self.name)
        if not self.console.ready.is_set():
            self.raise_if_lost()
            raise GuestGone("guest %s ended while it started" % self.name)
        return self

    def exists(self):
        return self.domid is not None and subprocess.run(
            ["xl", "domname", str(self.domid)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0

    def wait_gone(self, timeout=60):
        wait_until(lambda: not self.exists(), timeout,
                   "end of guest %s" % self.name)

    def shutdown(self, timeout=60):
        """Power off from inside."""
        try:
            self.spawn("poweroff -f")
        except GuestGone:
            pass
        self.wait_gone(timeout)
        self._forget()

    def destroy(self):
        """xl destroy; harmless when the guest is gone already."""
        if self.domid is not None and self.exists():
            subprocess.run(["xl", "destroy", str(self.domid)], timeout=120,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        self._forget()

    def raise_if_lost(self):
        if re.search(r"\(XEN\) d%dv\d+ Triple fault" % self.domid,
                     output("xl", "dmesg")):
            raise GuestLost(self.name)

    def crash(self):
        """Die as a guest does whose kernel panics, but without a word."""
        hypercall.crash(self.domid)

    def save(self, path):
        """xl save: the guest ends and is in a file."""
        output("xl", "save", self.name, path, timeout=300)
        self._forget()

    def restore(self, path, paused=False):
        output("xl", "restore", *(["-p"] if paused else []), path, timeout=300)
        self._find()

    def migrate(self):
        """Live migration to this same host."""
        output("xl", "migrate", "-s", "", self.name, "xl migrate-receive",
               timeout=300)
        self.console.close()
        self._find()

    def _forget(self):
        if self.console:
            self.console.close()
        self.console = None
        self.domid = None

    # Commands

    def spawn(self, command):
        """Start a shell command in the guest; wait() for its result."""
        return self.console.start(command)

    def run(self, command, timeout=60):
        """Run a shell command in the guest: (status, output)."""
        try:
            return self.spawn(command).wait(timeout)
        except GuestGone:
            self.raise_if_lost()
            raise

    def check(self, command, timeout=60):
        """The output of a command that must succeed."""
        status, text = self.run(command, timeout)
        if status:
            raise RuntimeError("guest %s: %s: status %d:\n%s" % (
                self.name, command, status, text))
        return text

    # Devices

    def vbd(self, vdev="xvda"):
        """As sysfs calls a disk: xvda is 51712, each next one 16 more."""
        return "vbd-%d-%d" % (self.domid,
                              51712 + 16 * (ord(vdev[3]) - ord("a")))

    def attach(self, vdev, path, mode="w"):
        """A further disk; waits until the guest has it. The path may be a
        whole xl disk specification without vdev."""
        if "=" not in path:
            path = "format=raw,backendtype=phy,access=r%s,target=%s" % (
                "w" if mode == "w" else "o", path)
        output("xl", "block-attach", str(self.domid),
               "vdev=%s,%s" % (vdev, path))
        self.wait_connected("vbd", len(self.backends("vbd")))
        self.check("until [ -b /dev/%s ]; do sleep 0.1; done" % vdev)

    def detach(self, vdev, *options):
        output("xl", "block-detach", *options, str(self.domid), vdev)

    def backends(self, kind):
        """xenstore paths in dom0 of this guest's "vbd" or "vif" devices."""
        top = "/local/domain/0/backend/%s/%d" % (kind, self.domid)
        return ["%s/%s" % (top, name) for name in store.listing(top)]

    def wait_connected(self, kind, count=1, timeout=60):
        """Wait until that many devices are connected on both sides."""
        def connected():
            paths = [p for p in self.backends(kind)
                     if store.read(p + "/state") == "4"
                     and store.read(store.read(p + "/frontend", "")
                                    + "/state") == "4"]
            return paths if len(paths) >= count else None
        return wait_until(connected, timeout,
                          "%d connected %s of %s" % (count, kind, self.name))


def wait_all_gone(timeout=60):
    """Wait until no guest is left, dying ones included."""
    end = time.monotonic() + timeout
    while domains():
        if time.monotonic() > end:
            raise TimeoutError("guests are left: %s" % domains())
        time.sleep(0.1)
