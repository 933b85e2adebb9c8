# SPDX-License-Identifier: GPL-2.0
"""The network jobs in dom0: vifs on a bridge, and who sends what."""

import json
import re
import subprocess

import pktgen
import stream
from devices import PATIENCE, Devices, frontend_says
from dom0 import module, network
from dom0.command import output
from jobs import (FLOOR, GUESTS, MEGABYTE, RX, TX, EchoJob, PacketJob,
                  StreamJob)

MODULES = ("xen-netback", "bridge", "dummy", "pktgen")
BRIDGE = "xenbr0"
SINK = "sink"               # takes frames and forgets them
SINK_MAC = "02:00:00:00:00:01"
HOST = "10.0.0.1"
# The in-tree driver drops some when its queue is full; and no bridge can stop
# a guest that sends faster than another takes.
LEAST_ARRIVED = {TX: 0.99, RX: 0.99, FLOOR: 0.99, GUESTS: 0.5}
QUIET = "echo 1 >/proc/sys/net/ipv6/conf/%s/disable_ipv6"
# The backend says how many queues there are: see Vifs.offer_queues().
GUEST_CMDLINE = "xen_netfront.max_queues=8"


def mac_of(number):
    return "00:16:3e:00:00:%02x" % (number + 1)


def address_of(number):
    return "10.0.0.%d" % (number + 2)


def run_of_iperf(text):
    """Milliseconds of the transfer that an iperf3 client reports."""
    report = json.loads(text[text.index("{"):])
    if "error" in report:
        raise RuntimeError("iperf3: " + report["error"])
    return 1000 * report["end"]["sum_received"]["seconds"]


def run_of_ping(text, operations):
    """Milliseconds; RuntimeError when an answer is missing."""
    found = re.search(r"(\d+) received.* time (\d+)ms", text)
    if not found or int(found.group(1)) != operations:
        raise RuntimeError("ping: %s" % text)
    return int(found.group(2))


class Vifs(Devices):
    kind, xl_name = "vif", "network"

    def __init__(self, guests):
        super().__init__(guests)
        self.queues = None      # what the vifs are connected with
        self.server = None      # of streams to dom0
        self.report = None      # what the last run said
        self.operations = 0     # of the last run
        self.frames = 0         # what its receiver had before

    def load(self):
        """All modules, before their symbols are saved."""
        for name in MODULES:
            module.load(name)
        with open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w") as file:
            file.write("1")
        network.bridge(BRIDGE, HOST + "/24")
        output("ip", "link", "add", SINK, "type", "dummy")
        output("ip", "link", "set", SINK, "master", BRIDGE, "up")
        self.server = subprocess.Popen(
            ["iperf3", "--server"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # Guests' vifs

    @staticmethod
    def vif(guest):
        return "vif%d.0" % guest.domid

    def offer_queues(self, wanted):
        """What the backend offers counts when a vif is connected."""
        if self.queues != wanted:
            self.release()
            module.set_parameter("xen_netback", "max_queues", wanted)
            self.queues = wanted

    def prepare(self, job):
        """The vifs that a job needs, and no other; who is where."""
        if job.way == FLOOR:
            return
        self.offer_queues(job.queues)
        for number, guest in enumerate(self.guests):
            if number >= job.guests:
                self.detach(guest)
            elif not guest.backends("vif"):
                self.attach(guest, number)
        receiver = self.vif(self.guests[1]) if job.way == GUESTS else SINK
        output("bridge", "fdb", "replace", SINK_MAC, "dev", receiver,
               "master", "static")
        self.set_offload(job)

    def set_offload(self, job):
        """Without, the sender's kernel makes frames of large packets."""
        switch = "on" if job.offload else "off"
        if job.way == RX:
            output("ethtool", "-K", self.vif(self.guests[0]), "tso", switch)
        else:
            self.guests[0].check("ethtool -K eth0 tso " + switch)

    def attach(self, guest, number):
        path = self.connect(guest, "bridge=" + BRIDGE,
                            "mac=" + mac_of(number))
        queues = frontend_says(path, "multi-queue-num-queues", "1")
        if queues != str(self.queues):
            raise RuntimeError("%s has %s queues" % (path, queues))
        self.set_up_guest(guest, number)

    @staticmethod
    def set_up_guest(guest, number):
        guest.check(" && ".join((
            "while [ ! -d /sys/class/net/eth0 ]; do sleep 0.1; done",
            QUIET % "eth0", "ip address add %s/24 dev eth0" %
            address_of(number), "ip link set eth0 up",
            "{ pidof iperf3 >/run/null || iperf3 --server --daemon; }",
            "modprobe pktgen")))
        guest.check("until ping -c 1 -W 1 %s; do :; done" % HOST)

    # Jobs

    def run(self, job, operations):
        self.operations = operations
        if isinstance(job, PacketJob):
            self.frames = self.received(job)
            self.report = self.run_pktgen(job, operations)
        elif isinstance(job, StreamJob):
            self.report = self.run_stream(job, operations)
        else:
            # Not busybox's.
            self.report = self.guests[0].check(
                "/usr/bin/ping -f -q -c %d %s" % (operations, HOST), PATIENCE)

    def run_pktgen(self, job, operations):
        if job.way == FLOOR:
            return pktgen.run_here(SINK, SINK_MAC, job, operations)
        if job.way == RX:
            return pktgen.run_here(self.vif(self.guests[0]), SINK_MAC, job,
                                   operations)
        return self.guests[0].check(pktgen.shell(
            "eth0", SINK_MAC, job, operations), PATIENCE)

    def run_stream(self, job, operations):
        """Milliseconds."""
        size = operations * MEGABYTE
        if job.way == RX:
            took, got = stream.send(address_of(0), job.queues, size)
            if got != size:
                raise RuntimeError("of %d bytes %d arrived" % (size, got))
            return took
        server = HOST if job.way == TX else address_of(1)
        return run_of_iperf(self.guests[0].check(
            "iperf3 --json --client %s --parallel %d --bytes %d" % (
                server, job.queues, size), PATIENCE))

    def received(self, job):
        """Frames that came where they were to go, or were sent there."""
        if job.way in (TX, FLOOR):
            device = SINK
        else:
            device = self.vif(self.guests[job.way == GUESTS])
        with open("/sys/class/net/%s/statistics/tx_packets" % device) as file:
            return int(file.read())

    def milliseconds(self, job):
        """How long the last run took; RuntimeError when frames were lost."""
        if isinstance(job, EchoJob):
            return run_of_ping(self.report, self.operations)
        if isinstance(job, StreamJob):
            return self.report
        arrived = self.received(job) - self.frames
        if arrived < self.operations * LEAST_ARRIVED[job.way]:
            raise RuntimeError("%s: of %d frames %d arrived" % (
                job.name, self.operations, arrived))
        return pktgen.milliseconds(self.report, self.operations)
