# SPDX-License-Identifier: GPL-2.0
"""Vifs whose frontend is the program "hostile-net", and traffic for them."""

import socket
import threading
import time

from dom0 import backend, host, network, store
from dom0.command import output, wait_until
from dom0.hostile import HostileGuest

FIRST_ADDRESS = 100     # of the vif with handle 0
DATAGRAM = 32000
SOCKETS = 16
# What each socket may have on its way; dom0's memory is the limit, not this.
SOCKET_BYTES = 32 << 20
SO_SNDBUFFORCE = 32


class HostileNetGuest(HostileGuest):
    """No frontend takes its vifs."""

    def attach(self, number):
        """Give it a vif. Through xenstore, as xl would: xl itself, with its
        scripts, takes seconds for each."""
        mac = "00:16:3e:01:00:%02x" % number
        back = "/local/domain/0/backend/vif/%d/%d" % (self.domid, number)
        front = "/local/domain/%d/device/vif/%d" % (self.domid, number)
        for folder, owner, reader in ((front, self.domid, 0),
                                      (back, 0, self.domid)):
            store.write(folder, "")
            store.permit(folder, "n%d" % owner, "r%d" % reader)
        store.write_all(front, {
            "backend": back, "backend-id": 0, "handle": number, "mac": mac,
            "state": 1})
        store.write_all(back, {
            "frontend": front, "frontend-id": self.domid, "online": 1,
            "handle": number, "mac": mac, "bridge": network.BRIDGE,
            "type": "vif", "script": "/etc/xen/scripts/vif-bridge",
            "hotplug-status": "", "state": 1})
        vif = self.vif(number)
        wait_until(vif.exists, 10, vif.name)
        output("ip", "link", "set", vif.name, "master", network.BRIDGE, "up")
        store.write(back + "/hotplug-status", "connected")
        wait_until(lambda: store.read(back + "/state") == "2", 10,
                   "backend of " + vif.name)
        return vif

    def detach(self, number):
        """As xl takes a vif away that its guest has closed."""
        for folder in ("/local/domain/0/backend/vif/%d" % self.domid,
                       "/local/domain/%d/device/vif" % self.domid):
            path = "%s/%d" % (folder, number)
            if store.read(path) is not None:
                store.remove(path)
            if store.read(folder) is not None and not store.listing(folder):
                store.remove(folder)
        wait_until(lambda: self.vif(number).device not in backend.devices(),
                   20, "end of vif %d" % number)

    def vif(self, number):
        return network.Vif(self, number)

    def start(self, number, *words):
        """Start the program on a vif."""
        return self.spawn("hostile-net --vif %d %s" % (
            number, " ".join(map(str, words))))

    def address(self, number):
        return network.V4 % (FIRST_ADDRESS + number)


def know(number, *addresses):
    """dom0 need not ask whose these addresses are: the vif's."""
    path = "/run/testbed/neighbours"
    with open(path, "w") as file:
        for address in addresses:
            file.write("neigh replace %s lladdr 00:16:3e:01:00:%02x dev %s\n"
                       % (address, number, network.BRIDGE))
    output("ip", "-batch", path)


class Flood:
    """Datagrams for somebody who may not take them: more than dom0 can keep.
    lowest_kb is the least memory that dom0 had meanwhile."""

    def __init__(self, address):
        self.address = address
        self.stopped = threading.Event()
        self.sent = self.refused = 0
        self.before_kb = self.lowest_kb = host.memory_available_kb()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        sockets = []
        for _ in range(SOCKETS):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BYTES)
            sockets.append(one)
        data = bytes(DATAGRAM)
        while not self.stopped.is_set():
            for one in sockets:
                self._fill(one, data)
            self.lowest_kb = min(self.lowest_kb, host.memory_available_kb())
        for one in sockets:
            one.close()

    def _fill(self, one, data):
        """A burst, or until the socket has no room."""
        try:
            for _ in range(200):
                self.sent += one.sendto(data, (self.address, 9))
        except OSError:
            self.refused += 1
            time.sleep(0.001)

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Datagrams:
    """Small ones by turns to many addresses, until it is stopped."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                           socket.inet_aton(network.V4 % network.HOST))
            while not self.stopped.wait(0.02):
                for address in self.addresses:
                    one.sendto(bytes(64), (address, 9))

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Watcher:
    """Pings a guest that does no harm, all the time: lost or late ones."""

    def __init__(self, address, patience=5.0):
        self.pinger = network.Pinger(address)
        self.pinger.socket.settimeout(patience)
        self.wrong = []
        self.count = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.stopped.wait(0.2):
            self.count += 1
            wrong = self.pinger.ping(256)
            if wrong:
                self.wrong.append(wrong)

    def stop(self):
        self.stopped.set()
        self.thread.join()
        self.pinger.close()
        return self.wrong
