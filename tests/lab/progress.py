# SPDX-License-Identifier: GPL-2.0
"""Progress lines on stderr, each with the time since the start."""

import contextlib
import sys
import threading
import time

START = time.monotonic()
HEARTBEAT = 10


class Trouble(Exception):
    """Something a person can act on: told in one line, without a trace."""


def elapsed():
    return time.monotonic() - START


def say(text):
    print(f"testbed [{elapsed():5.1f} s] {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def heartbeat(interval, beat):
    """Call beat every so many seconds meanwhile."""
    done = threading.Event()

    def run():
        while not done.wait(interval):
            beat()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextlib.contextmanager
def step(text):
    """Announce a step, show that it is alive, and tell what it took."""
    say(f"{text} ...")
    begin = time.monotonic()
    with heartbeat(HEARTBEAT, lambda: say(
            f"{text}: {time.monotonic() - begin:.0f} s so far")):
        yield
    say(f"{text}: done in {time.monotonic() - begin:.1f} s")
