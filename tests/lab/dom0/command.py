# SPDX-License-Identifier: GPL-2.0
"""Run commands in dom0."""

import subprocess
import time


def output(*argv, timeout=60):
    """What a command prints; it must succeed."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True)
    if done.returncode:
        raise RuntimeError("%s: status %d: %s" % (
            " ".join(argv), done.returncode, done.stderr.strip()))
    return done.stdout


def modprobe(*names):
    output("modprobe", "-a", *names)


def wait_until(condition, timeout, what):
    """Poll until condition() is true; its value."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("%s: not within %g s" % (what, timeout))
        time.sleep(0.05)


def kernel_log():
    return output("dmesg")
