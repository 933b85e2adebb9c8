# SPDX-License-Identifier: GPL-2.0
"""Tests of what counts the tests, and of what judges a run."""

from lab import table, verdict
from lab.check.command import main
from lab.check.tap import FAILED, PASSED, SKIPPED, Stream
from lab.dom0 import tap

# name, output, exit status, outcomes that must be counted
STREAMS = (
    ("plan first", "1..2\nok 1 - a\nok 2 - b", 0, [PASSED, PASSED]),
    ("plan last", "ok 1 - a\nnot ok 2 - b\n1..2", 1, [PASSED, FAILED]),
    ("two programs", "1..1\nok 1 - a\n# ok - x\n1..1\nok 1 - b", 0,
     [PASSED, PASSED]),
    ("two programs, plan last", "ok 1 - a\n1..1\nok 1 - b\n1..1", 0,
     [PASSED, PASSED]),
    ("a skipped one", "1..1\nok 1 - a # SKIP no IOMMU", 0, [SKIPPED]),
    ("other lines", "1..1\nbooting\nok 1 - a\n# detail\nok then", 0,
     [PASSED]),
    ("no output", "", 0, [FAILED]),
    ("no plan", "ok 1 - a", 0, [PASSED, FAILED]),
    ("a plan and no results", "1..3", 0, [FAILED]),
    ("an empty plan", "1..0", 0, [FAILED]),
    ("died half-way", "1..3\nok 1 - a", 139, [PASSED, FAILED]),
    ("the first of two died", "1..2\nok 1 - a\n1..1\nok 1 - b", 0,
     [PASSED, FAILED, PASSED]),
    ("bad status", "1..1\nok 1 - a", 3, [PASSED, FAILED]),
    ("bad verdict", "1..1\nnot ok 1 - a", 90, [FAILED, FAILED]),
    ("a number is missing", "ok 1 - a\nok 3 - c\n1..2", 0, [PASSED, FAILED]),
    ("skip is not an excuse", "1..1\nnot ok 1 - a # SKIP tired", 1, [FAILED]),
)

GOOD_LINES = (
    "[    0.000000] Linux version 6.1.0",
    "(XEN) Xen version 4.17.5",
    "[    1.2] xen-blkback: registered",
    "[    5.0] WARNING, not really",
)
BAD_LINES = (
    "[   12.345] BUG: unable to handle page fault for address: 0000",
    "[   12.345] WARNING: CPU: 0 PID: 1 at mm/slub.c:10 kfree+0x1",
    "[   12.345] Oops: 0002 [#1] PREEMPT SMP",
    "[  243.0] INFO: task fio:12 blocked for more than 120 seconds.",
    "[   12.345] Kernel panic - not syncing: sysrq triggered crash",
    "(XEN) Panic on CPU 0:",
    "(XEN) Xen BUG at common/grant_table.c:12",
    "(XEN) Hardware Dom0 crashed: rebooting machine in 5 seconds.",
)


def check_streams():
    for name, text, status, wanted in STREAMS:
        stream = Stream()
        for line in text.splitlines():
            stream.read(line)
        stream.finish(status)
        tap.equal([r.outcome for r in stream.results], wanted,
                  f"results are counted: {name}")


def check_verdicts():
    for line in GOOD_LINES:
        tap.equal(verdict.first_bad_line(line), None, f"harmless: {line}")
    for line in BAD_LINES:
        tap.equal(verdict.first_bad_line("x\n" + line + "\ny"), line,
                  f"fails a run: {line}")


def check_tables():
    tap.equal(table.text(("a", "b"), [("xyz", "1"), ("x", "10")], "lr"),
              "A     B\nxyz   1\nx    10", "columns of a table line up")


main(check_streams, check_verdicts, check_tables)
