#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Guests, drivers and vifs come and go under load.

    netlife.py [KILLS]      guests to kill (default: what a minute allows)

Streams whose content is checked survive what they should; of what is killed,
nothing is left."""

import os
import sys
import time

from dom0 import backend, module, network, tap
from dom0.command import wait_until
from dom0.guest import FOLDER, Guest, wait_all_gone
from dom0.ledger import Ledger
from dom0.network import HOST, V4, Vif
from dom0.quickvif import QuickVif

OURS = os.environ["TESTBED_DRIVERS"] == "ours"
KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 0
KILL_SECONDS = 25
KILLS_LEAST = 4
REBINDS = 3
MORE_VIFS = range(1, 5)
IN_TREE = "net/xen-netback/xen-netback"
PINGS = "for size in 0 60 1400 4000 9000; do ping -A -s $size " \
    "%s >/dev/null 2>&1 & done; wait"


class Load:
    """A stream both ways without end, and pings of all sizes."""

    def __init__(self, guest, number):
        self.stream = network.Stream(None, guest, V4 % HOST, up=1, down=1,
                                     seconds=600)
        guest.spawn(PINGS % (V4 % HOST))

    def stop(self):
        self.stream.ends[0].stop()


def wait_busy(vif, packets=200):
    first = vif.statistics()["rx_packets"]
    wait_until(lambda: vif.statistics()["rx_packets"] >= first + packets, 30,
               "traffic on " + vif.name)


# Killing guests

def kill(number, vifs):
    """A guest with more than one vif, killed when it is busy."""
    guest = Guest("victim%d" % number, kind="pv", memory=192,
                  vifs=[network.specification(10)])
    quick = []
    with guest:
        vif = Vif(guest).wait_connected()
        network.configure(guest, 10)
        quick = [QuickVif(guest, n).plug_in() for n in vifs]
        for one in quick:
            one.wait_connected()
        load = Load(guest, 10)
        try:
            wait_busy(vif)
            if quick:
                change(quick[0])
            if number % 2:
                guest.destroy()
            else:
                guest.crash()
                guest.wait_gone()
        finally:
            load.stop()
    wait_all_gone()
    for one in quick:
        one.clear()
        one.wait_gone()
    return 1 + len(quick)


def change(one):
    """A vif goes and comes while another is busy."""
    one.unplug()
    one.wait_gone()
    one.clear()
    one.guest.check("while [ -e /sys/bus/xen/devices/%s ]; do sleep 0.05; done"
                    % one.device.replace("-%d-" % one.guest.domid, "-"))
    one.plug_in().wait_connected()


def kills():
    kill(0, MORE_VIFS)
    # What the first one brought to life settles meanwhile.
    time.sleep(2)
    ledger = Ledger()
    end = time.monotonic() + KILL_SECONDS
    done = vifs = 0
    while done < KILLS or not KILLS and (done < KILLS_LEAST
                                         or time.monotonic() < end):
        done += 1
        vifs += kill(done, MORE_VIFS)
    tap.ok(True, "%d guests with %d vifs were killed under load" % (done, vifs))
    ledger.check()


# Drivers come and go

def survives(stream, vif, what):
    """The stream goes on after what was done to the driver."""
    wait_busy(vif)
    tap.ok(stream.ends[0].process.poll() is None,
           "%s: the stream goes on" % what)


def rebind(vif, stream):
    for number in range(REBINDS):
        vif.rebind()
        vif.plug()
        survives(stream, vif, "rebind %d" % (number + 1))


def change_driver(vif, stream):
    """To the in-tree driver, and back to ours."""
    for name in ("in-tree", "ours"):
        driver = backend.driver(vif.device)[0]
        backend.bind(vif.device, driver, "unbind")
        status, text = module.unload("xen-netback")
        tap.ok(status == 0, "the module unloads while a guest runs", text)
        # Loading binds all that has no driver.
        if name == "ours":
            module.load("xen-netback")
        else:
            module.load_in_tree(IN_TREE)
        vif.plug()
        tap.equal(backend.driver(vif.device)[0],
                  network.OURS if name == "ours" else network.IN_TREE,
                  "%s driver serves" % name)
        survives(stream, vif, "%s driver" % name)


def drivers(guest, vif):
    stream = network.Stream(None, guest, V4 % HOST, up=1, down=1, seconds=600)
    wait_busy(vif)
    if OURS:
        status, text = module.unload("xen-netback")
        tap.ok(status and "in use" in text, "the module stays while it is in "
               "use", "status %d: %s" % (status, text))
    with tap.case("rebind"):
        rebind(vif, stream)
    if OURS:
        with tap.case("change of driver"):
            change_driver(vif, stream)
    good, found = stream.finish()
    tap.ok(good and all(one["received"] for one in found),
           "all that was sent has arrived", found)
    tap.diagnose(found)


# Save and restore

def saved(guest):
    path = FOLDER + "/saved"
    guest.save(path)
    wait_all_gone()
    tap.equal([d for d in backend.devices() if d.startswith("vif")], [],
              "a saved guest has no vif")
    guest.restore(path)
    os.unlink(path)
    vif = Vif(guest).wait_connected()
    wrong = wait_until(lambda: not network.ping(V4 % 11, 1), 20, "a ping")
    tap.ok(wrong, "a restored guest answers")
    tap.equal(network.exchange(None, guest, V4 % HOST, 1 << 18, 1 << 18), None,
              "and streams")
    return vif


def one_guest(kind):
    with Guest("mover", kind=kind, memory=160,
               vifs=[network.specification(11)]) as guest:
        vif = Vif(guest).wait_connected()
        network.configure(guest, 11)
        if kind == "pv":
            with tap.case("drivers"):
                drivers(guest, vif)
        with tap.case("%s: save and restore" % kind):
            saved(guest)
        guest.shutdown()
    wait_all_gone()


# Parameters

WRONG = (("max_queues", 0), ("max_queues", 4096), ("max_queues", "abc"),
         ("fatal_skb_slots", 2), ("rx_drain_timeout_msecs", -1),
         ("rx_stall_timeout_msecs", 2 ** 32),
         ("separate_tx_rx_irq", "perhaps"))


def parameters():
    """Parameters as people's modprobe.d has them, and nonsense."""
    names = {name for name, _value in WRONG}
    have = set(os.listdir("/sys/module/xen_netback/parameters"))
    tap.ok(names <= have, "the in-tree driver's parameters are there",
           names - have)
    status, text = module.unload("xen-netback")
    tap.ok(status == 0, "xen-netback unloads", text)
    for name, value in WRONG:
        status, text = module.load("xen-netback", **{name: value})
        tap.ok(status, "%s=%s is refused at load" % (name, value), text)
        if not status:
            module.unload("xen-netback")
    status, text = module.load(
        "xen-netback", separate_tx_rx_irq=0, rx_drain_timeout_msecs=5000,
        rx_stall_timeout_msecs=0, max_queues=2, fatal_skb_slots=25,
        hash_cache_size=32)
    tap.equal((status, text), (0, ""), "good ones are taken")
    tap.equal(module.parameter("xen_netback", "max_queues"), "2",
              "and can be read")


def main():
    network.bridge()
    module.load("xen-netback")
    with tap.case("kills"):
        kills()
    for kind in ("pv", "pvh"):
        with tap.case("a %s guest" % kind):
            one_guest(kind)
    if OURS:
        with tap.case("parameters"):
            parameters()
    status, text = module.unload("xen-netback")
    tap.ok(status == 0 and not module.loaded("xen-netback"),
           "xen-netback unloads", text)
    tap.done()


main()
