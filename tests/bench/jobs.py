# SPDX-License-Identifier: GPL-2.0
"""The jobs, as the host and dom0 both see them. Each is run with N and with
FACTOR * N operations: what the second costs more is the marginal cost."""

FACTOR = 5
NO_PERSISTENT = "-nopersist"

# Not a fio job: dom0's memory, averaged over some idle disks.
MEMORY = "blk-idle"
MEMORY_DISKS = 8


class Job:
    """fio in one or more guests, on one disk each.

    operations: N, of all guests together."""

    def __init__(self, name, rw, size_kb, depth, operations, persistent=True,
                 guests=1):
        self.name = name
        self.rw = rw
        self.size_kb = size_kb
        self.depth = depth
        self.operations = operations
        self.persistent = persistent
        self.guests = guests

    def command(self, operations, report):
        """fio for one guest's share of the operations."""
        share = operations // self.guests
        return ("fio --name=bench --filename=%%s --ioengine=libaio "
                "--direct=1 --rw=%s --bs=%dk --iodepth=%d --norandommap "
                "--io_size=%dk --output-format=json --output=%s" % (
                    self.rw, self.size_kb, self.depth, share * self.size_kb,
                    report))

    @property
    def warm_up(self):
        """Operations that fill caches; the frontend takes grants that it
        never used for as long as it has some."""
        return max(8 * self.guests * self.depth, self.operations // 2)


def _basic():
    for rw in ("read", "write"):
        yield "rand" + rw, 4, 32, 2400
        yield "rand" + rw, 64, 32, 1200
        yield "rand" + rw, 4, 1, 700
        yield rw, 1024, 8, 120


def _all():
    for persistent in (True, False):
        for rw, size_kb, depth, operations in _basic():
            shown = rw if rw.startswith("rand") else "seq" + rw
            size = "%dk" % size_kb if size_kb < 1024 else \
                "%dm" % (size_kb // 1024)
            yield Job("blk-%s-%s-qd%d%s" % (
                shown, size, depth, "" if persistent else NO_PERSISTENT),
                rw, size_kb, depth, operations, persistent)
    yield Job("blk-randread-4k-qd32-4guests", "randread", 4, 32, 3200,
              guests=4)


JOBS = {job.name: job for job in _all()}
NAMES = (*JOBS, MEMORY)
