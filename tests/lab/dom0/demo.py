#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The demo's part in dom0: guests' disk and network through our modules,
measured.

    demo.py [MODULE ...]    load other modules than ours

What was found is left in demo.json for the host to show."""

import json
import os
import sys
import time

from dom0 import backend, disk, network, passthrough
from dom0.command import modprobe, output
from dom0.guest import Guest
from dom0.network import HOST, V4, Vif

MODULES = ("xen-core-mod", "xen-blkback", "xen-netback")
DISK_MB = 128
SECONDS = 5
STREAM_SECONDS = 4
# The guests' addresses end in these.
FIRST, SECOND = 2, 3
PINGS = (0, 56, 1472, 1473, 9000, 65507)
FIO = ("fio --filename=/dev/xvda --ioengine=libaio --direct=1 "
       "--output-format=json ")

# name, fio's arguments: each block is written, read back and compared.
VERIFIED = (
    ("random write 4k, QD 32",
     "--rw=randwrite --bs=4k --iodepth=32 --size=16M"),
    ("random write 1M, QD 4",
     "--rw=randwrite --bs=1M --iodepth=4 --size=%dM" % DISK_MB),
)
MEASURED = (
    ("random read 4k, QD 1", "--rw=randread --bs=4k --iodepth=1"),
    ("random read 4k, QD 32", "--rw=randread --bs=4k --iodepth=32"),
    ("random write 4k, QD 32", "--rw=randwrite --bs=4k --iodepth=32"),
    ("read 64k, QD 32", "--rw=read --bs=64k --iodepth=32"),
    ("read 1M, QD 4", "--rw=read --bs=1M --iodepth=4"),
)


class Failure(Exception):
    """The demo failed for a reason that can be told in one line."""


def say(text):
    print("demo: " + text, flush=True)


def status(name=None):
    """What `xenmod status` sees; of one device, with its rates since the
    last call."""
    report = json.loads(output("xenmod", "status", "--json"))
    if name is None:
        return report
    for device in report["devices"]:
        if device["name"] == name:
            return device
    raise Failure("xenmod status does not list %s" % name)


def load():
    """modprobe; the modules' files and versions."""
    found = []
    for name in sys.argv[1:] or MODULES:
        try:
            modprobe(name)
            found.append({
                "name": name, "file": backend.module_file(name),
                "version": output("modinfo", "-F", "version", name).strip()})
        except RuntimeError as error:
            raise Failure("module %s does not load: %s" % (name, error))
        say("modprobe %s: %s" % (name, found[-1]["file"]))
    return found


def check_driver(device):
    """Our own driver must be the one that serves the disk."""
    module = device["module"] or {}
    if module.get("origin") != "ours":
        raise Failure("%s is served by driver %s of module %s (%s), not by "
                      "ours" % (device["name"], device["driver"],
                                module.get("name"), module.get("origin")))
    if device["backend_state"] != "connected":
        raise Failure("%s is %s, not connected" % (
            device["name"], device["backend_state"]))


def fio(guest, arguments):
    """fio's own report of one job that must succeed."""
    code, text = guest.run(FIO + "--name=demo " + arguments, timeout=180)
    if code:
        told = [line for line in text.splitlines()
                if line.startswith(("verify", "fio:"))]
        raise Failure("fio %s failed with status %d%s" % (
            arguments, code, ": " + told[0] if told else ""))
    try:
        job = json.loads(text[text.index("{"):text.rindex("}") + 1])["jobs"][0]
    except (ValueError, KeyError, IndexError):
        raise Failure("fio %s printed no report" % arguments)
    if job["error"]:
        raise Failure("fio %s ended with error %d" % (
            arguments, job["error"]))
    return job


def verify(guest, name, arguments):
    job = fio(guest, arguments + " --verify=crc32c --verify_fatal=1 "
              "--do_verify=1")
    written = job["write"]["total_ios"]
    compared = job["read"]["total_ios"]
    say("%s: %d blocks written, %d read back and compared" % (
        name, written, compared))
    if not written or compared != written:
        raise Failure("%s: %d blocks were written, but %d compared" % (
            name, written, compared))
    return {"name": name, "blocks": written, "bytes": job["write"]["io_bytes"]}


def measure(guest, device, name, arguments):
    status(device)      # the rates of the next call count from here
    job = fio(guest, arguments + " --size=100%% --time_based --runtime=%d"
              % SECONDS)
    rates = status(device)["rates"]
    side = job["write" if "write" in arguments else "read"]
    if not side["total_ios"]:
        raise Failure("%s: no request was completed" % name)
    say("%s: %.0f IOPS, %.1f MB/s" % (name, side["iops"],
                                      side["bw_bytes"] / 1e6))
    return {
        "name": name, "iops": side["iops"],
        "bytes_per_s": side["bw_bytes"],
        "latency_us": side["lat_ns"]["mean"] / 1e3,
        "hypercalls_per_op": rates["hypercalls_per_op"],
        "notifications_per_op": rates["notifications_per_op"],
        "ops_per_pass": rates["ops_per_pass"],
    }


def ping(guest):
    """Pings of several sizes, each answer compared."""
    pinger = network.Pinger(V4 % FIRST)
    try:
        wrong = pinger.ping_all(PINGS)
    finally:
        pinger.close()
    if wrong:
        raise Failure("pings of %s: %s" % (guest.name, "; ".join(wrong)))
    say("pings of %d to %d bytes come back as sent" % (PINGS[0], PINGS[-1]))
    return {"name": "pings of up to %d bytes" % PINGS[-1],
            "blocks": len(PINGS), "bytes": sum(PINGS)}


def stream(device, name, server, client, address, **ways):
    """A TCP stream whose content is checked; what it cost the backend."""
    status(device)      # the rates of the next call count from here
    good, ends = network.Stream(server, client, address,
                                seconds=STREAM_SECONDS, **ways).results()
    rates = status(device)["rates"] or {}
    if not good:
        raise Failure("%s: %s" % (name, ends))
    received = sum(end["received"] for end in ends)
    seconds = max(end["ms"] for end in ends) / 1e3
    if not received:
        raise Failure("%s: nothing arrived" % name)
    say("%s: %.2f Gbit/s, all %d MB as sent" % (
        name, received * 8 / seconds / 1e9, received >> 20))
    return {
        "name": name, "bytes": received,
        "gbit_per_s": received * 8 / seconds / 1e9,
        **{key: rates.get(key) for key in (
            "hypercalls_per_op", "notifications_per_op", "ops_per_pass")},
    }


def show_network(first, result):
    """Guest to dom0, and guest to guest through a bridge."""
    vif = Vif(first).wait_connected()
    network.configure(first, FIRST)
    check_driver(status(vif.device))
    result["verified"].append(ping(first))
    host = V4 % HOST
    with Guest("second", kind="pv",
               vifs=[network.specification(SECOND)]) as second:
        other = Vif(second).wait_connected()
        network.configure(second, SECOND)
        check_driver(status(other.device))
        result["streams"] = [
            stream(vif.device, "guest to dom0", None, first, host, up=1),
            stream(vif.device, "dom0 to guest", None, first, host, down=1),
            stream(vif.device, "guest to guest", second, first, V4 % SECOND,
                   up=1),
        ]
        second.shutdown()
    result["vif"] = status(vif.device)


def pci_stream(guest, card):
    """What a passed through card moves, checked; none of it costs dom0's
    backends anything."""
    good, ends = network.Stream(None, guest, card.host_address, up=1, down=1,
                                seconds=STREAM_SECONDS).results()
    received = sum(end["received"] for end in ends)
    if not good or not received:
        raise Failure("TCP through the PCI device: %s" % ends)
    say("PCI device: all %d MB as sent" % (received >> 20))
    return {"name": "PCI device, both ways", "bytes": received,
            "gbit_per_s": received * 8 / max(end["ms"] for end in ends) / 1e6,
            "hypercalls_per_op": None, "notifications_per_op": None,
            "ops_per_pass": None}


def show_passthrough(result):
    """A PCI device for a guest that runs, without a boot parameter."""
    card = passthrough.devices()[0].make_assignable()
    with passthrough.PciGuest("pci") as guest:
        guest.load_frontend()
        guest.pci_attach(card)
        link = guest.start_card(card)
        say("xl pci-attach: the guest has %s as %s" % (card.bdf, link))
        result["streams"].append(pci_stream(guest, card))
        guest.check("modprobe xen-privcmd")
        place = guest.place(card)
        report = json.loads(guest.check("xenmod status --json"))
        dma = next((one for one in report["pci_devices"]
                    if one["name"] == place), {"dma": None})
        if dma["dma"] != passthrough.SWIOTLB:
            raise Failure("the DMA of %s is served by %s, not by ours" % (
                place, dma["dma"]))
        vectors = [name for name in guest.interrupts(link)
                   if "msi-x" in name]
        result["pci"] = {"model": card.model, "host_place": card.bdf,
                         "place": place, "driver": dma["driver"],
                         "vectors": len(vectors), "dma": dma}
        guest.pci_detach(card)
        guest.shutdown()


def compare(guest, path):
    """The guest and dom0 must see the same bytes on the disk."""
    wanted = output("md5sum", path, timeout=180).split()[0]
    got = guest.check("md5sum /dev/xvda", timeout=180).split()[0]
    if got != wanted:
        raise Failure("the guest reads other data (md5 %s) than dom0 has on "
                      "the disk (%s)" % (got, wanted))
    say("dom0 and the guest read the same %d MB from the disk" % DISK_MB)


def show(result):
    result["modules"] = load()
    path = disk.null_block(size_mb=DISK_MB, discard=1, cache_size=16)
    network.bridge()
    say("xl create: a PV guest with a disk of %d MB and a vif" % DISK_MB)
    begin = time.monotonic()
    with Guest("demo", kind="pv", disks=[path],
               vifs=[network.specification(FIRST)]) as guest:
        backends = guest.wait_connected("vbd")
        name = "vbd-%s-%s" % tuple(backends[0].split("/")[-2:])
        say("the guest is up after %.1f s" % (time.monotonic() - begin))
        report = status()
        result.update(kernel=report["kernel"], xen=report["xen"],
                      guest_kernel=guest.check("uname -r").strip())
        check_driver(status(name))
        result["verified"] = [verify(guest, *job) for job in VERIFIED]
        compare(guest, path)
        result["measured"] = [measure(guest, name, *job) for job in MEASURED]
        result["device"] = status(name)
        check_driver(result["device"])
        show_network(guest, result)
        guest.shutdown()
    show_passthrough(result)


def main():
    result = {}
    try:
        show(result)
    except Exception as error:  # whatever it is, the host tells it
        what = "" if isinstance(error, Failure) else type(error).__name__ + ": "
        result["error"] = " ".join((what + str(error)).split())
    with open(os.environ["TESTBED_OUT"] + "/demo.json", "w") as file:
        json.dump(result, file)
    sys.exit(1 if "error" in result else 0)


main()
