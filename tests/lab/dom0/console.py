# SPDX-License-Identifier: GPL-2.0
"""Talk to a guest's init over its console. lab/guest/init has the format."""

import base64
import hashlib
import os
import select
import threading
import tty

CHUNK = 512         # the console ring is small, the guest's tty slow


class GuestGone(Exception):
    """The guest's console ended."""


class Job:
    """A command in a guest: its status and output once it is done."""

    def __init__(self, console, name, command):
        self.console = console
        self.command = command
        self.name = name
        self.lines = []
        self.done = threading.Event()
        self.status = None
        self.output = None

    def wait(self, timeout=60):
        """(status, output); kills the command when time is up."""
        if not self.done.wait(timeout):
            self.kill()
            raise TimeoutError("no result within %g s" % timeout)
        if self.status is None:
            raise GuestGone("the guest ended during a command")
        return self.status, self.output

    @property
    def running(self):
        return not self.done.is_set()

    def kill(self):
        self.console.send("-" + self.name)

    def finish(self, status, checksum):
        """Called with a result's last line; asks again if it came broken."""
        try:
            data = base64.b64decode("".join(self.lines), validate=True)
        except ValueError:
            data = None
        self.lines = []
        if data is None or hashlib.md5(data).hexdigest() != checksum:
            self.console.send("?" + self.name)
            return
        self.status = int(status)
        self.output = data.decode(errors="replace")
        self.console.note("$ %s\n%s[status %d]\n" % (
            self.command, self.output, self.status))
        self.done.set()


class Console:
    """A guest's console; commands and output are also kept in transcript."""

    def __init__(self, path, transcript):
        self.transcript = transcript
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        self.ready = threading.Event()
        self.gone = False
        self.jobs = {}
        self.text = []          # all that the guest said, for people
        self.lock = threading.Lock()
        self.stop, self.stopper = os.pipe()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def close(self):
        os.write(self.stopper, b"x")
        self.thread.join()
        for fd in (self.fd, self.stop, self.stopper):
            os.close(fd)

    def start(self, command):
        """Start a shell command in the guest; a Job."""
        with self.lock:
            job = Job(self, str(len(self.jobs) + 1), command)
            self.jobs[job.name] = job
            text = base64.b64encode(command.encode()).decode()
            for place in range(0, len(text), CHUNK):
                self._send("+" + text[place:place + CHUNK])
            self._send("!" + job.name)
        return job

    def note(self, text):
        with open(self.transcript, "a") as file:
            file.write(text)

    def send(self, line):
        with self.lock:
            self._send(line)

    def _send(self, line):
        if self.gone:
            raise GuestGone("the guest's console ended")
        os.write(self.fd, line.encode() + b"\n")

    def _read(self):
        rest = b""
        while True:
            readable, _, _ = select.select([self.fd, self.stop], [], [])
            if self.stop in readable:
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                self._end()
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._line(line.decode(errors="replace").rstrip("\r"))

    def _end(self):
        """No command will be done any more."""
        with self.lock:
            self.gone = True
            for job in self.jobs.values():
                job.done.set()

    def _line(self, line):
        words = line.split()
        job = self.jobs.get(words[1]) if len(words) > 1 else None
        if line == "@ready":
            self.ready.set()
        elif job and words[0] == "@begin":
            job.lines = []
        elif job and words[0] == "@:" and len(words) == 3:
            job.lines.append(words[2])
        elif job and words[0] == "@end" and len(words) == 4:
            job.finish(words[2], words[3])
        else:
            self.text.append(line)
