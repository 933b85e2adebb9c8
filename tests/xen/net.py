#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A guest's network: whatever both ends agree on, what arrives is what was
sent."""

import os
import re
import shutil
import time

from dom0 import backend, host, module, network, store, tap, xdp
from dom0.command import output, wait_until
from dom0.guest import Guest
from dom0.network import HOST, V4, V6, Vif

OURS = os.environ["TESTBED_DRIVERS"] == "ours"
BYTES = 1 << 17
# A limit, in bytes per second, and the period it is given for.
RATE = 100000
RATE_USEC = 50000
LIMITED = 150000        # bytes of each of two streams
RECLAIM_BYTES = 4 << 20
MIN_FREE = "/proc/sys/vm/min_free_kbytes"
# About each border: of frames, pages, fragments, and of what a slot holds.
BORDERS = (0, 1, 18, 64, 128, 256, 512, 1024, 1472, 1500, 2048, 2952, 4068,
           4096, 8192, 16384, 32768, 61440, 65507)
SIZES = sorted({size for border in BORDERS
                for size in range(border - 3, border + 4)
                if 0 <= size <= network.PINGED})
# What one level needs, the next one builds upon.
LEVELS = (("none", {"tx": 0, "sg": 0, "tso": 0, "gso": 0}),
          ("csum", {"tx": 1, "sg": 0, "tso": 0, "gso": 0}),
          ("csum, sg", {"tx": 1, "sg": 1, "tso": 0, "gso": 0}),
          ("csum, sg, gso", {"tx": 1, "sg": 1, "tso": 1, "gso": 1}))

BEGAN = time.monotonic()


def tick(what):
    tap.diagnose("%.1f s: %s" % (time.monotonic() - BEGAN, what))


def served(vif):
    wanted = (network.OURS if OURS else network.IN_TREE, "xen_netback")
    tap.equal(backend.driver(vif.device), wanted,
              "%s is served by the wanted driver" % vif.device)


def pings(number, name, sizes=None):
    pinger = network.Pinger(V4 % number)
    try:
        wrong = pinger.ping_all(sizes or SIZES)
    finally:
        pinger.close()
    tick("pings")
    tap.ok(not wrong, "%s: pings of %d sizes, %d to %d bytes" % (
        name, len(sizes or SIZES), min(sizes or SIZES), max(sizes or SIZES)),
        wrong[:20])


def streams(guest, number, name, size=BYTES):
    """Both ways, at once, by both families."""
    both = [network.Stream(None, guest, family % HOST, up=size, down=size)
            for family in (V4, V6)]
    wrong = [found for good, found in (one.results() for one in both)
             if not good]
    tick(name)
    tap.ok(not wrong, "%s: streams both ways, v4 and v6" % name, wrong)


def mean(statistics, side):
    return statistics[side + "_bytes"] / max(1, statistics[side + "_packets"])


def offloads(guest, vif, number, name):
    """Each level of offloads, of the guest's and of dom0's end."""
    for level, features in LEVELS:
        guest.check("ethtool -K eth0 " + " ".join(network.words(features)))
        vif.set_features(**features)
        before = vif.statistics()
        streams(guest, number, "%s, %s" % (name, level))
        used = backend.grown(before, vif.statistics())
        large = [mean(used, side) > 1514 for side in ("rx", "tx")]
        tap.equal(large, [bool(features["gso"])] * 2,
                  "%s, %s: frames larger than the MTU, or none" % (name, level))


def agreed(vif, queues, split, name):
    tap.equal((vif.queues(), vif.split()), (queues, split),
              "%s: agreed upon" % name)
    events = [line for line in open("/proc/interrupts")
              if line.split()[-1].startswith(
                  (vif.name + "-", vif.device + "-"))]
    tap.equal(len(events), queues * (2 if split else 1),
              "%s: as many interrupts" % name)


def without(guest, vif, number):
    """The backend comes anew, and the frontend's keys now tell of a guest
    that can do little."""
    cases = (("no sg", {"feature-sg": 0, "feature-gso-tcpv4": 0,
                        "feature-gso-tcpv6": 0}, "scatter-gather"),
             ("no gso", {"feature-sg": 1}, "tcp-segmentation-offload"),
             ("no v4 csum", {"feature-no-csum-offload": 1},
              "tx-checksum-ipv4"),
             ("no v6 csum", {"feature-no-csum-offload": 0,
                             "feature-ipv6-csum-offload": 0},
              "tx-checksum-ipv6"))
    for name, keys, feature in cases:
        vif.rebind(keys)
        vif.plug()
        tap.equal(vif.features().get(feature), False,
                  "a guest with %s: %s is off" % (name, feature))
        streams(guest, number, "a guest with " + name)
        pings(number, "a guest with " + name, [0, 1472, 3000, 65507])


def timed(guest, up, down):
    """Seconds that two streams take, which may use a queue each."""
    began = time.monotonic()
    both = [network.Stream(None, guest, family % HOST, up=up, down=down)
            for family in (V4, V6)]
    for one in both:
        good, found = one.results()
        if not good:
            raise RuntimeError(found)
    return time.monotonic() - began


def rates(guest, vif, _number):
    """Limits of all queues together, set while the guest runs. The in-tree
    driver has one for each queue, and its bursts exceed these streams."""
    if not OURS:
        tap.skip("rates", "the in-tree driver has them for each queue")
        return
    for node, up, down in (("rate", LIMITED, 0), ("rate-rx", 0, LIMITED)):
        store.write("%s/%s" % (vif.backend, node),
                    "%d,%d" % (RATE * RATE_USEC // 1000000, RATE_USEC))
        limited = timed(guest, up, down)
        store.remove("%s/%s" % (vif.backend, node))
        free = timed(guest, up, down)
        tap.ok(limited >= 0.8 * 2 * LIMITED / RATE,
               "%s: %d bytes take their time" % (node, 2 * LIMITED),
               "%.1f s, %.1f s without" % (limited, free))
        tap.ok(free < limited, "%s: and less without a limit" % node,
               "%.1f s, %.1f s with it" % (free, limited))
        tap.diagnose("%s: %.1f s, %.1f s without" % (node, limited, free))


def kept_pages(vif):
    """Pages that the backend keeps for what the guest sends next."""
    folder = "/sys/kernel/debug/xen-netback/" + vif.name
    total = 0
    for queue in range(vif.queues()):
        with open("%s/io_ring_q%d" % (folder, queue)) as file:
            total += int(re.search(r"kept pages (\d+)", file.read()).group(1))
    return total


def many_kept(vif):
    """How many, if that is worth to be given back."""
    kept = kept_pages(vif)
    return kept if kept >= 100 else None


def shorten_memory(vif):
    """The kernel wants more memory free than there is: the least that the
    backend keeps then, and how much the kernel wants."""
    wanted = host.memory_free_kb() * 9 // 10
    before = least = kept_pages(vif)
    usual = set_number(MIN_FREE, wanted)
    try:
        end = time.monotonic() + 10
        # One page now and then goes without need.
        while least > before // 2 and time.monotonic() < end:
            least = min(least, kept_pages(vif))
    finally:
        set_number(MIN_FREE, usual)
    return least, wanted


def set_number(path, value):
    """What it was before."""
    with open(path, "r+") as file:
        before = int(file.read())
        file.seek(0)
        file.write(str(value))
    return before


def reclaim(guest, vif, number):
    """Memory is short: the backend gives back what it keeps."""
    if not OURS:
        tap.skip("reclaim", "the in-tree driver keeps nothing")
        return
    streams(guest, number, "before", RECLAIM_BYTES)
    before = kept_pages(vif)
    tap.ok(before, "pages are kept")
    drop_slabs()
    left = wait_until(lambda: kept_pages(vif) == 0, 5, "pages given back")
    tap.ok(left, "all of %d kept pages are given back, with nothing to do"
           % before)
    load = network.Stream(None, guest, V4 % HOST, up=1, down=1, seconds=60)
    least = before = wait_until(lambda: many_kept(vif), 20, "pages kept")
    for _ in range(20):
        drop_slabs()
        least = min(least, kept_pages(vif))
        busy(vif, 1)
    tap.ok(least <= before // 2, "under load, %d of %d are left" % (
        least, before))
    before = wait_until(lambda: many_kept(vif), 20, "pages kept")
    least, wanted = shorten_memory(vif)
    tap.ok(least <= before // 2, "%d MB are to be free: %d of %d are left" % (
        wanted >> 10, least, before))
    busy(vif)
    good, found = load.finish()
    tap.ok(good and all(one["received"] for one in found),
           "the stream goes on, and all that was sent has arrived", found)


def drop_slabs():
    """The kernel asks everybody who keeps memory."""
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("2")


def large_mtu(guest, vif, number):
    output("ip", "link", "set", vif.name, "mtu", "9000")
    output("ip", "link", "set", network.BRIDGE, "mtu", "9000")
    guest.check("ip link set eth0 mtu 9000")
    pings(number, "MTU 9000")
    before = vif.statistics()
    network.Pinger(V4 % number).ping_all([8972] * 10)
    used = backend.grown(before, vif.statistics())
    tap.ok(10 <= used["rx_packets"] < 20 and 10 <= used["tx_packets"] < 20,
           "MTU 9000: large frames are not cut", used)
    streams(guest, number, "MTU 9000")
    output("ip", "link", "set", network.BRIDGE, "mtu", "1500")
    output("ip", "link", "set", vif.name, "mtu", "1500")
    guest.check("ip link set eth0 mtu 1500")


def vlan(guest, vif):
    """Tagged frames, with all that is offloaded for them."""
    output("ip", "link", "add", "link", network.BRIDGE, "name", "vlan7", "type",
           "vlan", "id", "7")
    output("ip", "address", "add", "10.0.7.1/24", "dev", "vlan7")
    output("ip", "link", "set", "vlan7", "up")
    guest.check("modprobe 8021q && /usr/bin/ip link add link eth0 name eth0.7 "
                "type vlan id 7 && ip address add 10.0.7.2/24 dev eth0.7 && "
                "ip link set eth0.7 up")
    pinger = network.Pinger("10.0.7.2")
    wrong = pinger.ping_all([0, 64, 1472, 1473, 4096, 65507])
    pinger.close()
    tap.ok(not wrong, "VLAN: pings", wrong)
    wrong = network.exchange(None, guest, "10.0.7.1", BYTES, BYTES)
    tap.equal(wrong, None, "VLAN: a stream both ways")
    output("ip", "link", "del", "vlan7")
    guest.check("ip link del eth0.7")


def guest_pings(guest, address, size, count=3):
    """How many of the guest's pings are answered."""
    text = guest.run("ping -c %d -i 1 -W 1 -s %d %s" % (
        count, size, address), timeout=60)[1]
    return int(re.search(r"(\d+) packets received", text).group(1))


def echoes(guest=None):
    """Echo requests that dom0, or a guest, has seen."""
    read = "cat /proc/net/snmp"
    text = guest.check(read) if guest else output("sh", "-c", read)
    names, values = [line.split() for line in text.splitlines()
                     if line.startswith("Icmp:")]
    return int(values[names.index("InEchos")])


def native_xdp(guest, vif, other, target):
    """A BPF program decides over what the guest sends."""
    if not xdp.available():
        tap.skip("XDP", "no compiler for BPF")
        return
    status, text = xdp.attach(vif.name, xdp.build(target.name))
    if status and not OURS:
        tap.skip("XDP", "the in-tree driver has none: " + text[:60])
        return
    tap.equal((status, text), (0, ""), "XDP: the driver takes a program")
    host = V4 % HOST
    for name, size, answered, seen in (
            ("PASS", xdp.PASSED, 3, 3), ("DROP", xdp.DROPPED, 0, 0),
            ("ABORTED", xdp.ABORTED, 0, 0), ("TX", xdp.ANSWERED, 3, 0)):
        before = echoes()
        tap.equal((guest_pings(guest, host, size), echoes() - before),
                  (answered, seen), "XDP: %s, answered and seen by dom0" % name)
    # Off the bridge, the other guest's vif is reached by redirection alone.
    guest_pings(guest, V4 % 3, 56, 1)
    output("ip", "link", "set", target.name, "nomaster")
    before = echoes(other)
    guest_pings(guest, V4 % 3, xdp.PASSED)
    passed = echoes(other) - before
    guest_pings(guest, V4 % 3, xdp.REDIRECTED)
    tap.equal((passed, echoes(other) - before), (0, 3),
              "XDP: REDIRECT, to another guest's vif")
    target.plug()
    streams(guest, 2, "XDP")
    pings(2, "XDP", [0, 1472, 1473, 9000, 65507])
    xdp.detach(vif.name)
    tap.equal(guest_pings(guest, host, xdp.DROPPED), 3, "XDP: off again")
    streams(guest, 2, "after XDP")


def openvswitch(guest):
    """A vif by Xen's script for Open vSwitch."""
    if not shutil.which("ovs-vsctl"):
        tap.skip("Open vSwitch", "it is not installed")
        return
    network.start_openvswitch("ovs0", "10.0.9.1/24")
    network.attach(guest, 9, bridge="ovs0", script="vif-openvswitch")
    vif = Vif(guest, 1).wait_connected()
    tap.ok(vif.name in output("ovs-vsctl", "list-ports", "ovs0"),
           "Open vSwitch: the script plugs the vif in")
    guest.check("{0} link set eth1 up && {0} address add 10.0.9.2/24 dev eth1"
                .format(network.IP))
    pinger = network.Pinger("10.0.9.2")
    wait_until(lambda: not pinger.ping(56), 20, "a ping by way of OVS")
    wrong = pinger.ping_all([0, 1472, 65507])
    pinger.close()
    tap.ok(not wrong, "Open vSwitch: pings", wrong)
    tap.equal(network.exchange(None, guest, "10.0.9.1", BYTES, BYTES), None,
              "Open vSwitch: a stream both ways")
    network.detach(guest, 1)
    vif.wait_gone()
    tap.equal(output("ovs-vsctl", "list-ports", "ovs0").strip(), "",
              "Open vSwitch: the script unplugs it")
    network.stop_openvswitch("ovs0")


def up_and_down(guest, vif, number):
    """The network device in dom0, and the guest's."""
    for name, down, up in (
            ("dom0's", lambda: output("ip", "link", "set", vif.name, "down"),
             lambda: output("ip", "link", "set", vif.name, "up")),
            ("the guest's", lambda: guest.check("ip link set eth0 down"),
             lambda: guest.check(
                 "{0} link set eth0 up && {0} address add {1}/64 dev eth0 "
                 "nodad".format(network.IP, V6 % number)))):
        load = network.Stream(None, guest, V4 % HOST, up=1, down=1, seconds=4)
        busy(vif)
        down()
        time.sleep(0.3)
        before = vif.statistics()["rx_packets"]
        time.sleep(0.3)
        tap.equal(vif.statistics()["rx_packets"], before,
                  "%s end is down: nothing comes" % name)
        up()
        good, found = load.results()
        tap.ok(good, "%s end goes down and up under a stream" % name, found)


def busy(vif, packets=50):
    first = vif.statistics()["rx_packets"]
    wait_until(lambda: vif.statistics()["rx_packets"] >= first + packets, 20,
               "traffic on " + vif.name)


def replug(guest, number):
    """xl takes the vif away under load and brings another."""
    vif = Vif(guest)
    load = network.Stream(None, guest, V4 % HOST, up=1, down=1, seconds=60)
    busy(vif)
    network.detach(guest)
    vif.wait_gone()
    tap.ok(True, "unplugged under load")
    load.stop()
    network.attach(guest, number)
    vif.wait_connected()
    network.configure(guest, number)
    wait_until(lambda: not network.ping(V4 % number, 1), 20, "a ping")
    streams(guest, number, "plugged in again")


def between(first, second, numbers):
    """Guest to guest, through the bridge."""
    for name, family in (("v4", V4), ("v6", V6)):
        wrong = network.exchange(second, first, family % numbers[1], BYTES,
                                 BYTES)
        tap.equal(wrong, None, "guest to guest, %s" % name)


def status(vif):
    text = output("xenmod", "status") if OURS else ""
    tap.ok(not OURS or vif.device in text and vif.name in text,
           "xenmod status lists the vif", text)


def pv_guest(other):
    with Guest("pv", kind="pv",
               vifs=[network.specification(2)]) as guest:
        vif = Vif(guest).wait_connected()
        network.configure(guest, 2)
        tick("pv")
        served(vif)
        pings(2, "PV")
        for queues, split in ((1, True), (2, True), (1, False), (2, False)):
            name = "PV, %d queue(s), %s" % (
                queues, "split" if split else "one channel")
            with tap.case(name):
                vif.reconnect(queues, separate_tx_rx_irq="NY"[split])
                network.configure(guest, 2)
                agreed(vif, queues, split, name)
                if split or queues > 1:
                    offloads(guest, vif, 2, name)
                else:
                    streams(guest, 2, name)
        with tap.case("guest to guest"):
            between(guest, other, (2, 3))
        for test in (rates, reclaim, large_mtu, up_and_down, without):
            with tap.case(test.__name__):
                test(guest, vif, 2)
        with tap.case("vlan"):
            vlan(guest, vif)
        with tap.case("xenmod status"):
            status(vif)
        with tap.case("XDP"):
            native_xdp(guest, vif, other, Vif(other))
        with tap.case("Open vSwitch"):
            openvswitch(guest)
        with tap.case("replug"):
            replug(guest, 2)
        guest.shutdown()


def main():
    network.bridge()
    network.both_families()
    tick("bridge")
    module.load("xen-netback", max_queues=4)
    with Guest("pvh", kind="pvh", vifs=[network.specification(3)]) as pvh:
        vif = Vif(pvh).wait_connected()
        network.configure(pvh, 3)
        tick("pvh")
        with tap.case("a PV guest"):
            pv_guest(pvh)
        with tap.case("a PVH guest"):
            served(vif)
            pings(3, "PVH")
            offloads(pvh, vif, 3, "PVH")
        pvh.shutdown()
    tap.equal([d for d in backend.devices() if d.startswith("vif")], [],
              "no device is left")
    tap.done()


main()
