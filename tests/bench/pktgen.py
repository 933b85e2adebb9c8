# SPDX-License-Identifier: GPL-2.0
"""The kernel's packet generator, in dom0 or in a guest: what to write to its
files, and what they say afterwards."""

import re

FOLDER = "/proc/net/pktgen"
THREAD = FOLDER + "/kpktgend_0"
CONTROL = FOLDER + "/pgctrl"
# Nobody has this address, so nobody answers.
NOWHERE = "10.99.99.99"


def settings(device, mac, job, operations):
    """[(file, line)] that prepare a run."""
    yield THREAD, "rem_device_all"
    yield THREAD, "add_device " + device
    for line in ("count %d" % operations, "pkt_size %d" % job.size,
                 "burst %d" % job.burst, "clone_skb 0", "delay 0",
                 "queue_map_min 0", "queue_map_max %d" % (job.queues - 1),
                 "dst " + NOWHERE, "dst_mac " + mac):
        yield "%s/%s" % (FOLDER, device), line


def shell(device, mac, job, operations):
    """The same as a shell command that prints the report."""
    lines = ["echo '%s' >%s" % (line, path) for path, line in
             settings(device, mac, job, operations)]
    return " && ".join(lines + [
        "echo start >" + CONTROL, "cat %s/%s" % (FOLDER, device)])


def run_here(device, mac, job, operations):
    """Run it in this kernel; the report."""
    for path, line in settings(device, mac, job, operations):
        _write(path, line)
    _write(CONTROL, "start")        # returns at the end
    with open("%s/%s" % (FOLDER, device)) as file:
        return file.read()


def _write(path, line):
    with open(path, "w") as file:
        file.write(line + "\n")


def milliseconds(report, operations):
    """How long it took; RuntimeError when not all was sent. Bursts that the
    device took in parts end a few packets later."""
    found = re.search(r"Result: OK: (\d+)\(.*?\) (?:n|u)sec, (\d+) \(", report)
    if not found or int(found.group(2)) < operations:
        raise RuntimeError("pktgen did not send %d packets: %s" % (
            operations, report))
    return int(found.group(1)) / 1000
