# SPDX-License-Identifier: GPL-2.0
"""What `make bench` prints."""

from bench.counts import CLASSES
from bench.machine import CLOCK, REGIMES
from bench.results import DRIVERS, IN_TREE, OURS


def table(header, rows):
    """Columns as wide as they must be; the first one is text."""
    rows = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(header))]
    for row in rows:
        yield "  ".join(cell.ljust(width) if n == 0 else cell.rjust(width)
                        for n, (cell, width) in enumerate(zip(row, widths))
                        ).rstrip()


def number(value):
    return "-" if value is None else f"{value:.0f}"


def ratio(ours, theirs):
    return "-" if not ours or not theirs else f"{ours / theirs:.2f}"


def breakdown(results):
    """Instructions of each class on dom0's CPU, per operation."""
    for regime in REGIMES:
        rows = []
        for job in results.jobs():
            for driver in DRIVERS:
                cost = results.cost(job, driver, regime)
                if cost:
                    kinds = cost.classes()
                    rows.append([f"{job}, {driver}",
                                 number(cost.instructions),
                                 *(number(kinds[kind]) for kind in CLASSES),
                                 number(cost.hypercalls),
                                 number(cost.upcalls),
                                 number(cost.wake_ups)])
        if rows:
            yield ""
            yield f"Where dom0's instructions go, per operation ({regime}):"
            yield from table(["", "all", *CLASSES, "hypercalls/1000",
                              "upcalls/1000", "wake-ups/1000"], rows)


def symbols(results, count):
    for regime in REGIMES:
        for job in results.jobs():
            for driver in DRIVERS:
                cost = results.cost(job, driver, regime)
                if not cost:
                    continue
                yield ""
                yield f"{job}, {driver}, {regime}:"
                for value, name, module, kind in cost.top(count):
                    shown = f"{name} [{module}]" if module not in ("", kind) \
                        else name
                    yield f"  {value:9.1f}  {shown}  ({kind})"


def comparison(results):
    rows = []
    for job in results.jobs():
        for metric in ("dom0_insn_per_op", "dom0_insn_per_op_parallel",
                       "iops", "hypercalls_per_1000", "upcalls_per_1000"):
            theirs = results.median(job, IN_TREE, metric)
            ours = results.median(job, OURS, metric)
            if theirs is None and ours is None:
                continue
            floor = results.median(job, IN_TREE, "block_layer_insn_per_op") \
                if metric.startswith("dom0") else None
            rows.append([f"{job} {metric}", number(theirs), number(ours),
                         ratio(ours, theirs), number(floor)])
    yield from table(["", "in-tree", "ours", "ratio", "floor"], rows)
