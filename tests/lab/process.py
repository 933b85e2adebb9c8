# SPDX-License-Identifier: GPL-2.0
"""Child processes that never outlive the testbed."""

import contextlib
import ctypes
import signal
import subprocess

from lab.progress import Trouble

PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIBC = ctypes.CDLL(None, use_errno=True)


class Interrupted(BaseException):
    """A signal asked us to stop."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def _die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(argv, **options):
    return subprocess.Popen(argv, preexec_fn=_die_with_parent, **options)


@contextlib.contextmanager
def running(argv, **options):
    """A child that is dead, and reaped, when the block is left."""
    child = start(argv, **options)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def call(argv, log, what, **options):
    """Run a command to its end; its output goes to the file `log`."""
    with open(log, "ab") as out:
        with running(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                     **options) as child:
            status = child.wait()
    if status:
        raise Trouble(f"{what} failed with status {status}; "
                      f"the end of {log}:\n{tail(log)}")


def tail(path, lines=20):
    with open(path, errors="replace") as file:
        return "".join(f"  | {line}" for line in file.readlines()[-lines:])


def isolated(argv):
    """The same command, with mounts and children of its own: both vanish
    with it, even when it is killed."""
    return ["unshare", "--mount", "--propagation", "private", "--pid",
            "--fork", "--kill-child=SIGKILL", *argv]


def terminate_cleanly():
    """Let SIGTERM and SIGHUP unwind like Ctrl-C does. Ctrl-C itself is set,
    too: a shell's background jobs are born with it ignored."""
    def leave(number, _frame):
        for signum in SIGNALS:      # one is enough: do not stop the cleaning
            signal.signal(signum, signal.SIG_IGN)
        raise Interrupted(number)

    for signum in SIGNALS:
        signal.signal(signum, leave)
