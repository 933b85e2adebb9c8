# SPDX-License-Identifier: GPL-2.0
"""What `make matrix` runs: each part on each suite, and a table of it."""

import json
import os

from lab import suites, table
from lab.check import count, stages
from lab.check.tap import FAILED, PASSED, SKIPPED
from lab.cli import TREE

XEN = os.path.join(TREE, "tests", "xen")


def run(script, *arguments, drivers="upgraded", options=None):
    """A program of tests/xen in dom0; the options are those of `make check`."""
    if options is None:
        options = stages.XEN_RUNS.get(script, (((), ()),))[0][0]
    return ("run", "--drivers", drivers, *options, os.path.join(XEN, script),
            *arguments)


# The compiler is at work in dom0, and slow there.
SLOW = ("--dom0-memory", "2048", "--time-limit", "3600")

# Name of a part, and tests/testbed's words for it behind the suite.
PARTS = (
    ("headers", ("exec", "--", "tests/compat/check")),
    ("warnings", ("exec", "--", "tests/static/check", "warnings", "sparse")),
    ("package", ("package", "install")),
    ("source", ("package", "source")),
    ("kernels", ("package", "kernels")),
    ("doctor", ("package", "doctor")),
    ("guests", run("matrix.py")),
    ("life", run("package.py", drivers="offered", options=SLOW)),
    ("cloud", run("cloud.py", options=("--iommu", "intel", "--pci", "nvme"))),
    ("passthrough", run("passthrough.py", "hot", "lives")),
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


# What each part found when it ran last, for docs/compat.md.
RESULTS = os.path.join(TREE, "build", "matrix", "results.json")
MARKS = ("<!-- runs: begin -->\n", "<!-- runs: end -->\n")


def results():
    """{suite/part: counts}"""
    if not os.path.exists(RESULTS):
        return {}
    with open(RESULTS) as file:
        return json.load(file)


def grid(cells):
    """A head and a row for each part."""
    head = ("part", *(f"{s.name} {s.kernel}, Xen {s.xen}"
                      for s in suites.SUITES.values()))
    return head, [(part, *(cells.get(f"{name}/{part}", "-")
                           for name in suites.SUITES)) for part, _words in PARTS]


def render(cells):
    """The table for docs/compat.md."""
    head, rows = grid(cells)
    return "".join(f"| {' | '.join(row)} |\n"
                   for row in (head, ["---"] * len(head), *rows))


class Matrix(count.Check):
    """Counts, and keeps them for each suite and part."""

    def __init__(self, folder):
        super().__init__(folder)
        self.cells = {}
        self.reasons = []

    def count(self, stage, stream, log):
        super().count(stage, stream, log)
        found = [result.outcome for result in stream.results]
        self.cells[stage.name] = ", ".join(
            f"{found.count(outcome)} {word}" for outcome, word
            in ((PASSED, "ok"), (FAILED, "FAILED"), (SKIPPED, "skipped"))
            if outcome in found)
        skipped = [r.name for r in stream.results if r.outcome == SKIPPED]
        self.reasons += [f"{stage.name}: {name}" for name in skipped]

    def conclude(self):
        with open(RESULTS + ".part", "w") as file:
            json.dump({**results(), **self.cells}, file, indent=1)
        os.replace(RESULTS + ".part", RESULTS)
        head, rows = grid(self.cells)
        print()
        print(table.text(head, rows, "l" * len(head)))
        if self.reasons:
            print("\nSkipped:")
        for reason in self.reasons:
            print("  " + reason)
        return super().conclude()
