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
from jobs import FACTOR, JOBS

PORT = "bench"
REPORT = "/run/bench.json"
DISK_MB = 1024
PATIENCE = 900


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

    def prepare(self, job):
        """The guests and disks that a job needs, and no other."""
        wanted = job.guests
        if self.persistent != job.persistent:
            self.detach_all()
            module.set_parameter("xen_blkback", "feature_persistent",
                                 int(job.persistent))
            self.persistent = job.persistent
        while len(self.guests) < wanted:
            self.add_guest()
        for number in range(wanted):
            if self.guests[number].attached is None:
                self.attach(number)
        for number in range(wanted, len(self.guests)):
            self.detach(self.guests[number])

    def add_guest(self):
        number = len(self.guests)
        self.disks.append(disk.null_block("disk%d" % number, DISK_MB,
                                          memory=False))
        guest = Guest("bench%d" % number, kind="pv", extra={"cpus": "1"})
        guest.create().wait_ready()
        guest.attached = None
        self.guests.append(guest)

    def attach(self, number):
        guest = self.guests[number]
        output("xl", "block-attach", guest.name,
               "format=raw,backendtype=phy,access=rw,vdev=xvda,target="
               + self.disks[number])
        guest.attached = guest.wait_connected("vbd")[0]
        guest.check("while [ ! -b /dev/xvda ]; do sleep 0.1; done")
        offered = store.read(guest.attached + "/feature-persistent", "0")
        if offered != str(int(self.persistent)):
            raise RuntimeError("%s offers feature-persistent %s, not %d" % (
                guest.attached, offered, self.persistent))

    def detach(self, guest):
        if guest.attached is None:
            return
        output("xl", "block-detach", guest.name, "xvda")
        wait_until(lambda: not guest.backends("vbd"), 30,
                   "end of %s's disk" % guest.name)
        guest.attached = None

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


def main():
    module.load("xen-blkback")
    bench = Bench()
    bench.add_guest()
    # After this, modules stay where they are.
    shutil.copy("/proc/kallsyms", os.environ["TESTBED_OUT"] + "/kallsyms")
    for name in sys.argv[1:]:
        with tap.case(name):
            bench.run_job(JOBS[name])
    bench.detach_all()
    for guest in bench.guests:
        guest.destroy()
    tap.done()


main()
