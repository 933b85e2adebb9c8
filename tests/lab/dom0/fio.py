# SPDX-License-Identifier: GPL-2.0
"""fio jobs in a guest that verify what they wrote."""

ALWAYS = ("--ioengine=libaio --direct=1 --verify=crc32c --verify_fatal=1 "
          "--do_verify=1 --group_reporting --output=/run/fio.%s")


def job(name, disk, size_mb, bs, depth, offset_mb=0, rw="randrw", more=""):
    """One job's arguments; several run one after the other."""
    return ("--name=%s --stonewall --filename=/dev/%s --offset=%dM --size=%dM "
            "--rw=%s --bs=%s --iodepth=%d %s" % (
                name, disk, offset_mb, size_mb, rw, bs, depth, more)).strip()


def command(*jobs, tag="out"):
    """The shell command; it prints fio's report only when fio failed."""
    return "fio %s %s || { cat /run/fio.%s; exit 1; }" % (
        ALWAYS % tag, " ".join(jobs), tag)


def verify(guest, *jobs, timeout=300):
    guest.check(command(*jobs), timeout=timeout)


def endless(disk, name="load", depth=32, sizes="4k-256k"):
    """The command of a load without end on some of the disk's first MBs."""
    return ("fio --name=%s --filename=/dev/%s --size=8M --rw=randrw "
            "--bsrange=%s --ioengine=libaio --iodepth=%d --direct=1 "
            "--time_based --runtime=600 --output=/run/%s.out" % (
                name, disk, sizes, depth, name))
