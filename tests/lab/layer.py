# SPDX-License-Identifier: GPL-2.0
"""The layer: what installing this tree changes in a suite's root.

"ours" installs the modules the way a user does, with dkms; "upgraded" by the
Debian packages, before the kernel was upgraded; "in-tree" leaves the distribution's
modules alone. These carry the xenmod command. "offered" has the Debian packages at
hand, and the distribution's modules serve."""

import os
import re
import shutil

from lab import cell, packaging, root
from lab.cache import digest, digest_files
from lab.progress import Trouble, step

OURS = "ours"
IN_TREE = "in-tree"
KINDS = (OURS, packaging.UPGRADED, IN_TREE, packaging.OFFERED)

# What a build leaves in the tree.
PRODUCTS = shutil.ignore_patterns(
    "*.o", "*.ko", "*.mod", "*.mod.c", "*.a", "*.d", ".*.cmd", ".*.d",
    "modules.order", "Module.symvers", "__pycache__")


def sources(tree, kind):
    """What the installation takes, nothing else."""
    names = ["dkms.conf", "tools"]
    if kind == OURS:
        names += ["Makefile", "Kbuild", "COPYING", "include", "compat"]
        names += [n for n in os.listdir(tree)
                  if re.fullmatch(r"xen-.*-mod", n)]
    return sorted(n for n in names if os.path.exists(os.path.join(tree, n)))


def setting(tree, name):
    """A value of dkms.conf."""
    path = os.path.join(tree, "dkms.conf")
    if not os.path.exists(path):
        raise Trouble("there is no dkms.conf at the top of this tree, so our "
                      "modules cannot be installed; use --drivers in-tree")
    with open(path) as file:
        found = re.search(rf'^{name}="?([^"\n]+)', file.read(), re.MULTILINE)
    if not found:
        raise Trouble(f"dkms.conf does not set {name}")
    return found.group(1)


def fetch(cache, base, tree, kind):
    """The layer's image, or None when there is nothing to install."""
    if not sources(tree, kind):
        return None
    # People go on editing: hash and build the same copy.
    with cache.scratch() as copy:
        snapshot(tree, kind, copy)

        def build(part):
            os.makedirs(part)
            what = "our modules with dkms" if kind == OURS else \
                "the xenmod command"
            with step(f"installing {what}"):
                install(base, copy, kind, part)

        key = digest(os.path.basename(base), script(base, copy, kind),
                     digest_files(copy, os.listdir(copy)))
        return cache.fetch(f"layer-{kind}", key, build) + "/layer.img"


def snapshot(tree, kind, copy):
    for name in sources(tree, kind):
        source, target = os.path.join(tree, name), os.path.join(copy, name)
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, ignore=PRODUCTS)
        elif not os.path.exists(target):
            shutil.copy2(source, target)


def install(base, tree, kind, part):
    cell.run(f"{base}/root.img", ["sh", "-ec", script(base, tree, kind)],
             binds=[(tree, "/src")], cwd="/src", pack=f"{part}/layer.img",
             log=f"{part}/log", what="installing this tree")


def script(base, tree, kind):
    """The commands a user would type."""
    if kind == IN_TREE:
        return "make -C tools install PREFIX=/usr"
    log = "/var/lib/dkms/%s/%s/build/make.log" % (
        setting(tree, "PACKAGE_NAME"), setting(tree, "PACKAGE_VERSION"))
    return f"make install KERNEL={root.release(base)} || {{ " \
           f"[ ! -e {log} ] || cat {log}; exit 1; }}"
