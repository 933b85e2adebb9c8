# SPDX-License-Identifier: GPL-2.0
"""A suite's root to run commands in: a throw-away overlay over its image.

run() is the host's side. The rest runs as process 1 of a private mount and
pid namespace, so mounts, the loop device and stray children end with it."""

import json
import os
import subprocess
import sys

from lab import process

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(image, argv, *, layers=(), binds=(), hide=(), cwd="/", env=None,
        pack=None, log=None, what="command"):
    """Run argv in the root kept in the squashfs `image`; its exit status.

    layers: squashfs files to lie over the image, the topmost last.
    binds: (host path, path inside) pairs, writable.
    hide: paths inside that appear empty.
    pack: when the command succeeds, what it changed in the root becomes a
    squashfs at this path, usable as a layer above the image and its layers.
    log: a file for the output; then failure raises Trouble."""
    order = {"images": [image, *layers], "argv": list(argv), "binds": list(binds),
             "hide": list(hide), "cwd": cwd,
             "env": env or {}, "pack": pack}
    command = process.isolated(
        ["/usr/bin/python3", "-B", "-m", "lab.cell", json.dumps(order)])
    options = {"env": {**os.environ, "PYTHONPATH": LAB}}
    if log:
        process.call(command, log, what, **options)
        return 0
    with process.running(command, **options) as child:
        return child.wait()


def mount(*argv):
    subprocess.run(["mount", *argv], check=True)


def assemble(order):
    """Mount the root; the path it can be entered at."""
    mount("-t", "tmpfs", "-o", "mode=755", "cell", "/mnt")
    for name in ("upper", "work", "root"):
        os.mkdir("/mnt/" + name)
    lower = []
    for number, image in enumerate(order["images"]):
        lower.insert(0, "/mnt/%d" % number)
        os.mkdir(lower[0])
        mount("-t", "squashfs", "-o", "loop,ro", image, lower[0])
    mount("-t", "overlay", "-o",
          f"lowerdir={':'.join(lower)},upperdir=/mnt/upper,workdir=/mnt/work",
          "cell", "/mnt/root")
    root = "/mnt/root"
    mount("-t", "proc", "proc", root + "/proc")
    mount("-t", "sysfs", "-o", "ro", "sysfs", root + "/sys")
    mount("--rbind", "/dev", root + "/dev")
    mount("-t", "tmpfs", "-o", "mode=1777", "tmp", root + "/tmp")
    for source, target in order["binds"]:
        os.makedirs(root + target, exist_ok=True)
        mount("--bind", source, root + target)
    for path in order["hide"]:
        mount("-t", "tmpfs", "-o", "ro", "hidden", root + path)
    return root


def enter(root, order):
    os.chroot(root)
    os.chdir(order["cwd"])
    env = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root", "LC_ALL": "C.UTF-8",
        "TERM": os.environ.get("TERM", "dumb"), **order["env"],
    }
    try:
        os.execvpe(order["argv"][0], order["argv"], env)
    except OSError as error:
        print(f"testbed: {order['argv'][0]}: {error.strerror} in the suite's "
              "root", file=sys.stderr)
        os._exit(127)


def main(text):
    order = json.loads(text)
    root = assemble(order)
    child = os.fork()
    if child == 0:
        enter(root, order)
    while True:
        pid, status = os.wait()
        if pid == child:
            break
    status = os.waitstatus_to_exitcode(status)
    if status == 0 and order["pack"]:
        subprocess.run(["mksquashfs", "/mnt/upper", order["pack"],
                        "-noI", "-noD", "-noF", "-noX", "-noappend", "-quiet",
                        "-no-progress"], check=True)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"testbed: {' '.join(error.cmd)} failed; the testbed needs "
                 "to mount overlays and loop devices on this machine")
