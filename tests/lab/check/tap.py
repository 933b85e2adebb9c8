# SPDX-License-Identifier: GPL-2.0
"""Read results in the Test Anything Protocol."""

import re
from dataclasses import dataclass, field

RESULT = re.compile(r"(not )?ok (\d+)\b(?: *- *)?((?:\\#|[^#])*)"
                    r"(?:# *(SKIP|TODO)\b *(.*))?", re.IGNORECASE)
PLAN = re.compile(r"1\.\.(\d+)\s*(?:#.*)?$")

PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"

# Exit statuses that are not the tests' own: tests/testbed --help.
VERDICTS = (90, 91, 92)


@dataclass
class Result:
    name: str
    outcome: str
    details: list = field(default_factory=list)


class Stream:
    """The output of a stage: one or more programs' TAP, one after the other,
    with any other lines in between. The plan may come first or last.

    results grows as results are read; what is wrong with the protocol is a
    failed result, too."""

    def __init__(self):
        self.results = []
        self.plan = None        # of the program now read
        self.count = 0          # its results so far
        self.plans = 0

    def read(self, line):
        """Take a line; the result it holds, or None."""
        plan = PLAN.match(line)
        if plan:
            self._plan(int(plan.group(1)))
            return None
        found = RESULT.match(line)
        if not found:
            if self.results and line.startswith("#"):
                self.results[-1].details.append(line)
            return None
        if self.plan is not None and self.count >= self.plan:
            self._close()
        self.count += 1
        return self._add(*self._judge(found))

    def _judge(self, found):
        """(name, outcome, details) of a result line."""
        bad, number, name, directive, why = found.groups()
        name = name.strip().replace("\\#", "#") or f"test {number}"
        if int(number) != self.count:
            return (f"{name}: number {number} where {self.count} was due",
                    FAILED, [])
        if directive and directive.upper() == "SKIP" and not bad:
            return f"{name} ({why})" if why else name, SKIPPED, []
        return name, FAILED if bad else PASSED, []

    def _plan(self, number):
        if self.plan is not None:
            self._close()
        self.plan = number
        self.plans += 1
        if self.count > number:
            self._broken()

    def _close(self):
        """The program's results are all here: are they as planned?"""
        if self.plan is not None and self.count != self.plan:
            self._broken()
        self.plan = None
        self.count = 0

    def _broken(self):
        self._add(f"all results arrive: {self.count} of {self.plan} did",
                  FAILED, [])

    def _add(self, name, outcome, details):
        self.results.append(Result(name, outcome, details))
        return self.results[-1]

    def finish(self, status):
        """The stage ended with this exit status."""
        if self.plan is None and (self.count or not self.plans):
            self._add("a plan says how many results there are", FAILED, [])
        self._close()
        if not self.results:
            self._add("there are results", FAILED, [])
        bad = any(r.outcome == FAILED for r in self.results)
        if status in VERDICTS or (status and not bad):
            self._add(f"exit status is 0, not {status}", FAILED, [])
