# SPDX-License-Identifier: GPL-2.0
"""Debian packages of this tree, built in a suite's root."""

import os
import shutil
from dataclasses import dataclass

from lab import cell
from lab.cache import digest, digest_files
from lab.progress import step

# What building and judging packages takes beyond what a root has.
TOOLS = ("build-essential", "debhelper", "dh-sequence-dkms", "lintian",
         "apt-utils", "initramfs-tools", "openssl")

# What the packages are made of.
SOURCES = ("Kbuild", "Makefile", "dkms.conf", "COPYING", "CHANGES",
           "README.md", "include", "compat", "docs", "tools", "debian")

PACKAGE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "package")
FETCH_KERNELS = os.path.join(PACKAGE, "fetch-kernels")

# Hosts made of packages: installed before the kernel was upgraded to what boots, or
# at hand, with a version installed that does not know the kernel.
UPGRADED = "upgraded"
OFFERED = "offered"

# Of tests/package. BRIEF takes the default suite's packages, and no tools.
BRIEF = "brief"
PROGRAMS = ("install", "source", "kernels", "doctor", BRIEF)


@dataclass(frozen=True)
class Edition:
    """Packages as this tree makes them, or with another version, to upgrade from,
    which may know other kernels."""

    kind: str
    version: str = None
    kernels: str = None


NEW = Edition("packages")
OLD = Edition("old-packages", "0.0.1")
# For it each suite's kernel is too new.
NARROW = Edition("narrow-packages", "0.0.0", "^4[.]")

# A mirror that lags may offer a Release file past its date.
STALE = " -oAcquire::Check-Valid-Until=false"


def tools(cache, base, suite):
    """A layer over the root: apt's lists, and what builds packages."""
    def build(part):
        os.makedirs(part)
        with step(f"adding what builds packages to the root of {suite.name}"):
            fill(base, suite, part)
    key = digest(os.path.basename(base), script(suite))
    return cache.fetch("packaging", key, build) + "/layer.img"


def update(suite):
    return f"apt-get -qq{STALE if suite.stale_release else ''} update\n"


def script(suite):
    return (
        # The root leaves out manuals and what lintian consists of.
        "sed -i /path-exclude/d /etc/dpkg/dpkg.cfg.d/*; "
        f"{update(suite)}"
        "DEBIAN_FRONTEND=noninteractive apt-get -qq -y "
        f"--no-install-recommends install {' '.join(TOOLS)} </dev/null && "
        "apt-get clean")


def fill(base, suite, part):
    cell.run(f"{base}/root.img", ["sh", "-ec", script(suite)],
             env={"INITRD": "No"}, pack=f"{part}/layer.img",
             log=f"{part}/log", what="installing what builds packages")


def kernels(cache, base, suite):
    """A layer over the tools: packages of further kernels in apt's cache."""
    below = tools(cache, base, suite)
    with open(FETCH_KERNELS) as file:
        commands = update(suite) + file.read()

    def build(part):
        os.makedirs(part)
        with step(f"fetching kernels of {suite.name}"):
            cell.run(f"{base}/root.img", ["sh", "-ec", commands],
                     layers=[below], pack=f"{part}/layer.img",
                     log=f"{part}/log", what="fetching kernels")

    key = digest(os.path.basename(os.path.dirname(below)), commands)
    return cache.fetch("kernels", key, build) + "/layer.img"


def check(cache, base, suite, tree, program, arguments):
    """Run a program of tests/package; its exit status."""
    packages = fetch(cache, base, suite, tree)
    older = fetch(cache, base, suite, tree, OLD)
    layers = [tools(cache, base, suite)]
    if program in ("source", "kernels"):
        layers.append(kernels(cache, base, suite))
    return run(base, program, arguments, tree, layers,
               [(packages, "/packages"), (older, "/packages-old")])


def run(base, program, arguments, tree, layers, binds):
    return cell.run(f"{base}/root.img",
                    [f"/src/tests/package/{program}", *arguments],
                    layers=layers, cwd="/src", binds=[(tree, "/src"), *binds])


def brief(base, tree, packages):
    """The short look at a suite, with another suite's packages."""
    return run(base, BRIEF, [], tree, [], [(packages, "/packages")])


def sources(tree):
    names = [n for n in os.listdir(tree)
             if n.startswith("xen-") and n.endswith("-mod")]
    return sorted(n for n in [*SOURCES, *names]
                  if os.path.exists(os.path.join(tree, n)))


def snapshot(tree, copy, edition):
    """The packages' sources."""
    from lab.layer import PRODUCTS
    for name in sources(tree):
        source, target = os.path.join(tree, name), os.path.join(copy, name)
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, ignore=PRODUCTS)
        else:
            shutil.copy2(source, target)
    for name, value in (("PACKAGE_VERSION", edition.version),
                        ("BUILD_EXCLUSIVE_KERNEL", edition.kernels)):
        if value:
            set_value(os.path.join(copy, "dkms.conf"), name, value)


def set_value(path, name, value):
    with open(path) as file:
        lines = file.readlines()
    with open(path, "w") as file:
        for line in lines:
            if line.startswith(name + "="):
                line = f'{name}="{value}"\n'
            file.write(line)


def fetch(cache, base, suite, tree, edition=NEW):
    """The folder with this tree's packages for the suite."""
    tools_layer = tools(cache, base, suite)
    with cache.scratch() as copy:
        snapshot(tree, copy, edition)

        def build(part):
            os.makedirs(part)
            what = f"building the packages for {suite.name}"
            with step(f"{what}, version {edition.version}" if edition.version
                      else what):
                # To upgrade from, the modules will do.
                words = ["/out", "-A"] if edition.version else ["/out"]
                cell.run(f"{base}/root.img", ["/src/debian/build", *words],
                         layers=[tools_layer], binds=[(copy, "/src"), (part, "/out")],
                         log=f"{part}/log", what="building the packages")

        key = digest(os.path.basename(os.path.dirname(tools_layer)), os.path.basename(base),
                     digest_files(copy, os.listdir(copy)))
        return cache.fetch(edition.kind, key, build)


def layer(cache, base, suite, tree, kind):
    """What a program of tests/package changes in a root, for a boot on top of it; see
    lab/layer.py."""
    return (upgraded if kind == UPGRADED else offered)(cache, base, suite, tree)


def upgraded(cache, base, suite, tree):
    """It has kernels in apt's cache, and makes a guest's image as lab/kit.py does."""
    from lab import kit
    layers = [tools(cache, base, suite), kernels(cache, base, suite)]
    binds = [(fetch(cache, base, suite, tree), "/packages")]
    return host(cache, base, suite, UPGRADED, layers, [*binds, (tree, "/src")], "",
                artifacts(binds), kit.sources())


def offered(cache, base, suite, tree):
    binds = [(fetch(cache, base, suite, tree, edition), place) for edition, place in (
        (NEW, "/packages"), (OLD, "/packages-old"), (NARROW, "/packages-narrow"))]
    return host(cache, base, suite, OFFERED, [], binds, update(suite),
                artifacts(binds))


def artifacts(binds):
    """What artifacts are called tells what is in them."""
    return [os.path.basename(path) for path, _place in binds]


def host(cache, base, suite, kind, layers, binds, before, *made_of):
    with open(os.path.join(PACKAGE, kind)) as file:
        commands = before + file.read()

    def build(part):
        os.makedirs(part)
        with step(f"making a host of {suite.name} with the packages {kind}"):
            cell.run(f"{base}/root.img", ["sh", "-ec", commands], layers=layers,
                     binds=binds, env={"INITRD": "No"},
                     pack=f"{part}/layer.img", log=f"{part}/log",
                     what="installing the packages")

    key = digest(os.path.basename(base), commands, *made_of)
    return cache.fetch("layer-" + kind, key, build) + "/layer.img"


def deliver(packages, folder):
    """Copy the packages to where people look for them; their names."""
    os.makedirs(folder, exist_ok=True)
    names = [n for n in sorted(os.listdir(packages)) if n != "log"]
    for name in names:
        shutil.copy(os.path.join(packages, name), folder)
    return names
