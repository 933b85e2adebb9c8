# SPDX-License-Identifier: GPL-2.0
"""Rules on what others rely on: exports, parameters, the version."""

import re

from rules.rule import rule
from rules.tree import matches

PARAMETER = re.compile(
    r"^\s*(?:module_param|module_param_named|module_param_cb|module_param_array|"
    r"module_param_string|xenmod_range_param)\s*\(\s*(\w+)", re.M)
DESCRIPTION = re.compile(r"\bMODULE_PARM_DESC\s*\(\s*(\w+)")
EXPORT = re.compile(r"^EXPORT_SYMBOL(_GPL)?\s*\(\s*(\w+)", re.M)


def sources(tree, pattern):
    return [p for p in tree.files if re.match(pattern, p)]


def joined(tree, pattern):
    return "\n".join(tree.text(p) for p in sources(tree, pattern))


@rule
def exports_documented(tree):
    """Each exported symbol is GPL-only, core's, and has kernel-doc."""
    headers = joined(tree, r"include/xenmod/.*\.h$")
    for path in sources(tree, r"xen-.*-mod/.*\.c$"):
        for gpl, name in EXPORT.findall(tree.text(path)):
            if not gpl:
                yield f"{path}: {name} must be EXPORT_SYMBOL_GPL"
            if not path.startswith("xen-core-mod/"):
                yield f"{path}: {name}: only xen-core-mod exports symbols"
            if not name.lstrip("_").startswith("xenmod_"):
                yield f"{path}: {name} must begin with xenmod_"
            # A macro may be the documented face of a function.
            public = name.lstrip("_")
            documented = re.search(rf"^ \* {public}\(\) - ", headers, re.M)
            variable = re.search(rf"\*/\nextern [^;(]*\b{name};", headers)
            if not documented and not variable:
                yield (f"{path}: {name} has no kernel-doc in include/xenmod")


def parameters(tree):
    for path in sources(tree, r"xen-.*-mod/.*\.c$"):
        for name in PARAMETER.findall(tree.code(path)):
            yield path, name


@rule
def parameters_described(tree):
    """Each module parameter says what it is, and no other is described."""
    found = list(parameters(tree))
    described = {(path, name) for path in sources(tree, r"xen-.*-mod/.*\.c$")
                 for name in DESCRIPTION.findall(tree.code(path))}
    for path, name in found:
        if (path, name) not in described:
            yield f"{path}: {name} has no MODULE_PARM_DESC"
    for path, name in sorted(described - set(found)):
        yield f"{path}: MODULE_PARM_DESC of {name}, which is no parameter"


@rule
def parameters_documented(tree):
    """Each module parameter has a row in docs/parameters.md, and vice versa."""
    document = "docs/parameters.md"
    found = {name for _, name in parameters(tree)}
    if document not in tree.files:
        yield f"{document} is missing; {len(found)} parameters to document"
        return
    # Other tables in there are about other things.
    tables = re.findall(r"^\| parameter \|.*\n((?:\|.*\n)+)",
                        tree.text(document), re.M)
    rows = set(re.findall(r"^\|\s*`(\w+)`\s*\|", "".join(tables), re.M))
    for name in sorted(found - rows):
        yield f"{document}: no row for `{name}`"
    for name in sorted(rows - found):
        yield f"{document}: `{name}` is no parameter"


@rule
def version_in_one_place(tree):
    """The version is written in dkms.conf and nowhere else."""
    found = re.search(r'^PACKAGE_VERSION="(.+)"$', tree.text("dkms.conf"),
                      re.M)
    if not found:
        return ['dkms.conf: no PACKAGE_VERSION="..."']
    version = re.escape(found.group(1))
    paths = [p for p in tree.files
             if p not in ("dkms.conf", "CHANGES", "COPYING", "debian/changelog")]
    return matches(tree, paths, rf"(?<![\w.]){version}(?![\w.]*\d)",
                   "read the version from dkms.conf")
