# SPDX-License-Identifier: GPL-2.0
"""The stages of `make check`: what runs, and with which options."""

import glob
import os
import sys
from dataclasses import dataclass, field

from lab import suites
from lab.cli import TREE

TESTBED = os.path.join(TREE, "tests", "testbed")

# A disk whose data QEMU keeps in a temporary file.
NVME = ("--qemu-arg", "-drive if=none,id=nvme,format=raw,snapshot=on,"
        "file.driver=null-co,file.size=25165824,file.read-zeroes=on "
        "-device nvme,drive=nvme,serial=nvme")
# Devices for guests: two that reach all memory, two that do not.
DEVICES = ("--pci", "e1000e", "--pci", "e1000", "--pci", "nvme", "--pci", "edu")
PCI = ("--iommu", "intel", *DEVICES)
AMD = ("--iommu", "amd", *DEVICES)

# Both halves of a queue at once, on two CPUs.
TWO_CPUS = ("--dom0-vcpus", "2")

# CPUs whose P-states Xen can drive, room for more, and tables that say much of
# them.
ACPI = ("--cpus", "4", "--qemu-arg", "-smp 4,maxcpus=6",
        "--xen-arg", "cpufreq=xen:verbose", "--qemu-arg",
        "-cpu qemu64,vendor=GenuineIntel,+monitor,+arat,+rdrand",
        "--acpi-table", os.path.join(TREE, "tests", "acpi", "processors.asl"))
# Links with a GSI each, and a device that has no MSI.
Q35 = ("--qemu-arg", "-machine q35 -device piix3-usb-uhci")

# Root ports whose routing is broken, and devices behind them.
BROKEN_ROUTES = (
    "--qemu-arg", " ".join(
        f"-device pcie-root-port,id={name},addr={slot},chassis={slot},slot={slot}"
        for name, slot in (("cut", "0x1b"), ("odd", "0x1c"), ("far", "0x1a"))),
    "--qemu-arg", "-device e1000e,bus=odd -device e1000e,bus=far",
    "--acpi-table", os.path.join(TREE, "tests", "acpi", "routing.asl"))
# Xen takes no states of processors.
NO_STATES = ("--cpus", "4", "--xen-arg", "cpufreq=none", "--xen-arg", "cpuidle=0",
             "--acpi-table", os.path.join(TREE, "tests", "acpi",
                                          "processors.asl"))

# A PVH dom0, which takes an IOMMU.
PVH_DOM0 = ("--dom0", "pvh", "--iommu", "amd", "--cpus", "4",
            "--xen-arg", "cpufreq=xen:verbose", "--acpi-table",
            os.path.join(TREE, "tests", "acpi", "processors.asl"))

# Those that keep two CPUs busy. Beside another one they take more than twice as long:
# a guest's CPU that the host stops in the middle of a lock has the others spin.
BUSY = ("combinations.py", "cycles.py", "driverdomain.py", "features.py",
        "guests.py", "nethostile.py")

# How tests/xen/*.py are run, where that is not "once, without options":
# options of the testbed, and the script's own arguments.
XEN_RUNS = {
    "features.py": (((*TWO_CPUS, "--time-limit", "900"), ()),),
    "backing.py": ((NVME, ()),),
    "cycles.py": ((("--time-limit", "900"), ()),),
    "combinations.py": ((("--time-limit", "900"), ()),),
    "hostile.py": ((("--time-limit", "900"), ()),),
    "hostilepci.py": ((("--iommu", "intel", "--pci", "e1000e",
                        "--time-limit", "900"), ()),),
    "driverdomain.py": ((("--time-limit", "900"), ()),),
    "net.py": ((("--time-limit", "900"), ()),),
    "nethostile.py": ((("--time-limit", "900"), ()),),
    "netlife.py": ((("--time-limit", "900"), ()),),
    "acpi.py": (((*ACPI, *Q35), ()),),
    "acpiplace.py": ((("--bare",), ("bare",)), (NO_STATES, ("refused",))),
    "acpitables.py": (((*ACPI, *Q35, *BROKEN_ROUTES), ()),),
    # The gap that it closes is one of newer kernels: see SOAK_RUNS.
    "passthrough.py": (
        ((*PCI, "--time-limit", "900"), ("hot", "lives", "dom0")),),
}

# A CPU for dom0 and for each guest; on the instruction clock the figures do not
# depend on what else the machine does. Too long for a check.
NEIGHBOUR = ("--icount", "--cpus", "3")

# What smoke.py shows, verify.py does, too: it is a first look at other systems.
# The last three are for each of them: "make matrix".
SOAK_ONLY = ("acpipvh.py", "acpisleep.py", "neighbour.py", "smoke.py",
             "cloud.py", "matrix.py", "package.py")

# The same for `make soak`.
DAY = ("--time-limit", "86400")
SOAK_RUNS = (
    ("hostile.py", DAY, ("1000000",)),
    ("hostilepci.py", ("--iommu", "intel", "--pci", "e1000e", *DAY), ("all",)),
    ("cycles.py", DAY, ("1000",)),
    ("cycles.py", (*TWO_CPUS, *DAY), ("1000",)),
    ("rebind.py", (*TWO_CPUS, *DAY), ("100",)),
    ("combinations.py", (*TWO_CPUS, *DAY), ("20",)),
    ("netlife.py", DAY, ("100",)),
    ("netlife.py", (*TWO_CPUS, *DAY), ("100",)),
    ("nethostile.py", (*TWO_CPUS, *DAY), ("1000000",)),
    ("acpisleep.py", (*ACPI, "--suspend", *DAY), ("5",)),
    ("acpisleep.py", (*ACPI, "--suspend", "--drivers", "in-tree"), ()),
    *(("acpipvh.py", (*PVH_DOM0, "--suite", suite), ())
      for suite in ("bookworm", "trixie", "sid")),
    ("smoke.py", (), ()),
    ("smoke.py", ("--drivers", "in-tree"), ()),
    ("net.py", ("--drivers", "in-tree", *DAY), ()),
    ("neighbour.py", (*NEIGHBOUR, *DAY), ()),
    *(("passthrough.py", ("--suite", suite, *machine, *DAY),
       ("--cycles", "50")) for suite in ("bookworm", "sid")
      for machine in (PCI, AMD)),
)


@dataclass(frozen=True)
class Stage:
    name: str
    argv: tuple
    env: dict = field(default_factory=dict)
    alone: bool = False     # it needs the machine for itself

    @property
    def short(self):
        """Without the options."""
        return self.name.split(" ")[0]


def in_root(*argv):
    """A command in the suite's root, with the tree at /src."""
    return (TESTBED, "exec", "--", *argv)


def lab(name, module):
    """A module of lab that prints TAP."""
    return Stage("lab/" + name, (sys.executable, "-B", "-m", "lab." + module),
                 {"PYTHONPATH": os.path.join(TREE, "tests")})


def xen_stage(script, options, arguments):
    path = os.path.join(TREE, "tests", "xen", script)
    hidden = (*NVME, *ACPI, *Q35, *BROKEN_ROUTES, *NO_STATES)
    words = [word for word in (*options, *arguments) if word not in hidden]
    return Stage(" ".join((f"xen/{script[:-3]}", *words)),
                 (TESTBED, "run", *options, path, *arguments),
                 alone=script in BUSY)


def xen_stages():
    for path in sorted(glob.glob(os.path.join(TREE, "tests", "xen", "*.py"))):
        script = os.path.basename(path)
        if script in SOAK_ONLY:
            continue
        for options, arguments in XEN_RUNS.get(script, (((), ()),)):
            yield xen_stage(script, options, arguments)


def stages():
    """All of them, the quick ones first."""
    return [
        lab("check", "check.self_test"),
        Stage("static", in_root("tests/static/check")),
        Stage("unit", in_root("env", "CMOCKA_MESSAGE_OUTPUT=TAP", "make",
                              "-s", "-C", "tests/host", "check")),
        Stage("advisories", in_root("tests/advisories/mutate")),
        Stage("fuzz", in_root("tests/fuzz/run")),
        Stage("compat", in_root("tests/compat/check")),
        Stage("package", (TESTBED, "package", "install")),
        *(Stage("suite/" + name, (TESTBED, "package", "--suite", name, "brief"))
          for name in suites.SUITES if name != suites.DEFAULT),
        Stage("tools", in_root("env", "PYTHONPATH=tests", "python3", "-B",
                               "-m", "lab.check.tools_test")),
        lab("bench", "check.bench_test"),
        Stage("plugin", in_root("env", "PYTHONPATH=tests", "python3", "-B",
                                "-m", "lab.check.plugin_test")),
        lab("arguments", "check.arguments_test"),
        lab("testbed", "check.testbed_test"),
        *xen_stages(),
        lab("demo", "check.demo_test"),
    ]


def soak_stages():
    """What `make soak` runs."""
    return [*(xen_stage(*run) for run in SOAK_RUNS),
            Stage("advisories/xen", (os.path.join(TREE, "tests", "advisories",
                                                  "mutate-xen"),)),
            Stage("fuzz", ("make", "-s", "-C", TREE, "fuzz"))]
