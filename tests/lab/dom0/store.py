# SPDX-License-Identifier: GPL-2.0
"""xenstore, through its command line tools."""

import subprocess

from dom0.command import output


def read(path, default=None):
    done = subprocess.run(["xenstore-read", path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True)
    return done.stdout.rstrip("\n") if done.returncode == 0 else default


def write(path, value):
    output("xenstore-write", "--", path, str(value))


def remove(path):
    output("xenstore-rm", path)


def listing(path):
    """The names below a path; none when it does not exist."""
    done = subprocess.run(["xenstore-list", path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True)
    return done.stdout.split() if done.returncode == 0 else []


def tree(path):
    """{path: value} of everything below."""
    result = {}
    for name in listing(path):
        child = "%s/%s" % (path.rstrip("/"), name)
        result[child] = read(child, "")
        result.update(tree(child))
    return result


def permit(path, *permissions):
    """As xenstore-chmod: owner first, e.g. "n0", "r3"."""
    output("xenstore-chmod", path, *permissions)


def write_all(folder, values):
    """Write {name: value} below a folder at once; None removes a name."""
    pairs = []
    for name, value in values.items():
        path = "%s/%s" % (folder, name)
        if value is None:
            if read(path) is not None:
                remove(path)
        else:
            pairs += [path, str(value)]
    if pairs:
        output("xenstore-write", "--", *pairs)
