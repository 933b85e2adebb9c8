# SPDX-License-Identifier: GPL-2.0
"""What the kernel's own tools say: checkpatch, W=1, sparse, kernel-doc."""

import glob
import os
import re
import shutil
import subprocess
import tempfile

from rules.rule import Skip, rule

CHECKPATCH = ("/usr/share/xenmod-testbed/checkpatch/checkpatch.pl",
              "/usr/src/linux-source-*/scripts/checkpatch.pl")

IGNORED = (
    # Xen's public headers name states XenbusStateInitWait and so on.
    "CAMELCASE",
    # Told of every file that is given whole.
    "FILE_PATH_CHANGES",
)
# TRACE_EVENT's customary layout: arguments that are statements.
IGNORED_IN_TRACES = ("OPEN_ENDED_LINE", "PARENTHESIS_ALIGNMENT")

# Neither is about our sources.
HARMLESS = re.compile(
    r"Skipping BTF generation|the compiler differs from the one|"
    r"The kernel was built by:|You are using:|^\s*$")


def find_checkpatch():
    named = os.environ.get("CHECKPATCH")
    found = [named] if named else \
        [p for pattern in CHECKPATCH for p in sorted(glob.glob(pattern))]
    found = [p for p in found if os.path.exists(p)]
    if not found or not shutil.which("perl"):
        raise Skip("checkpatch is not here: run in the testbed, or set "
                   "CHECKPATCH to the path of checkpatch.pl")
    return found[-1]


@rule
def checkpatch(tree):
    """checkpatch --strict is silent."""
    script = find_checkpatch()
    paths = [p for p in tree.files if p.endswith((".c", ".h"))
             and re.match(r"(xen-[^/]*-mod|include|compat)/", p)]
    # It writes notes into the folder that it runs in.
    with tempfile.TemporaryDirectory(prefix="xenmod-static-") as copy:
        tree.copy_modules(copy)
        for traces in (False, True):
            chosen = [p for p in paths if p.endswith("trace.h") == traces]
            ignored = IGNORED + (IGNORED_IN_TRACES if traces else ())
            if not chosen:
                continue
            result = subprocess.run(
                ["perl", script, "--no-tree", f"--root={copy}", "--strict", "--terse", "--quiet",
                 "--show-types", "--color=never", "--no-summary",
                 "--ignore=" + ",".join(ignored), "--file", *chosen],
                cwd=copy, capture_output=True, text=True)
            yield from result.stdout.splitlines()
            # Some of its own slips at a file's end come with a "Use of".
            yield from (line for line in result.stderr.splitlines()
                        if not line.startswith("Use of uninitialized value"))


def build(tree, kernel, *variables):
    """Build the modules in a copy. Returns what the build said."""
    with tempfile.TemporaryDirectory(prefix="xenmod-static-") as copy:
        tree.copy_modules(copy)
        result = subprocess.run(
            ["make", "-s", "--no-print-directory", "-C", kernel, f"M={copy}",
             "modules", *variables],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "LC_ALL": "C"})
        lines = [line.replace(copy + "/", "")
                 for line in result.stdout.splitlines()
                 if not HARMLESS.search(line)]
        if result.returncode and not lines:
            lines = [f"the build failed with status {result.returncode}"]
        return lines


def kernels():
    found = sorted(glob.glob("/lib/modules/*/build"))
    found = [f for f in found if os.path.exists(os.path.join(f, "Makefile"))]
    if not found:
        raise Skip("no kernel headers are installed")
    return found


@rule
def warnings(tree):
    """The modules build with W=1 and not a word."""
    for kernel in kernels():
        yield from build(tree, kernel, "W=1")


@rule
def sparse(tree):
    """sparse has nothing to say, byte orders included."""
    if not shutil.which("sparse"):
        raise Skip("sparse is not installed")
    for kernel in kernels():
        yield from build(tree, kernel, "C=2", "CF=-D__CHECK_ENDIAN__")


@rule
def kernel_doc(tree):
    """kernel-doc understands all comments in include/xenmod."""
    scripts = sorted(glob.glob("/usr/lib/linux-kbuild-*/scripts/kernel-doc"))
    if not scripts or not shutil.which("perl"):
        raise Skip("the kernel's headers bring no kernel-doc")
    paths = [p for p in tree.files if re.match(r"include/xenmod/.*\.h$", p)]
    result = subprocess.run(["perl", scripts[-1], "-none", *paths],
                            cwd=tree.top, capture_output=True, text=True)
    return result.stdout.splitlines() + result.stderr.splitlines()
