# SPDX-License-Identifier: GPL-2.0
"""A guest that runs dom0's own system, from the disks that dom0 booted from:
as driver domain it has our modules, xl devd and the hotplug scripts."""

import glob
import os

from dom0 import store
from dom0.guest import Guest

# The first one is on top.
LAYERS = ("layer", "root")
NEW = "/new"
SET_UP = """
set -e
modprobe -a squashfs overlay xenfs
mkdir -p /upper %(new)s
mount -t tmpfs upper /upper
mkdir /upper/files /upper/work
for pair in %(pairs)s; do
    mkdir -p /lower/${pair%%:*}
    mount -t squashfs -o ro /dev/${pair#*:} /lower/${pair%%:*}
done
mount -t overlay -o lowerdir=%(lower)s,upperdir=/upper/files,workdir=/upper/work root %(new)s
for name in proc sys dev; do mount --rbind /$name %(new)s/$name; done
mount -t tmpfs run %(new)s/run
mount -t tmpfs tmp %(new)s/tmp
mount -t xenfs xenfs %(new)s/proc/xen
mkdir -p %(new)s/run/xen %(new)s/run/lock %(new)s/var/lib/xen %(new)s/var/log/xen
"""
# Xen's own block script starts so many programs that xl kills it in an emulated
# PVH guest, where each costs a second.
SCRIPT = """#!/bin/sh
case $1 in
add)
    disk=$(xenstore-read "$XENBUS_PATH/params")
    [ ! -f "$disk" ] || disk=$(losetup --find --show "$disk")
    xenstore-write "$XENBUS_PATH/node" "$disk" \\
        "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$disk")" \\
        "$XENBUS_PATH/hotplug-status" connected ;;
remove)
    disk=$(xenstore-read "$XENBUS_PATH/node")
    [ "${disk#/dev/loop}" = "$disk" ] || losetup -d "$disk" ;;
esac
"""
# Likewise, for a vif.
VIF_SCRIPT = """#!/bin/sh
[ "$1" = online ] || exit 0
ip link set "$vif" master "$(xenstore-read "$XENBUS_PATH/bridge")" up
xenstore-write "$XENBUS_PATH/hotplug-status" connected
"""
MODULES = "loop xen-gntdev xen-gntalloc xen-evtchn xen-privcmd"


def boot_disk(serial):
    """dom0's disk of that name."""
    for path in glob.glob("/sys/block/vd*/serial"):
        with open(path) as file:
            if file.read().strip() == serial:
                return "/dev/" + path.split("/")[3]
    raise RuntimeError("dom0 has no disk called " + serial)


class DriverDomain(Guest):
    """system(command) runs a command in dom0's system inside the guest."""

    def __init__(self, name="driver", kind="pvh", memory=512, extra=None,
                 **options):
        disks = ["format=raw,backendtype=phy,access=ro,vdev=xvd%c,target=%s"
                 % (ord("a") + n, boot_disk(serial))
                 for n, serial in enumerate(LAYERS)]
        super().__init__(name, kind=kind, memory=memory, disks=disks,
                         extra={"driver_domain": 1, **(extra or {})},
                         **options)

    def set_up(self):
        pairs = ["%s:xvd%c" % (name, ord("a") + n)
                 for n, name in enumerate(LAYERS)]
        self.wait_connected("vbd", len(LAYERS))
        self.check(SET_UP % {
            "new": NEW, "pairs": " ".join(pairs),
            "lower": ":".join("/lower/" + name for name in LAYERS)},
            timeout=120)
        self.system("modprobe -a " + MODULES, timeout=120)
        return self

    def system(self, command, timeout=60):
        return self.check("PATH=/usr/sbin:/usr/bin:/sbin:/bin "
                          "LD_LIBRARY_PATH= exec chroot %s /bin/bash -c '%s'" % (
                              NEW, command.replace("'", "'\\''")), timeout)

    def start_devd(self):
        """xl's daemon, which runs the hotplug scripts here."""
        for name, text in (("block-light", SCRIPT), ("vif-light", VIF_SCRIPT)):
            path = "/etc/xen/scripts/" + name
            self.system("cat >%s <<\\EOF\n%sEOF\nchmod 755 %s" % (
                path, text, path))
        self.system("setsid /usr/lib/xen-4*/bin/xl -vvv devd -F </dev/null "
                    ">/var/log/xen/devd.log 2>&1 &")

    def served(self, guest, vdev="xvda"):
        """xenstore path of a disk that this domain serves."""
        return "/local/domain/%d/backend/vbd/%d/%s" % (
            self.domid, guest.domid, guest.vbd(vdev).split("-")[2])

    def bridge(self, name, address):
        """A bridge in this domain, with its address."""
        self.system("modprobe bridge && ip link add %s type bridge && "
                    "ip address add %s dev %s && ip link set %s up" % (
                        name, address, name, name), timeout=120)

    def counters(self, device):
        """Our counters of a disk served here."""
        text = self.check("cd /sys/bus/xen-backend/devices/%s && "
                          "grep . xenmod/* statistics/*" % device)
        return {os.path.basename(name): int(value) for name, value in
                (line.split(":") for line in text.splitlines())}

    def connected(self, guest, count):
        """Whether all of the guest's disks from here are connected."""
        top = "/local/domain/%d/backend/vbd/%d" % (self.domid, guest.domid)
        states = [store.read("%s/%s/state" % (top, name))
                  for name in store.listing(top)]
        return states == ["4"] * count
