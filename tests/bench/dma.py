# SPDX-License-Identifier: GPL-2.0
"""The DMA jobs in dom0: a guest with PCI devices, whose kernel has swiotlb-xen
from its boot on; with our drivers, ours takes them over."""

import base64
import gzip
import json
import os

from devices import OURS, PATIENCE
from dom0 import passthrough
from dom0.passthrough import MODPROBE, SWIOTLB, PciGuest
from jobs import DmaJob, MapJob

MODULE = os.environ["TESTBED_OUT"] + "/dma-bench.ko"
REPORT = "/run/dma.json"
PARAMETERS = "/sys/module/dma_bench/parameters/"
# The kernel's own pool is made at boot then, in its full size.
CMDLINE = "iommu=soft"
# Ours: room for what a job holds.
POOL_MB = 16


class Dma:
    def __init__(self, _guests):
        self.guest = None
        self.devices = {}
        self.disk = None

    def load(self):
        """The guest, its devices and their drivers."""
        devices = passthrough.devices()
        for device in devices:
            device.make_assignable()
            self.devices[device.model] = device
        guest = PciGuest("dma", pci=devices, memory=384, files=[MODULE],
                         cmdline=CMDLINE)
        self.guest = guest.create().wait_ready()
        if OURS:
            guest.check("%s%s takeover=all pool_mb=%d" % (
                MODPROBE, SWIOTLB, POOL_MB))
        guest.load_frontend()
        self.disk = guest.start_driver(self.devices["nvme"])
        guest.start_card(self.devices["e1000"])
        for device in devices:
            if bool(guest.counters(device)) != OURS:
                raise RuntimeError("%s is served by others" % device.model)
        guest.check("insmod /" + os.path.basename(MODULE))
        self.save_symbols()

    def save_symbols(self):
        """The kernel is dom0's, the modules are elsewhere. A console would take
        minutes for all of it."""
        text = self.guest.check(
            "grep ' [tT] .*\\[' /proc/kallsyms | gzip | base64", PATIENCE)
        modules = gzip.decompress(base64.b64decode("".join(text.split())))
        with open("/proc/kallsyms") as file:
            lines = [line for line in file if "[" not in line]
        with open(os.path.join(os.environ["TESTBED_OUT"], DmaJob.symbols),
                  "w") as file:
            file.writelines((*lines, modules.decode()))

    def prepare(self, job):
        if isinstance(job, MapJob):
            self.guest.check("cd %s; echo %s >device; echo %d >bytes; "
                             "echo %d >held" % (
                                 PARAMETERS,
                                 self.guest.place(self.devices[job.model]),
                                 job.size, job.held))

    def run(self, job, operations):
        if isinstance(job, MapJob):
            command = "echo %d >%srun" % (operations, PARAMETERS)
        else:
            command = job.command(operations, REPORT) % ("/dev/" + self.disk)
        self.guest.check(command, timeout=PATIENCE)

    def milliseconds(self, job):
        if isinstance(job, MapJob):
            return int(self.guest.check(
                "cat %snanoseconds" % PARAMETERS)) / 1e6
        text = self.guest.check("cat " + REPORT)
        return json.loads(text[text.index("{"):])["jobs"][0]["read"]["runtime"]

    def release(self):
        if self.guest:
            self.guest.destroy()
            self.guest = None
