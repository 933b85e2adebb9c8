# SPDX-License-Identifier: GPL-2.0
"""The system under test: its packages, kernels, modules and files."""

import glob
import hashlib
import os
import re

from lab.check.command import run
from lab.dom0 import tap

NEW = "/packages"           # this tree's packages
OLD = "/packages-old"       # the same under an older version
SOURCES = "/src"
ARCHIVES = "/var/cache/apt/archives"

# What uname(1) is to say: the root's kernel is not the one that runs here.
RUNNING = "/run/xenmod-kernel"
UNAME = f"""#!/bin/sh
[ "$*" = -r ] && exec cat {RUNNING}
exec /bin/uname "$@"
"""

MUTE = {"DEBIAN_FRONTEND": "noninteractive", "INITRD": "No"}


def setting(name, path=SOURCES + "/dkms.conf"):
    """A value of dkms.conf; all of them for an array."""
    with open(path) as file:
        found = re.findall(rf'^{name}(?:\[\d+\])?="(.*)"$', file.read(),
                           re.MULTILINE)
    return found if len(found) > 1 else found[0]


def modules():
    return setting("BUILT_MODULE_NAME")


def call(*argv, timeout=900):
    return run(*argv, timeout=timeout, env={**os.environ, **MUTE})


def text(*argv):
    """What a command says, if only on stderr."""
    done = call(*argv)
    return done.out + done.err


def apt(name, *argv):
    """An apt-get that must end well; what it said."""
    done = call("apt-get", "-y", "-o", "Dpkg::Use-Pty=0",
                "-o", "DPkg::Path=" + os.environ["PATH"], *argv)
    tap.ok(done.status == 0, name, done)
    return done.out + done.err


def package(folder, name):
    found = glob.glob(f"{folder}/{name}_*.deb")
    if len(found) != 1:
        raise RuntimeError(f"{folder}: {len(found)} packages {name}")
    return found[0]


def state(name):
    """dpkg's letters for a package, such as "ii"; "" when it knows none."""
    return call("dpkg-query", "-W", "-f", "${db:Status-Abbrev}",
                name).out.strip()


def version(folder):
    """The version of the modules that a package holds."""
    name = package(folder, "xenmod-dkms")
    return call("dpkg-deb", "-f", name, "Version").out.split("~")[0].strip()


def run_kernel(release):
    """From now on the system believes to run this kernel."""
    with open(RUNNING, "w") as file:
        file.write(release + "\n")
    with open("/usr/local/bin/uname", "w") as file:
        file.write(UNAME)
    os.chmod("/usr/local/bin/uname", 0o755)


def kernels():
    """Releases whose modules are installed."""
    return sorted(os.path.basename(os.path.dirname(path)) for path
                  in glob.glob("/lib/modules/*/modules.builtin"))


def modinfo(release, module, field):
    return call("modinfo", "-k", release, "-F", field, module).out.strip()


def status(release=None):
    """dkms status lines of ours."""
    lines = call("dkms", "status").out.splitlines()
    return [line for line in lines if line.startswith("xenmod")
            and (release is None or release in line)]


def make_log(release):
    """What the build for a kernel said."""
    for path in glob.glob(f"/var/lib/dkms/xenmod/*/{release}/*/log/make.log"):
        with open(path, errors="replace") as file:
            return file.read()
    return ""


def built(release, name):
    """The modules are installed for a kernel, built without a warning."""
    missing = [m for m in modules()
               if not glob.glob(f"/lib/modules/{release}/updates/dkms/{m}.ko*")]
    log = make_log(release)
    odd = [line for line in log.splitlines()
           if re.search(r"\b(warning|error)\b", line, re.IGNORECASE)
           and not harmless(line)]
    tap.ok(not missing, f"{name}: kernel {release} has all modules",
           f"missing: {missing}\n{log[-3000:]}")
    tap.ok(log and not odd, f"{name}: built without a warning",
           "\n".join(odd) or "no make.log")


def harmless(line):
    """Neither is about our sources."""
    return "the compiler differs from the one" in line or \
        "Skipping BTF generation" in line


# Not a system's state: caches, logs, dpkg's own books.
FOREIGN = ("proc", "sys", "dev", "tmp", "run", "src", "packages",
           "packages-old", "var/cache", "var/log", "var/lib/dpkg",
           "var/lib/apt", "root", "usr/local/bin/uname", "etc/ld.so.cache",
           "var/lib/systemd/deb-systemd-helper-enabled")
# Compared by content: programs write these anew.
BY_CONTENT = ("etc/", "lib/modules/", "usr/lib/modules/", "boot/")
LARGE = 1 << 22


def look(path):
    """What a file is, in a few words."""
    info = os.lstat(path)
    if os.path.islink(path):
        return "-> " + os.readlink(path)
    if not os.path.isfile(path):
        return oct(info.st_mode)
    content = ""
    if path.lstrip("/").startswith(BY_CONTENT) and info.st_size < LARGE \
            and "/kernel/" not in path:
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    return f"{oct(info.st_mode)} {info.st_size} {content}"


def files():
    """{path: what it is} of the whole system."""
    found = {}
    for folder, folders, names in os.walk("/"):
        inside = folder.lstrip("/")
        folders[:] = [n for n in folders
                      if os.path.join(inside, n) not in FOREIGN]
        for name in [*names, *folders]:
            path = os.path.join(folder, name)
            if path.lstrip("/") not in FOREIGN:
                found[path] = look(path)
    return found


def changes(before, after):
    """Lines that tell how two states of the system differ."""
    return [f"left: {path}" for path in sorted(after.keys() - before.keys())] \
        + [f"gone: {path}" for path in sorted(before.keys() - after.keys())] \
        + [f"changed: {path} was {before[path]}, is {after[path]}"
           for path in sorted(before.keys() & after.keys())
           if before[path] != after[path]]
