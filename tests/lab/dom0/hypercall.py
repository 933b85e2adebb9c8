# SPDX-License-Identifier: GPL-2.0
"""What only the toolstack can ask of Xen, through its own library."""

import ctypes
import glob
import os
import struct

SHUTDOWN_CRASH = 3

# Xen's public xen.h and platform.h.
PLATFORM_OP = 7
PLATFORM_VERSION = 0x03000001
CPU_HOTADD = 58


def call(name, domid, *arguments):
    """The result of libxenctrl's function of that name for a domain."""
    library = ctypes.CDLL(glob.glob("/usr/lib/*/libxenctrl.so.4.*")[0],
                          use_errno=True)
    library.xc_interface_open.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.xc_interface_open(None, None, 0))
    try:
        result = getattr(library, name)(handle, ctypes.c_uint32(domid),
                                        *map(ctypes.c_uint32, arguments))
    finally:
        library.xc_interface_close(handle)
    if result < 0:
        raise OSError(ctypes.get_errno(), "%s of domain %d: %s" % (
            name, domid, os.strerror(ctypes.get_errno())))
    return result


def crash(domid):
    """End a domain the way Xen does when its kernel panics."""
    call("xc_domain_shutdown", domid, SHUTDOWN_CRASH)


def add_cpu(apic_id, acpi_id):
    """Tell Xen that a CPU was plugged in, as dom0's kernel would."""
    library = ctypes.CDLL(glob.glob("/usr/lib/*/libxencall.so.1")[0],
                          use_errno=True)
    for name in ("xencall_open", "xencall_alloc_buffer"):
        getattr(library, name).restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.xencall_open(None, 0))
    try:
        buffer = ctypes.c_void_p(library.xencall_alloc_buffer(
            handle, ctypes.c_size_t(256)))
        operation = struct.pack("=5I", CPU_HOTADD, PLATFORM_VERSION, apic_id,
                                acpi_id, 0)
        ctypes.memset(buffer, 0, 256)
        ctypes.memmove(buffer, operation, len(operation))
        result = library.xencall1(handle, ctypes.c_uint(PLATFORM_OP),
                                  ctypes.c_uint64(buffer.value))
        library.xencall_free_buffer(handle, buffer)
    finally:
        library.xencall_close(handle)
    if result < 0:
        raise OSError(ctypes.get_errno(), "hot add of CPU %d: %s" % (
            acpi_id, os.strerror(ctypes.get_errno())))
