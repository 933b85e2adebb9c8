# SPDX-License-Identifier: GPL-2.0
"""Bridges in dom0 for guests' vifs."""

from dom0.command import output


def bridge(name="xenbr0", address="10.0.0.1/24"):
    """A bridge with dom0's address on it; the name to give a vif."""
    output("ip", "link", "add", name, "type", "bridge")
    output("ip", "address", "add", address, "dev", name)
    output("ip", "link", "set", name, "up")
    return name


def remove_bridge(name="xenbr0"):
    output("ip", "link", "del", name)
