# SPDX-License-Identifier: GPL-2.0
"""How much of dom0's memory is in use, apart from what is cache or a
process's own.

What cannot be told from memory in use is brought to one state first: empty
slabs are given back, and free pages that a CPU keeps for itself are counted
as free. No shrinker is called, since those would empty the drivers' own
caches, which are part of what is measured."""

import glob
import os
import re
import time

NOT_OURS = ("MemFree", "Buffers", "Cached", "AnonPages", "SReclaimable")
SETTLE = 1.0


def meminfo():
    """{name: KiB}"""
    with open("/proc/meminfo") as file:
        return {words[0].rstrip(":"): int(words[1])
                for words in (line.split() for line in file)}


def free_of_cpus_kb():
    """Free pages in the CPUs' own lists."""
    with open("/proc/zoneinfo") as file:
        counts = re.findall(r"^\s+count:\s+(\d+)", file.read(), re.MULTILINE)
    return sum(map(int, counts)) * os.sysconf("SC_PAGE_SIZE") // 1024


def give_back_slabs():
    for path in glob.glob("/sys/kernel/slab/*/shrink"):
        try:
            with open(path, "w") as file:
                file.write("1")
        except OSError:
            pass        # a cache that has gone meanwhile


def not_in_use_kb():
    """Falls by what the kernel takes."""
    time.sleep(SETTLE)
    os.sync()
    give_back_slabs()
    values = meminfo()
    return sum(values[name] for name in NOT_OURS) + free_of_cpus_kb()
