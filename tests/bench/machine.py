# SPDX-License-Identifier: GPL-2.0
"""One boot of the testbed with QEMU counting what runs."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from bench.jobs import DMA, DOMAIN_CPU, EXTRA, JOBS, MEMORY
from lab import cell, cli, process, root, suites
from lab.cache import digest, digest_files
from lab.progress import Trouble, step

HERE = os.path.dirname(os.path.abspath(__file__))
TESTBED = os.path.join(cli.TREE, "tests", "testbed")
SCRIPT = os.path.join(HERE, "measure.py")
PARALLEL = "parallel"
CLOCK = "icount"
REGIMES = (CLOCK, PARALLEL)

# What the figures depend on: each domain on its own CPU, and none of the
# work-arounds that Xen takes for the emulated CPU but not for current ones.
XEN_ARGS = ("dom0_vcpus_pin", "xpti=no", "spec-ctrl=no")
TIME_LIMIT = 3600
TABLE_SECONDS = 60
MEASURED = "measured.json"      # in a run's folder, once it is complete


def fetch_plugin(suite, folder):
    """A copy in `folder` of the plugin, compiled in the suite's root."""
    cache, base = cli.prepare(suites.SUITES[suite])
    source = os.path.join(HERE, "plugin")

    def build(part):
        os.makedirs(part)
        with step("building the plugin for QEMU"):
            cell.run(f"{base}/root.img",
                     ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC",
                      "-shared", "-fvisibility=hidden", "-pthread",
                      "-o", "/out/count.so", "/plugin/count.c"],
                     binds=[(source, "/plugin"), (part, "/out")],
                     log=f"{part}/log", what="building the plugin")

    key = digest(os.path.basename(base), digest_files(source, ["count.c"]))
    # The cache may be pruned before the last machine boots.
    return shutil.copy(cache.fetch("plugin", key, build) + "/count.so", folder)


# Where the jobs' devices come from.
PCI = ("--iommu", "intel", "--pci", "nvme", "--pci", "e1000")
MODULE = "dma-bench.ko"


def fetch_module(suite, folder):
    """A copy in `folder` of the module that maps and unmaps."""
    cache, base = cli.prepare(suites.SUITES[suite])
    source = os.path.join(HERE, "module")
    kernel = root.release(base)

    def build(part):
        os.makedirs(part)
        with step("building the module for the guest"):
            cell.run(f"{base}/root.img",
                     ["sh", "-ec", "cp -r /module /tmp/m; make -s -C "
                      f"/lib/modules/{kernel}/build M=/tmp/m modules; "
                      f"cp /tmp/m/{MODULE} /out/"],
                     binds=[(source, "/module"), (part, "/out")],
                     log=f"{part}/log", what="building the module")

    key = digest(os.path.basename(base),
                 digest_files(source, os.listdir(source)))
    return shutil.copy(cache.fetch("module", key, build) + "/" + MODULE,
                       folder)


class Counters:
    """The plugin's end of things: tables on demand."""

    def __init__(self, folder):
        self.folder = folder
        self.fifo = os.path.join(folder, "fifo")
        os.mkfifo(self.fifo)

    def read(self, keep=None):
        """Everything counted since the last call goes to the file `keep`."""
        path = os.path.join(self.folder, "table")
        with open(self.fifo, "w") as fifo:
            fifo.write(path + "\n")
        end = time.monotonic() + TABLE_SECONDS
        while not os.path.exists(path):
            if time.monotonic() > end:
                raise Trouble("QEMU's plugin wrote no table")
            time.sleep(0.01)
        if keep:
            shutil.move(path, keep)
        else:
            os.unlink(path)


class Listener(threading.Thread):
    """Answers the lines that dom0's script sends."""

    def __init__(self, path, counters, folder, told):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(1)
        self.counters = counters
        self.folder = folder
        self.told = told
        self.times = {}
        self.values = []

    def run(self):
        connection, _address = self.socket.accept()
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                self.take(json.loads(line))
                lines.write("go\n")
                lines.flush()

    def take(self, message):
        if message["at"] == "value":
            self.values.append((message["job"], message["metric"],
                                message["value"]))
            return
        name = f"{message['job']}.{message['operations']}"
        if message["at"] == "begin":
            self.counters.read()
        elif message["at"] == "end":
            self.counters.read(os.path.join(self.folder, name))
        else:
            self.times[name] = message["milliseconds"]
            self.told(message)


def jobs_of(regime, jobs):
    """Memory is not a matter of time: one regime is enough."""
    return [job for job in jobs if regime == CLOCK or job != MEMORY]


def arguments(options, drivers, regime, jobs, folder, control, plugin):
    argv = [sys.executable, "-B", TESTBED, "run", "--suite", options.suite,
            "--drivers", drivers, "--time-limit", str(TIME_LIMIT),
            "--out", folder]
    if regime == CLOCK:
        argv.append("--icount")
    if set(jobs) & set(EXTRA):
        argv += ["--cpus", str(DOMAIN_CPU + 1)]
    if jobs[0] != MEMORY and JOBS[jobs[0]].layer == DMA:
        argv += PCI
    for text in XEN_ARGS:
        argv += ["--xen-arg", text]
    for text in (f"-plugin {plugin},fifo={control}/fifo",
                 "-device virtio-serial-pci",
                 f"-chardev socket,id=bench,path={control}/socket",
                 "-device virtserialport,chardev=bench,name=bench"):
        argv += ["--qemu-arg", text]
    return argv + [SCRIPT, *jobs]


class Machines:
    """Those that run now: all stop when one of them fails."""

    def __init__(self):
        self.children = []
        self.lock = threading.Lock()
        self.over = False

    def run(self, argv, log):
        """Its exit status; output goes to the file `log`."""
        with open(log, "w") as out:
            with self.lock:
                if self.over:
                    raise Trouble("stopped")
                child = process.start(argv, stdin=subprocess.DEVNULL,
                                      stdout=out, stderr=out)
                self.children.append(child)
            return child.wait()

    def stop(self):
        with self.lock:
            self.over = True
            for child in self.children:
                if child.poll() is None:
                    child.terminate()


def measure(options, machines, drivers, regime, jobs, folder, built, told):
    """Run the jobs once; their tables are left in folder/tables."""
    tables = os.path.join(folder, "tables")
    os.makedirs(tables)
    if "module" in built:
        shutil.copy(built["module"], folder)
    with tempfile.TemporaryDirectory(prefix="bench-") as control:
        listener = Listener(f"{control}/socket", Counters(control), tables,
                            told)
        listener.start()
        argv = arguments(options, drivers, regime, jobs, folder, control,
                         built["plugin"])
        log = os.path.join(folder, "testbed.log")
        status = machines.run(argv, log)
    if status:
        raise Trouble(f"{drivers}, {regime}: the run failed with status "
                      f"{status}; the end of {log}:\n{process.tail(log)}")
    with open(os.path.join(folder, MEASURED), "w") as file:
        json.dump({"times": listener.times, "values": listener.values}, file)
