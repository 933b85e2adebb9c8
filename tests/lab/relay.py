# SPDX-License-Identifier: GPL-2.0
"""Run a command and pass on what it prints, line by line."""

import contextlib
import subprocess

from lab import process

GRACE = 20      # seconds for an interrupted command to clean up


def stop(child):
    """Let it clean up, but not for ever; the rest of what it said."""
    child.terminate()
    try:
        return child.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.communicate()


@contextlib.contextmanager
def _orderly(child):
    """A child that may clean up before it is gone."""
    try:
        yield
    except BaseException:
        stop(child)
        raise


def run(argv, each, started=lambda child: None, **options):
    """Call each(line) for all that argv prints; its exit status. Who has to
    end it from elsewhere is given the child by started(child)."""
    with process.running(argv, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         **options) as child, _orderly(child):
        started(child)
        with open(child.stdout.fileno(), errors="replace",
                  closefd=False) as lines:
            for line in lines:
                each(line.rstrip("\r\n"))
        return child.wait()
