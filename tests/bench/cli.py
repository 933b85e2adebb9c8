# SPDX-License-Identifier: GPL-2.0
"""The command line of tests/bench/run."""

import argparse
import concurrent.futures
import fnmatch
import os
import shutil
import sys
import time

from bench import machine, report, results
from bench.jobs import JOBS
from lab import cli as testbed
from lab import process, suites
from lab.progress import Trouble, say

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
    add("--list", action="store_true", help="list the jobs")
    return top


def choose(patterns):
    chosen = [name for name in JOBS
              if any(fnmatch.fnmatchcase(name, p) for p in patterns or ["*"])]
    if not chosen:
        raise Trouble(f"no job matches {' '.join(patterns)}; --list has them")
    return chosen


def plan(options):
    """[(regime, round, driver)], drivers by turns."""
    return [(regime, turn, driver)
            for regime in options.regime or machine.REGIMES
            for turn in range(1, options.rounds + 1)
            for driver in options.drivers or results.DRIVERS]


def run_name(regime, turn, driver):
    return f"{regime}.{turn}.{driver}"


def measure_one(options, plugin, regime, turn, driver):
    name = run_name(regime, turn, driver)
    begin = time.monotonic()
    say(f"{name}: booting")

    def told(message):
        if message["operations"] > JOBS[message["job"]].operations:
            say(f"{name}: {message['job']} done, "
                f"{time.monotonic() - begin:.0f} s after power on")

    machine.measure(options, driver, regime,
                    os.path.join(options.out, "runs", name), plugin, told)


def measure_all(options):
    runs = os.path.join(options.out, "runs")
    shutil.rmtree(runs, ignore_errors=True)
    plugin = machine.fetch_plugin(options.suite)
    machines = options.machines or min(2, os.cpu_count())
    for regime in machine.REGIMES:
        work = [job for job in plan(options) if job[0] == regime]
        # Real parallelism is only measured with the CPUs to oneself.
        width = machines if regime == machine.CLOCK else 1
        with concurrent.futures.ThreadPoolExecutor(width) as pool:
            for done in [pool.submit(measure_one, options, plugin, *job)
                         for job in work]:
                done.result()


def collect(out):
    found = results.Results()
    runs = os.path.join(out, "runs")
    if not os.path.isdir(runs):
        raise Trouble(f"{out} holds no measurement")
    for name in sorted(os.listdir(runs)):
        regime, _turn, driver = name.split(".")
        results.take_run(found, os.path.join(runs, name), driver, regime)
    return found


def show(options, found):
    results.write_csv(found, os.path.join(options.out, "results.csv"))
    results.write_spread(found, os.path.join(options.out, "spread.csv"))
    for part in (report.comparison(found), report.breakdown(found),
                 report.symbols(found, options.symbols)
                 if options.symbols else ()):
        for line in part:
            print(line)


def main(argv):
    options = parser().parse_args(argv)
    process.terminate_cleanly()
    try:
        if options.list:
            print("\n".join(JOBS))
            return 0
        options.jobs = choose(options.jobs)
        if options.earlier:
            options.out = options.earlier
        else:
            options.out = os.path.abspath(options.out)
            measure_all(options)
        show(options, collect(options.out))
        return 0
    except (Trouble, OSError) as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return testbed.TROUBLE
    except process.Interrupted as interrupted:
        print("bench: interrupted", file=sys.stderr)
        return 128 + interrupted.number
