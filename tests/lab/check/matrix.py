# SPDX-License-Identifier: GPL-2.0
"""What `make matrix` runs: each part on each suite, and a table of it."""

import os

from lab import suites, table
from lab.check import count, stages
from lab.check.tap import FAILED, PASSED, SKIPPED
from lab.cli import TREE

XEN = os.path.join(TREE, "tests", "xen")


def run(script):
    """A program of tests/xen in dom0, with the packages installed."""
    options, arguments = stages.XEN_RUNS.get(script, (((), ()),))[0]
    return ("run", "--drivers", "package", *options, os.path.join(XEN, script),
            *arguments)


# Name of a part, and tests/testbed's words for it behind the suite.
PARTS = (
    ("headers", ("exec", "--", "tests/compat/check")),
    ("warnings", ("exec", "--", "tests/static/check", "warnings", "sparse")),
    ("package", ("package", "install")),
    ("kernels", ("package", "kernels")),
    ("doctor", ("package", "doctor")),
    ("guests", run("matrix.py")),
    ("passthrough", run("passthrough.py")),
    ("acpi", run("acpi.py")),
)


def stage(suite, part, words):
    """In the table a part that is not in this tree is skipped, and told."""
    name = f"{suite}/{part}"
    script = [word for word in words if word.startswith(XEN)]
    if script and not os.path.exists(script[0]):
        why = f"there is no {os.path.relpath(script[0], TREE)}"
        return stages.Stage(name, (
            "printf", "1..1\nok 1 - %s # SKIP %s\n", part, why))
    return stages.Stage(name, (stages.TESTBED, words[0], "--suite", suite,
                               *words[1:]))


def matrix_stages():
    return [stage(suite, part, words) for suite in suites.SUITES
            for part, words in PARTS]


class Matrix(count.Check):
    """Counts, and keeps them for each suite and part."""

    def __init__(self, folder):
        super().__init__(folder)
        self.cells = {}

    def count(self, stage, stream, log):
        super().count(stage, stream, log)
        found = [result.outcome for result in stream.results]
        self.cells[stage.name] = ", ".join(
            f"{found.count(outcome)} {word}" for outcome, word
            in ((PASSED, "ok"), (FAILED, "FAILED"), (SKIPPED, "skipped"))
            if outcome in found)

    def conclude(self):
        names = list(suites.SUITES)
        head = ("part", *(f"{s.name} {s.kernel}, Xen {s.xen}"
                          for s in suites.SUITES.values()))
        rows = [(part, *(self.cells.get(f"{name}/{part}", "-")
                         for name in names)) for part, _words in PARTS]
        print()
        print(table.text(head, rows, "l" * len(head)))
        return super().conclude()
