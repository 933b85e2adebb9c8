# SPDX-License-Identifier: GPL-2.0
"""Guests' networks, seen from dom0: bridges, vifs, pings, streams of data."""

import json
import os
import re
import socket
import struct
import subprocess

from dom0 import backend, module, store
from dom0.command import modprobe, output, wait_until
from dom0.guest import KIT

OURS = "xenmod-vif"
IN_TREE = "vif"
BRIDGE = "xenbr0"
# Addresses of dom0 on the bridge; guests have the same with other ends.
V4 = "10.0.0.%d"
V6 = "fd00::%d"
HOST = 1
IP = "/usr/bin/ip"      # in guests, whose shell has a smaller one
PINGED = 65507          # the most that fits into an IP packet
ECHO_REPLY, ECHO_REQUEST = 0, 8

_port = 5000


def bridge(name=BRIDGE, address="10.0.0.1/24"):
    """A bridge with dom0's address on it; the name to give a vif."""
    output("ip", "link", "add", name, "type", "bridge")
    output("ip", "address", "add", address, "dev", name)
    output("ip", "link", "set", name, "up")
    return name


def remove_bridge(name=BRIDGE):
    output("ip", "link", "del", name)


def both_families(name=BRIDGE):
    """dom0's IPv6 address, beside the other one."""
    output("ip", "address", "add", V6 % HOST + "/64", "dev", name, "nodad")


def start_openvswitch(name, address):
    """Its daemons, without what a host's start-up scripts do besides, and a
    bridge with dom0's address on it."""
    for folder in ("/run/openvswitch", "/var/log/openvswitch",
                   "/etc/openvswitch"):
        os.makedirs(folder, exist_ok=True)
    modprobe("openvswitch")
    output("ovsdb-tool", "create", "/run/openvswitch/conf.db",
           "/usr/share/openvswitch/vswitch.ovsschema")
    output("ovsdb-server", "/run/openvswitch/conf.db", "--detach", "--pidfile",
           "--remote=punix:/run/openvswitch/db.sock", "--log-file")
    output("ovs-vsctl", "--no-wait", "init")
    output("ovs-vswitchd", "--detach", "--pidfile", "--log-file")
    output("ovs-vsctl", "add-br", name)
    output("ip", "address", "add", address, "dev", name)
    output("ip", "link", "set", name, "up")


def stop_openvswitch(name):
    output("ovs-vsctl", "del-br", name)
    for daemon in ("ovs-vswitchd", "ovsdb-server"):
        output("ovs-appctl", "-t", daemon, "exit")


def specification(number, bridge=BRIDGE, script=None):
    """xl's specification of a vif; its MAC address ends in the number."""
    return "bridge=%s,mac=00:16:3e:00:00:%02x%s" % (
        bridge, number, ",script=" + script if script else "")


def configure(guest, number, link="eth0", mtu=1500):
    """Addresses for the guest's end, v4 and v6."""
    guest.check(
        "for n in $(seq 100); do [ -e /sys/class/net/{0} ] && break; "
        "sleep 0.1; done; {4} link set {0} mtu {1} up && "
        "{4} address add {2}/24 dev {0} && "
        "{4} address add {3}/64 dev {0} nodad".format(
            link, mtu, V4 % number, V6 % number, IP))


class Vif:
    """A guest's vif in dom0."""

    def __init__(self, guest, number=0):
        self.guest = guest
        self.name = "vif%d.%d" % (guest.domid, number)
        self.device = "vif-%d-%d" % (guest.domid, number)
        self.backend = "/local/domain/0/backend/vif/%d/%d" % (
            guest.domid, number)
        self.frontend = "/local/domain/%d/device/vif/%d" % (
            guest.domid, number)
        self.folder = "/sys/class/net/" + self.name

    def exists(self):
        return os.path.isdir(self.folder)

    def read(self, name):
        with open("%s/%s" % (self.folder, name)) as file:
            return file.read().strip()

    def statistics(self):
        """Of the network device: what dom0 receives is what guests send."""
        return {name: int(self.read("statistics/" + name))
                for name in os.listdir(self.folder + "/statistics")}

    def counters(self):
        """ethtool -S."""
        return {name: int(value) for name, value in re.findall(
            r"^ *(\S+): (\d+)$", output("ethtool", "-S", self.name),
            re.MULTILINE)}

    def features(self):
        """{name: on} of ethtool -k."""
        return {name: value == "on" for name, value in re.findall(
            r"^\s*(\S+): (on|off)", output("ethtool", "-k", self.name),
            re.MULTILINE)}

    def set_features(self, **features):
        output("ethtool", "-K", self.name, *words(features))

    def queues(self):
        return int(store.read(self.frontend + "/multi-queue-num-queues", "1"))

    def split(self):
        """Have both directions of a queue an event channel each?"""
        folder = self.frontend + ("/queue-0" if self.queues() > 1 else "")
        return store.read(folder + "/event-channel-rx") is not None

    def states(self):
        return tuple(store.read(side + "/state")
                     for side in (self.backend, self.frontend))

    def plug(self, name=BRIDGE, timeout=30):
        """What Xen's script does; to be done again after a new driver came."""
        wait_until(self.exists, timeout, self.name)
        output("ip", "link", "set", self.name, "master", name, "up")
        store.write(self.backend + "/hotplug-status", "connected")
        # The state may still be the one of the driver before.
        wait_until(lambda: self.read("carrier") == "1", timeout,
                   "carrier of " + self.name)
        return self.wait_connected(timeout)

    def wait_connected(self, timeout=60):
        try:
            wait_until(lambda: self.states() == ("4", "4") and self.exists(),
                       timeout, self.name + " connected")
        except TimeoutError as error:
            raise TimeoutError("%s: states %s, %s" % (
                error, self.states(), self.error())) from None
        return self

    def rebind(self, keys=None, **parameters):
        """Its driver lets go and takes it again, as the frontend's keys and
        the module's parameters are then."""
        driver = backend.driver(self.device)[0]
        backend.bind(self.device, driver, "unbind")
        for name, value in parameters.items():
            module.set_parameter("xen_netback", name, value)
        if keys:
            store.write_all(self.frontend, keys)
        backend.bind(self.device, driver)

    def reconnect(self, queues, **parameters):
        """The guest's driver anew, with other settings on both sides."""
        name = os.path.basename(self.frontend)
        folder = "/sys/bus/xen/drivers/vif"
        self.guest.check("echo %d >/sys/module/xen_netfront/parameters/"
                         "max_queues; echo vif-%s >%s/unbind" % (
                             queues, name, folder))
        # The guest's driver leaves the last connection's behind.
        self.rebind({name: None for name in (
            "event-channel", "event-channel-tx", "event-channel-rx",
            "queue-0", "queue-1")}, **parameters)
        self.guest.check("echo vif-%s >%s/bind" % (name, folder))
        self.plug()

    def wait_gone(self, timeout=30):
        wait_until(lambda: self.device not in backend.devices()
                   and not self.exists(), timeout, "end of " + self.name)

    def error(self):
        return backend.error(self.guest.domid, "vif",
                             int(self.device.split("-")[2]))


def words(features):
    """As ethtool -K wants them."""
    return [word for name, on in features.items()
            for word in (name, "on" if on else "off")]


def attach(guest, number, **more):
    """xl network-attach; it does not wait for the guest."""
    output("xl", "network-attach", str(guest.domid),
           *specification(number, **more).split(","))


def detach(guest, index=0):
    output("xl", "network-detach", str(guest.domid), str(index))


# Pings

def _checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Pinger:
    """Echo requests by hand: a process for each would take too long."""

    pingers = 0

    def __init__(self, address):
        Pinger.pingers += 1
        self.id = (os.getpid() + Pinger.pingers) & 0xffff
        self.address = address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                    socket.IPPROTO_ICMP)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        # An emulated PVH guest on a busy machine may take seconds.
        self.socket.settimeout(10)
        self.number = 0
        self.data = os.urandom(PINGED)

    def close(self):
        self.socket.close()

    def ping(self, size):
        """One of that size: None if the same comes back, or what is wrong."""
        self.number = (self.number + 1) & 0xffff
        body = self.data[:size]
        head = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, self.id,
                           self.number)
        head = head[:2] + struct.pack("!H", _checksum(
            head + body + b"\0" * (size % 2))) + head[4:]
        try:
            self.socket.sendto(head + body, (self.address, 0))
            while True:
                answer = self.socket.recv(65535)[20:]
                if answer[0] == ECHO_REPLY and answer[4:8] == head[4:8]:
                    break
        except OSError as error:
            return "%d bytes: %s" % (size, error)
        return None if answer[8:] == body else "%d bytes: others" % size

    def ping_all(self, sizes):
        """What went wrong, of pings of all these sizes."""
        return [wrong for wrong in map(self.ping, sizes) if wrong]


def ping(address, count=3, size=56):
    """None when all of them come back."""
    with_all = Pinger(address)
    try:
        return with_all.ping_all([size] * count) or None
    finally:
        with_all.close()


# Streams

class HostStream:
    """The program "stream" in dom0, started by another one if there is a
    prefix."""

    def __init__(self, arguments, prefix=()):
        self.process = subprocess.Popen(
            [*prefix, KIT + "/stream", *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)

    def result(self, timeout):
        try:
            return _result(self.process.communicate(timeout=timeout)[0])
        except subprocess.TimeoutExpired:
            self.stop()
            raise TimeoutError("a stream in dom0: not within %g s" % timeout)

    def enough(self):
        self.process.terminate()

    def stop(self):
        self.process.kill()
        self.process.communicate()


class GuestStream:
    """The same in a guest."""

    def __init__(self, guest, arguments):
        self.guest = guest
        self.job = guest.spawn("stream " + " ".join(arguments))

    def result(self, timeout):
        return _result(self.job.wait(timeout)[1])

    def enough(self):
        self.guest.check("killall -TERM stream")

    def stop(self):
        self.job.kill()


def _result(text):
    try:
        return json.loads(text)
    except ValueError:
        return {"good": False, "says": text}


def _start(place, arguments):
    return GuestStream(place, arguments) if place else HostStream(arguments)


class Stream:
    """A connection between two ends, each a guest or None for dom0: the
    server has the address. Bytes that go up, go to the server."""

    def __init__(self, server, client, address, up=0, down=0, seconds=0):
        global _port
        _port += 1
        more = ["--seconds", str(seconds)] if seconds else []
        least = [] if seconds else ["--receive"]
        self.ends = [
            _start(server, ["--listen", "--send", str(down), *(
                more if down else []), *(least and least + [str(up)]),
                address, str(_port)]),
            _start(client, ["--send", str(up), *(more if up else []),
                            *(least and least + [str(down)]),
                            address, str(_port)])]

    def results(self, timeout=60):
        """(all is well, what both ends say)"""
        found = [end.result(timeout) for end in self.ends]
        return all(one["good"] for one in found), found

    def finish(self, timeout=60):
        """End what has no end: results() of all that was sent so far."""
        for end in self.ends:
            end.enough()
        return self.results(timeout)

    def stop(self):
        for end in self.ends:
            end.stop()


def exchange(server, client, address, up=0, down=0, timeout=60):
    """Send and wait: what is wrong, or None."""
    good, found = Stream(server, client, address, up, down).results(timeout)
    return None if good else found
