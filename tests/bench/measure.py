#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The benchmark's part in dom0: runs the jobs named as arguments and tells
the host where each begins and ends.

The host answers each line when it has read its counters. Meanwhile this
process sleeps in a read, which costs no instruction."""

import glob
import json
import os
import shutil
import sys

from dom0 import disk, module, store, tap
from dom0.command import modprobe, output, wait_until
from dom0.guest import Guest
from jobs import FACTOR, JOBS, MEMORY, MEMORY_DISKS
from memory import not_in_use_kb

PORT = "bench"
REPORT = "/run/bench.json"
DISK_MB = 1024
PATIENCE = 900
WARM_UP_DISKS = 2
# Every slot of every ring, each request as large as the frontend makes it.
BURST = ("fio --ioengine=libaio --direct=1 --rw=randread --bs=128k "
         "--iodepth=32 --io_size=32M --thread --output=/run/burst %s")


class Channel:
    """The virtio port that leads to the host."""

    def __init__(self):
        modprobe("virtio_console")
        self.file = open(wait_until(self._find, 20, "port to the host"),
                         "r+b", buffering=0)

    @staticmethod
    def _find():
        for path in glob.glob("/sys/class/virtio-ports/*/name"):
            with open(path) as file:
                if file.read().strip() == PORT:
                    return "/dev/" + path.split("/")[-2]
        return None

    def tell(self, **what):
        """Send it; wait until the host has taken it."""
        self.file.write(json.dumps(what).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            data = self.file.read(64)
            if not data:
                raise RuntimeError("the host has gone")
            answer += data


class Bench:
    def __init__(self):
        self.channel = Channel()
        self.guests = []
        self.disks = []
        self.persistent = None      # what the disks are connected with

    # Guests and their disks

    def offer_persistent(self, wanted):
        """What the backend offers counts when a disk is connected."""
        if self.persistent != wanted:
            self.detach_all()
            module.set_parameter("xen_blkback", "feature_persistent",
                                 int(wanted))
            self.persistent = wanted

    def prepare(self, job):
        """The guests and disks that a job needs, and no other."""
        wanted = job.guests
        self.offer_persistent(job.persistent)
        self.add_guests(wanted)
        for number in range(wanted):
            if not self.guests[number].backends("vbd"):
                self.attach(self.guests[number], number)
        for number in range(wanted, len(self.guests)):
            self.detach(self.guests[number])

    def disk(self, number):
        """The path of a null_blk device that keeps nothing."""
        while len(self.disks) <= number:
            self.disks.append(disk.null_block(
                "disk%d" % len(self.disks), DISK_MB, memory=False))
        return self.disks[number]

    def add_guests(self, count):
        """They start at the same time."""
        new = [Guest("bench%d" % number, kind="pv", extra={"cpus": "1"})
               for number in range(len(self.guests), count)]
        self.guests += [guest.create() for guest in new]
        for guest in new:
            guest.wait_ready()

    def attach(self, guest, number, name="xvda"):
        """Give a disk to a guest; the backend's path."""
        count = len(guest.backends("vbd")) + 1
        output("xl", "block-attach", guest.name,
               "format=raw,backendtype=phy,access=rw,vdev=%s,target=%s" % (
                   name, self.disk(number)))
        path = guest.wait_connected("vbd", count)[-1]
        guest.check("while [ ! -b /dev/%s ]; do sleep 0.1; done" % name)
        offered = store.read(path + "/feature-persistent", "0")
        if offered != str(int(self.persistent)):
            raise RuntimeError("%s offers feature-persistent %s, not %d" % (
                path, offered, self.persistent))

    def detach(self, guest):
        """Take all its disks."""
        for path in guest.backends("vbd"):
            output("xl", "block-detach", guest.name, path.split("/")[-1])
        wait_until(lambda: not guest.backends("vbd"), 30,
                   "end of %s's disks" % guest.name)

    def detach_all(self):
        for guest in self.guests:
            self.detach(guest)

    # Jobs

    def run_job(self, job):
        self.prepare(job)
        self.run_fio(job, job.warm_up)
        for operations in (job.operations, FACTOR * job.operations):
            operations -= operations % job.guests
            self.channel.tell(at="begin", job=job.name, operations=operations)
            self.run_fio(job, operations)
            self.channel.tell(at="end", job=job.name, operations=operations)
            self.channel.tell(at="time", job=job.name, operations=operations,
                              milliseconds=self.milliseconds(job))

    def run_fio(self, job, operations):
        command = job.command(operations, REPORT) % "/dev/xvda"
        runs = [guest.spawn(command) for guest in self.guests[:job.guests]]
        for run in runs:
            status, text = run.wait(PATIENCE)
            if status:
                raise RuntimeError("%s: status %d: %s" % (
                    command, status, text))

    def milliseconds(self, job):
        """How long the I/O took, of the slowest guest."""
        result = 0
        for guest in self.guests[:job.guests]:
            text = guest.check("cat " + REPORT)
            side = json.loads(text[text.index("{"):])["jobs"][0]
            side = side["read" if "read" in job.rw else "write"]
            result = max(result, side["runtime"])
        return result

    # Memory

    def run_memory(self):
        """What a disk with one queue and one page of ring takes of dom0."""
        self.offer_persistent(True)
        self.detach_all()
        guest = self.guests[0]
        self.disk(MEMORY_DISKS - 1)         # makes them all
        # Once for nothing: what the first disk takes for all is not counted.
        for disks in (WARM_UP_DISKS, MEMORY_DISKS):
            before = not_in_use_kb()
            for number in range(disks):
                self.attach(guest, number, "xvd" + chr(ord("a") + number))
            idle = before - not_in_use_kb()
            guest.check(BURST % " ".join(
                "--name=xvd%c --filename=/dev/xvd%c" % (letter, letter)
                for letter in range(ord("a"), ord("a") + disks)),
                timeout=PATIENCE)
            used = before - not_in_use_kb()
            self.check_queues(guest)
            self.detach_all()
        for metric, value in (("memory_kb_per_queue", idle),
                              ("memory_kb_per_queue_after_io", used)):
            self.channel.tell(at="value", job=MEMORY, metric=metric,
                              value=value / MEMORY_DISKS)

    @staticmethod
    def check_queues(guest):
        for path in guest.backends("vbd"):
            frontend = store.read(path + "/frontend")
            for name, wanted in (("multi-queue-num-queues", "1"),
                                 ("ring-page-order", "0")):
                if store.read("%s/%s" % (frontend, name), wanted) != wanted:
                    raise RuntimeError("%s has other rings: %s" % (
                        frontend, store.tree(frontend)))


def main():
    module.load("xen-blkback")
    bench = Bench()
    bench.add_guests(1)
    bench.disk(0)
    # After this, modules stay where they are.
    shutil.copy("/proc/kallsyms", os.environ["TESTBED_OUT"] + "/kallsyms")
    for name in sys.argv[1:]:
        with tap.case(name):
            if name == MEMORY:
                bench.run_memory()
            else:
                bench.run_job(JOBS[name])
    bench.detach_all()
    for guest in bench.guests:
        guest.destroy()
    tap.done()


main()
