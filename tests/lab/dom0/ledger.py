# SPDX-License-Identifier: GPL-2.0
"""What the host has in use, before and after: nothing may be lost."""

from dom0 import host, tap


class Ledger:
    """Opened when the host is quiet."""

    def __init__(self):
        self.before = host.in_use()
        self.memory = host.memory_available_kb()
        self.slab = host.slab_kb()

    def check(self):
        """Tests: all is back where it began, and no device is left."""
        after = host.wait_for_use(self.before)
        for name, value in self.before.items():
            tap.equal(after[name], value,
                      "%s are back where they began" % name)
        lost = self.memory - host.memory_available_kb()
        tap.ok(lost < host.MEMORY_TOLERANCE_KB, "so is memory",
               "%d KB less than before" % lost)
        grown = host.slab_kb() - self.slab
        tap.ok(grown < host.SLAB_TOLERANCE_KB, "and the kernel's slabs",
               "%d KB more than before" % grown)
        tap.diagnose("before %s, after %s, %d KB of memory less, %d KB of "
                     "slabs more" % (self.before, after, lost, grown))
        tap.equal(host.leftovers(), [],
                  "no device, no xenstore node, no domain")
