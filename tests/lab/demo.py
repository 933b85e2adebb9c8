# SPDX-License-Identifier: GPL-2.0
"""The demo, seen from the host: run it in the testbed, show one table."""

import json
import os
import re
import sys
import time

from lab import process, relay, suites, table
from lab.cli import TREE, TROUBLE, Parser, add_suite

SCRIPT = os.path.join("tests", "lab", "dom0", "demo.py")

# The PCI device that a guest gets.
MACHINE = ("--iommu", "intel", "--pci", "e1000e")

# The testbed's progress lines with a reason for a failure.
REASON = re.compile(r"^testbed \[[^]]*\] FAILED: (.*)")

DESCRIPTION = """\
Builds a test system, installs our modules in it with dkms, boots it on a real
Xen in QEMU, starts PV guests with xl, verifies and measures a disk and the
network, gives a running guest a PCI device, and shows who served them and what
it cost. Needs root on Debian 12 or
newer; what is missing is installed. The first run takes some minutes.
"""


def options(argv):
    parser = Parser(prog="tests/demo", description=DESCRIPTION)
    add_suite(parser)
    parser.add_argument("--json", action="store_true",
                        help="print the results as one JSON object")
    return parser.parse_args(argv)


def drive(suite, folder):
    """Run the demo's script; (exit status, the testbed's reason or None)."""
    reason = None

    def each(line):
        nonlocal reason
        found = REASON.match(line)
        reason = found.group(1) if found else reason
        print(line, file=sys.stderr, flush=True)

    status = relay.run(
        [os.path.join(TREE, "tests", "testbed"), "run", "--suite", suite,
         *MACHINE, "--out", folder, os.path.join(TREE, SCRIPT)], each)
    return status, reason


def results(folder):
    try:
        with open(os.path.join(folder, "demo.json")) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def failure(status, reason, result):
    """Why the demo failed, or None. The script knows best."""
    if "error" in result:
        return result["error"]
    if status:
        return reason or f"the test system ended with status {status}"
    if not result.get("measured"):
        return "the script in dom0 left no results"
    return None


def number(value, form):
    return "-" if value is None else format(value, form)


def feature_text(device, wanted):
    names = [name for name, feature in device["features"].items()
             if feature["negotiated"] == wanted]
    return ", ".join(names) or "none"


def served_by(device):
    module = device["module"]
    return (f"driver {device['driver']} of module {module['name']} "
            f"{module['version']} ({module['origin']})")


def pci_facts(pci):
    dma = pci["dma"]
    return [
        ("PCI device", f"{pci['model']} {pci['host_place']}, attached to a "
                       f"guest that runs; {pci['place']} there"),
        ("served by", f"{pci['driver']}, with {pci['vectors']} interrupts by "
                      "MSI-X"),
        ("DMA by", f"{dma['dma']}: {dma['in_place']} mappings in place, "
                   f"{dma['bounced']} bounced"),
    ]


def facts(suite, result):
    device = result["device"]
    vif = result["vif"]
    verified = [f"{entry['name']}: {entry['blocks']}, all came back as sent"
                for entry in result["verified"]]
    return [
        ("Debian", suite),
        ("kernel of dom0", result["kernel"] + ", the distribution's own"),
        ("kernel of the guest", result["guest_kernel"]),
        ("Xen", result["xen"]),
        ("disk", f"{device['name']} ({device['params']}) of guest "
                 f"{device['guest_name']}"),
        ("served by", served_by(device)),
        ("ring", f"{number(device['queues'], 'd')} queue(s) of "
                 f"{number(device['ring_pages'], 'd')} page(s), protocol "
                 f"{device['protocol'] or 'native'}"),
        ("features in use", feature_text(device, True)),
        ("not in use", feature_text(device, False)),
        ("vif", f"{vif['name']} of guest {vif['guest_name']}"),
        ("served by", served_by(vif)),
        ("features in use", feature_text(vif, True)),
        ("not in use", feature_text(vif, False)),
        *pci_facts(result["pci"]),
    ] + [("verified", text) for text in verified]


def show(suite, result):
    modules = [(m["name"], m["version"], m["file"]) for m in result["modules"]]
    jobs = [(m["name"], number(m["iops"], ".0f"),
             number(m["bytes_per_s"] / 1e6, ".1f"),
             number(m["latency_us"], ".0f"),
             number(m["hypercalls_per_op"], ".3f"),
             number(m["notifications_per_op"], ".3f"),
             number(m["ops_per_pass"], ".1f")) for m in result["measured"]]
    streams = [(m["name"], number(m["gbit_per_s"], ".2f"),
                number(m["bytes"] / 1e6, ".0f"),
                number(m["hypercalls_per_op"], ".3f"),
                number(m["notifications_per_op"], ".3f"),
                number(m["ops_per_pass"], ".1f")) for m in result["streams"]]
    print()
    print(table.text(None, facts(suite, result), "ll"))
    print()
    print(table.text(("module", "version", "file"), modules, "lll"))
    print()
    print(table.text(("fio in the guest", "IOPS", "MB/s", "latency us",
                      "hypercalls/op", "notifications/op", "ops/pass"),
                     jobs, "lrrrrrr"))
    print()
    print(table.text(("TCP, content checked", "Gbit/s", "MB",
                      "hypercalls/op", "notifications/op", "ops/pass"),
                     streams, "lrrrrr"))
    print()
    print("Xen and the guests run in software emulation: compare the numbers "
          "with each other,\nnot with those of hardware.", flush=True)


def main(argv):
    chosen = options(argv)
    process.terminate_cleanly()
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = os.path.join(TREE, "build", "runs", f"demo-{stamp}-{os.getpid()}")
    try:
        status, reason = drive(chosen.suite, folder)
    except process.Interrupted as interrupted:
        print("demo: interrupted", file=sys.stderr)
        return 128 + interrupted.number
    if status == TROUBLE:       # the testbed has told it
        return status
    result = results(folder)
    why = failure(status, reason, result)
    if why:
        print(f"demo: FAILED: {why}; logs in {os.path.relpath(folder)}",
              file=sys.stderr)
        return status or 1
    result["suite"] = suites.SUITES[chosen.suite].name
    if chosen.json:
        print(json.dumps(result, indent=2))
    else:
        show(chosen.suite, result)
    return 0
