# SPDX-License-Identifier: GPL-2.0
"""A BPF program on a vif: xdp.c says what it does with pings."""

import os
import shutil

from dom0.command import output
from dom0.module import try_command

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "xdp.c")
DROPPED, ANSWERED, REDIRECTED, ABORTED, PASSED = range(101, 106)
COMPILER = "clang-14"


def available():
    return shutil.which(COMPILER) is not None


def build(redirect_to):
    """The program's file; pings of one size go to that network device."""
    with open("/sys/class/net/%s/ifindex" % redirect_to) as file:
        index = file.read().strip()
    path = "/run/testbed/xdp.o"
    output(COMPILER, "-O2", "-g", "-target", "bpf",
           "-I/usr/include/x86_64-linux-gnu", "-DREDIRECT_TO=" + index, "-c",
           SOURCE, "-o", path)
    return path


def attach(name, path):
    """In the driver, not in the stack behind it: (status, message)."""
    return try_command("ip", "link", "set", "dev", name, "xdpdrv", "obj", path,
                       "sec", "xdp")


def detach(name):
    output("ip", "link", "set", "dev", name, "xdpdrv", "off")
