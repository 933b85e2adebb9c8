# SPDX-License-Identifier: GPL-2.0
"""Run every test and count."""

import fnmatch
import os
import queue
import threading
import time

from lab import process, relay
from lab.check import tap
from lab.check.tap import FAILED, PASSED, SKIPPED
from lab.cli import TREE, Parser

QUIET = 30      # seconds of silence before a line that we are alive
STAGE_MEMORY = 6 << 20      # kB that an emulated machine and a build may take
MARKS = {PASSED: "ok  ", FAILED: "FAIL", SKIPPED: "skip"}

WHAT = {"check": "every test", "soak": "the tests that take hours",
        "matrix": "what has to work on each Debian release"}
DESCRIPTION = """\
Runs %s and ends with a line "N passed, N failed, N skipped". Exit
status 0: none failed; 1: some did; 2: wrong arguments.
"""


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def available_memory():
    with open("/proc/meminfo") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1])
    return 0


def lanes():
    """An emulated machine is busy on one CPU most of the time."""
    return max(1, min(len(os.sched_getaffinity(0)),
                      available_memory() // STAGE_MEMORY))


def options(argv, program, stages):
    parser = Parser(prog="tests/" + program,
                    description=DESCRIPTION % WHAT[program])
    parser.add_argument("--list", action="store_true",
                        help="list the stages and exit")
    parser.add_argument("--only", metavar="PATTERN", action="append",
                        help="run the stages with such a name, e.g. 'xen/*' "
                             "(repeatable)")
    parser.add_argument("--without", metavar="PATTERN", action="append",
                        help="leave out the stages with such a name (repeatable)")
    parser.add_argument("--jobs", metavar="N", type=positive,
                        default=lanes(),
                        help="stages at the same time (default: what CPUs and "
                             "memory allow, here %(default)s)")
    chosen = parser.parse_args(argv)
    for pattern in [*(chosen.only or ()), *(chosen.without or ())]:
        if not any(matches(stage, [pattern]) for stage in stages):
            parser.error(f"no stage is called {pattern!r}; "
                         f"{parser.prog} --list shows all")
    return chosen


def matches(stage, patterns):
    return any(
        fnmatch.fnmatchcase(stage.name, pattern)
        or stage.short == pattern for pattern in patterns)


class Lane:
    """What runs one stage after the other; its children die with it."""

    def __init__(self, check, waiting):
        self.check = check
        self.waiting = waiting
        self.stage = None
        self.child = None
        self.error = None
        self.thread = threading.Thread(target=self.main)

    def main(self):
        try:
            self.work()
        except BaseException as error:      # for who waits for this thread
            self.error = error

    def work(self):
        while not self.check.interrupted:
            try:
                self.stage = self.waiting.get_nowait()
            except queue.Empty:
                break
            self.run(self.stage)
        self.stage = None

    def run(self, stage):
        """One stage; what it prints is kept, its results are shown."""
        name = "".join(c if c.isalnum() or c in "-." else "_"
                       for c in stage.name)
        log = os.path.join(self.check.folder, name + ".log")
        self.check.say(f"== {stage.name}")
        stream = tap.Stream()
        with open(log, "w") as file:
            def each(line):
                print(line, file=file, flush=True)
                self.check.follow(stage, stream, line)
            try:
                status = relay.run(stage.argv, each, self.adopt, cwd=TREE,
                                   env={**os.environ, **stage.env})
            except OSError as error:
                each(f"# {error}")
                status = 127
        shown = len(stream.results)
        stream.finish(status)
        for result in stream.results[shown:]:
            self.check.show(stage, result)
        self.check.count(stage, stream, log)

    def adopt(self, child):
        self.child = child

    def stop(self):
        """Let the stage clean up, but not for ever."""
        if self.child:
            self.child.terminate()
        self.thread.join(relay.GRACE)
        if self.child:
            self.child.kill()
        self.thread.join()


class Check:
    def __init__(self, folder):
        self.folder = folder
        self.begin = time.monotonic()
        self.spoke = self.begin
        self.lock = threading.RLock()       # the screen, counts and failures
        self.counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}
        self.failures = []      # (stage, result, log)
        self.interrupted = False

    def say(self, text):
        with self.lock:
            if self.interrupted:
                return
            self.spoke = time.monotonic()
            elapsed = int(self.spoke - self.begin)
            print(f"[{elapsed // 60:3}:{elapsed % 60:02}] {text}", flush=True)

    def run(self, stages, jobs):
        """All of them, so many at a time; then those that want to be alone."""
        self.run_lanes([s for s in stages if not s.alone], jobs)
        self.run_lanes([s for s in stages if s.alone], 1)

    def run_lanes(self, stages, jobs):
        waiting = queue.SimpleQueue()
        for stage in stages:
            waiting.put(stage)
        running = [Lane(self, waiting) for _ in range(jobs)]
        try:
            for lane in running:
                lane.thread.start()
            while any(lane.thread.is_alive() for lane in running):
                self.alive(running)
                time.sleep(0.2)
            for lane in running:
                if lane.error:
                    raise lane.error
        except process.Interrupted:
            self.interrupted = True
            for lane in running:
                lane.stop()
            raise

    def alive(self, running):
        if time.monotonic() - self.spoke > QUIET:
            names = [lane.stage.name for lane in running if lane.stage]
            self.say(f"     at work: {', '.join(names)}")

    def follow(self, stage, stream, line):
        before = len(stream.results)
        stream.read(line)
        for result in stream.results[before:]:
            self.show(stage, result)
        # Else: what a failed test has to say, and that slow ones are alive.
        if len(stream.results) == before and (
                line.startswith(("testbed", "make"))
                or line.startswith("#") and stream.results
                and stream.results[-1].outcome == FAILED):
            self.say(f"     {stage.short}: {line}")

    def show(self, stage, result):
        self.say(f"{MARKS[result.outcome]} {stage.short}: {result.name}")

    def count(self, stage, stream, log):
        failed = [r for r in stream.results if r.outcome == FAILED]
        with self.lock:
            for result in stream.results:
                self.counts[result.outcome] += 1
            self.failures += [(stage, result, log) for result in failed]
        self.say(f"== {stage.name}: {len(stream.results)} tests, "
                 f"{len(failed)} failed; log {os.path.relpath(log)}")

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


def main(argv, program, stages, checker=Check):
    """program: "check", "soak" or "matrix"."""
    chosen = options(argv, program, stages)
    wanted = [s for s in stages if matches(s, chosen.only or ["*"])
              and not matches(s, chosen.without or [])]
    if chosen.list:
        for stage in wanted:
            print(stage.name)
        return 0
    process.terminate_cleanly()
    check = checker(new_folder(program))
    try:
        check.run(wanted, chosen.jobs)
    except process.Interrupted as interrupted:
        # Not a count: the tests that are left out would be missed.
        print(program + ": interrupted", flush=True)
        return 128 + interrupted.number
    return check.conclude()
