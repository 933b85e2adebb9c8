# SPDX-License-Identifier: GPL-2.0
"""QEMU's monitor: wakes a machine that has suspended."""

import json
import socket
import time

from lab.progress import say

# How long the machine sleeps, in seconds.
NAP = 1


class Monitor:
    """One end of a socket pair; QEMU inherits the other one."""

    def __init__(self):
        self.socket, self.peer = socket.socketpair()
        self.socket.setblocking(False)
        self.text = b""
        self.wake_at = None
        self.send("qmp_capabilities")

    def close(self):
        self.socket.close()
        self.peer.close()

    def arguments(self):
        return ["-chardev", f"socket,id=monitor,fd={self.peer.fileno()}",
                "-mon", "chardev=monitor,mode=control"]

    def send(self, command):
        self.socket.send(json.dumps({"execute": command}).encode() + b"\n")

    def read(self):
        try:
            return self.socket.recv(65536)
        except OSError:
            return b""

    def poll(self):
        """Look for what happened, now and then."""
        *lines, self.text = (self.text + self.read()).split(b"\n")
        for line in filter(None, lines):
            if json.loads(line).get("event") == "SUSPEND":
                self.wake_at = time.monotonic() + NAP
        if self.wake_at and time.monotonic() > self.wake_at:
            self.wake_at = None
            say("the machine sleeps; waking it")
            self.send("system_wakeup")
