# SPDX-License-Identifier: GPL-2.0
"""Tests of the benchmark's plugin, with a QEMU that we play. Runs in the
suite's root, where there is a compiler."""

import ctypes
import os
import tempfile
import time

from lab.check.command import main, run
from lab.dom0 import tap

SOURCES = "tests/bench/plugin"
KERNEL = 0xffffffff81000000
XEN = 0xffff82d040200000
USER = 0x400000
SECONDS = 20


class Qemu:
    """QEMU's end: translates and executes blocks, asks for tables."""

    def __init__(self, folder):
        self.folder = folder
        self.fifo = folder + "/fifo"
        os.mkfifo(self.fifo)
        self.library = ctypes.CDLL(self.build("fake_qemu"),
                                   mode=ctypes.RTLD_GLOBAL)
        self.plugin = ctypes.CDLL(self.build("count"))

    def build(self, name):
        path = f"{self.folder}/{name}.so"
        done = run("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC",
                   "-shared", "-fvisibility=hidden", "-pthread", "-o", path,
                   f"{SOURCES}/{name}.c")
        tap.ok(done.status == 0 and not done.err,
               f"{name}.c builds without a warning", done)
        return path

    def install(self, *arguments):
        texts = (ctypes.c_char_p * len(arguments))(
            *(text.encode() for text in arguments))
        return self.plugin.qemu_plugin_install(
            ctypes.c_uint64(1), None, len(arguments), texts)

    def translate(self, address, instructions, code=b"\x90"):
        return self.library.fake_translate(
            ctypes.c_uint64(address), ctypes.c_size_t(instructions),
            ctypes.c_char_p(code), ctypes.c_size_t(len(code)))

    def execute(self, block, vcpu, times):
        for _turn in range(times):
            self.library.fake_execute(block, vcpu)

    def table(self):
        """[(vcpu, address, instructions, executions, kind)]"""
        path = self.folder + "/table"
        with open(self.fifo, "w") as fifo:
            fifo.write(path + "\n")
        end = time.monotonic() + SECONDS
        while not os.path.exists(path):
            if time.monotonic() > end:
                raise TimeoutError("the plugin wrote no table")
            time.sleep(0.01)
        with open(path) as file:
            rows = [line.split() for line in file]
        os.unlink(path)
        return sorted((int(vcpu), int(address, 16), int(size), int(count),
                       int(kind))
                      for vcpu, address, size, count, kind in rows)


def check_counts(qemu):
    submit = qemu.translate(KERNEL, 12)
    xen = qemu.translate(XEN, 3)
    tap.equal(qemu.table(), [], "what did not run is not in the table")
    qemu.execute(submit, 0, 5)
    qemu.execute(submit, 1, 2)
    qemu.execute(xen, 0, 7)
    tap.equal(qemu.table(), [(0, XEN, 3, 7, 0), (0, KERNEL, 12, 5, 0),
                             (1, KERNEL, 12, 2, 0)],
              "executions of each block on each virtual CPU")
    tap.equal(qemu.table(), [], "a table begins where the last one ended")
    again = qemu.translate(KERNEL, 12)
    shorter = qemu.translate(KERNEL, 4)
    qemu.execute(submit, 0, 1)
    qemu.execute(again, 0, 2)
    qemu.execute(shorter, 0, 10)
    tap.equal(qemu.table(), [(0, KERNEL, 4, 10, 0), (0, KERNEL, 12, 3, 0)],
              "the same code translated again is the same block")
    for address in (USER, USER + 64):
        qemu.execute(qemu.translate(address, 9), 0, 4)
    tap.equal(qemu.table(), [(0, 0, 9, 8, 0)], "user space is one place")


# address, code of a block's only instruction, its kind
STRINGS = (
    (XEN + 100, b"\xf3\x48\xa5", 1),       # rep movsq
    (XEN + 200, b"\xf3\xaa", 1),           # rep stosb
    (XEN + 300, b"\x48\xa5", 0),           # movsq
    (XEN + 400, b"\xf3\x90", 2),           # pause
    (XEN + 500, b"\xf3\x0f\xb8\xc0", 0),   # popcnt
    (XEN + 600, b"\xf2\xae", 1),           # repne scasb
)


def check_strings(qemu):
    for address, code, kind in STRINGS:
        qemu.execute(qemu.translate(address, 1, code), 0, 3)
        tap.equal(qemu.table(), [(0, address, 1, 3, kind)],
                  f"{code.hex()} is of kind {kind}")
    qemu.execute(qemu.translate(XEN + 700, 2, b"\xf3\xa4"), 0, 1)
    tap.equal(qemu.table(), [(0, XEN + 700, 2, 1, 0)],
              "a longer block is not executed for each repetition")


def check():
    with tempfile.TemporaryDirectory() as folder:
        qemu = Qemu(folder)
        tap.ok(qemu.install() != 0, "without an argument it refuses")
        tap.ok(qemu.install("fifo=" + folder + "/none/fifo") != 0,
               "without its FIFO, too")
        tap.equal(qemu.install("fifo=" + qemu.fifo), 0, "it is installed")
        check_counts(qemu)
        check_strings(qemu)


main(check)
