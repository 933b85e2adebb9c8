# SPDX-License-Identifier: GPL-2.0
"""Tests of what people see when arguments or the machine will not do."""

import os
import tempfile

from lab.check.command import main, refused, run
from lab.cli import TREE, TROUBLE
from lab.dom0 import tap

TESTBED = os.path.join(TREE, "tests", "testbed")
DEMO = os.path.join(TREE, "tests", "demo")
CHECK = os.path.join(TREE, "tests", "check")
SOAK = os.path.join(TREE, "tests", "soak")
SMOKE = os.path.join(TREE, "tests", "xen", "smoke.py")

WRONG = (
    (TESTBED, "frobnicate"), (TESTBED, "run", "/nonexistent.py"),
    (TESTBED, "run", "--suite", "buzz", SMOKE),
    (TESTBED, "run", "--guests", "0", SMOKE),
    (TESTBED, "run", "--guests", "many", SMOKE),
    (TESTBED, "run", "--time-limit", "-1", SMOKE),
    (TESTBED, "run", "--drivers", "theirs", SMOKE),
    (TESTBED, "run", "--acpi-table", "/nonexistent.aml", SMOKE),
    (TESTBED, "run", "--frobnicate", SMOKE),
    (TESTBED, "run", "--iommu", "intel", "--pci", "buzz", SMOKE),
    (TESTBED, "run", "--pci", "nvme", SMOKE),
    (TESTBED, "exec"), (TESTBED,), (TESTBED, "run"),
    (DEMO, "--suite", "buzz"), (DEMO, "now"),
    (CHECK, "--only", "buzz"), (CHECK, "now"),
    (CHECK, "--without", "buzz"),
    (SOAK, "--only", "buzz"), (SOAK, "now"),
)

# An ordinary user who may read this tree, wherever it is.
USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
SMALL_DISK = ('mount -t tmpfs -o size=1m small /mnt && '
              'XENMOD_CACHE=/mnt/cache exec "$0" root')


def name_of(argv):
    return " ".join(os.path.relpath(a, TREE) if a.startswith(TREE) else a
                    for a in argv)


def check_arguments():
    for argv in WRONG:
        word = next((a for a in argv[1:] if "nonexist" in a or a in
                     ("buzz", "many", "theirs", "now", "frobnicate")), "")
        refused(f"one line and status 2: {name_of(argv)}", run(*argv), 2,
                os.path.basename(argv[0]) + ": ", word)
    for program in (TESTBED, DEMO, CHECK, SOAK):
        done = run(program, "--help")
        tap.ok(done.status == 0 and "usage:" in done.out and not done.err,
               f"{name_of([program])} --help", done)


def check_machine():
    for program in ((TESTBED, "root"), (DEMO,)):
        refused(f"an ordinary user is told: {name_of(program)}",
                run(*USER, *program), TROUBLE, "root")
    done = run(*USER, "make", "-s", "-C", TREE, "demo")
    tap.ok(done.status and "root" in done.err.splitlines()[0],
           "an ordinary user is told: make demo", done)
    refused("a full disk is told",
            run("unshare", "--mount", "sh", "-c", SMALL_DISK, TESTBED),
            TROUBLE, "GiB free")
    with tempfile.TemporaryDirectory() as cache:
        done = run("unshare", "--net", TESTBED, "root", timeout=120,
                   env={**os.environ, "XENMOD_CACHE": cache})
        lines = done.err.splitlines() or [""]
        tap.ok(done.status == TROUBLE and "network" in lines[-1],
               "a machine without network is told", done)


main(check_arguments, check_machine)
