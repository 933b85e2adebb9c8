#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""PCI devices in PV guests of stock kernels that have no boot parameter.

    passthrough.py [PART]... [--cycles N]

Parts: gap, hot, lives, cycles, wrong, dom0. Without one all of them,
as far as the machine's devices allow (--iommu, --pci e1000e, e1000, nvme,
edu)."""

import argparse
import contextlib
import json
import os
import platform
import re
import time

from dom0 import fio, host, module, network, passthrough, store, tap
from dom0.command import kernel_log, output, wait_until
from dom0.guest import KIT
from dom0.ledger import Ledger
from dom0.passthrough import FRONTEND, MODPROBE, PCI, SWIOTLB, PciGuest
from pci import EDU

MEMORY_MB = 320
STREAM = 3 << 20
# Linux's own tables in a guest of 256 MB and more lie above 4 GiB, since Xen
# takes a guest's memory from the top: a 32-bit card reaches next to nothing.
REACHED = 0.1
GUEST_TOLERANCE_KB = 8 * 1024
DMATEST = "/usr/share/xenmod-dmatest.ko"
JOBS = (("4k", 16, 2), ("128k", 4, 8), ("1M", 2, 8))     # size, depth, MB
# What the IOMMUs of both makers say, in Xen's words.
FAULT = ("DMAR:", "IO_PAGE_FAULT")
LATE = (6, 12)      # the first kernel whose frontend makes no swiotlb-xen


def kernel():
    return tuple(int(n) for n in platform.release().split(".")[:2])


def xen_says(words):
    return [line for line in output("xl", "dmesg").splitlines()
            if any(word in line for word in words)]


def messages(guest, word):
    """The guest's kernel messages that hold the word."""
    return [line for line in guest.check("dmesg").splitlines()
            if word in line]


@contextlib.contextmanager
def telling(guest):
    """What the guest's kernel said, when something goes wrong."""
    try:
        yield
    except Exception:
        with contextlib.suppress(Exception):
            tap.diagnose(guest.check("dmesg | tail -n 40", timeout=20))
        raise


# Traffic

def traffic(guest, device, link=None, what="moves data both ways",
            brief=False):
    """Verified data through a card or a disk."""
    stream = STREAM // 8 if brief else STREAM
    if device.is_disk:
        jobs = [fio.job("job%d" % n, link, size, bs, depth)
                for n, (bs, depth, size) in enumerate(JOBS[:1] if brief
                                                      else JOBS)]
        status, text = guest.run(fio.command(*jobs), timeout=240)
        return tap.ok(status == 0, "%s: fio verifies what it wrote" %
                      device.model, text)
    wrong = network.exchange(None, guest, device.host_address, stream, stream,
                             timeout=120)
    return tap.ok(wrong is None, "%s %s" % (device.model, what), wrong)


def start(guest, device):
    """The device's driver; the link or disk."""
    return guest.start_driver(device) if device.is_disk \
        else guest.start_card(device)


def check_counters(guest, device):
    """Where the device reaches all memory, nearly all is used in place; a card
    of 32 bits gets all of it bounced."""
    counts = guest.counters(device)
    tap.diagnose("%s: %s" % (device.model, counts))
    total = counts["bytes_in_place"] + counts["bytes_bounced"]
    share = counts["bytes_in_place"] / max(total, 1)
    least = sum(size for _bs, _depth, size in JOBS) << 20 \
        if device.is_disk else 2 * STREAM
    tap.ok(total >= least, "%s: all that moved was mapped by our module" %
           device.model, counts)
    if device.model == "e1000":
        tap.ok(share < REACHED and counts["bounced"],
               "e1000 has 32 bits: it is bounced", counts)
    else:
        tap.ok(share > 1 - REACHED and counts["in_place"],
               "%s has 64 bits: it is served in place" % device.model, counts)
    tap.equal(counts["exhausted"], 0, "%s: the pool never ran out" %
              device.model)


def check_interrupts(guest, device, link):
    word = "nvme" if device.is_disk else link
    found = guest.interrupts(word)
    kinds = [name for name in found if "msi-x" in name]
    if device.model == "e1000":
        tap.ok(found and not kinds, "e1000 has its INTx", found)
    else:
        tap.ok(len(kinds) > 1 and sum(found[one] for one in kinds),
               "%s has MSI-X, several vectors" % device.model, found)


def check_status(guest, devices):
    """xenmod status in the guest."""
    guest.check("modprobe -a xen-privcmd")
    report = json.loads(guest.check("xenmod status --json"))
    served = {one["name"]: one for one in report["pci_devices"]}
    for device in devices:
        one = served.get(guest.place(device), {})
        tap.equal(one.get("dma"), SWIOTLB,
                  "xenmod status: %s is served by ours" % device.model)
        tap.ok(one.get("driver") and one.get("in_place") is not None,
               "with driver and counters", one)
    tap.diagnose(guest.check("xenmod status"))


# Parts

def gap(devices):
    """The distribution's modules on a kernel that no longer makes swiotlb-xen
    late: kept as the failure that these modules are for. Should it end well
    one day, the kernel has learned it, and this part may go."""
    if kernel() < LATE:
        tap.skip("the gap of in-tree modules", "this kernel's frontend makes "
                 "swiotlb-xen when a device comes")
        return
    card = devices[0].make_assignable()
    with PciGuest("gap", memory=MEMORY_MB,
                  extra={"ramdisk": KIT + "/guest.cpio"}) as guest:
        guest.load_frontend()
        before = len(xen_says(FAULT))
        guest.pci_attach(card)
        # The link comes up, and what the kernel sends by itself faults first.
        guest.start_card(card)
        status, text = guest.run("ping -c 3 -W 1 -w 3 " + card.host_address)
        faults = xen_says(FAULT)[before:]
        tap.ok(status != 0 and "100% packet loss" in text,
               "in-tree, hot attached: every packet is lost, as expected",
               text)
        tap.ok(faults, "since its DMA faults in the IOMMU: no translation",
               text)
        tap.diagnose("\n".join(faults[:2]))


def hot(devices):
    """Devices given to a guest that started without any."""
    faults = xen_says(FAULT)
    with PciGuest("hot", memory=MEMORY_MB) as guest:
        guest.load_frontend()
        loaded = guest.check("cat /proc/modules")
        tap.ok("xen_swiotlb_mod " in loaded and re.search(
            r"^xen_pcifront .*\(.*O.*\)$", loaded, re.MULTILINE),
               "the frontend is ours, and brings the DMA translation with it",
               loaded)
        links = {}
        for device in devices:
            began = time.monotonic()
            with tap.case("%s is attached to the guest" % device.model), \
                    telling(guest):
                guest.pci_attach(device.make_assignable())
                links[device] = start(guest, device)
                traffic(guest, device, links[device])
                check_interrupts(guest, device, links[device])
                check_counters(guest, device)
            tap.diagnose("%s: %.1f s" % (device.model,
                                         time.monotonic() - began))
        contract(guest)
        check_status(guest, devices)
        tap.equal(xen_says(FAULT), faults, "no DMA fault")
        rebind_driver(guest, devices[0])
        refusal(guest, devices)
        with tap.case("a guest with devices in use powers off"):
            guest.shutdown(timeout=180)
    for device in devices:
        tap.equal(device.driver(), "pciback", "%s is back with pciback"
                  % device.model)


def contract(guest):
    """All that the DMA layer promises, with a device of 28 bits (--pci edu)."""
    for device in passthrough.devices():
        if device.model != EDU:
            continue
        guest.pci_attach(device.make_assignable())
        guest.wait_device(device)
        # Which does not wait for the checks.
        guest.check("insmod %s && until dmesg | grep -q 'dmatest: done'; do "
                    "sleep 0.5; done" % DMATEST, timeout=180)
        said = [line.split("dmatest: ")[1]
                for line in messages(guest, "dmatest: ")]
        for line in said:
            if line.startswith(("ok ", "not ok ")):
                tap.ok(line.startswith("ok"), "28 bits: " + line.split(
                    "ok ", 1)[1])
            else:
                tap.diagnose(line)
        tap.ok("done" in said, "that was all of it", said)
        tap.diagnose(guest.counters(device))
        guest.check("rmmod xenmod-dmatest")
        guest.pci_detach(device)


def rebind_driver(guest, device):
    place = guest.place(device)
    name = guest.check("basename $(readlink %s/%s/driver)" % (
        PCI, place)).strip()
    with tap.case("its driver is unbound and bound again"):
        guest.check("cd /sys/bus/pci/drivers/%s && echo %s >unbind && "
                    "echo %s >bind" % (name, place, place), timeout=120)
        traffic(guest, device, start(guest, device), "moves data after that")


def refusal(guest, devices):
    """Neither module goes while a device is in use."""
    status, text = guest.run("rmmod " + SWIOTLB.replace("-", "_"))
    tap.ok(status != 0, "the DMA module does not go while it serves devices",
           text)
    holders = guest.check("ls /sys/module/xen_swiotlb_mod/holders")
    tap.ok(all(guest.place(device) in holders for device in devices),
           "and names them", holders)


def lives(devices):
    """Several lives of a device in one guest, and what happens between them."""
    first, last = devices[0].make_assignable(), devices[-1].make_assignable()
    with PciGuest("lives", memory=MEMORY_MB) as guest:
        guest.load_frontend()
        attach(guest, first)
        # The guest's root may do so, too.
        guest.check("echo 1 >%s/%s/remove" % (PCI, guest.place(first)))
        guest.pci_detach(first)
        with tap.case("the guest is saved and restored without it"):
            save_and_restore(guest)
        link = attach(guest, first, "moves data after that")
        remove_in_use(guest, first, link)
        with tap.case("without devices both modules can be unloaded"):
            guest.check("rmmod xen-pcifront && rmmod xen-swiotlb-mod")
        guest.load_frontend()
        link = attach(guest, last)
        stuck_backend(guest)
        remove_in_use(guest, last, link)
        attach(guest, last, "moves data after that")
        guest.pci_detach(last)
        check_nothing_left(guest)


def attach(guest, device, what="moves data both ways", brief=False):
    """A device, its driver, and data through it; the link or disk."""
    with telling(guest):
        guest.pci_attach(device)
        link = start(guest, device)
        traffic(guest, device, link, what, brief)
    return link


def save_and_restore(guest):
    path = "/run/testbed/saved"
    guest.save(path)
    guest.restore(path)
    os.unlink(path)
    guest.check("true", timeout=60)


def remove_in_use(guest, device, link):
    """Hot removal while data moves. libxl waits ten seconds for it."""
    load = Load(guest, device, link)
    began = time.monotonic()
    guest.pci_detach(device)
    took = time.monotonic() - began
    left = guest.place(device)
    states = guest.pci_states()
    tap.ok(left is None and states in (("4", "4"), (None, None)),
           "%s is taken away in use" % device.model,
           "%s, states %s, after %.1f s" % (left, states, took))
    load.check_ended()


def stuck_backend(guest):
    """pciback fails at what libxl leaves behind when a detach took too long, and
    stays Reconfiguring. The frontend tries again, in case somebody mends it."""
    backend = guest.backend()
    left = {"state-1": 5, "dev-1": "0000:00:1e.7", "vdev-1": "0000:00:1e.07"}
    store.write_all(backend, {**left, "num_devs": 2, "state": 7})
    with tap.case("a backend that cannot reconfigure is asked again"):
        wait_until(lambda: guest.pci_states() == ("7", "7") and messages(
            guest, "does not come to an end"), 20, "a word about it")
        store.remove(backend + "/state-1")
        wait_until(lambda: guest.pci_states() == ("4", "4"), 20,
                   "both ends are connected")
    for name in left:
        store.remove("%s/%s" % (backend, name))
    store.write(backend + "/num_devs", 1)


def check_nothing_left(guest):
    tap.equal(guest.check("ls " + PCI).split(), [],
              "what was detached is gone")
    tap.equal(messages(guest, "Call Trace"), [], "and the kernel is content")


class Load:
    """Data that moves without an end, and is under way."""

    def __init__(self, guest, device, link):
        self.guest = guest
        self.device = device
        if device.is_disk:
            self.job = guest.spawn(fio.endless(link))
            count = "awk '{print $1 + $5}' /sys/block/%s/stat" % link
        else:
            self.stream = network.Stream(None, guest, device.host_address,
                                         up=1 << 40, down=1 << 40,
                                         seconds=3600)
            count = "cat /sys/class/net/%s/statistics/rx_packets" % link
        first = int(guest.check(count))
        wait_until(lambda: int(guest.check(count)) > first + 20, 30,
                   "load on " + device.model)

    def check_ended(self):
        """A disk's I/O ends with errors, at once; a connection just stands."""
        if not self.device.is_disk:
            self.stream.stop()
            return
        status, text = self.job.wait(60)
        tap.ok(status and "Input/output error" in text + self.guest.check(
            "cat /run/load.out"), "its I/O ends with errors", text)


class Usage:
    """What a guest has in use, while it has no device."""

    def __init__(self, guest):
        self.guest = guest
        memory = dict(re.findall(r"^(\w+):\s+(\d+) kB", guest.check(
            "cat /proc/meminfo"), re.MULTILINE))
        self.total = int(memory["MemTotal"])
        # Its init keeps in /run what the commands said.
        self.available = int(memory["MemAvailable"]) + int(memory["Shmem"])
        self.slab = int(memory["SUnreclaim"])
        self.pool = guest.check("cat /sys/kernel/debug/xen-swiotlb/pool")
        self.exact = {
            "interrupts": len(guest.check("ls /sys/kernel/irq").split()),
            "event channels": host.event_channels(guest.domid),
            "grants": host.grants_mapped().get(str(guest.domid), 0)}

    def check(self):
        """Against now."""
        now = Usage(self.guest)
        tap.equal(now.exact, self.exact, "the guest has as much in use as at "
                  "the beginning")
        tap.equal(now.total, self.total, "as much memory")
        tap.equal(now.pool, self.pool, "no pool")
        lost = self.available - now.available, now.slab - self.slab
        tap.ok(lost[0] < GUEST_TOLERANCE_KB and
               lost[1] < host.SLAB_TOLERANCE_KB,
               "and none is lost", "%d KB less, slabs %d KB more" % lost)
        tap.diagnose("%s; %d KB less memory, slabs %d KB more" % (
            now.exact, *lost))


def one_life_each(guest, devices):
    guest.load_frontend()
    for device in devices:
        attach(guest, device.make_assignable(), brief=True)
        guest.pci_detach(device)


def cycles(devices, count):
    """Hot add and remove, every second time while data moves. Not of e1000:
    libxl leaves it without anybody for its INTx, which then keeps dom0 busy."""
    in_use = [one for one in devices if one.model != "e1000"]
    # dom0 loads what it needs for them, and keeps it.
    with PciGuest("first", memory=MEMORY_MB) as guest:
        one_life_each(guest, devices)
    ledger = Ledger()
    with PciGuest("cycles", memory=MEMORY_MB) as guest:
        guest.check("mount -t debugfs none /sys/kernel/debug")
        one_life_each(guest, devices)
        usage = Usage(guest)
        began = time.monotonic()
        for number in range(count):
            choice = in_use if number % 2 else devices
            device = choice[number // 2 % len(choice)]
            link = attach(guest, device, brief=True)
            if number % 2:
                remove_in_use(guest, device, link)
            else:
                guest.pci_detach(device)
            tap.diagnose("cycle %d, %s, %.1f s" % (
                number + 1, device.model, time.monotonic() - began))
        check_nothing_left(guest)
        usage.check()
    for device in devices:
        tap.equal(device.driver(), "pciback", "%s is back with pciback"
                  % device.model)
    ledger.check()


def wrong(_devices):
    """Where the modules have no place, each says so in a line and is gone."""
    status, text = module.load(FRONTEND)
    tap.ok(status and "No such device" in text,
           "dom0: %s does not load" % FRONTEND, text)
    with PciGuest("pvh", kind="pvh", extra={"passthrough": "disabled"}) as guest:
        for name in (SWIOTLB, FRONTEND):
            before = len(guest.check("dmesg").splitlines())
            status, text = guest.run(MODPROBE + name)
            said = [line for line in
                    guest.check("dmesg").splitlines()[before:]
                    if "xen" in line and "taint" not in line
                    and "signature" not in line]
            tap.ok(status and "No such device" in text and said
                   and "nothing to do here" in said[0],
                   "a PVH guest: %s does not load, and says why" % name,
                   "%s\n%s" % (text, said))


def dom0(devices):
    """Devices of dom0 on our operations, and back on the kernel's."""
    status, text = module.load(SWIOTLB)
    tap.equal(status, 0, "dom0: the module loads " + text)
    for device in devices:
        if device.driver() == "pciback":
            device.take_back()
        output("modprobe", device.module)
        wait_until(lambda: device.driver() == device.module, 30,
                   device.bdf + " has its driver")
        tap.ok(not os.path.isdir(served(device)),
               "%s is left to the kernel" % device.model)
        for takeover in (device.bdf, ""):
            module.set_parameter(SWIOTLB, "takeover", takeover or "\n")
            module.set_parameter(SWIOTLB, "rebind", device.bdf)
            verify_in_dom0(device)
            check_server(device, takeover)
    status, text = module.unload(SWIOTLB.replace("-", "_"))
    tap.equal((status, text), (0, ""), "then the module can be unloaded")
    for device in devices:
        device.make_assignable()


def served(device):
    """The folder that says that we serve a device of dom0."""
    return "%s/%s/xenmod" % (PCI, device.bdf)


def check_server(device, ours):
    if not ours:
        tap.ok(not os.path.isdir(served(device)), "and back on the kernel's")
        return
    mapped = 0
    for name in "bytes_in_place", "bytes_bounced":
        with open("%s/%s" % (served(device), name)) as file:
            mapped += int(file.read())
    tap.ok(mapped >= 2 * STREAM, "%s: on our operations" % device.model,
           mapped)


def verify_in_dom0(device):
    if device.is_disk:
        status, text = module.try_command("sh", "-c", fio.command(fio.job(
            "dom0", wait_disk(device), 8, "64k", 8)) + " >&2")
        tap.ok(status == 0, "dom0: fio verifies what it wrote", text)
        return
    with card_in_namespace(device) as inside:
        ends = [network.HostStream(
            [*more, "--send", str(STREAM), "--receive", str(STREAM),
             device.host_address, "4000"], prefix)
            for more, prefix in ((["--listen"], ()), ([], inside))]
        found = [end.result(60) for end in ends]
        tap.ok(all(one["good"] for one in found),
               "dom0: %s moves data both ways" % device.model, found)


@contextlib.contextmanager
def card_in_namespace(device):
    """Its peer is in dom0, too; the command's prefix for those who are not."""
    inside = ("ip", "netns", "exec", "card")
    folder = "%s/%s/net" % (PCI, device.bdf)
    link = wait_until(lambda: os.path.isdir(folder) and os.listdir(folder),
                      30, "the link of " + device.bdf)[0]
    device.peer()
    output("ip", "netns", "add", "card")
    try:
        output("ip", "link", "set", link, "netns", "card")
        output(*inside, "ip", "link", "set", link, "up")
        output(*inside, "ip", "address", "add", device.guest_address + "/24",
               "dev", link)
        wait_until(lambda: "LOWER_UP" in output(
            *inside, "ip", "link", "show", link), 20, "carrier of " + link)
        yield inside
    finally:
        output("ip", "netns", "del", "card")


def wait_disk(device):
    def find():
        folder = "%s/%s/nvme" % (PCI, device.bdf)
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            for disk in os.listdir("%s/%s" % (folder, name)):
                if disk.startswith("nvme") and disk.endswith("n1") \
                        and os.path.exists("/dev/" + disk):
                    return disk
        return None
    return wait_until(find, 30, "the disk of " + device.bdf)


PARTS = {"gap": gap, "hot": hot, "lives": lives, "cycles": cycles,
         "wrong": wrong, "dom0": dom0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--cycles", type=int, default=4)
    options = parser.parse_args()
    if os.environ["TESTBED_DRIVERS"] != "ours" or not passthrough.MODELS:
        tap.skip("passthrough", "needs our modules, --iommu and --pci")
        tap.done()
    devices = [one for one in passthrough.devices() if one.model != EDU]
    for name in options.parts or PARTS:
        more = (options.cycles,) if name == "cycles" else ()
        began = time.monotonic()
        with tap.case(name):
            PARTS[name](devices, *more)
        tap.diagnose("%s: %.1f s" % (name, time.monotonic() - began))
        tap.diagnose("\n".join(line for line in kernel_log().splitlines()
                               if "xen_swiotlb" in line or "xen_pci" in line))
    tap.done()


main()
