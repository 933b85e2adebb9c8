# SPDX-License-Identifier: GPL-2.0
"""A disk whose frontend is the test itself, in dom0: unlike FakeDisk's, its
ring and its events are real, so that it can send requests, or storms."""

import fcntl
import mmap
import os
import struct

from dom0.fakedisk import FakeDisk

PAGE = 4096
HEADER = 64
SLOT = 112
SLOTS = 32

# linux/include/uapi/xen: gntalloc.h, evtchn.h
ALLOC_GREF = 24 << 16 | ord("G") << 8 | 5
WRITABLE = 1
BIND_UNBOUND_PORT = 4 << 16 | ord("E") << 8 | 2
NOTIFY = 4 << 16 | ord("E") << 8 | 4


class GrantedPage:
    """A page that dom0 grants to itself."""

    def __init__(self):
        self.fd = os.open("/dev/xen/gntalloc", os.O_RDWR)
        wanted = bytearray(struct.pack("=HHIQIi", 0, WRITABLE, 1, 0, 0, 0))
        fcntl.ioctl(self.fd, ALLOC_GREF, wanted)
        _, _, _, place, self.ref, _ = struct.unpack("=HHIQIi", wanted)
        self.memory = mmap.mmap(self.fd, PAGE, offset=place)

    def close(self):
        self.memory.close()
        os.close(self.fd)


class Port:
    """An event channel's end that waits for the backend's."""

    def __init__(self):
        self.fd = os.open("/dev/xen/evtchn", os.O_RDWR)
        # Not bytes: then the result would be these, not the port.
        self.number = fcntl.ioctl(self.fd, BIND_UNBOUND_PORT,
                                  bytearray(struct.pack("=I", 0)))
        self._notify = struct.pack("=I", self.number)

    def notify(self):
        fcntl.ioctl(self.fd, NOTIFY, self._notify)

    def close(self):
        os.close(self.fd)


class LoopDisk(FakeDisk):
    """Its frontend's domain is dom0."""

    def __init__(self, index, path, **backend_keys):
        super().__init__(0, index, path, **backend_keys)
        self.page = GrantedPage()
        self.port = Port()
        self.good.update({"ring-ref": self.page.ref,
                          "event-channel": self.port.number})
        self.req_prod = 0

    def __exit__(self, *error):
        super().__exit__(*error)
        self.port.close()
        self.page.close()

    def index(self, number):
        """0: req_prod, 1: req_event, 2: rsp_prod, 3: rsp_event."""
        return struct.unpack_from("=I", self.page.memory, 4 * number)[0]

    def set_index(self, number, value):
        struct.pack_into("=I", self.page.memory, 4 * number, value)

    def post(self, slot):
        """A request, 112 bytes or less; tell() announces it."""
        place = HEADER + self.req_prod % SLOTS * SLOT
        self.page.memory[place:place + len(slot)] = slot
        self.req_prod += 1

    def tell(self):
        self.set_index(0, self.req_prod)
        self.port.notify()

    @property
    def answered(self):
        return self.index(2)
