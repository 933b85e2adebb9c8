# SPDX-License-Identifier: GPL-2.0
"""The files that are checked, and their text."""

import glob
import os
import re
import shutil

# What builds leave behind, and the fuzzer's inputs.
FOREIGN_FOLDERS = {"build", "__pycache__", "corpus", "corpus-packet",
                   "corpus-acpi"}
FOREIGN_ENDINGS = (".o", ".ko", ".mod", ".mod.c", ".a", ".d", ".cmd", ".order",
                   ".symvers", ".pyc")

# What a kernel's build system needs, and nothing else.
MODULE_PARTS = ("Kbuild", "dkms.conf", "compat", "include", "xen-*-mod")


class Tree:
    """All source files below a folder, by path relative to it."""

    def __init__(self, top):
        self.top = os.path.abspath(top)
        self.files = sorted(self._walk())
        self._text = {}

    def _walk(self):
        for folder, folders, names in os.walk(self.top):
            folders[:] = [f for f in folders if f not in FOREIGN_FOLDERS
                          and (not f.startswith(".") or f == ".ci")]
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.top)
                if name.startswith(".") or path.endswith(FOREIGN_ENDINGS):
                    continue
                if self._is_text(path):
                    yield path

    def _is_text(self, path):
        full = os.path.join(self.top, path)
        if os.path.islink(full):
            return False
        with open(full, "rb") as file:
            return b"\0" not in file.read(4096)

    def text(self, path):
        if path not in self._text:
            with open(os.path.join(self.top, path), encoding="utf-8",
                      errors="replace", newline="") as file:
                self._text[path] = file.read()
        return self._text[path]

    def lines(self, path):
        return self.text(path).splitlines()

    def code(self, path):
        """C with comments and strings blanked, lines kept."""
        return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                      lambda m: re.sub(r"[^\n]", " ", m.group()),
                      self.text(path), flags=re.S)

    def modules(self, *endings):
        """Files of the modules: what the kernel will run."""
        return [p for p in self.files if p.endswith(endings or (".c", ".h"))
                and re.match(r"(xen-[^/]*-mod|include)/", p)]

    def python(self):
        return [p for p in self.files if p.endswith(".py")
                or re.match(r"#!.*python", self.text(p))]

    def shell(self):
        return [p for p in self.files
                if re.match(r"#!\S*/(?:env )?(?:ba|da)?sh\b", self.text(p))]

    def copy_modules(self, target):
        """A copy to build in, without what earlier builds left."""
        ignore = shutil.ignore_patterns(
            ".*", *("*" + ending for ending in FOREIGN_ENDINGS))
        for part in MODULE_PARTS:
            for path in glob.glob(os.path.join(self.top, part)):
                copy = os.path.join(target, os.path.basename(path))
                if os.path.isdir(path):
                    shutil.copytree(path, copy, ignore=ignore)
                else:
                    shutil.copy(path, copy)


def matches(tree, paths, pattern, message, code=False):
    """A line for each line of these files that matches."""
    for path in paths:
        text = tree.code(path) if code else tree.text(path)
        for number, line in enumerate(text.splitlines(), 1):
            found = re.search(pattern, line)
            if found:
                yield f"{path}:{number}: {message}: {found.group().strip()}"
