# SPDX-License-Identifier: GPL-2.0
"""The jobs, as the host and dom0 both see them. Each is run with N and with
FACTOR * N operations: what the second costs more is the marginal cost."""

FACTOR = 5
NO_PERSISTENT = "-nopersist"

# Not a job of its own kind: dom0's memory, averaged over some idle disks.
MEMORY = "blk-idle"
MEMORY_DISKS = 8

# What a job's operations go through, apart from the backend.
BLOCK, NETWORK = "block layer", "network stack"
# Passed through devices: nothing of dom0's is in between.
DMA = "DMA"

# Who sends to whom: tx is what a guest sends to dom0.
TX, RX, GUESTS, FLOOR = "tx", "rx", "guests", "floor"

DOM0_CPU = 0
GUEST_CPU = 1
DOMAIN_CPU = 2          # of a driver domain

MEGABYTE = 1000000
FRAME_HEADER = 14       # Ethernet's, which an MTU does not count


class Job:
    """operations: N, of all guests together."""

    layer = None
    rate_metric = None
    guests = 1
    domain = False          # the backend is in a driver domain

    def __init__(self, name, operations):
        self.name = name
        self.operations = operations

    @property
    def warm_up(self):
        """Operations that fill caches."""
        return self.operations // 2

    @property
    def cpu(self):
        """Where the backend runs."""
        return DOMAIN_CPU if self.domain else DOM0_CPU

    @property
    def symbols(self):
        """The file with those of the kernel there."""
        return "kallsyms-domain" if self.domain else "kallsyms"

    @staticmethod
    def rate(operations, milliseconds):
        """What rate_metric says of so many more operations."""
        return 1000 * operations / milliseconds


class DiskJob(Job):
    """fio in one or more guests, on one disk each."""

    layer = BLOCK
    rate_metric = "iops"

    def __init__(self, name, rw, size_kb, depth, operations, persistent=True,
                 guests=1):
        super().__init__(name, operations)
        self.rw = rw
        self.size_kb = size_kb
        self.depth = depth
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
        """The frontend takes grants that it never used for as long as it
        has some."""
        return max(8 * self.guests * self.depth, self.operations // 2)


class NetJob(Job):
    """Traffic of one vif, or of two whose guests talk to each other.

    way: TX, RX, GUESTS or FLOOR."""

    layer = NETWORK

    def __init__(self, name, way, operations, queues=1, offload=True):
        super().__init__(name, operations)
        self.way = way
        self.queues = queues
        self.offload = offload      # the sender's device takes large packets
        self.guests = {GUESTS: 2, FLOOR: 0}.get(way, 1)


class PacketJob(NetJob):
    """pktgen in the sender's kernel; an operation is a frame.

    size: of the frame without its checksum. burst: how many frames the
    sender makes before it looks whether there is something else to do."""

    rate_metric = "pps"

    def __init__(self, name, way, size, operations, burst=1, queues=1):
        super().__init__(name, way, operations, queues)
        self.size = size
        self.burst = burst


class StreamJob(NetJob):
    """iperf3 over TCP; an operation is a megabyte. One stream a queue."""

    rate_metric = "gbit_s"

    @staticmethod
    def rate(operations, milliseconds):
        return operations * MEGABYTE * 8 / milliseconds / 1e6


class EchoJob(NetJob):
    """The guest pings dom0 and sends again when the answer is there."""

    rate_metric = "latency_us"

    @staticmethod
    def rate(operations, milliseconds):
        return 1000 * milliseconds / operations


class DmaJob(Job):
    """Something with a PCI device in a guest; operations count on its CPU."""

    layer = DMA
    guests = 0          # it brings one of its own
    cpu = GUEST_CPU
    symbols = "kallsyms-guest"

    def __init__(self, name, model, operations):
        super().__init__(name, operations)
        self.model = model


class MapJob(DmaJob):
    """Map and unmap a buffer; the device itself does nothing.

    held: how many other mappings there are meanwhile."""

    rate_metric = "map_ns"

    def __init__(self, name, model, size, operations, held=0):
        super().__init__(name, model, operations)
        self.size = size
        self.held = held

    @staticmethod
    def rate(operations, milliseconds):
        return 1e6 * milliseconds / operations


class NvmeJob(DmaJob):
    """fio on an NVMe disk."""

    rate_metric = "iops"
    guests = 1

    def __init__(self, name, rw, size_kb, depth, operations):
        super().__init__(name, "nvme", operations)
        self.rw = rw
        self.size_kb = size_kb
        self.depth = depth

    command = DiskJob.command


def _dma_jobs():
    """A disk reaches all memory, the card only what lies below 4 GiB."""
    for suffix, model in (("", "nvme"), ("-bounced", "e1000")):
        name = "dma-map-%s" + suffix
        yield MapJob(name % "256", model, 256, 40000)
        yield MapJob(name % "4k", model, 4096, 20000)
        yield MapJob(name % "4k" + "-held", model, 4096, 20000, held=3000)
        yield MapJob(name % "64k", model, 65536, 2000)
    for size_kb, depth, operations in ((4, 32, 1600), (64, 8, 600),
                                       (4, 1, 500)):
        yield NvmeJob("nvme-randread-%dk-qd%d" % (size_kb, depth), "randread",
                      size_kb, depth, operations)


def _basic():
    for rw in ("read", "write"):
        yield "rand" + rw, 4, 32, 2400
        yield "rand" + rw, 64, 32, 1200
        yield "rand" + rw, 4, 1, 700
        yield rw, 1024, 8, 120


def _disk_jobs():
    for persistent in (True, False):
        for rw, size_kb, depth, operations in _basic():
            shown = rw if rw.startswith("rand") else "seq" + rw
            size = "%dk" % size_kb if size_kb < 1024 else \
                "%dm" % (size_kb // 1024)
            yield DiskJob("blk-%s-%s-qd%d%s" % (
                shown, size, depth, "" if persistent else NO_PERSISTENT),
                rw, size_kb, depth, operations, persistent)
    yield DiskJob("blk-randread-4k-qd32-4guests", "randread", 4, 32, 3200,
                  guests=4)


def _net_jobs(queues):
    """In an order that seldom attaches a vif anew."""
    suffix = "" if queues == 1 else "-%dq" % queues
    frames = (("udp64", 64), ("udp1500", 1500 + FRAME_HEADER))
    for kind, size in frames:
        for way, operations in ((TX, 2000), (RX, 4000)):
            yield PacketJob("net-%s-%s%s" % (kind, way, suffix), way, size,
                            operations, queues=queues)
        yield PacketJob("net-%s-tx-burst%s" % (kind, suffix), TX, size, 4000,
                        burst=32, queues=queues)
    for way in (TX, RX):
        yield StreamJob("net-tcp-%s%s" % (way, suffix), way, 25, queues)
    if queues == 1:
        for way in (TX, RX):
            yield StreamJob("net-tcp-%s-nogso" % way, way, 15, offload=False)
        yield EchoJob("net-rr", TX, 600)
        for kind, size in frames:
            yield PacketJob("net-%s-floor" % kind, FLOOR, size, 4000)
            yield PacketJob("net-%s-guests" % kind, GUESTS, size, 4000,
                            burst=32)
        yield StreamJob("net-tcp-guests", GUESTS, 25)


def _domain_jobs():
    """Some of them, with the backend elsewhere."""
    for job in _net_jobs(1):
        if job.name in ("net-udp64-tx", "net-udp1500-tx", "net-udp64-rx",
                        "net-udp1500-rx", "net-udp64-tx-burst",
                        "net-udp1500-tx-burst", "net-tcp-tx", "net-rr"):
            job.name = job.name.replace("net-", "domain-", 1)
            job.domain = True
            yield job


JOBS = {job.name: job for job in (*_disk_jobs(), *_net_jobs(1),
                                  *_net_jobs(2), *_domain_jobs(),
                                  *_dma_jobs())}
# Those that must be asked for: they want a further CPU.
EXTRA = tuple(name for name, job in JOBS.items() if job.domain)
NAMES = tuple(name for name, job in JOBS.items() if job.layer == BLOCK) + \
    (MEMORY,) + \
    tuple(name for name, job in JOBS.items() if job.layer != BLOCK)
