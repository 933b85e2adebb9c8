# SPDX-License-Identifier: GPL-2.0
"""PCI devices of the machine (--pci) given to guests.

    from dom0 import passthrough
    card, disk = passthrough.devices("e1000e", "nvme")
    card.make_assignable()
    with PciGuest() as guest:
        guest.load_frontend()
        guest.pci_attach(card)
        link = guest.link(card)
        passthrough.configure(guest, card, link)
        network.exchange(None, guest, card.host_address, up=1 << 20)
        guest.pci_detach(card)
"""

import glob
import lzma
import os
import platform
import re
import shutil

from cpio import Archive
from dom0 import network, store
from dom0.command import modprobe, output, wait_until
from dom0.guest import FOLDER, KIT, LAST_CPU, Guest
from pci import CARD_MAC, NVME, PEER_MAC, slot

MODELS = [name for name in os.environ.get("TESTBED_PCI", "").split(",")
          if name]
FRONTEND = "xen-pcifront"
SWIOTLB = "xen-swiotlb-mod"
# The guests' shell has one of its own, which knows no soft dependencies.
MODPROBE = "/usr/bin/modprobe "
UPDATES = "usr/lib/modules/%s/updates" % platform.release()
PCI = "/sys/bus/pci/devices"

DRIVERS = {"rtl8139": "8139too", "pcnet": "pcnet32"}


class Device:
    """A device of the machine, by its place in --pci."""

    def __init__(self, number):
        self.number = number
        self.model = MODELS[number]
        self.bdf = "0000:00:%02x.0" % slot(number)
        self.module = DRIVERS.get(self.model, self.model)
        self.mac = CARD_MAC % number
        self.host_address = "10.1.%d.1" % number
        self.guest_address = "10.1.%d.2" % number

    @property
    def is_disk(self):
        return self.model == NVME

    def driver(self):
        """dom0's driver of the device, or None."""
        link = "%s/%s/driver" % (PCI, self.bdf)
        return os.path.basename(os.path.realpath(link)) \
            if os.path.exists(link) else None

    def make_assignable(self):
        modprobe("xen-pciback")
        output("xl", "pci-assignable-add", self.bdf)
        return self

    def take_back(self):
        """dom0 has it again, without a driver or with the one of before."""
        output("xl", "pci-assignable-remove", "-r", self.bdf)

    def peer(self):
        """dom0's end of a card's wire, with its address; the link's name."""
        modprobe("virtio_net")
        link = _link_of(PEER_MAC % self.number)
        output("ip", "address", "replace", self.host_address + "/24", "dev",
               link)
        output("ip", "link", "set", link, "up")
        return link


def devices(*models):
    """The machine's devices, one of each model named; all without a name."""
    every = [Device(number) for number in range(len(MODELS))]
    if not models:
        return every
    found = []
    for model in models:
        found.append(next(one for one in every
                          if one.model == model and one not in found))
    return found


def _plain(place):
    """The kernel's way to write a place: pciback's function has two digits."""
    if place is None:
        return None
    slot_name, function = place.split(".")
    return "%s.%x" % (slot_name, int(function, 16))


def _link_of(mac):
    def find():
        for path in glob.glob("/sys/class/net/*/address"):
            with open(path) as file:
                if file.read().strip() == mac:
                    return path.split("/")[4]
        return None
    return wait_until(find, 10, "the card with address " + mac)


def our_modules():
    """{name: content} of the modules that this tree installed in dom0."""
    found = {}
    for path in sorted(glob.glob("/%s/**/*.ko*" % UPDATES, recursive=True)):
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.basename(path)
        if name.endswith(".xz"):
            name, data = name[:-len(".xz")], lzma.decompress(data)
        found[name] = data
    return found


def add_command(archive):
    """The xenmod command and what it is linked with."""
    program = shutil.which("xenmod")
    archive.copy("usr/bin/xenmod", program)
    for path in re.findall(r"=> (/\S+) \(0x", output("ldd", program)):
        archive.copy("usr/lib/" + os.path.basename(path), path)


def ramdisk(files=()):
    """The guests' image with our modules in its folder updates, if dom0 has
    them, so that they go before the distribution's. Further files go to its
    top."""
    plain = KIT + "/guest.cpio"
    modules = our_modules()
    path = FOLDER + "/guest-ours.cpio"
    if os.path.exists(path):
        return path
    more = FOLDER + "/ours.cpio"
    with Archive(more) as archive:
        for name, data in modules.items():
            archive.data("%s/%s" % (UPDATES, name), data)
        add_command(archive)
        for name in files:
            archive.copy(os.path.basename(name), name)
    with open(path + ".part", "wb") as whole:
        for part in (plain, more):
            with open(part, "rb") as file:
                whole.write(file.read())
    os.rename(path + ".part", path)
    return path


def words(device, permissive=True):
    """xl's specification."""
    return device.bdf + (",permissive=1" if permissive else "")


class PciGuest(Guest):
    """A guest that can be given devices, now (pci) or later. Its kernel gets
    no parameter for that, and its drivers are loaded by hand: no udev."""

    def __init__(self, name="guest", pci=(), extra=None, files=(),
                 **options):
        # Interrupts of a CPU that moves get lost: see lab/qemu.py.
        more = {"ramdisk": ramdisk(files), "cpus": str(LAST_CPU)}
        if pci:
            more["pci"] = [words(one) for one in pci]
        else:
            more["passthrough"] = "enabled"
        super().__init__(name, extra={**more, **(extra or {})}, **options)

    def load_frontend(self):
        self.check(MODPROBE + FRONTEND)
        return self

    def backend(self):
        return "/local/domain/0/backend/pci/%d/0" % self.domid

    def pci_states(self):
        """(backend's, frontend's)"""
        return tuple(store.read(path + "/state") for path in (
            self.backend(), "/local/domain/%d/device/pci/0" % self.domid))

    def pci_attach(self, device, permissive=True):
        output("xl", "pci-attach", str(self.domid), words(device, permissive))

    def pci_detach(self, device, *options):
        output("xl", "pci-detach", *options, str(self.domid), device.bdf)

    def place(self, device):
        """Where the guest sees the device, once pciback says so, or None."""
        values = store.tree(self.backend())
        for path, value in values.items():
            name = os.path.basename(path)
            if name.startswith("dev-") and value == device.bdf:
                return _plain(values.get(path.replace("/dev-", "/vdev-")))
        return None

    def wait_device(self, device, timeout=30):
        """The device's folder in the guest's sysfs, once it is there."""
        place = wait_until(lambda: self.place(device), timeout,
                           "%s has a place in the guest" % device.bdf)
        folder = "%s/%s" % (PCI, place)
        self.check("n=0; until [ -e %s ]; do sleep 0.1; n=$((n + 1)); "
                   "[ $n -lt %d ] || exit 1; done" % (folder, timeout * 10),
                   timeout + 30)
        return folder

    def start_driver(self, device, timeout=30):
        """Load the device's driver; the link or the disk that it makes."""
        folder = self.wait_device(device)
        self.check(MODPROBE + device.module, timeout=60)
        pattern = folder + ("/nvme/nvme*/nvme*n1" if device.is_disk
                            else "/net/*")
        return self.check(
            "n=0; until set -- %s; [ -e $1 ]; do sleep 0.1; n=$((n + 1)); "
            "[ $n -lt %d ] || exit 1; done; basename $1" % (
                pattern, timeout * 10), timeout + 30).strip()

    def start_card(self, device):
        """Driver, addresses at both ends, carrier; the link's name."""
        device.peer()
        link = self.start_driver(device)
        self.check("{0} link set {1} up && {0} address replace {2}/24 dev {1}; "
                   "n=0; until [ $(cat /sys/class/net/{1}/carrier) = 1 ]; do "
                   "sleep 0.1; n=$((n + 1)); [ $n -lt 200 ] || exit 1; done"
                   .format(network.IP, link, device.guest_address))
        return link

    def counters(self, device):
        """Our counters of a device, {} when others serve it."""
        text = self.check("cd %s/%s && grep . xenmod/* || true" % (
            PCI, self.place(device)))
        return {name: int(value) for name, value in
                re.findall(r"^xenmod/(\w+):(\d+)$", text, re.MULTILINE)}

    def interrupts(self, word):
        """{interrupt's last words: count} of lines that hold the word."""
        found = {}
        for line in self.check("cat /proc/interrupts").splitlines():
            fields = line.split()
            if word in line and len(fields) > 3:
                numbers = [int(n) for n in fields[1:] if n.isdigit()]
                found[" ".join(fields[1 + len(numbers):])] = sum(numbers)
        return found
