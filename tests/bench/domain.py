# SPDX-License-Identifier: GPL-2.0
"""The network jobs with the backend in a PVH driver domain, on a CPU of its own:
it has dom0's part of vifs.py, dom0 none."""

import os

import pktgen
from devices import OURS, PATIENCE
from dom0 import store
from dom0.command import output, wait_until
from dom0.driverdomain import DriverDomain
from jobs import RX, TX
from vifs import BRIDGE, HOST, MODULES, QUIET, SINK, SINK_MAC, Vifs, mac_of

# A RAM disk of dom0's that the driver domain writes a file to.
LETTERBOX_KB = 32 * 1024
SYMBOLS = "kallsyms-domain"


class DomainVifs(Vifs):
    def __init__(self, guests):
        super().__init__(guests)
        self.domain = None

    def load(self):
        """dom0 needs nothing of it."""

    def boot(self):
        # A PVH guest runs on the last CPU, which is DOMAIN_CPU. The emulated
        # TSC does not count as reliable, and each look at it would be an exit.
        self.domain = DriverDomain(extra={"tsc_mode": "native"}).create()
        self.domain.wait_ready(PATIENCE)
        self.domain.set_up()
        self.domain.system(" && ".join((
            QUIET % "default", "modprobe -a " + " ".join(MODULES),
            "ip link add %s type dummy" % SINK)), PATIENCE)
        self.domain.bridge(BRIDGE, HOST + "/24")
        self.domain.system("ip link set %s master %s up && "
                           "iperf3 --server --daemon" % (SINK, BRIDGE),
                           PATIENCE)
        self.domain.start_devd()
        self.save_symbols()

    def save_symbols(self):
        """A console would take minutes for them."""
        output("modprobe", "brd", "rd_nr=1", "rd_size=%d" % LETTERBOX_KB)
        self.domain.attach("xvdz", "/dev/ram0")
        self.domain.system("cat /proc/kallsyms >/dev/xvdz && sync", PATIENCE)
        self.domain.detach("xvdz")
        with open("/dev/ram0", "rb") as disk, open(os.path.join(
                os.environ["TESTBED_OUT"], SYMBOLS), "wb") as file:
            file.write(disk.read().split(b"\0", 1)[0])

    def prepare(self, job):
        if not self.domain:
            self.boot()
            self.attach(self.guests[0], 0)
        self.domain.system("bridge fdb replace %s dev %s master static" % (
            SINK_MAC, SINK), PATIENCE)

    def attach(self, guest, number):
        """In the guest all is as with dom0."""
        output("xl", "network-attach", guest.name, "bridge=" + BRIDGE,
               "mac=" + mac_of(number), "backend=" + self.domain.name,
               "script=vif-light")
        path = "/local/domain/%d/backend/vif/%d/0" % (self.domain.domid,
                                                      guest.domid)
        wait_until(lambda: store.read(path + "/state") == "4", PATIENCE,
                   "vif of the driver domain")
        driver = self.domain.check(
            "readlink /sys/bus/xen-backend/devices/vif-%d-0/driver"
            % guest.domid).strip().split("/")[-1]
        if driver.startswith("xenmod-") != OURS:
            raise RuntimeError("the driver domain serves with " + driver)
        self.set_up_guest(guest, number)

    def release(self):
        """What it serves goes with it."""
        if self.domain:
            self.domain.destroy()
            self.domain = None

    def run_pktgen(self, job, operations):
        if job.way == RX:
            return self.domain.system(pktgen.shell(
                self.vif(self.guests[0]), SINK_MAC, job, operations), PATIENCE)
        return super().run_pktgen(job, operations)

    def received(self, job):
        device = SINK if job.way == TX else self.vif(self.guests[0])
        return int(self.domain.check(
            "cat /sys/class/net/%s/statistics/tx_packets" % device))
