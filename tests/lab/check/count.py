# SPDX-License-Identifier: GPL-2.0
"""Run every test and count."""

import fnmatch
import os
import time

from lab import process, progress, relay
from lab.check import tap
from lab.check.tap import FAILED, PASSED, SKIPPED
from lab.cli import TREE, Parser

QUIET = 30      # seconds of silence before a line that we are alive
MARKS = {PASSED: "ok  ", FAILED: "FAIL", SKIPPED: "skip"}

WHAT = {"check": "every test", "soak": "the tests that take hours"}
DESCRIPTION = """\
Runs %s and ends with a line "N passed, N failed, N skipped". Exit
status 0: none failed; 1: some did; 2: wrong arguments.
"""


def options(argv, program, stages):
    parser = Parser(prog="tests/" + program,
                    description=DESCRIPTION % WHAT[program])
    parser.add_argument("--list", action="store_true",
                        help="list the stages and exit")
    parser.add_argument("--only", metavar="PATTERN", action="append",
                        help="run the stages with such a name, e.g. 'xen/*' "
                             "(repeatable)")
    chosen = parser.parse_args(argv)
    for pattern in chosen.only or ():
        if not any(matches(stage, [pattern]) for stage in stages):
            parser.error(f"no stage is called {pattern!r}; "
                         f"{parser.prog} --list shows all")
    return chosen


def matches(stage, patterns):
    return not patterns or any(
        fnmatch.fnmatchcase(stage.name, pattern)
        or stage.name.split(" ")[0] == pattern for pattern in patterns)


class Check:
    def __init__(self, folder):
        self.folder = folder
        self.begin = time.monotonic()
        self.spoke = self.begin
        self.counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}
        self.failures = []      # (stage, result, log)

    def say(self, text):
        self.spoke = time.monotonic()
        elapsed = int(self.spoke - self.begin)
        print(f"[{elapsed // 60:3}:{elapsed % 60:02}] {text}", flush=True)

    def heartbeat(self, stage):
        def beat():
            if time.monotonic() - self.spoke > QUIET:
                self.say(f"     {stage.name} is running")

        return progress.heartbeat(1, beat)

    def run(self, stage):
        """One stage; what it prints is kept, its results are shown."""
        name = "".join(c if c.isalnum() or c in "-." else "_"
                       for c in stage.name)
        log = os.path.join(self.folder, name + ".log")
        self.say(f"== {stage.name}")
        stream = tap.Stream()
        with open(log, "w") as file, self.heartbeat(stage):
            def each(line):
                print(line, file=file, flush=True)
                self.follow(stream, line)
            try:
                status = relay.run(stage.argv, each, cwd=TREE,
                                   env={**os.environ, **stage.env})
            except OSError as error:
                each(f"# {error}")
                status = 127
        shown = len(stream.results)
        stream.finish(status)
        for result in stream.results[shown:]:
            self.show(result)
        self.count(stage, stream, log)

    def follow(self, stream, line):
        before = len(stream.results)
        stream.read(line)
        for result in stream.results[before:]:
            self.show(result)
        # Else: what a failed test has to say, and that slow ones are alive.
        if len(stream.results) == before and (
                line.startswith(("testbed", "make"))
                or line.startswith("#") and stream.results
                and stream.results[-1].outcome == FAILED):
            self.say(f"     {line}")

    def show(self, result):
        self.say(f"{MARKS[result.outcome]} {result.name}")

    def count(self, stage, stream, log):
        failed = 0
        for result in stream.results:
            self.counts[result.outcome] += 1
            if result.outcome == FAILED:
                self.failures.append((stage, result, log))
                failed += 1
        self.say(f"== {stage.name}: {len(stream.results)} tests, "
                 f"{failed} failed; log {os.path.relpath(log)}")

    def conclude(self):
        if self.failures:
            print("\nFailed:")
        for stage, result, log in self.failures:
            print(f"  {stage.name}: {result.name} ({os.path.relpath(log)})")
        print()
        print(", ".join(f"{number} {outcome}"
                        for outcome, number in self.counts.items()),
              flush=True)
        return 1 if self.failures or not self.counts[PASSED] else 0


def new_folder(program):
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = os.path.join(TREE, "build", program, f"{stamp}-{os.getpid()}")
    os.makedirs(folder)
    return folder


def main(argv, program, stages):
    """program: "check" or "soak"."""
    chosen = options(argv, program, stages)
    wanted = [s for s in stages if matches(s, chosen.only)]
    if chosen.list:
        for stage in wanted:
            print(stage.name)
        return 0
    process.terminate_cleanly()
    check = Check(new_folder(program))
    try:
        for stage in wanted:
            check.run(stage)
    except process.Interrupted as interrupted:
        # Not a count: the tests that are left out would be missed.
        print(program + ": interrupted", flush=True)
        return 128 + interrupted.number
    return check.conclude()
