# SPDX-License-Identifier: GPL-2.0
"""The Debian suites the testbed knows. A new suite is one more Suite()."""

from dataclasses import dataclass

# What every root carries, whatever the suite.
COMMON = (
    "linux-image-amd64", "linux-headers-amd64", "dkms", "gcc", "make",
    "libc6-dev", "libxen-dev", "libcmocka-dev", "sparse", "pkg-config",
    "kmod", "iproute2", "iputils-ping", "ethtool", "pciutils", "fio", "iperf3",
    "e2fsprogs", "busybox-static", "python3", "udev", "procps", "util-linux",
    "mount", "hostname", "cpio", "xz-utils", "strace", "bridge-utils",
    "shellcheck", "gnuplot-nox", "lvm2", "nbd-server", "nbd-client",
)


@dataclass(frozen=True)
class Suite:
    """One Debian release: its kernel and Xen belong together."""

    name: str
    kernel: str             # for people; the root tells the exact release
    xen: str                # also part of Debian's package names
    extra: tuple = ()
    # A mirror that lags may offer a Release file past its date.
    stale_release: bool = False

    @property
    def packages(self):
        return COMMON + (
            f"xen-hypervisor-{self.xen}-amd64", f"xen-utils-{self.xen}",
        ) + self.extra


SUITES = {suite.name: suite for suite in (
    Suite("bullseye", "5.10", "4.14"),
    # clang brings libFuzzer, and BPF programs: tests/fuzz is built in the
    # default suite only. There, too, guests' vifs go into Open vSwitch.
    Suite("bookworm", "6.1", "4.17", ("clang-14", "libclang-rt-14-dev",
                                      "openvswitch-switch")),
    Suite("trixie", "6.12", "4.20"),
    Suite("sid", "7.2", "4.20", stale_release=True),
)}

DEFAULT = "bookworm"
