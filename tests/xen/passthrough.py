#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""PCI devices in PV guests of stock kernels that have no boot parameter.

    passthrough.py [PART]... [--cycles N]

Parts: gap, hot, unload, save, cycles, wrong, dom0. Without one all of them,
as far as the machine's devices allow (--iommu, --pci e1000e, e1000, nvme)."""

import argparse
import contextlib
import json
import os
import platform
import re
import time

from dom0 import fio, module, network, passthrough, tap
from dom0.command import kernel_log, output, wait_until
from dom0.guest import KIT
from dom0.passthrough import FRONTEND, MODPROBE, PCI, SWIOTLB, PciGuest

MEMORY_MB = 320
STREAM = 3 << 20
# Linux's own tables in a guest of 256 MB and more lie above 4 GiB, since Xen
# takes a guest's memory from the top: a 32-bit card reaches next to nothing.
REACHED = 0.1
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

def traffic(guest, device, link=None, what="moves data both ways"):
    """Verified data through a card or a disk."""
    if device.is_disk:
        jobs = [fio.job("job%d" % n, link, size, bs, depth)
                for n, (bs, depth, size) in enumerate(JOBS)]
        status, text = guest.run(fio.command(*jobs), timeout=240)
        return tap.ok(status == 0, "%s: fio verifies what it wrote" %
                      device.model, text)
    wrong = network.exchange(None, guest, device.host_address, STREAM, STREAM,
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
        check_status(guest, devices)
        tap.equal(xen_says(FAULT), faults, "no DMA fault")
        rebind_driver(guest, devices[0])
        refusal(guest, devices)
        with tap.case("a guest with devices in use powers off"):
            guest.shutdown(timeout=180)
    for device in devices:
        tap.equal(device.driver(), "pciback", "%s is back with pciback"
                  % device.model)


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


def unload(devices):
    """Both modules go and come while the device is detached; another device
    comes later."""
    first, second = devices[0], devices[-1]
    with PciGuest("unload", memory=MEMORY_MB) as guest:
        for number in range(2):
            guest.load_frontend()
            guest.pci_attach(first.make_assignable())
            traffic(guest, first, start(guest, first))
            if number == 0:
                guest.pci_detach(first)
                with tap.case("without devices both modules can be unloaded"):
                    guest.check("rmmod xen-pcifront && rmmod xen-swiotlb-mod")
        guest.pci_attach(second.make_assignable())
        traffic(guest, second, start(guest, second))
        guest.pci_detach(first)
        guest.pci_detach(second)
        tap.equal(guest.check("ls " + PCI).split(), [],
                  "what was detached is gone")


def save(devices):
    """Save and restore between two lives of a device."""
    device = devices[0]
    path = "/run/testbed/saved"
    with PciGuest("save", memory=MEMORY_MB) as guest:
        guest.load_frontend()
        guest.pci_attach(device.make_assignable())
        traffic(guest, device, start(guest, device))
        guest.pci_detach(device)
        guest.save(path)
        guest.restore(path)
        os.unlink(path)
        guest.check("true", timeout=120)
        guest.pci_attach(device)
        traffic(guest, device, start(guest, device),
                "moves data after save and restore")


def cycles(devices, count):
    """Hot add and remove, every second time while data moves."""
    with PciGuest("cycles", memory=MEMORY_MB) as guest:
        guest.load_frontend()
        for number in range(count):
            device = devices[number // 2 % len(devices)].make_assignable()
            guest.pci_attach(device)
            link = start(guest, device)
            if number % 2:
                load = under_load(guest, device, link)
            else:
                traffic(guest, device, link)
            guest.pci_detach(device)
            if number % 2:
                load.kill()
            tap.ok(guest.place(device) is None and not messages(
                guest, "Call Trace"), "cycle %d, %s%s" % (
                    number + 1, device.model,
                    " under load" if number % 2 else ""))
        tap.equal(guest.check("ls " + PCI).split(), [], "nothing is left")


def under_load(guest, device, link):
    """Something that never ends by itself, and is under way."""
    if device.is_disk:
        job = guest.spawn(fio.endless(link))
        busy = "awk '{print $1 + $5}' /sys/block/%s/stat" % link
    else:
        job = guest.spawn("ping -A -s 1400 " + device.host_address)
        busy = "cat /sys/class/net/%s/statistics/rx_packets" % link
    first = int(guest.check(busy))
    wait_until(lambda: int(guest.check(busy)) > first + 20, 30,
               "load on " + device.model)
    return job


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
    """A device of dom0 on our operations, and back on the kernel's."""
    device = next((one for one in devices if one.is_disk), None)
    if not device:
        tap.skip("takeover in dom0", "no NVMe disk")
        return
    if device.driver() == "pciback":
        device.take_back()
    parameters = "/sys/module/xen_swiotlb_mod/parameters/"
    status, text = module.load(SWIOTLB)
    tap.equal(status, 0, "dom0: the module loads " + text)
    output("modprobe", "nvme")
    disk = wait_disk(device)
    tap.ok(not os.path.isdir("%s/%s/xenmod" % (PCI, device.bdf)),
           "and leaves dom0's devices to the kernel")
    for takeover in (device.bdf, ""):
        with open(parameters + "takeover", "w") as file:
            file.write(takeover or "\n")
        with open(parameters + "rebind", "w") as file:
            file.write(device.bdf)
        disk = wait_disk(device)
        verify_in_dom0(disk)
        folder = "%s/%s/xenmod" % (PCI, device.bdf)
        if takeover:
            with open(folder + "/bytes_in_place") as file:
                mapped = int(file.read())
            tap.ok(mapped >= 8 << 20, "dom0: its disk runs on our operations",
                   mapped)
        else:
            tap.ok(not os.path.isdir(folder), "and back on the kernel's")
    status, text = module.unload(SWIOTLB.replace("-", "_"))
    tap.equal((status, text), (0, ""), "then the module can be unloaded")
    output("sh", "-c", "echo %s >/sys/bus/pci/drivers/nvme/unbind" % device.bdf)


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


def verify_in_dom0(disk):
    status, text = module.try_command(
        "sh", "-c", fio.command(fio.job("dom0", disk, 8, "64k", 8)) + " >&2")
    tap.ok(status == 0, "dom0: fio verifies what it wrote", text)


PARTS = {"gap": gap, "hot": hot, "unload": unload, "save": save,
         "cycles": cycles, "wrong": wrong, "dom0": dom0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--cycles", type=int, default=4)
    options = parser.parse_args()
    if os.environ["TESTBED_DRIVERS"] != "ours" or not passthrough.MODELS:
        tap.skip("passthrough", "needs our modules, --iommu and --pci")
        tap.done()
    devices = passthrough.devices()
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
