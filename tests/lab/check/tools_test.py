# SPDX-License-Identifier: GPL-2.0
"""Tests of the xenmod command where there is no Xen: it builds without a
warning, installs, and says what is wrong. Runs in the suite's root."""

import os
import tempfile

from lab.check.command import main, refused, run
from lab.dom0 import tap

INSTALLED = ("sbin/xenmod", "share/man/man8/xenmod.8",
             "share/bash-completion/completions/xenmod")


def check_build():
    with tempfile.TemporaryDirectory() as folder:
        done = run("make", "-s", "-C", "tools", "install",
                   "CFLAGS=-O2 -g -Werror", f"OUT={folder}/build",
                   f"DESTDIR={folder}/root", "PREFIX=/usr")
        tap.ok(done.status == 0 and not done.err,
               "xenmod builds without a warning", done)
        for name in INSTALLED:
            tap.ok(os.path.exists(f"{folder}/root/usr/{name}"),
                   f"make install puts {name}")
        xenmod = f"{folder}/root/usr/sbin/xenmod"
        if os.path.exists(xenmod):
            check_command(xenmod)


def check_command(xenmod):
    done = run(xenmod, "--help")
    tap.ok(done.status == 0 and "status" in done.out and not done.err,
           "xenmod --help lists its commands", done)
    with open("dkms.conf") as file:
        version = [line.split('"')[1] for line in file
                   if line.startswith("PACKAGE_VERSION")][0]
    done = run(xenmod, "--version")
    tap.ok(done.status == 0 and version in done.out,
           "xenmod --version tells dkms.conf's version", done)
    refused("status says that this is not Xen", run(xenmod, "status"), 1,
            "Xen")
    for argv in (("frobnicate",), ("status", "--frobnicate"),
                 ("status", "extra"), ("status", "--interval", "never")):
        refused(f"wrong arguments are refused: {' '.join(argv)}",
                run(xenmod, *argv), 2, argv[-1])


main(check_build)
