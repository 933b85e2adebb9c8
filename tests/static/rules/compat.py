# SPDX-License-Identifier: GPL-2.0
"""Rules on compat/: what is asked, why, and what docs/compat.md says of it."""

import re

from compat import probes
from rules.rule import Skip, rule


@rule
def probes_used(tree):
    """Each compat probe is used in compat/*.h, and each use has a probe."""
    asked = probes.parse(tree.top)
    for probe in asked:
        if not probe.users:
            yield f"{probes.SOURCE}:{probe.line}: {probe.name} is never used"
    names = {probe.name for probe in asked}
    for path in tree.files:
        if re.match(r"compat/.*\.h$", path):
            used = re.findall(r"^\s*#.*\b(HAVE_\w+)", tree.code(path), re.M)
            for name in sorted(set(used) - names):
                yield f"{path}: {name} is used and never asked for"


@rule
def probes_explained(tree):
    """Above each probe stand the release and the commit of its change."""
    for probe in probes.parse(tree.top):
        if not probe.change:
            yield (f"{probes.SOURCE}:{probe.line}: {probe.name} needs a "
                   'comment: # release, "commit"')


@rule
def probes_documented(tree):
    """docs/compat.md has all probes, and the answers of the kernels here."""
    asked = probes.parse(tree.top)
    columns, answers, table = probes.written(tree.top)
    if table != probes.render(asked, columns, answers) or "?" in table:
        yield f"{probes.DOCUMENT}: not as the probes are: make compat"
        return
    for probe in asked:
        if len({answers[c][probe.name] for c in columns}) < 2:
            yield (f"{probes.SOURCE}:{probe.line}: {probe.name} has the same "
                   "answer on all kernels: it is of no use")
    found = probes.kernels()
    if not found:
        raise Skip("no kernel headers are installed")
    for release, build in found.items():
        given, said = probes.ask(tree.top, build)
        wanted = answers.get(probes.series(release))
        if given is None:
            yield f"{release}: {said.strip()}"
        elif wanted is not None and given != wanted:
            for name in given:
                if given[name] != wanted[name]:
                    yield (f"{probes.DOCUMENT}: {name} is {given[name]} on "
                           f"{release}, not {wanted[name]}: make compat")
