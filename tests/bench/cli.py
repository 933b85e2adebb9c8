# SPDX-License-Identifier: GPL-2.0
"""The command line of tests/bench/run."""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import shutil
import sys
import time

from bench import chart, machine, report, results
from bench.jobs import DMA, EXTRA, JOBS, MEMORY, NAMES
from lab import cli as testbed
from lab import process, suites
from lab.progress import Trouble, heartbeat, say

QUICK = ("blk-randread-4k-qd32", "blk-randread-4k-qd32-nopersist",
         "blk-randread-64k-qd32*", "blk-randread-4k-qd1", "net-udp64-tx",
         "net-udp1500-rx", "net-tcp-[tr]x")
HEARTBEAT = 60
DEFAULT_OUT = os.path.join(testbed.TREE, "build", "bench")


def parser():
    top = testbed.Parser(prog="tests/bench/run", description="Measures what "
                         "the in-tree drivers and ours cost dom0.")
    add = top.add_argument
    testbed.add_suite(top)
    add("--rounds", type=testbed.number(1, 99), default=3, metavar="N",
        help="how often each driver is measured, by turns (default: "
             "%(default)s)")
    add("--jobs", action="append", metavar="PATTERN",
        help="only the jobs that match, like 'blk-*-4k-*' (repeatable)")
    add("--regime", choices=machine.REGIMES, action="append",
        help="only this one (repeatable)")
    add("--drivers", choices=results.DRIVERS, action="append",
        help="only these (repeatable)")
    add("--machines", type=testbed.number(1, 16), metavar="N",
        help="instruction-clock machines side by side (default: one for "
             "every CPU, at most 2)")
    add("--symbols", type=testbed.number(1, 999), nargs="?", const=20,
        metavar="N", help="show the N dearest symbols of each job")
    add("--out", default=DEFAULT_OUT, metavar="DIR",
        help="where the results go (default: build/bench)")
    add("--from", dest="earlier", metavar="DIR",
        help="do not measure; show what an earlier run left in its --out")
    add("--quick", action="store_true",
        help="a first look: one round on the instruction clock of a few jobs")
    add("--markdown", action="store_true",
        help="print the table for the documentation instead")
    add("--json", action="store_true",
        help="print medians, spread and classes as JSON instead")
    add("--list", action="store_true", help="list the jobs")
    return top


def choose(patterns):
    chosen = [name for name in NAMES
              if any(fnmatch.fnmatchcase(name, p) for p in patterns or [])
              or not patterns and name not in EXTRA]
    if not chosen:
        raise Trouble(f"no job matches {' '.join(patterns)}; --list has them")
    return chosen


def plan(options):
    """[(regime, round, driver, jobs)], drivers by turns. A machine with an
    IOMMU is another one: it boots for the jobs that need one."""
    return [(regime, turn, driver, jobs)
            for regime in options.regime or machine.REGIMES
            for turn in range(1, options.rounds + 1)
            for driver in options.drivers or results.DRIVERS
            for jobs in by_machine(machine.jobs_of(regime, options.jobs))]


def needs_iommu(name):
    return name != MEMORY and JOBS[name].layer == DMA


def by_machine(jobs):
    """The jobs of each machine that has any."""
    return [found for found in (
        [name for name in jobs if needs_iommu(name) == iommu]
        for iommu in (False, True)) if found]


def run_name(regime, turn, driver, jobs):
    return f"{regime}.{turn}.{driver}" + (".dma" if needs_iommu(jobs[0])
                                          else "")


def measure_one(options, machines, built, regime, turn, driver, jobs):
    name = run_name(regime, turn, driver, jobs)
    begin = time.monotonic()
    done = 0

    def tell(text):
        say(f"{name}: {text}, {time.monotonic() - begin:.0f} s after power on")

    def told(message):
        nonlocal done
        if message["operations"] > JOBS[message["job"]].operations:
            done += 1
            tell(f"{message['job']} done")

    say(f"{name}: booting")
    with heartbeat(HEARTBEAT, lambda: tell(f"{done} jobs done")):
        machine.measure(options, machines, driver, regime, jobs,
                        os.path.join(options.out, "runs", name), built, told)
    tell("all done")


def measure_all(options):
    runs = os.path.join(options.out, "runs")
    shutil.rmtree(runs, ignore_errors=True)
    os.makedirs(runs)
    with open(os.path.join(options.out, "suite"), "w") as file:
        file.write(options.suite + "\n")
    built = {"plugin": machine.fetch_plugin(options.suite, options.out)}
    if any(map(needs_iommu, options.jobs)):
        built["module"] = machine.fetch_module(options.suite, options.out)
    machines = machine.Machines()
    for regime in machine.REGIMES:
        work = [job for job in plan(options) if job[0] == regime]
        # Real parallelism is only measured with the CPUs to oneself.
        width = options.machines or min(2, os.cpu_count())
        if regime == machine.PARALLEL:
            width = 1
        with concurrent.futures.ThreadPoolExecutor(width) as pool:
            waiting = [pool.submit(measure_one, options, machines, built,
                                   *job) for job in work]
            try:
                for one in concurrent.futures.as_completed(waiting):
                    one.result()
            except BaseException:
                for one in waiting:
                    one.cancel()
                machines.stop()
                raise


def collect(out):
    """Everything that was measured to its end."""
    found = results.Results()
    runs = os.path.join(out, "runs")
    for name in sorted(os.listdir(runs)) if os.path.isdir(runs) else ():
        folder = os.path.join(runs, name)
        if os.path.exists(os.path.join(folder, machine.MEASURED)):
            regime, _turn, driver = name.split(".")[:3]
            results.take_run(found, folder, driver, regime)
    if not found.values:
        raise Trouble(f"{out} holds no measurement")
    return found


def write_files(options, found):
    results.write_csv(found, os.path.join(options.out, "results.csv"))
    results.write_spread(found, os.path.join(options.out, "spread.csv"))
    suite = suites.SUITES[options.suite]
    heading = f"What an operation costs: kernel {suite.kernel}, " \
              f"Xen {suite.xen}, medians"
    if not chart.draw(found, options.suite, heading, options.out):
        say("no chart: there is nothing to compare")


def show(options, found):
    if options.json:
        print(json.dumps(report.as_data(found), indent=1))
        return
    parts = [report.comparison(found), report.breakdown(found)]
    if options.markdown:
        parts = [report.markdown(found)]
    if options.symbols:
        parts.append(report.symbols(found, options.symbols))
    for part in parts:
        for line in part:
            print(line)


def adjust(options):
    """What one option means for others."""
    if options.quick:
        options.rounds = 1
        options.regime = options.regime or [machine.CLOCK]
        options.jobs = options.jobs or list(QUICK)
    options.jobs = choose(options.jobs)
    options.out = os.path.abspath(options.earlier or options.out)
    suite = os.path.join(options.out, "suite")
    if options.earlier and os.path.exists(suite):
        with open(suite) as file:
            options.suite = file.read().strip()


def main(argv):
    options = parser().parse_args(argv)
    process.terminate_cleanly()
    try:
        if options.list:
            print("\n".join(NAMES))
            return 0
        adjust(options)
        if not options.earlier:
            measure_all(options)
        found = collect(options.out)
        write_files(options, found)
        show(options, found)
        return 0
    except (Trouble, OSError) as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return testbed.TROUBLE
    except process.Interrupted as interrupted:
        print("bench: interrupted", file=sys.stderr)
        return 128 + interrupted.number
