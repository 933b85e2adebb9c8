# SPDX-License-Identifier: GPL-2.0
"""The probes: what they say of themselves, what kernels' headers answer, and the
table of both in docs/compat.md."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

SOURCE = "compat/Kbuild.probes"
DOCUMENT = "docs/compat.md"
BEGIN, END = "<!-- probes: begin -->\n", "<!-- probes: end -->\n"

CALL = re.compile(r"^compat-flags \+= \$\(call probe,(HAVE_\w+),(.*)\)$")
COMMENT = re.compile(r'(\d+\.\d+), "(.+?)"[,;]?\s*(.*)$')

YES, NO = "new", "old"


@dataclass
class Probe:
    """release and change are None where the comment does not tell them."""

    name: str
    line: int
    newest: str
    header: str
    older: str = ""
    release: str = None
    change: str = None
    note: str = ""
    users: list = field(default_factory=list)

    @property
    def snippet(self):
        return self.name[len("HAVE_"):].lower()


def parse(tree):
    """All probes of a tree, in their order."""
    with open(os.path.join(tree, SOURCE)) as file:
        lines = file.read().splitlines()
    found = []
    for number, line in enumerate(lines):
        match = CALL.match(line)
        if match:
            name, rest = match.groups()
            probe = Probe(name, number + 1, *rest.split(",")[:3])
            explain(probe, comment_above(lines, number))
            probe.users = users(tree, name)
            found.append(probe)
    return found


def comment_above(lines, number):
    words = []
    while number and lines[number - 1].startswith("# "):
        number -= 1
        words.insert(0, lines[number][2:])
    return " ".join(words)


def explain(probe, comment):
    match = COMMENT.match(comment)
    if match:
        probe.release, probe.change, probe.note = match.groups()


def users(tree, name):
    """Headers of compat/ that look at the answer."""
    found = []
    for path in sorted(glob.glob(os.path.join(tree, "compat", "*.h"))):
        with open(path) as file:
            if re.search(rf"^\s*#\s*(if|elif).*\b{name}\b", file.read(), re.M):
                found.append(os.path.basename(path))
    return found


def kernels():
    """{release: folder to build in} of the installed headers."""
    found = {}
    for path in sorted(glob.glob("/lib/modules/*/build")):
        if os.path.exists(os.path.join(path, "Makefile")):
            found[path.split("/")[3]] = path
    return found


def series(release):
    return ".".join(release.split(".")[:2])


def make(build, folder, *words):
    return subprocess.run(
        ["make", "-s", "--no-print-directory", "-C", build, f"M={folder}",
         *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "LC_ALL": "C"})


def ask(tree, build):
    """({probe: answer}, what was said) of a kernel's headers, by its own build
    system."""
    with tempfile.TemporaryDirectory(prefix="xenmod-probes-") as folder:
        os.mkdir(f"{folder}/compat")
        shutil.copy(os.path.join(tree, SOURCE), f"{folder}/compat")
        with open(f"{folder}/Kbuild", "w") as file:
            file.write("include $(src)/compat/Kbuild.probes\n"
                       "$(info answers: $(compat-flags))\nobj-m :=\n")
        said = make(build, folder, "modules").stdout
    found = re.search(r"^answers:(.*)$", said, re.M)
    if not found:
        return None, said
    yes = {word[2:] for word in found.group(1).split()}
    return {p.name: YES if p.name in yes else NO for p in parse(tree)}, said


def render(probes, columns, answers):
    """The table; answers: {series: {probe: answer}}."""
    head = ["probe", "change", *columns, "used by"]
    rows = [head, ["---"] * len(head)]
    for probe in probes:
        rows.append([
            f"`{probe.name}`",
            f"{probe.release}, “{probe.change}”".replace("|", "\\|"),
            *(answers.get(c, {}).get(probe.name, "?") for c in columns),
            ", ".join(probe.users)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(tree):
    """(columns, {series: {probe: answer}}, table) of the document."""
    with open(os.path.join(tree, DOCUMENT)) as file:
        text = file.read()
    table = text[text.index(BEGIN) + len(BEGIN):text.index(END)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.replace("\\|", "/").splitlines()]
    columns = rows[0][2:-1]
    answers = {c: {row[0].strip("`"): row[2 + n] for row in rows[2:]}
               for n, c in enumerate(columns)}
    return columns, answers, table


def write(tree, table, begin=BEGIN, end=END):
    """Put a table between two marks of the document."""
    path = os.path.join(tree, DOCUMENT)
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text[:text.index(begin)] + begin + table
                   + text[text.index(end):])
