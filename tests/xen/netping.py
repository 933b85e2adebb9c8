#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""First packets: a PV guest and dom0 ping each other, small and large."""

from dom0 import network, tap
from dom0.command import output
from dom0.guest import Guest


def main():
    name = network.bridge()
    with tap.case("a PV guest and dom0 ping each other"):
        with Guest("pv", kind="pv", vifs=["bridge=" + name]) as guest:
            guest.wait_connected("vif")
            guest.check("ip addr add 10.0.0.2/24 dev eth0 && "
                        "ip link set eth0 up")
            vif = "vif%d.0" % guest.domid
            tap.diagnose(output("ip", "-s", "-d", "link", "show", vif))
            for size in (0, 56, 1472, 4000, 65000):
                guest.check("ping -c 3 -w 20 -s %d 10.0.0.1" % size)
                output("ping", "-c", "3", "-w", "20", "-s", str(size),
                       "10.0.0.2")
            tap.diagnose(output("ip", "-s", "link", "show", vif))
            tap.diagnose(output("sh", "-c", "grep . /sys/bus/xen-backend/"
                                "devices/vif-*/xenmod/*; ethtool -k " + vif))
            guest.shutdown()
    tap.done()


main()
