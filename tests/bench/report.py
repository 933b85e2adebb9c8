# SPDX-License-Identifier: GPL-2.0
"""What `make bench` prints, and the table of the documentation."""

from bench import goals
from bench.counts import CLASSES
from bench.jobs import DMA, JOBS
from bench.machine import CLOCK, PARALLEL, REGIMES
from bench.results import DRIVERS, FLOORS, IN_TREE, OURS, UNITS, median
from lab import table

INSTRUCTIONS = ("dom0_insn_per_op", "dom0_insn_per_op_parallel")
NOTHING = "-"
TITLES = {CLOCK: "instruction clock", PARALLEL: "parallel"}


def number(value):
    if value is None:
        return NOTHING
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else \
        f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def ratio(ours, theirs):
    if ours is None or not theirs:
        return NOTHING
    return f"{ours / theirs:.2f}"


def floor_of(results, job, metric):
    """What no backend can avoid; measured under the in-tree driver, or
    under ours when that was measured alone."""
    if metric not in INSTRUCTIONS:
        return None
    for driver in DRIVERS:
        found = results.median(job, driver,
                               FLOORS.get(JOBS[job].layer, NOTHING))
        if found is not None:
            return found
    return None


def above_floor(ours, theirs, floor):
    """How much of the way from in-tree to the floor is left."""
    if None in (ours, theirs, floor) or theirs <= floor:
        return NOTHING
    return f"{(ours - floor) / (theirs - floor):.2f}"


def spread(results, job, metric):
    """The widest of both, in per cent of the median."""
    widest = None
    for driver in DRIVERS:
        values = results.values.get((job, driver, metric), ())
        middle = results.median(job, driver, metric)
        if len(values) > 1 and middle:
            width = 100 * (max(values) - min(values)) / abs(middle)
            widest = width if widest is None else max(widest, width)
    return NOTHING if widest is None else f"{widest:.0f} %"


def measured(results):
    """(job, metric) that both or one have, the floor apart."""
    for job in results.jobs():
        for metric in UNITS:
            if metric not in FLOORS.values() and any((job, driver, metric) in results.values
                                       for driver in DRIVERS):
                yield job, metric


def comparison_rows(results):
    last = None
    for job, metric in measured(results):
        theirs = results.median(job, IN_TREE, metric)
        ours = results.median(job, OURS, metric)
        floor = floor_of(results, job, metric)
        goal = goals.judge(results, job, metric)
        yield (job if job != last else "", metric, number(theirs),
               number(ours), ratio(ours, theirs), number(floor),
               above_floor(ours, theirs, floor),
               spread(results, job, metric), goal.text if goal else "",
               goal.verdict if goal else "")
        last = job


HEAD = ("job", "metric", "in-tree", "ours", "ratio", "floor", "above floor",
        "spread", "goal", "")


def comparison(results):
    yield "Medians, and our share of in-tree's; 'above floor' is ours less " \
          "the floor by in-tree's less the floor."
    rows = list(comparison_rows(results))
    if rows:
        yield table.text(HEAD, rows, "llrrrrrrrl")
    yield ""
    yield verdict(results)


def verdict(results):
    found = [goals.judge(results, *which) for which in measured(results)]
    found = [goal for goal in found if goal]
    missed = [f"{goal.job} {goal.metric}" for goal in found
              if goal.verdict == goals.MISSED]
    met = sum(goal.verdict == goals.MET for goal in found)
    text = f"{met} of {len(found)} goals are met, {len(missed)} missed, " \
           f"{len(found) - met - len(missed)} within in-tree's spread"
    return text + ("; missed: " + ", ".join(missed) if missed else "")


def breakdown(results):
    """Instructions of each class on dom0's CPU, or on the guest's where the
    device is passed through, per operation."""
    head = ("job", "driver", "all", *CLASSES, "copying", "pauses", "wake-ups/1000")
    for regime in REGIMES:
        rows = []
        for job in results.jobs():
            for driver in DRIVERS:
                cost = results.cost(job, driver, regime)
                if cost:
                    kinds = cost.classes()
                    rows.append((job, driver, number(cost.instructions),
                                 *(f"{kinds[kind]:.0f}" for kind in CLASSES),
                                 f"{cost.repeats:.0f}",
                                 f"{cost.pauses:.0f}",
                                 number(cost.wake_ups)))
        if rows:
            yield ""
            yield "Where the instructions go, per operation " \
                  f"({TITLES[regime]}, the round in the middle):"
            yield table.text(head, rows, "ll" + "r" * (len(head) - 2))
            yield "copying: how much of all that is repetitions of string " \
                  "instructions, eight bytes each as a rule; pauses: turns " \
                  "of loops that wait for another CPU."


def symbols(results, count):
    for (job, driver, regime) in results.costs:
        yield ""
        yield f"{job}, {driver}, {TITLES[regime]}:"
        for value, name, module, kind in results.cost(
                job, driver, regime).top(count):
            shown = f"{name} [{module}]" if module not in ("", kind) else name
            yield f"  {value:9.1f}  {shown}  ({kind})"


RATES = {"iops": "IOPS", "pps": "packets/s", "gbit_s": "Gbit/s",
         "latency_us": "latency, us"}


def cell(results, job, metric):
    theirs = results.median(job, IN_TREE, metric)
    ours = results.median(job, OURS, metric)
    return f"{number(theirs)}, {number(ours)}, **{ratio(ours, theirs)}**"


def markdown(results):
    """A table a layer and one row a job, for the documentation."""
    jobs = [job for job in results.jobs() if job in JOBS]
    for layer in FLOORS:
        found = [job for job in jobs if JOBS[job].layer == layer]
        if found:
            yield from markdown_layer(results, found)
    yield from markdown_dma(results, [job for job in jobs
                                      if JOBS[job].layer == DMA])
    yield from markdown_memory(results)


def markdown_dma(results, jobs):
    if not jobs:
        return
    yield "| job | guest's instructions: in-tree, ours, ratio | " \
          "ns or IOPS: in-tree, ours, ratio |"
    yield "|---|---|---|"
    for job in jobs:
        yield f"| {job} | {cell(results, job, 'guest_insn_per_op')} | " \
              f"{cell(results, job, JOBS[job].rate_metric)} |"
    yield ""


def markdown_layer(results, jobs):
    columns = (("dom0_insn_per_op", "instructions"),
               ("dom0_insn_per_op_parallel", "parallel"),
               (None, RATES["iops"] if JOBS[jobs[0]].rate_metric == "iops"
                else "rate"),
               ("hypercalls_per_1000", "hypercalls"),
               ("upcalls_per_1000", "upcalls"))
    yield "| job | floor | " + " | ".join(
        f"{title}: in-tree, ours, ratio" for _metric, title in columns) + " |"
    yield "|---" * (len(columns) + 2) + "|"
    for job in jobs:
        floor = number(floor_of(results, job, INSTRUCTIONS[0]))
        rate = JOBS[job].rate_metric
        cells = [cell(results, job, metric or rate) + (
            "" if metric or rate == "iops" else " " + RATES[rate])
            for metric, _title in columns]
        yield f"| {job} | {floor} | " + " | ".join(cells) + " |"
    yield ""


def markdown_memory(results):
    rows = [(job, metric) for job, metric in measured(results)
            if metric.startswith("memory")]
    if not rows:
        return
    yield "| dom0's memory, KiB | in-tree | ours | ratio |"
    yield "|---|---|---|---|"
    for job, metric in rows:
        theirs = results.median(job, IN_TREE, metric)
        ours = results.median(job, OURS, metric)
        yield f"| {job} {metric} | {number(theirs)} | {number(ours)} | " \
              f"{ratio(ours, theirs)} |"


def as_data(results):
    """Everything, for programs."""
    return {
        "metrics": [
            {"job": job, "driver": driver, "metric": metric, "unit": unit,
             "median": median(values), "least": min(values),
             "most": max(values), "rounds": len(values)}
            for job, driver, metric, unit, values in results.rows()],
        "classes": [
            {"job": job, "driver": driver, "regime": regime,
             "instructions": results.cost(job, driver, regime).classes()}
            for job, driver, regime in results.costs],
    }
