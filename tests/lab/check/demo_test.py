# SPDX-License-Identifier: GPL-2.0
"""Tests of the demo: it runs, and notices when our driver does not serve."""

import json
import os
import tempfile

from lab.check.command import main, run
from lab.cli import TREE
from lab.dom0 import tap

DEMO = os.path.join(TREE, "tests", "demo")
TESTBED = os.path.join(TREE, "tests", "testbed")
SCRIPT = os.path.join(TREE, "tests", "lab", "dom0", "demo.py")


def check_good():
    done = run(DEMO, "--json", timeout=900)
    if not tap.ok(done.status == 0, "the demo succeeds", done):
        return
    with tap.case("--json prints one object and nothing else"):
        result = json.loads(done.out)
        tap.ok(all("/updates/" in m["file"] and m["version"]
                   for m in result["modules"]), "the modules are ours", done)
        tap.equal(result["device"]["module"]["origin"], "ours",
                  "the disk is served by our driver")
        tap.equal(result["vif"]["module"]["origin"], "ours",
                  "the vif is served by our driver")
        tap.equal([m["name"] for m in result["streams"]],
                  ["guest to dom0", "dom0 to guest", "guest to guest",
                   "PCI device, both ways"],
                  "there is traffic of each kind")
        tap.ok(all(m["gbit_per_s"] > 0 for m in result["streams"]),
               "every stream has its numbers", result["streams"])
        tap.ok(result["pci"]["dma"]["dma"] == "xen-swiotlb-mod"
               and result["pci"]["dma"]["in_place"] > 0,
               "the PCI device is served by our modules", result["pci"])
        tap.ok(all(v["blocks"] > 0 for v in result["verified"]),
               "data was verified", done)
        tap.ok(all(m["iops"] > 0 and m["hypercalls_per_op"] > 0
                   and m["notifications_per_op"] > 0
                   for m in result["measured"]),
               "every job has its numbers", result["measured"])


# name, arguments of the script, what it must complain of
BAD = (
    ("our modules are not installed", (), "xen-core-mod"),
    ("another driver serves the disk", ("xen-blkback",), "(in-tree)"),
)


def check_bad():
    """The same script with the distribution's driver must fail."""
    for name, argv, word in BAD:
        with tempfile.TemporaryDirectory(prefix="xenmod-check-") as folder:
            done = run(TESTBED, "run", "--drivers", "in-tree", "--out",
                       f"{folder}/run", SCRIPT, *argv)
            error = ""
            if os.path.exists(f"{folder}/run/demo.json"):
                with open(f"{folder}/run/demo.json") as file:
                    error = json.load(file).get("error", "")
            tap.ok(done.status == 1 and word in error,
                   f"the demo fails when {name}", f"{error}\n{done}")
            tap.diagnose(error)


main(check_good, check_bad)
