# SPDX-License-Identifier: GPL-2.0
"""Rules on single files: size, layout, words that must not be there."""

import ast
import re
import shutil
import subprocess

from rules.rule import Skip, rule
from rules.tree import matches

MOST_LINES = 800
MOST_FUNCTION_LINES = 70

SPDX = "SPDX-License-Identifier: GPL-2.0"
# The licence tag's whole line, by ending; all else has a "#".
SPDX_LINES = {".c": f"// {SPDX}", ".asl": f"// {SPDX}", ".h": f"/* {SPDX} */",
              ".8": f'.\\" {SPDX}'}
# Prose, licence texts and data need none.
SPDX_FREE = (".md", ".txt", ".json", ".csv")
SPDX_FREE_NAMES = {"COPYING", "CHANGES", "MAINTAINERS"}
SPDX_FREE_FOLDERS = ("debian/", "docs/")


@rule
def spdx(tree):
    """The first line of each source file is the licence tag."""
    for path in tree.files:
        if path.endswith(SPDX_FREE) or path.startswith(SPDX_FREE_FOLDERS) or \
                path.split("/")[-1] in SPDX_FREE_NAMES or not tree.text(path):
            continue
        ending = path[path.rfind("."):] if "." in path else ""
        lines = tree.lines(path)
        first = lines[1:2] if lines[0].startswith("#!") else lines[:1]
        wanted = SPDX_LINES.get(ending, f"# {SPDX}")
        if first != [wanted]:
            yield f"{path}: first line must be: {wanted}"


@rule
def file_length(tree):
    """No source file is longer than 800 lines."""
    for path in tree.files:
        length = len(tree.lines(path))
        if length > MOST_LINES and not path.startswith(("docs/", "COPYING")):
            yield f"{path}: {length} lines, at most {MOST_LINES}"


def c_functions(tree, path):
    """Start line and length of each function body, as the kernel lays it out."""
    start = None
    for number, line in enumerate(tree.lines(path), 1):
        if line == "{":
            start = number
        elif start and line.startswith("}"):
            yield start, number - start + 1
            start = None


def python_functions(tree, path):
    try:
        parsed = ast.parse(tree.text(path), path)
    except SyntaxError:
        return      # python-syntax tells
    for node in ast.walk(parsed):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


@rule
def function_length(tree):
    """No function is longer than 70 lines."""
    found = [(p, f) for p in tree.files if p.endswith((".c", ".h"))
             for f in c_functions(tree, p)]
    found += [(p, f) for p in tree.python() for f in python_functions(tree, p)]
    for path, (line, length) in found:
        if length > MOST_FUNCTION_LINES:
            yield (f"{path}:{line}: function of {length} lines, at most "
                   f"{MOST_FUNCTION_LINES}")


@rule
def whitespace(tree):
    """No stray blanks, tabs, carriage returns or line ends."""
    # A patch's context begins with a blank; a chart is as gnuplot draws it.
    checked = [p for p in tree.files
               if p != "COPYING" and not p.endswith((".patch", ".svg"))]
    yield from matches(tree, checked, r"[ \t]+$", "blank at the line's end")
    yield from matches(tree, checked, r"^\t* +\t", "blank before a tab")
    yield from matches(tree, tree.python(), r"^\s*\t", "tab in Python")
    for path in checked:
        text = tree.text(path)
        if "\r" in text:
            yield f"{path}: carriage return"
        if text and not text.endswith("\n"):
            yield f"{path}: no line end at the end"
        if text.endswith("\n\n"):
            yield f"{path}: blank line at the end"


@rule
def machine_paths(tree):
    """No path that only the author's machine has."""
    return matches(tree, tree.files,
                   r"(?<![\w.}$*])/(?:work|root|home)(?:/\w+)+", "absolute path")


@rule
def forbidden_calls(tree):
    """Nothing a guest does may stop the host; requests are taken once."""
    paths = tree.modules()
    yield from matches(tree, paths, r"\bBUG(?:_ON)?\s*\(", "stops the host",
                       code=True)
    yield from matches(tree, paths, r"\bRING_(?:GET|COPY)_REQUEST\w*",
                       "use xenmod_ring_take()", code=True)


@rule
def kernel_versions(tree):
    """Only compat/ knows that there is more than one kernel."""
    return matches(tree, tree.modules(),
                   r"\b(?:LINUX_VERSION_CODE|KERNEL_VERSION|HAVE_\w+)",
                   "belongs into compat/")


@rule
def python_syntax(tree):
    """Python compiles, and runs with the system's own interpreter."""
    for path in tree.python():
        try:
            compile(tree.text(path), path, "exec")
        except SyntaxError as error:
            yield f"{path}:{error.lineno}: {error.msg}"
        first = tree.lines(path)[:1]
        if first and first[0].startswith("#!") and \
                first[0] != "#!/usr/bin/python3":
            yield f"{path}:1: must be #!/usr/bin/python3"


@rule
def shellcheck(tree):
    """shellcheck has nothing to say about the shell scripts."""
    if not shutil.which("shellcheck"):
        raise Skip("shellcheck is not installed")
    for path in tree.shell():
        result = subprocess.run(["shellcheck", "--format=gcc", path],
                                cwd=tree.top, capture_output=True, text=True)
        yield from result.stdout.splitlines()


@rule
def headers_guarded(tree):
    """Each header can be included twice."""
    for path in tree.files:
        if path.endswith(".h") and not re.search(
                r"^#(?:ifndef|if !defined\()\s*(\w+)\)?.*\n#define \1$",
                tree.text(path), re.M):
            yield f"{path}: no include guard"
