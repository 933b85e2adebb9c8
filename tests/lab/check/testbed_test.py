# SPDX-License-Identifier: GPL-2.0
"""Tests of the testbed: it tells a bad run, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

from lab import process, relay
from lab.check.command import main, run
from lab.cli import TREE
from lab.dom0 import tap

TESTBED = os.path.join(TREE, "tests", "testbed")
PATIENCE = 20       # seconds until the kernel has cleaned up after a death

# name, script, options, exit status, what the last lines must say
SCRIPTS = (
    ("dom0's kernel crashes", "echo c >/proc/sysrq-trigger; sleep 100", (),
     90, "sysrq triggered crash"),
    ("the kernel warns and the script is content",
     "echo 'WARNING: CPU: 0 PID: 1 at here.c:1' >/dev/kmsg", (),
     90, "WARNING: CPU: 0"),
    ("the script hangs", "echo 1..1; echo ok 1; sleep 1000",
     ("--time-limit", "60"), 91, "time limit of 60 s"),
    ("the script fails", "exit 7", ("--drivers", "in-tree"),
     7, "exit status 7"),
)


def processes(word):
    """Command lines of processes that name the word."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                line = file.read().replace(b"\0", b" ").decode(
                    errors="replace")
        except OSError:
            continue
        if word in line and int(pid) != os.getpid():
            found.append(f"{pid}: {line[:200]}")
    return found


def mounts():
    """Mounts of this machine, and loop devices on images of our cache."""
    with open("/proc/self/mounts") as file:
        found = {"mount " + line.split()[1] for line in file}
    done = run("losetup", "--noheadings", "--output", "NAME,BACK-FILE")
    cache = os.environ.get("XENMOD_CACHE") or f"{TREE}/build/cache"
    return found | {" ".join(line.split()) for line in done.out.splitlines()
                    if os.path.realpath(cache) in line}


def leftovers(folder, before, files=True):
    """What a run with its files in folder left, once all is settled."""
    end = time.monotonic() + PATIENCE
    while True:
        found = processes(folder) + sorted(mounts() - before)
        if files and os.path.isdir(f"{folder}/run"):
            found += [n for n in os.listdir(f"{folder}/run")
                      if n.startswith(".")]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.5)


def place(folder, text):
    path = f"{folder}/script"
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + text + "\n")
    return path


def check_scripts(folder):
    for number, (name, text, options, status, words) in enumerate(SCRIPTS):
        top = f"{folder}/{number}"
        os.mkdir(top)
        before = mounts()
        begin = time.monotonic()
        done = run(TESTBED, "run", *options, "--out", f"{top}/run",
                   place(top, text), timeout=500)
        took = time.monotonic() - begin
        tap.ok(done.status == status, f"{name}: exit status {status}", done)
        tap.ok(words in "\n".join(done.err.splitlines()[-2:]),
               f"{name}: the end says so", done)
        if status == 91:
            tap.ok(took < 60 + PATIENCE, f"{name}: it is cut off in time",
                   f"took {took:.0f} s")
        tap.equal(leftovers(top, before), [], f"{name}: nothing is left")


def wait_for_dom0(child, path):
    """Wait until the script has begun, by what it prints."""
    while child.poll() is None:
        if os.path.exists(path) and os.path.getsize(path):
            return True
        time.sleep(0.2)
    return False


def check_signals(folder):
    for number in (signal.SIGTERM, signal.SIGKILL):
        top = f"{folder}/{number.name}"
        os.mkdir(top)
        before = mounts()
        script = place(top, "echo here; sleep 1000")
        with process.running(
                [TESTBED, "run", "--time-limit", "120", "--out", f"{top}/run",
                 script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True) as child:
            begun = wait_for_dom0(child, f"{top}/run/output")
            child.send_signal(number)
            text = child.communicate(timeout=PATIENCE)[0]
        tap.ok(begun and child.returncode in (-number, 128 + number),
               f"{number.name} ends a run",
               f"status {child.returncode}\n{text}")
        # After a kill, nobody is there to remove files.
        tap.equal(leftovers(top, before, files=number != signal.SIGKILL), [],
                  f"{number.name}: nothing is left")


def check_exec():
    before = mounts()
    done = run(TESTBED, "exec", "--", "sh", "-c", "pwd; exit 5")
    tap.ok(done.status == 5 and done.out == "/src\n",
           "exec hands on output and exit status", done)
    mark = f"4{os.getpid()}.5"
    with process.running([TESTBED, "exec", "--", "sleep", mark],
                         stderr=subprocess.DEVNULL) as child:
        end = time.monotonic() + 60
        while not any(": sleep " in line for line in processes(mark)) \
                and time.monotonic() < end:
            time.sleep(0.1)
        relay.stop(child)
    tap.equal(leftovers(mark, before), [], "an interrupted exec leaves nothing")


def check_runs():
    folder = tempfile.mkdtemp(prefix="xenmod-check-")
    try:
        check_scripts(folder)
        check_signals(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main(check_exec, check_runs)
