# SPDX-License-Identifier: GPL-2.0
"""Run a command for a test and look at what it said."""

import subprocess
import sys
from dataclasses import dataclass

from lab import process, relay
from lab.dom0 import tap


@dataclass
class Done:
    argv: tuple
    status: int
    out: str
    err: str

    def __str__(self):
        return (f"$ {' '.join(self.argv)}\nstatus {self.status}\n"
                f"{self.out[-2000:]}{self.err[-2000:]}")


def run(*argv, timeout=300, **options):
    """The command's end; one that hangs is killed."""
    with process.running(argv, stdin=subprocess.DEVNULL, text=True,
                         errors="replace", stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, **options) as child:
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            out, err = relay.stop(child)
            err += f"\nkilled after {timeout} s"
        except BaseException:
            relay.stop(child)
            raise
        return Done(argv, child.returncode, out, err)


def refused(name, done, status, *words):
    """The command must fail with one clear line that has these words."""
    lines = [line for line in done.err.splitlines() if line.strip()]
    return tap.ok(done.status == status and len(lines) == 1
                  and all(word in lines[0] for word in words)
                  and not done.out, name, done)


def main(*parts):
    """A program of tests: each part prints some results."""
    process.terminate_cleanly()
    try:
        for part in parts:
            part()
    except process.Interrupted as interrupted:
        sys.exit(128 + interrupted.number)
    tap.done()
