# SPDX-License-Identifier: GPL-2.0
"""What only the toolstack can ask of Xen, through its own library."""

import ctypes
import glob
import os

SHUTDOWN_CRASH = 3


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
