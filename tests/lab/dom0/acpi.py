# SPDX-License-Identifier: GPL-2.0
"""What Xen has of the machine's ACPI tables, read from Xen; and tests/acpi's fan,
which changes what the tables say."""

import glob
import os
import re
import time

from dom0 import disk, module, tap
from dom0.command import output
from dom0.guest import Guest

MODULE = "xen-acpi-processor"
IN_TREE = "xen/xen-acpi-processor"
DEBUGFS = "/sys/kernel/debug/xen-acpi-processor/"

# What tests/acpi/good.asl calls them.
INTEL, AMD, PORTS, LIMIT, FEWER, THROTTLE, SAME, BACK = range(8)
# What tests/acpi/aggregator.asl asks for.
ONE_IDLE, TWO_IDLE, BAD_FORM, CUT_SHORT = range(32, 36)


def choose(kind):
    """Let the tables say something else, and notify."""
    module.load("fan")
    for folder in glob.glob("/sys/class/thermal/cooling_device*"):
        with open(folder + "/type") as file:
            if file.read().strip() != "Fan":
                continue
        with open(folder + "/cur_state", "w") as file:
            file.write(str(kind))
        return
    raise RuntimeError("no fan: is tests/acpi/processors.asl in the machine?")


class Said:
    """What the firmware was told of its wish for idle CPUs."""

    def __init__(self):
        with open("/sys/bus/acpi/devices/XENM0001:00/status") as file:
            value = int(file.read())
        self.calls, self.status, self.idle = (value >> shift & 0xff
                                              for shift in (8, 16, 24))


def new_lines():
    """What Xen has printed since the last call."""
    return output("xl", "dmesg", "-c").splitlines()


def load(**parameters):
    """Our module: what Xen printed meanwhile."""
    new_lines()
    status, text = module.load(MODULE, **parameters)
    if status:
        raise RuntimeError("our module does not load: " + text)
    return new_lines()


def unload():
    """Ours or the in-tree one."""
    status, text = module.unload(MODULE)
    if status:
        raise RuntimeError("the module does not unload: " + text)


class Upload:
    """The P-states of one CPU, as Xen prints them with cpufreq=xen:verbose."""

    def __init__(self, acpi_id, cpu):
        self.acpi_id = acpi_id
        self.cpu = cpu
        self.registers = []     # (address space, address): control, status
        # (MHz, mW, latency, latency, control, status). Empty where Xen has some
        # of that CPU: 4.20 keeps those.
        self.states = []
        self.domain = None      # (domain, coordination, CPUs)
        self.limit = None

    def __repr__(self):
        return "ACPI id %d: %d P-states %s, registers %s, domain %s, limit %s" % (
            self.acpi_id, len(self.states), [s[0] for s in self.states],
            self.registers, self.domain, self.limit)

    def content(self):
        return (self.acpi_id, self.registers, self.states, self.domain,
                self.limit)


UPLOAD = re.compile(r"Set CPU acpi_id\((\d+)\) cpu(?:id)?\((\d+)\) "
                    r"Px State info")
REGISTER = re.compile(r"_PCT: .*space_id=(\d+).*address=(\d+)")
STATE = re.compile(r"State\d+: (\d+)MHz (\d+)mW (\d+)us (\d+)us "
                   r"(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+)")
DOMAIN = re.compile(r"_PSD: .*domain=(\d+) coord_type=(\d+) num_processors=(\d+)")
LIMIT_LINE = re.compile(r"_PPC: (\d+)")


def uploads(lines):
    """The uploads of P-states among Xen's lines, in their order."""
    found = []
    for line in lines:
        match = UPLOAD.search(line)
        if match:
            found.append(Upload(*map(int, match.groups())))
            continue
        if not found:
            continue
        last = found[-1]
        match = REGISTER.search(line)
        if match:
            last.registers.append(tuple(map(int, match.groups())))
        match = STATE.search(line)
        if match:
            last.states.append(tuple(int(n) for n in match.groups()[:4])
                               + tuple(int(n, 16) for n in match.groups()[4:]))
        match = DOMAIN.search(line)
        if match:
            last.domain = tuple(map(int, match.groups()))
        match = LIMIT_LINE.search(line)
        if match:
            last.limit = int(match.group(1))
    return found


def by_id(lines):
    """{ACPI id: content of the last upload}"""
    return {upload.acpi_id: upload.content() for upload in uploads(lines)}


def same(one, other):
    """Are these uploads, as by_id() has them, the same? States count where Xen has
    printed both."""
    def without(content):
        return content[:2] + content[3:]
    return one.keys() == other.keys() and all(
        one[n] == other[n] or (not one[n][2] or not other[n][2])
        and without(one[n]) == without(other[n]) for n in one)


def sent_in_tree():
    """What the in-tree module uploads of P-states, by ACPI id, and whether it
    changes Xen's C-states."""
    before = c_states()
    module.load_in_tree(IN_TREE)
    found = by_id(new_lines())
    changed = c_states() != before
    unload()
    return found, changed


def c_states():
    """{CPU: {name: (type, latency, method)}} of Xen, without C0."""
    output("xl", "debug-keys", "c")
    found = {}
    states = None
    for line in new_lines():
        match = re.search(r"==cpu(\d+)==", line)
        if match:
            states = found.setdefault(int(match.group(1)), {})
        match = re.search(r"(C\d+):\s+type\[(C\d)\] latency\[\s*(\d+)\].*"
                          r"method\[\s*(\w+)\]", line)
        if match and states is not None:
            name, kind, latency, method = match.groups()
            states[name] = (kind, int(latency), method)
    return found


class Frequencies:
    """What xenpm says of one CPU's P-states."""

    def __init__(self, cpu):
        self.cpu = cpu
        self.affected = []
        self.available = []     # kHz
        self.scaling = None     # kHz: most, least

    def __repr__(self):
        return "CPU %d with %s: %s kHz, within %s" % (
            self.cpu, self.affected, self.available, self.scaling)


def frequencies():
    """{CPU: Frequencies} of those that Xen drives."""
    found = {}
    for line in output("xenpm", "get-cpufreq-para").splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        numbers = [int(n) for n in re.findall(r"\d+", value)]
        if name == "cpu id":
            last = found.setdefault(numbers[0], Frequencies(numbers[0]))
        elif name == "affected_cpus":
            last.affected = numbers
        elif name in ("scaling_avail_freq", "scaling_avail_freq(kHz)"):
            last.available = numbers
        elif name.startswith("scaling frequency"):
            last.scaling = tuple(numbers[:2])
    return found


def wait_limit(cpu, khz, timeout=10):
    """Xen's upper limit of a CPU once it is this, or at the time limit."""
    end = time.monotonic() + timeout
    while True:
        found = frequencies()[cpu].scaling
        if found and found[0] == khz or time.monotonic() > end:
            return found and found[0]
        time.sleep(0.1)


def table(name):
    """A file of our module's debugfs: a dictionary per line."""
    rows = []
    with open(DEBUGFS + name) as file:
        for line in file:
            rows.append(dict(word.split("=", 1) for word in line.split()))
    return rows


def processors():
    """{ACPI id: row} of our module's table."""
    return {row["acpi"]: row for row in table("processors")}


def totals():
    """What concerns the module as a whole."""
    found = {}
    for row in table("module"):
        found.update(row)
    return found


def interrupts():
    """{irq: (trigger, whether dom0 has it)} of Xen's IO-APIC interrupts."""
    output("xl", "debug-keys", "i")
    found = {}
    for line in new_lines():
        match = re.search(r"IRQ:\s+(\d+) .*IO-APIC-(\w+)\s", line)
        if match:
            found[int(match.group(1))] = (match.group(2), "d0:" in line
                                          or "mapped" in line)
    return found


def pins():
    """{GSI: (trigger, polarity)} of the first IO-APIC's pins, as Xen set them."""
    output("xl", "debug-keys", "z")
    found = {}
    for line in new_lines():
        words = line.replace("(XEN)", "").split()
        if len(words) == 10 and re.fullmatch("[0-9a-f]{2}", words[0]):
            found[int(words[0], 16)] = (
                "level" if words[3] == "1" else "edge",
                "low" if words[5] == "1" else "high")
    return found


def plain_module():
    """Our module's file, not compressed."""
    path = output("modinfo", "-n", MODULE).strip()
    if path.endswith(".xz"):
        output("sh", "-c", "unxz -c %s >/run/testbed/guest.ko" % path)
        return "/run/testbed/guest.ko"
    return path


def check_guest(kind):
    """A guest takes the module from a disk, and is told that it is wrong there."""
    path = plain_module()
    device = disk.null_block(size_mb=8)
    output("dd", "if=" + path, "of=" + device, "conv=fsync", "bs=64k")
    with Guest("wrong-place", kind=kind, disks=[device]) as guest:
        guest.check("dd if=/dev/xvda of=/run/x.ko bs=%d count=1 2>/dev/null"
                    % os.path.getsize(path))
        status, text = guest.run("insmod /run/x.ko")
        said = guest.check("dmesg | grep -i 'xen.acpi'").splitlines()
    tap.ok(status != 0 and "No such device" in text,
           "a %s guest is refused, with the right error" % kind, (status, text))
    # Busybox tries twice; and the kernel has lines of its own on modules
    # from outside the tree.
    said = sorted({line.split("] ", 1)[-1] for line in said
                   if "taint" not in line})
    tap.ok(len(said) == 1 and "initial domain" in said[0],
           "and told why, in one line", said)
