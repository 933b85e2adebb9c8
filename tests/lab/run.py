# SPDX-License-Identifier: GPL-2.0
"""One run: boot the machine, let dom0 work, bring everything back."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from lab import acpi, process, qemu, verdict
from lab.monitor import Monitor
from lab.progress import Trouble, say

# Exit statuses beside the script's own.
FAILED_VERDICT = 90
TIME_LIMIT = 91

POLL = 0.1
QUIET = 20          # seconds of silence before a line that we are alive
GRACE = 5           # seconds for a dying machine to finish its last words


class Follower:
    """Reads a growing file piece by piece."""

    def __init__(self, path):
        self.path = path
        self.file = None

    def read(self):
        if self.file is None:
            if not os.path.exists(self.path):
                return b""
            self.file = open(self.path, "rb")
        return self.file.read()


class Run:
    def __init__(self, options, folder, monitor):
        self.options = options
        self.folder = folder
        self.monitor = monitor
        self.begin = time.monotonic()
        self.output = Follower(self.path("output"))
        self.serial = Follower(self.path("serial.log"))
        self.started = None
        self.fatal = None       # when the log said that all is over
        self.spoke = self.begin
        self.late = ""          # tail of the serial log, for split lines

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def text(self, name):
        try:
            with open(self.path(name), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def age(self):
        return time.monotonic() - self.begin

    def watch(self, child):
        """Stream until the machine is off. False: time was up."""
        while child.poll() is None:
            self.stream()
            if self.age() > self.options.time_limit:
                return False
            if self.fatal and time.monotonic() - self.fatal > GRACE:
                break
            time.sleep(POLL)
        self.stream()
        return True

    def stream(self):
        self.monitor.poll()
        if self.started is None and os.path.exists(self.path("started")):
            self.started = self.age()
            say(f"dom0 is up {self.started:.1f} s after power on")
        data = self.output.read()
        if data:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            self.spoke = time.monotonic()
        self.listen(self.serial.read().decode(errors="replace"))
        if not self.options.shell and time.monotonic() - self.spoke > QUIET:
            self.spoke = time.monotonic()
            say(f"{'script runs' if self.started else 'booting'}, "
                f"{self.age():.0f} s of at most "
                f"{self.options.time_limit} s")

    def listen(self, text):
        if not text:
            return
        if self.options.verbose:
            sys.stderr.write(text)
        self.late = (self.late + text)[-4096:]
        if not self.fatal and verdict.FATAL.search(self.late):
            self.fatal = time.monotonic()

    def judge(self, in_time):
        """(exit status, why it is not the script's own)."""
        for name in self.logs():
            line = verdict.first_bad_line(self.text(name))
            if line:
                return FAILED_VERDICT, f"{name}: {line}"
        if not in_time:
            what = "the script" if self.started else "booting dom0"
            return TIME_LIMIT, (f"{what} was not done within the time limit "
                                f"of {self.options.time_limit} s")
        if not self.text("status"):
            return FAILED_VERDICT, ("the machine stopped before the script "
                                    "ended; see serial.log and qemu.log")
        # Xen switches off for a PV dom0 only.
        own = self.options.bare or self.options.dom0 == "pvh"
        off = verdict.POWER_OFF_BY_LINUX if own else verdict.POWER_OFF
        if off not in self.text("serial.log"):
            return FAILED_VERDICT, ("the machine did not power off in good "
                                    "order; see serial.log")
        return int(self.text("status")), None

    def logs(self):
        guests = []
        if os.path.isdir(self.path("guests")):
            guests = sorted(n for n in os.listdir(self.path("guests"))
                            if n.endswith(".log"))
        return ["serial.log", "dmesg"] + [f"guests/{name}" for name in guests]


def fill_inbox(inbox, options, tree):
    """What dom0 gets to see: the tests and the job to do."""
    shutil.copytree(os.path.join(tree, "tests"), f"{inbox}/tests",
                    symlinks=True,
                    ignore=shutil.ignore_patterns("__pycache__", "*.o"))
    job = {
        "drivers": options.drivers, "guest": options.guest,
        "guests": options.guests, "vcpus": options.vcpus,
        "guest_memory": options.guest_memory, "suite": options.suite,
        "cpus": options.cpus, "pci": options.pci,
        "shell": options.shell, "suspend": options.suspend,
        "bare": options.bare,
    }
    if not options.shell:
        name = place_script(inbox, options.script, tree)
        os.chmod(os.path.join(inbox, name), 0o755)
        job["argv"] = [f"/testbed/in/{name}", *options.args]
    if options.shell and sys.stdin.isatty():
        columns, lines = shutil.get_terminal_size()
        job["terminal"] = {"columns": columns, "lines": lines,
                           "term": os.environ.get("TERM", "vt100")}
    with open(f"{inbox}/job.json", "w") as file:
        json.dump(job, file)


def place_script(inbox, script, tree):
    """Scripts below tests/ keep their place; others are copied in."""
    inside = os.path.relpath(os.path.realpath(script),
                             os.path.join(os.path.realpath(tree), "tests"))
    if not inside.startswith(".."):
        return f"tests/{inside}"
    os.mkdir(f"{inbox}/script")
    shutil.copy(script, f"{inbox}/script/")
    return f"script/{os.path.basename(script)}"


def boot(options, tree, base, kit, layer, folder):
    """Boot, run, judge; the exit status."""
    with contextlib.ExitStack() as stack:
        inbox = stack.enter_context(
            tempfile.TemporaryDirectory(dir=folder, prefix=".in-"))
        fill_inbox(inbox, options, tree)
        tables = [acpi.table(path, folder) for path in options.acpi_table]
        monitor = stack.enter_context(contextlib.closing(Monitor()))
        argv = qemu.command(options, base, kit, layer, folder, inbox, tables)
        argv += monitor.arguments()
        with open(os.path.join(folder, "qemu.log"), "w") as log:
            print(" ".join(argv), file=log, flush=True)
            stdio = {} if options.shell else {"stdin": subprocess.DEVNULL}
            if not options.shell:
                stdio["stdout"] = log
            run = Run(options, folder, monitor)
            say("booting Xen and dom0 ...")
            with terminal(options), process.running(
                    argv, stderr=log, pass_fds=[monitor.peer.fileno()],
                    **stdio) as child:
                in_time = run.watch(child)
    return report(run, in_time)


class terminal:
    """The terminal as it was, whatever QEMU and dom0's shell did to it."""

    def __init__(self, options):
        self.mode = None
        if options.shell and sys.stdin.isatty():
            import termios
            self.mode = termios.tcgetattr(0)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self.mode:
            import termios
            termios.tcsetattr(0, termios.TCSADRAIN, self.mode)


def report(run, in_time):
    status, why = run.judge(in_time)
    for name in ("started", "status"):
        if os.path.exists(run.path(name)):
            os.unlink(run.path(name))
    shown = os.path.relpath(run.folder)
    if why:
        say(f"FAILED: {why}")
    say(f"exit status {status} after {run.age():.1f} s; logs in {shown}")
    return status


def new_folder(wanted, tree):
    """The run's folder, made and empty."""
    if not wanted:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        wanted = os.path.join(tree, "build", "runs", f"{stamp}-{os.getpid()}")
    wanted = os.path.abspath(wanted)
    os.makedirs(wanted, exist_ok=True)
    if os.path.exists(os.path.join(wanted, "serial.log")):
        raise Trouble(f"{wanted} already holds a run; name another folder "
                      "with --out")
    return wanted
