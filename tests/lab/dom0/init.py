# SPDX-License-Identifier: GPL-2.0
"""dom0's process 1: start Xen's daemons, do the job, power off."""

import ctypes
import glob
import json
import os
import shutil
import subprocess
import sys
import time

IN = "/testbed/in"
OUT = "/testbed/out"
COPY = "/run/testbed/shares"
SHARE_DRIVER = "/sys/bus/virtio/drivers/9pnet_virtio/"
SHARE = "cache=none,trans=virtio,version=9p2000.L,msize=262144"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DAEMON_SECONDS = 60
RB_POWER_OFF = 0x4321FEDC

MOUNTS = (
    ("devpts", "/dev/pts", "gid=5,mode=620"),
    ("tmpfs", "/dev/shm", "mode=1777"),
    ("tmpfs", "/run", "mode=755"),
    ("tmpfs", "/tmp", "mode=1777"),
    ("debugfs", "/sys/kernel/debug", ""),
    ("securityfs", "/sys/kernel/security", ""),
    ("tracefs", "/sys/kernel/tracing", ""),
)


def run(*argv):
    status = subprocess.run(argv, stdin=subprocess.DEVNULL).returncode
    if status:
        print("testbed: %s failed with status %d" % (" ".join(argv), status),
              flush=True)
    return status


def mount_all():
    for kind, place, options in MOUNTS:
        os.makedirs(place, exist_ok=True)
        run("mount", "-t", kind, *(["-o", options] if options else []), kind,
            place)
    # The hotplug scripts' locking loops for ever without these.
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                         ("stdout", "/proc/self/fd/1"),
                         ("stderr", "/proc/self/fd/2")):
        if not os.path.lexists("/dev/" + name):
            os.symlink(target, "/dev/" + name)
    for folder in ("/run/xen", "/run/xenstored", "/run/lock", "/run/testbed",
                   "/var/lib/xen", "/var/log/xen/console"):
        os.makedirs(folder, exist_ok=True)


def xen_program(name):
    """A program of the Xen this suite carries."""
    return glob.glob("/usr/lib/xen-4*/bin/" + name)[0]


def wait_for(path, what):
    end = time.monotonic() + DAEMON_SECONDS
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise RuntimeError("%s did not come up" % what)
        time.sleep(0.05)


def start_xen():
    run("mount", "-t", "xenfs", "xenfs", "/proc/xen")
    run("modprobe", "-a", "xen-gntdev", "xen-gntalloc", "xen-evtchn",
        "xen-privcmd")
    run(xen_program("xenstored"), "--pid-file", "/run/xenstored.pid")
    wait_for("/run/xenstored/socket", "xenstored")
    run(xen_program("xen-init-dom0"))
    run(xen_program("xenconsoled"), "--log=guest",
        "--log-dir=/var/log/xen/console", "--pid-file", "/run/xenconsoled.pid")


def environment(job):
    return {
        "PATH": PATH, "HOME": "/root", "LC_ALL": "C.UTF-8",
        "PYTHONPATH": IN + "/tests/lab", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1", "TESTBED_OUT": OUT,
        "TESTBED_TESTS": IN + "/tests",
        "TESTBED_SUITE": job["suite"], "TESTBED_DRIVERS": job["drivers"],
        "TESTBED_GUEST": job["guest"], "TESTBED_GUESTS": str(job["guests"]),
        "TESTBED_VCPUS": str(job["vcpus"]),
        "TESTBED_GUEST_MEMORY": str(job["guest_memory"]),
        "TESTBED_CPUS": str(job["cpus"]),
        "TESTBED_PCI": ",".join(job["pci"]),
    }


def lay_shares_aside():
    """The host's folders do not survive S3, and who touches them then hangs:
    go on with copies in memory. What brings them back."""
    os.makedirs(COPY)
    shutil.copytree(IN, COPY + "/in", symlinks=True)
    os.mkdir(COPY + "/out")
    for name, place in (("in", IN), ("out", OUT)):
        run("umount", place)
        run("mount", "--bind", "%s/%s" % (COPY, name), place)
    devices = [name for name in os.listdir(SHARE_DRIVER)
               if name.startswith("virtio")]
    drive_shares("unbind", devices)
    return devices


def drive_shares(verb, devices):
    for name in devices:
        with open(SHARE_DRIVER + verb, "w") as file:
            file.write(name)


def bring_shares_back(devices):
    drive_shares("bind", devices)
    run("umount", OUT)
    run("mount", "-t", "9p", "-o", SHARE, "out", OUT)
    run("cp", "-r", COPY + "/out/.", OUT)


def start_script(job):
    with open(OUT + "/output", "wb") as output:
        argv = job["argv"]
        with open(argv[0], "rb") as script:
            if script.read(4)[:2] not in (b"#!", b"\x7fE"):
                argv = ["sh", *argv]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=output, env=environment(job), cwd=OUT)


def start_shell(job):
    """A login on the console that is the user's terminal."""
    run("modprobe", "virtio_console")
    wait_for("/dev/hvc1", "the second console")
    terminal = job.get("terminal")
    env = environment(job)
    size = ""
    if terminal:
        env["TERM"] = terminal["term"]
        size = "stty rows %d columns %d; " % (terminal["lines"],
                                              terminal["columns"])
    env["PS1"] = r"dom0:\w# "
    with open("/dev/hvc1", "r+b", buffering=0) as console:
        return subprocess.Popen(
            ["setsid", "--ctty", "--wait", "sh", "-c",
             size + "echo; echo \"dom0 of the testbed: xl, xenmod; "
             "exit powers off.\"; exec bash --norc -i"],
            stdin=console, stdout=console, stderr=console, env=env, cwd=OUT)


def reap_until(child):
    """Wait for the job, and for every orphan that ends meanwhile."""
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.WEXITSTATUS(status)
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else code


def collect():
    """What dom0 and the guests said."""
    with open(OUT + "/dmesg", "w") as file:
        subprocess.run(["dmesg"], stdout=file)
    if os.path.exists("/proc/xen/capabilities"):
        with open(OUT + "/xen.log", "w") as file:
            subprocess.run(["xl", "dmesg"], stdout=file, stderr=file)
    for name in glob.glob("/var/log/xen/console/guest-*.log"):
        os.makedirs(OUT + "/guests", exist_ok=True)
        shutil.copy(name, OUT + "/guests/" + os.path.basename(name)[6:])
    for name in glob.glob("/var/log/xen/*.log"):
        if os.path.getsize(name):
            shutil.copy(name, OUT + "/")


def main():
    os.environ["PATH"] = PATH
    os.chdir("/")
    with open(IN + "/job.json") as file:
        job = json.load(file)
    mount_all()
    run("ip", "link", "set", "lo", "up")
    if not job["bare"]:
        start_xen()
    open(OUT + "/started", "w").close()
    shares = lay_shares_aside() if job["suspend"] else None
    status = reap_until(start_shell(job) if job["shell"] else start_script(job))
    if shares:
        bring_shares_back(shares)
    collect()
    with open(OUT + "/status", "w") as file:
        file.write("%d\n" % status)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # process 1 must reach the power switch
        print("testbed: dom0 is not usable: %r" % error, file=sys.stderr)
    os.sync()
    ctypes.CDLL(None).reboot(ctypes.c_int(RB_POWER_OFF))
