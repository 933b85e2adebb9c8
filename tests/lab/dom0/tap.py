# SPDX-License-Identifier: GPL-2.0
"""Print test results in the Test Anything Protocol.

    from dom0 import tap
    tap.ok(cond, "name", "shown when it fails")
    tap.done()
"""

import contextlib
import sys
import traceback

_count = 0
_failed = 0


def _result(good, name, note=""):
    global _count, _failed
    _count += 1
    _failed += not good
    print("%s %d - %s%s" % ("ok" if good else "not ok", _count,
                            name.replace("#", "\\#"), note), flush=True)


def diagnose(text):
    for line in str(text).splitlines():
        print("# " + line, flush=True)


def ok(good, name, detail=""):
    """One test. The detail is shown when it fails."""
    _result(bool(good), name)
    if not good and detail != "":
        diagnose(detail)
    return bool(good)


def equal(got, wanted, name):
    return ok(got == wanted, name, "got %r, wanted %r" % (got, wanted))


def skip(name, why):
    _result(True, name, " # SKIP " + why)


@contextlib.contextmanager
def case(name):
    """A test that is good when its block ends without an exception."""
    try:
        yield
    except Exception:
        ok(False, name, traceback.format_exc())
    else:
        ok(True, name)


def done():
    """Print the plan and exit: 0 when all was well."""
    print("1..%d" % _count, flush=True)
    sys.exit(1 if _failed or not _count else 0)
