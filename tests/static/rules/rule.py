# SPDX-License-Identifier: GPL-2.0
"""The list of rules, and how they are run."""

import sys

# Name of a rule to its function, which yields a line per violation.
RULES = {}

# Details of one rule beyond this are counted, not shown.
SHOWN = 40


class Skip(Exception):
    """A rule that cannot be checked here."""


def rule(function):
    RULES[function.__name__.replace("_", "-")] = function
    return function


def details(lines):
    for line in lines[:SHOWN]:
        print(f"# {line}")
    if len(lines) > SHOWN:
        print(f"# ... and {len(lines) - SHOWN} more")


def run(tree, names):
    """Check these rules. Returns the exit status."""
    failed = 0
    print(f"1..{len(names)}")
    for number, name in enumerate(names, 1):
        try:
            lines = list(RULES[name](tree))
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
            continue
        except (OSError, ValueError) as error:
            lines = [f"cannot be checked: {error}"]
        print(f"{'not ok' if lines else 'ok'} {number} - {name}")
        details(lines)
        sys.stdout.flush()
        failed += bool(lines)
    return 1 if failed else 0
