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

from disks import Disks
from dma import Dma
from domain import DomainVifs
from dom0 import tap
from dom0.command import modprobe, wait_until
from dom0.guest import Guest
from jobs import BLOCK, DMA, FACTOR, JOBS, MEMORY, NETWORK
from vifs import GUEST_CMDLINE, Vifs

PORT = "bench"
DOMAIN = "driver domain"
# Ours; Xen's, if the kernel was built to ask for them.
SYMBOLS = ("/proc/kallsyms", "/proc/xen/xensyms")


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


def side_of(name):
    if name == MEMORY:
        return BLOCK
    return DOMAIN if JOBS[name].domain else JOBS[name].layer


class Bench:
    """Guests, and the devices that they have for one side's jobs."""

    def __init__(self, names):
        self.channel = Channel()
        self.guests = []
        made = {BLOCK: Disks, NETWORK: Vifs, DOMAIN: DomainVifs, DMA: Dma}
        self.sides = {side: made[side](self.guests)
                      for side in map(side_of, names)}
        self.add_guests(0 if set(self.sides) == {DMA} else 1)
        for side in self.sides.values():
            side.load()

    def add_guests(self, count):
        """They start at the same time."""
        new = [Guest("bench%d" % number, kind="pv", extra={"cpus": "1"},
                     cmdline=GUEST_CMDLINE)
               for number in range(len(self.guests), count)]
        self.guests += [guest.create() for guest in new]
        for guest in new:
            guest.wait_ready()

    def side(self, name):
        """The others' devices go."""
        for other in self.sides:
            if other != name:
                self.sides[other].release()
        return self.sides[name]

    def run_job(self, job):
        side = self.side(side_of(job.name))
        if job.layer != DMA:
            self.add_guests(job.guests)
        side.prepare(job)
        side.run(job, job.warm_up)
        for operations in (job.operations, FACTOR * job.operations):
            self.channel.tell(at="begin", job=job.name, operations=operations)
            side.run(job, operations)
            self.channel.tell(at="end", job=job.name, operations=operations)
            self.channel.tell(at="time", job=job.name, operations=operations,
                              milliseconds=side.milliseconds(job))

    def run_memory(self):
        idle, used = self.side(BLOCK).memory()
        for metric, value in (("memory_kb_per_queue", idle),
                              ("memory_kb_per_queue_after_io", used)):
            self.channel.tell(at="value", job=MEMORY, metric=metric,
                              value=value)

    def end(self):
        for side in self.sides.values():
            side.release()
        for guest in self.guests:
            guest.destroy()


def main():
    bench = Bench(sys.argv[1:])
    # After this, modules stay where they are.
    for path in SYMBOLS:
        if os.path.exists(path):
            shutil.copy(path, os.environ["TESTBED_OUT"])
    for name in sys.argv[1:]:
        with tap.case(name):
            if name == MEMORY:
                bench.run_memory()
            else:
                bench.run_job(JOBS[name])
    bench.end()
    tap.done()


main()
