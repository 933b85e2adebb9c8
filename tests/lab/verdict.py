# SPDX-License-Identifier: GPL-2.0
"""Find in a log what no script may hide: a kernel or Xen that is unwell."""

import re

BAD = re.compile("|".join((
    # Linux
    r"\bBUG: ", r"kernel BUG at", r"WARNING: .* at ", r"\bOops\b",
    r"Call Trace:", r"general protection fault", r"Kernel panic",
    r"unable to handle", r"blocked for more than", r"soft lockup",
    r"hard LOCKUP", r"rcu.*(self-)?detected.*stall", r"rcu.*starved",
    r"INFO: possible", r"possible (circular|recursive) locking",
    r"inconsistent lock state", r"suspicious RCU usage", r"UBSAN:", r"KASAN:",
    r"KFENCE:", r"refcount_t:", r"list_(add|del) corruption", r"Bad page",
    r"bad page", r"page allocation failure", r"[Oo]ut of memory:",
    r"sleeping function called from", r"scheduling while atomic",
    r"nobody cared", r"NETDEV WATCHDOG", r"kmemleak: [1-9]",
    r"grant still in use", r"bad grant reference",
    # Xen
    r"Panic on CPU", r"FATAL TRAP", r"FATAL PAGE FAULT", r"Xen BUG at",
    r"Xen WARN at", r"Xen call trace", r"Assertion '.*' failed",
    r"Hardware Dom0 crashed", r"Watchdog timer fired",
)))

# Harmless lines of a stock system: (pattern, why it is harmless).
KNOWN = ()

# Nothing good follows these: the machine is stopped soon after.
FATAL = re.compile(r"Kernel panic - not syncing|Panic on CPU|"
                   r"Hardware Dom0 crashed")

POWER_OFF = "Entering ACPI S5 state"
POWER_OFF_BY_LINUX = "reboot: Power down"


def known(line):
    return any(re.search(pattern, line) for pattern, _why in KNOWN)


def first_bad_line(text):
    """The first line that fails a run, or None."""
    for line in text.splitlines():
        if BAD.search(line) and not known(line):
            return line.strip()
    return None
