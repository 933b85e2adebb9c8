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
def step(text):
    """Announce a step, show that it is alive, and tell what it took."""
    say(f"{text} ...")
    begin = time.monotonic()
    done = threading.Event()

    def beat():
        while not done.wait(HEARTBEAT):
            say(f"{text}: {time.monotonic() - begin:.0f} s so far")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    say(f"{text}: done in {time.monotonic() - begin:.1f} s")
