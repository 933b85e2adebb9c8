# SPDX-License-Identifier: GPL-2.0
"""Kernel modules in dom0 and their parameters."""

import os
import platform
import subprocess

from dom0.command import output

FOLDER = "/sys/module"


def loaded(name):
    return os.path.isdir("%s/%s" % (FOLDER, name.replace("-", "_")))


def try_command(*argv):
    """(status, what it said on stderr)."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=60,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          universal_newlines=True)
    return done.returncode, done.stderr.strip()


def load(name, **parameters):
    """As modprobe: (status, message)."""
    return try_command("modprobe", name, *[
        "%s=%s" % item for item in parameters.items()])


def unload(name):
    """As rmmod: (status, message)."""
    return try_command("rmmod", name)


def reload(name, **parameters):
    """Load it afresh with these parameters; both must work."""
    for status, text in (unload(name) if loaded(name) else (0, ""),
                         load(name, **parameters)):
        if status:
            raise RuntimeError("reload of %s: %s" % (name, text))


def load_in_tree(name, **parameters):
    """Insert the distribution's own module, however it is compressed, e.g.
    "net/xen-netback/xen-netback"; modprobe would take ours."""
    release = platform.release()
    plain = "/run/testbed/" + os.path.basename(name) + ".ko"
    # Some dkms lay it aside.
    for path in ("/lib/modules/%s/kernel/drivers/%s.ko" % (release, name),
                 "/var/lib/dkms/xenmod/original_module/%s/%s/%s.ko" % (
                     release, platform.machine(), os.path.basename(name))):
        for suffix, tool in (("", "cat"), (".xz", "unxz -c"),
                             (".zst", "unzstd -c")):
            if os.path.exists(path + suffix):
                output("sh", "-c", "%s %s >%s" % (tool, path + suffix, plain))
                output("insmod", plain, *["%s=%s" % item
                                          for item in parameters.items()])
                return
    raise RuntimeError("no in-tree module " + name)


def _parameter_file(name, parameter):
    return "%s/%s/parameters/%s" % (FOLDER, name.replace("-", "_"), parameter)


def parameter(name, parameter_name):
    with open(_parameter_file(name, parameter_name)) as file:
        return file.read().strip()


def set_parameter(name, parameter_name, value):
    """OSError when the module does not take it."""
    with open(_parameter_file(name, parameter_name), "w") as file:
        file.write(str(value))
