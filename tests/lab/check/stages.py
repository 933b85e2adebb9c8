# SPDX-License-Identifier: GPL-2.0
"""The stages of `make check`: what runs, and with which options."""

import glob
import os
import sys
from dataclasses import dataclass, field

from lab.cli import TREE

TESTBED = os.path.join(TREE, "tests", "testbed")

# How tests/xen/*.py are run, where that is not "once, without options":
# options of the testbed, and the script's own arguments.
XEN_RUNS = {
    "features.py": ((("--dom0-vcpus", "2", "--time-limit", "900"), ()),),
    "lifecycle.py": ((("--time-limit", "900"), ()),
                     # Both halves of a queue at once, on two CPUs.
                     (("--dom0-vcpus", "2", "--time-limit", "900"), ("3",))),
    "smoke.py": (((), ()), (("--drivers", "in-tree"), ())),
}


@dataclass(frozen=True)
class Stage:
    name: str
    argv: tuple
    env: dict = field(default_factory=dict)


def in_root(*argv):
    """A command in the suite's root, with the tree at /src."""
    return (TESTBED, "exec", "--", *argv)


def lab(name, module):
    """A module of lab that prints TAP."""
    return Stage("lab/" + name, (sys.executable, "-B", "-m", "lab." + module),
                 {"PYTHONPATH": os.path.join(TREE, "tests")})


def xen_stages():
    for path in sorted(glob.glob(os.path.join(TREE, "tests", "xen", "*.py"))):
        script = os.path.basename(path)
        for options, arguments in XEN_RUNS.get(script, (((), ()),)):
            name = " ".join((f"xen/{script[:-3]}", *options, *arguments))
            yield Stage(name, (TESTBED, "run", *options, path, *arguments))


def stages():
    """All of them, the quick ones first."""
    return [
        lab("check", "check.self_test"),
        Stage("static", in_root("tests/static/check")),
        Stage("unit", in_root("env", "CMOCKA_MESSAGE_OUTPUT=TAP", "make",
                              "-s", "-C", "tests/host", "check")),
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
