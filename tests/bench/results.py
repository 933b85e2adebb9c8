# SPDX-License-Identifier: GPL-2.0
"""Medians of rounds, as files that people and programs read."""

import csv
import functools
import json
import os
import statistics
from dataclasses import dataclass, field

from bench.counts import Cost, Symbols, read_table
from bench.jobs import BLOCK, DMA, FACTOR, JOBS, NAMES, NETWORK
from bench.machine import CLOCK, MEASURED

IN_TREE, OURS = "in-tree", "ours"
DRIVERS = (IN_TREE, OURS)
HEADER = ("job", "driver", "metric", "unit", "value")
SPREAD_HEADER = ("job", "driver", "metric", "unit", "median", "least", "most",
                 "rounds")

# What no backend can avoid.
FLOORS = {BLOCK: "block_layer_insn_per_op", NETWORK: "network_insn_per_op"}
UNITS = {
    "iops": "1/s",
    "pps": "1/s",
    "gbit_s": "Gbit/s",
    "latency_us": "us",
    "map_ns": "ns",
    "guest_insn_per_op": "instructions",
    "guest_insn_per_op_parallel": "instructions",
    "dom0_insn_per_op": "instructions",
    "dom0_insn_per_op_parallel": "instructions",
    **dict.fromkeys(FLOORS.values(), "instructions"),
    "hypercalls_per_1000": "1/1000 operations",
    "hypercalls_per_1000_parallel": "1/1000 operations",
    "upcalls_per_1000": "1/1000 operations",
    "upcalls_per_1000_parallel": "1/1000 operations",
    "vm_exits_per_1000": "1/1000 operations",
    "vm_exits_per_1000_parallel": "1/1000 operations",
    "memory_kb_per_queue": "KiB",
    "memory_kb_per_queue_after_io": "KiB",
}


def median(values):
    return statistics.median(values)


@dataclass
class Results:
    """What all rounds measured."""

    # (job, driver, metric) -> one value a round
    values: dict = field(default_factory=dict)
    # (job, driver, regime) -> one Cost a round
    costs: dict = field(default_factory=dict)

    def add(self, job, driver, metric, value):
        self.values.setdefault((job, driver, metric), []).append(value)

    def add_cost(self, job, driver, regime, cost):
        self.costs.setdefault((job, driver, regime), []).append(cost)
        suffix = "" if regime == CLOCK else "_parallel"
        if JOBS[job].layer == DMA:
            self.add(job, driver, "guest_insn_per_op" + suffix,
                     cost.instructions)
            return
        self.add(job, driver, "dom0_insn_per_op" + suffix, cost.instructions)
        self.add(job, driver, "hypercalls_per_1000" + suffix, cost.hypercalls)
        self.add(job, driver, "upcalls_per_1000" + suffix, cost.upcalls)
        if JOBS[job].domain:
            self.add(job, driver, "vm_exits_per_1000" + suffix, cost.exits)
        if regime == CLOCK:
            layer = JOBS[job].layer
            self.add(job, driver, FLOORS[layer], cost.classes()[layer])

    def median(self, job, driver, metric):
        values = self.values.get((job, driver, metric))
        return median(values) if values else None

    def cost(self, job, driver, regime):
        """The Cost of the round in the middle."""
        found = sorted(self.costs.get((job, driver, regime), ()),
                       key=lambda cost: cost.instructions)
        return found[(len(found) - 1) // 2] if found else None

    def jobs(self):
        """The jobs measured, in the order of the plan."""
        found = {job for job, _driver, _metric in self.values}
        return [name for name in NAMES if name in found]

    def rows(self):
        """(job, driver, metric, unit, values) in a fixed order."""
        for job in self.jobs():
            for driver in DRIVERS:
                for metric, unit in UNITS.items():
                    values = self.values.get((job, driver, metric))
                    if values:
                        yield job, driver, metric, unit, values


def take_run(results, folder, driver, regime):
    """Add what one boot left in its folder."""
    tables = os.path.join(folder, "tables")
    with open(os.path.join(folder, MEASURED)) as file:
        measured = json.load(file)
    for job, metric, value in measured["values"]:
        results.add(job, driver, metric, value)
    times = measured["times"]
    symbols = functools.lru_cache(functools.partial(read_symbols, folder))
    for name, job in JOBS.items():
        few, many = (f"{name}.{count}" for count in (
            job.operations, FACTOR * job.operations))
        if many not in times:
            continue
        operations = (FACTOR - 1) * job.operations
        results.add_cost(name, driver, regime, Cost(
            *(read_file(os.path.join(tables, run), symbols(job.symbols),
                        job.cpu) for run in (few, many)), operations))
        if regime == CLOCK:
            results.add(name, driver, job.rate_metric, job.rate(
                operations, times[many] - times[few]))


def read_lines(path):
    """None of a file that is not there: not every kernel has Xen's."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return file.readlines()


def read_symbols(folder, kernel):
    return Symbols(*(read_lines(os.path.join(folder, name))
                     for name in (kernel, "xensyms")))


def read_file(path, symbols, cpu):
    with open(path) as file:
        return read_table(file, symbols, cpu)


def rounded(value):
    """As many digits as mean something."""
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else \
        f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def write_csv(results, path):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for job, driver, metric, unit, values in results.rows():
            writer.writerow((job, driver, metric, unit,
                             rounded(median(values))))


def write_spread(results, path):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SPREAD_HEADER)
        for job, driver, metric, unit, values in results.rows():
            writer.writerow((job, driver, metric, unit, *map(rounded, (
                median(values), min(values), max(values))), len(values)))
