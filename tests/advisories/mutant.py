# SPDX-License-Identifier: GPL-2.0
"""Mutants: copies of our code, each without one rule.

A mutant is a small patch with a head of lines "Name: value":
    Test    the test that must fail
    Rule    what is taken away
    Program the one that has it, if not advisory_test
    On      "xen" if the test needs a real Xen (tests/xen/advisories.py)
"""

import glob
import os
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
MODULE_PARTS = ("Kbuild", "Makefile", "dkms.conf", "COPYING", "compat",
                "include", "tools")
# There is but one line around a change, and it has to be there.
FUZZ = "--fuzz=0"

WITHOUT_PRODUCTS = shutil.ignore_patterns(
    "*.o", "*.ko", "*.mod", "*.mod.c", "*.a", "*.d", ".*.cmd", "out",
    "modules.order", "Module.symvers", "__pycache__")


class Mutant:
    def __init__(self, path):
        self.path = os.path.relpath(path, TREE)
        self.name = os.path.basename(path)[:-len(".patch")]
        with open(path) as file:
            self.text = file.read()
        head = dict(re.findall(r"^(\w+): (.*)$",
                               self.text.split("\n--- ")[0], re.M))
        self.test = head["Test"]
        self.rule = head["Rule"]
        self.program = head.get("Program", "advisory_test")
        self.place = head.get("On", "user")

    @property
    def advisory(self):
        found = re.match(r"(cve)-(\d+)-(\d+)|(xsa)-(\d+)", self.name)
        return "-".join(part for part in found.groups() if part).upper()

    def apply(self, tree):
        """What is wrong, or None."""
        done = subprocess.run(
            ["patch", "-p1", "--batch", "--no-backup-if-mismatch", FUZZ,
             "--reject-file=-"], cwd=tree, input=self.text,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)
        if done.returncode:
            return "%s no longer applies, adapt it to the code:\n%s" % (
                self.path, done.stdout)
        return None


def load(place):
    """All mutants of "user" or "xen", by name."""
    found = [Mutant(path) for path in
             sorted(glob.glob(os.path.join(HERE, "mutants", "*.patch")))]
    return [one for one in found if one.place == place]


def copy_tree(target, host=False):
    """What the modules are built from; with host also their unit tests."""
    os.makedirs(target)
    parts = [p for p in MODULE_PARTS if os.path.exists(os.path.join(TREE, p))]
    parts += [p for p in os.listdir(TREE) if re.fullmatch(r"xen-.*-mod", p)]
    if host:
        parts.append("tests/host")
    for part in parts:
        source, place = os.path.join(TREE, part), os.path.join(target, part)
        if os.path.isdir(source):
            shutil.copytree(source, place, symlinks=True,
                            ignore=WITHOUT_PRODUCTS)
        else:
            shutil.copy2(source, place)


def stale(mutants):
    """Print those that no longer apply; how many they are."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="xenmod-mutants-") as folder:
        for one in mutants:
            tree = os.path.join(folder, one.name)
            copy_tree(tree)
            problem = one.apply(tree)
            if problem:
                print(problem)
                count += 1
    print("%d of %d patches apply" % (len(mutants) - count, len(mutants)))
    return 1 if count else 0
