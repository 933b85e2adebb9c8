# SPDX-License-Identifier: GPL-2.0
"""What the host has in use: grants, event channels, tasks, memory."""

import os
import re
import time

from dom0 import backend, store
from dom0.command import output

# Freed memory comes back late: pages kept per CPU, slabs not yet shrunk,
# and logs that grow on the file system in memory.
MEMORY_TOLERANCE_KB = 16 * 1024
SLAB_TOLERANCE_KB = 4 * 1024


def hypervisor_says(key):
    """What Xen prints for a debug key."""
    before = len(output("xl", "dmesg").splitlines())
    output("xl", "debug-keys", key)
    lines = output("xl", "dmesg").splitlines()
    starts = [n for n, line in enumerate(lines)
              if "'%s' pressed" % key in line]
    return lines[starts[-1]:] if starts else lines[before:]


def grants_mapped():
    """Grants of guests that somebody holds: {domain: number}."""
    held = {}
    domain = None
    for line in hypervisor_says("g"):
        found = re.search(r"grant-table for remote d(\S+)", line)
        if found:
            domain = found.group(1)
        elif domain and re.search(r"\[0x[0-9a-f]+\]\s+\d+\s+0x", line):
            held[domain] = held.get(domain, 0) + 1
    held.pop("0", None)
    return held


def event_channels(domain=0):
    """Ports of a domain in use."""
    count = 0
    inside = False
    for line in hypervisor_says("e"):
        found = re.search(r"Event channel information for domain (\d+)", line)
        if found:
            inside = int(found.group(1)) == domain
        elif inside and re.search(r"\d+ \[\d/\d/", line):
            count += 1
    return count


def threads():
    """Threads of the host, workers of workqueues apart: they come and go."""
    count = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as file:
                if not file.read().startswith("kworker"):
                    count += len(os.listdir("/proc/%s/task" % pid))
        except OSError:
            pass
    return count


def memory_available_kb():
    return _meminfo("MemAvailable")


def memory_free_kb():
    """Without what the kernel could give back."""
    return _meminfo("MemFree")


def slab_kb():
    """What the kernel holds in small pieces and cannot give back."""
    return _meminfo("SUnreclaim")


def _meminfo(name):
    with open("/proc/meminfo") as file:
        return int(re.search(name + r":\s+(\d+)", file.read()).group(1))


def leftovers():
    """Traces of devices and guests that should be gone."""
    found = ["device " + name for name in backend.devices()]
    # Who removes a device by hand leaves its guest's folder, but empty.
    top = "/local/domain/0/backend"
    found += ["xenstore backend/%s/%s/%s" % (kind, domain, device)
              for kind in store.listing(top)
              for domain in store.listing("%s/%s" % (top, kind))
              for device in store.listing("%s/%s/%s" % (top, kind, domain))]
    found += [line for line in output("xl", "list").splitlines()[2:]]
    return found


def in_use():
    """The numbers that must come back."""
    return {"event channels": event_channels(), "threads": threads(),
            "grants": sum(grants_mapped().values()),
            "interrupts": interrupts()}


def interrupts():
    with open("/proc/interrupts") as file:
        return len(file.readlines())


def wait_for_use(wanted, timeout=20):
    """What is in use once it is as wanted, or at the time limit."""
    end = time.monotonic() + timeout
    while True:
        now = in_use()
        if now == wanted or time.monotonic() > end:
            return now
        time.sleep(0.5)
