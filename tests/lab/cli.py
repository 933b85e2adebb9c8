# SPDX-License-Identifier: GPL-2.0
"""The command line of tests/testbed."""

import argparse
import os
import sys

from lab import cell, kit, layer, machine, packaging, pci, process, root, run
from lab import suites
from lab.cache import Cache
from lab.progress import Trouble, say

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

TROUBLE = 92

EXAMPLES = """\
examples:
  tests/testbed run tests/xen/smoke.py
  tests/testbed run --drivers in-tree --guest pvh --guests 2 tests/xen/smoke.py
  tests/testbed run --iommu intel --pci e1000e --pci nvme my.sh
  tests/testbed shell --suite trixie
  tests/testbed exec -- sh -c 'make -C /lib/modules/*/build M=/src modules'

exit status of run: the script's own, or
  90  the kernel or Xen complained, or the machine did not power off in order
  91  the time limit was reached
  92  this machine will not do, or something could not be built
   2  wrong arguments
"""


def number(low, high):
    def parse(text):
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a number from {low} to {high}")
        return value
    return parse


def readable(text):
    if not os.path.isfile(text) or not os.access(text, os.R_OK):
        raise argparse.ArgumentTypeError(f"{text!r} is not a readable file")
    return text


def add_suite(parser):
    parser.add_argument("--suite", choices=suites.SUITES,
                        default=suites.DEFAULT, metavar="SUITE",
                        help="Debian suite: " + ", ".join(suites.SUITES)
                        + " (default: %(default)s)")


def add_machine(parser):
    add = parser.add_argument
    add_suite(parser)
    add("--drivers", choices=layer.KINDS, default=layer.OURS,
        help="our modules, installed with dkms or by the packages before a "
             "kernel upgrade, or the "
             "distribution's, perhaps with packages at hand (default: "
             "%(default)s)")
    add("--guest", choices=("pv", "pvh"), default="pv",
        help="guests a script starts by default (default: %(default)s)")
    add("--guests", type=number(1, 32), default=1, metavar="N",
        help="how many of them (default: %(default)s)")
    add("--vcpus", type=number(1, 16), default=1, metavar="N",
        help="virtual CPUs of a guest (default: %(default)s)")
    add("--guest-memory", type=number(128, 65536), default=256, metavar="MB",
        help="memory of a guest (default: %(default)s)")
    add("--memory", type=number(1024, 1 << 20), default=4096, metavar="MB",
        help="memory of the machine (default: %(default)s)")
    add("--cpus", type=number(1, 64), default=2, metavar="N",
        help="CPUs of the machine (default: %(default)s)")
    add("--dom0-memory", type=number(512, 1 << 20), default=1536, metavar="MB",
        help="memory of dom0 (default: %(default)s)")
    add("--dom0-vcpus", type=number(1, 64), default=1, metavar="N",
        help="virtual CPUs of dom0 (default: %(default)s)")
    add("--dom0", choices=("pv", "pvh"), default="pv",
        help="kind of dom0; pvh needs --iommu (default: %(default)s)")
    add("--bare", action="store_true",
        help="no Xen: the kernel runs on the machine itself")
    add("--iommu", choices=("intel", "amd"),
        help="emulate an IOMMU (on the q35 machine)")
    add("--pci", choices=pci.MODELS, action="append", default=[],
        metavar="MODEL", help="add a PCI device that a guest can be given: "
        + ", ".join(pci.MODELS) + " (repeatable; needs --iommu)")
    add("--icount", action="store_true",
        help="count time in instructions: slower, but reproducible")
    add("--acpi-table", type=readable, action="append", default=[],
        metavar="FILE", help="add an ACPI table, compiled or its source, *.asl "
                             "(repeatable)")
    add("--suspend", action="store_true",
        help="the script may put the machine to sleep (S3): it is woken after a "
             "second; what the script prints comes at its end")
    add("--qemu-arg", action="append", default=[], metavar="ARGS",
        help="more arguments for QEMU (repeatable)")
    add("--xen-arg", action="append", default=[], metavar="ARG",
        help="more of Xen's command line (repeatable)")
    add("--dom0-arg", action="append", default=[], metavar="ARG",
        help="more of dom0's kernel command line (repeatable)")
    add("--time-limit", type=number(1, 1 << 20), metavar="SEC",
        help="from power on to power off (default: 600, none for shell)")
    add("--out", metavar="DIR",
        help="where logs and results go (default: build/runs/<time>-<pid>)")
    add("--verbose", action="store_true",
        help="show the serial console of Xen and dom0")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        program = os.path.basename(self.prog.split()[0])
        self.exit(2, f"{program}: {message} (see {self.prog} --help)\n")


def parser():
    top = Parser(
        prog="tests/testbed", epilog=EXAMPLES, description="Boots a real Xen"
        " with a stock Debian kernel in QEMU and runs things in dom0.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True,
                                  metavar="COMMAND")
    add = commands.add_parser(
        "run", help="run a script in dom0", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_machine(add)
    add.add_argument("script", type=readable, metavar="SCRIPT")
    add.add_argument("args", nargs=argparse.REMAINDER, metavar="ARGS")
    add_machine(commands.add_parser("shell", help="a console in dom0"))
    add = commands.add_parser(
        "exec", help="run a command in the suite's root, this tree at /src")
    add_suite(add)
    add.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- CMD ...")
    add = commands.add_parser("root",
                              help="build the suite's root, or renew it")
    add_suite(add)
    add.add_argument("--refresh", action="store_true",
                     help="build it again from today's packages")
    add = commands.add_parser("deb", help="build this tree's Debian packages")
    add_suite(add)
    add.add_argument("--out", metavar="DIR",
                     help="where they go (default: build/deb/SUITE)")
    add = commands.add_parser("package",
                              help="run a program of tests/package in a "
                                   "suite's root")
    add_suite(add)
    add.add_argument("program", choices=packaging.PROGRAMS)
    add.add_argument("args", nargs=argparse.REMAINDER, metavar="ARGS")
    commands.add_parser("list", help="list the suites and what is cached")
    commands.add_parser("clean", help="remove everything cached")
    return top


def check_options(options, top):
    if options.command == "exec":
        if options.argv[:1] == ["--"]:
            del options.argv[0]
        if not options.argv:
            top.error("exec needs a command: tests/testbed exec -- CMD ...")
    if options.command not in ("run", "shell"):
        return
    if options.dom0_memory > options.memory - 256:
        top.error(f"--dom0-memory {options.dom0_memory} leaves no room in "
                  f"--memory {options.memory}")
    if options.pci and not options.iommu:
        top.error("--pci needs --iommu: Xen gives guests no device without")
    if options.dom0 == "pvh" and not options.iommu:
        top.error("--dom0 pvh needs --iommu")
    if len(options.pci) > pci.LAST - pci.FIRST + 1:
        top.error(f"--pci {options.pci[-1]} finds no free slot")
    options.shell = options.command == "shell"
    if options.time_limit is None:
        options.time_limit = 600 if not options.shell else 1 << 20


def cache_folder():
    return os.path.abspath(os.environ.get("XENMOD_CACHE")
                           or os.path.join(TREE, "build", "cache"))


def prepare(suite, refresh=False):
    """(cache, root folder) of a suite, on a machine that is fit."""
    cache = Cache(os.path.join(cache_folder(), suite.name))
    path = os.path.join(cache.folder, f"root-{root.key(suite)}")
    machine.check(cache.folder, cold=refresh or not os.path.exists(path))
    machine.install(os.path.join(cache_folder(), "apt.log"))
    return cache, root.fetch(cache, suite, refresh)


def do_boot(options):
    suite = suites.SUITES[options.suite]
    cache, base = prepare(suite)
    folder = run.new_folder(options.out, TREE)
    tools = kit.fetch(cache, base)
    if options.drivers in (packaging.UPGRADED, packaging.OFFERED):
        top = packaging.layer(cache, base, suite, TREE, options.drivers)
        options.drivers = layer.OURS if options.drivers == packaging.UPGRADED \
            else layer.IN_TREE
    else:
        top = layer.fetch(cache, base, TREE, options.drivers)
    return run.boot(options, TREE, base, tools, top, folder)


def do_exec(options):
    _cache, base = prepare(suites.SUITES[options.suite])
    # A root in the making is full of modules; "make clean" must not see it.
    default = os.path.join(TREE, "build", "cache")
    hide = ["/src/build/cache"] if os.path.isdir(default) else []
    return cell.run(f"{base}/root.img", options.argv, binds=[(TREE, "/src")],
                    hide=hide, cwd="/src")


def do_root(options):
    _cache, base = prepare(suites.SUITES[options.suite], options.refresh)
    say(f"{options.suite}: kernel {root.release(base)}, {root.size(base)} in "
        f"{os.path.relpath(base)}")
    return 0


def do_deb(options):
    suite = suites.SUITES[options.suite]
    cache, base = prepare(suite)
    built = packaging.fetch(cache, base, suite, TREE)
    folder = options.out or os.path.join(TREE, "build", "deb", suite.name)
    for name in packaging.deliver(built, folder):
        print(os.path.relpath(os.path.join(folder, name)))
    return 0


def do_package(options):
    suite = suites.SUITES[options.suite]
    if options.program == packaging.BRIEF:
        default = suites.SUITES[suites.DEFAULT]
        packages = packaging.fetch(*prepare(default), default, TREE)
        return packaging.brief(prepare(suite)[1], TREE, packages)
    cache, base = prepare(suite)
    return packaging.check(cache, base, suite, TREE, options.program,
                           options.args)


def do_list(_options):
    print(f"{'suite':<10} {'kernel':<8} {'Xen':<6} root")
    for suite in suites.SUITES.values():
        path = os.path.join(cache_folder(), suite.name,
                            f"root-{root.key(suite)}")
        state = root.release(path) if os.path.exists(path) else "not built"
        print(f"{suite.name:<10} {suite.kernel:<8} {suite.xen:<6} {state}")
    return 0


def do_clean(_options):
    folder = cache_folder()
    busy = []
    for suite in suites.SUITES:
        busy += Cache(os.path.join(folder, suite)).clean()
    if busy:
        raise Trouble(f"in use by another testbed, so not removed: "
                      f"{', '.join(busy)}")
    return 0


ACTIONS = {"run": do_boot, "shell": do_boot, "exec": do_exec, "root": do_root,
           "deb": do_deb, "package": do_package, "list": do_list, "clean": do_clean}


def main(argv):
    top = parser()
    options = top.parse_args(argv)
    check_options(options, top)
    process.terminate_cleanly()
    try:
        return ACTIONS[options.command](options)
    except Trouble as trouble:
        print(f"testbed: {trouble}", file=sys.stderr)
        return TROUBLE
    except OSError as error:
        print(f"testbed: {error}", file=sys.stderr)
        return TROUBLE
    except process.Interrupted as interrupted:
        print("testbed: interrupted", file=sys.stderr)
        return 128 + interrupted.number
