# SPDX-License-Identifier: GPL-2.0
"""The disk jobs in dom0: null_blk devices, and fio in the guests."""

import json

import memory
from devices import PATIENCE, Devices, frontend_says
from dom0 import disk, module, store
from jobs import MEMORY_DISKS

MODULES = ("xen-blkback",)
REPORT = "/run/bench.json"
DISK_MB = 1024
WARM_UP_DISKS = 2
# Every slot of every ring, each request as large as the frontend makes it.
BURST = ("fio --ioengine=libaio --direct=1 --rw=randread --bs=128k "
         "--iodepth=32 --io_size=32M --thread --output=/run/burst %s")


class Disks(Devices):
    kind, xl_name = "vbd", "block"

    def __init__(self, guests):
        super().__init__(guests)
        self.disks = []
        self.persistent = None      # what the disks are connected with

    def load(self):
        """All modules, before their symbols are saved."""
        for name in MODULES:
            module.load(name)
        self.disk(0)

    # Guests' disks

    def offer_persistent(self, wanted):
        """What the backend offers counts when a disk is connected."""
        if self.persistent != wanted:
            self.release()
            module.set_parameter("xen_blkback", "feature_persistent",
                                 int(wanted))
            self.persistent = wanted

    def prepare(self, job):
        """The disks that a job needs, and no other."""
        self.offer_persistent(job.persistent)
        for number, guest in enumerate(self.guests):
            if number >= job.guests:
                self.detach(guest)
            elif not guest.backends("vbd"):
                self.attach(guest, number)

    def disk(self, number):
        """The path of a null_blk device that keeps nothing."""
        while len(self.disks) <= number:
            self.disks.append(disk.null_block(
                "disk%d" % len(self.disks), DISK_MB, memory=False))
        return self.disks[number]

    def attach(self, guest, number, name="xvda"):
        path = self.connect(
            guest, "format=raw,backendtype=phy,access=rw,vdev=%s,target=%s" % (
                name, self.disk(number)))
        guest.check("while [ ! -b /dev/%s ]; do sleep 0.1; done" % name)
        offered = store.read(path + "/feature-persistent", "0")
        if offered != str(int(self.persistent)):
            raise RuntimeError("%s offers feature-persistent %s, not %d" % (
                path, offered, self.persistent))

    # Jobs

    def run(self, job, operations):
        command = job.command(operations, REPORT) % "/dev/xvda"
        runs = [guest.spawn(command) for guest in self.guests[:job.guests]]
        for run in runs:
            status, text = run.wait(PATIENCE)
            if status:
                raise RuntimeError("%s: status %d: %s" % (
                    command, status, text))

    def milliseconds(self, job):
        """How long the I/O of the last run took, of the slowest guest."""
        result = 0
        for guest in self.guests[:job.guests]:
            text = guest.check("cat " + REPORT)
            side = json.loads(text[text.index("{"):])["jobs"][0]
            side = side["read" if "read" in job.rw else "write"]
            result = max(result, side["runtime"])
        return result

    # Memory

    def memory(self):
        """What a disk with one queue and one page of ring takes of dom0, in
        KiB: (idle, after I/O)."""
        self.offer_persistent(True)
        self.release()
        guest = self.guests[0]
        self.disk(MEMORY_DISKS - 1)         # makes them all
        # Once for nothing: what the first disk takes for all is not counted.
        for disks in (WARM_UP_DISKS, MEMORY_DISKS):
            before = memory.not_in_use_kb()
            for number in range(disks):
                self.attach(guest, number, "xvd" + chr(ord("a") + number))
            idle = before - memory.not_in_use_kb()
            guest.check(BURST % " ".join(
                "--name=xvd%c --filename=/dev/xvd%c" % (letter, letter)
                for letter in range(ord("a"), ord("a") + disks)),
                timeout=PATIENCE)
            used = before - memory.not_in_use_kb()
            self.check_queues(guest)
            self.release()
        return idle / MEMORY_DISKS, used / MEMORY_DISKS

    @staticmethod
    def check_queues(guest):
        for path in guest.backends("vbd"):
            for name, wanted in (("multi-queue-num-queues", "1"),
                                 ("ring-page-order", "0")):
                if frontend_says(path, name, wanted) != wanted:
                    raise RuntimeError("%s has other rings" % path)
