# SPDX-License-Identifier: GPL-2.0
"""Emulated PCI devices for guests: what --pci MODEL adds to the machine.

Device number N sits in slot FIRST + N of bus 0, where dom0 finds it by that
place. A network card shares a hub with a virtio card of dom0, its peer; the
last bytes of their MAC addresses are N. A disk drops what dom0 wrote when the
machine ends; it keeps it in a temporary file meanwhile."""

FIRST = 0x10
LAST = 0x1b             # q35 has devices of its own behind

# What the drivers of each make of it: see docs/passthrough.md.
CARDS = ("e1000e", "e1000", "rtl8139", "pcnet")
NVME = "nvme"
# Moves data for whoever asks for it: see tests/dma.
EDU = "edu"
MODELS = (*CARDS, NVME, EDU)

DISK_BYTES = 256 << 20
CARD_MAC = "52:54:00:10:00:%02x"
PEER_MAC = "52:54:00:20:00:%02x"


def slot(number):
    return FIRST + number


def card(model, number):
    """A network card and dom0's card at the other end of the wire."""
    argv = []
    for side, device, address, place in (
            ("pci", model, CARD_MAC, f",addr={slot(number):#x},romfile="),
            ("peer", "virtio-net-pci", PEER_MAC, ",romfile=")):
        name = f"{side}{number}"
        argv += ["-netdev", f"hubport,hubid={number},id={name}",
                 "-device", f"{device},netdev={name},"
                            f"mac={address % number}{place}"]
    return argv


def disk(number):
    name = f"pci{number}"
    return ["-drive", f"if=none,id={name},format=raw,snapshot=on,"
                      f"file.driver=null-co,file.size={DISK_BYTES},"
                      "file.read-zeroes=on",
            "-device", f"nvme,drive={name},serial={name},"
                       f"addr={slot(number):#x}"]


def edu(number):
    return ["-device", f"edu,addr={slot(number):#x}"]


def device(model, number):
    if model in CARDS:
        return card(model, number)
    return disk(number) if model == NVME else edu(number)


def arguments(models):
    """QEMU's arguments for these devices."""
    return [word for number, model in enumerate(models)
            for word in device(model, number)]
