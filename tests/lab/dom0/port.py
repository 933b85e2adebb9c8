# SPDX-License-Identifier: GPL-2.0
"""Event channels, as the toolstack makes them for a guest."""

from dom0 import hypercall


def for_guest(domid):
    """A port of the guest that waits for dom0 to bind it."""
    return hypercall.call("xc_evtchn_alloc_unbound", domid, 0)
