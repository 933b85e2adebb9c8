# SPDX-License-Identifier: GPL-2.0
"""The QEMU command line of a machine that boots Xen and dom0."""

import shlex

from lab import pci

IOMMUS = {
    "intel": ["-device", "intel-iommu,intremap=on,caching-mode=on"],
    "amd": ["-device", "amd-iommu"],
}


def comma(text):
    """QEMU separates by commas; a doubled one stands for itself."""
    return text.replace(",", ",,")


def disk(name, path):
    """A read-only disk that dom0 recognises by its serial number."""
    return ["-drive", f"if=none,id={name},format=raw,readonly=on,"
                      f"file={comma(path)}",
            "-device", f"virtio-blk-pci,drive={name},serial={name}"]


def share(name, path, readonly):
    return ["-virtfs", f"local,id={name},mount_tag={name},"
                       f"security_model=none,path={comma(path)}"
                       + (",readonly=on" if readonly else "")]


def xen_line(options):
    size = f"{options.dom0_memory}M"
    # A virtual CPU that moves takes its devices' interrupts along, and QEMU's
    # interrupt remapping loses some of them for ever then.
    pinned = ["dom0_vcpus_pin"] if options.iommu else []
    return " ".join([
        f"dom0_mem={size},max:{size}", f"dom0_max_vcpus={options.dom0_vcpus}",
        "console=com1", "loglvl=all", "guest_loglvl=all", *pinned,
        *(["dom0=pvh"] if options.dom0 == "pvh" else []),
        *options.xen_arg])


def dom0_line(options):
    return " ".join(["console=hvc0", "panic=1", "random.trust_cpu=on",
                     *options.dom0_arg])


def boot(options, base, kit):
    """What is started: Xen and dom0, or the same kernel and disk without Xen."""
    if options.bare:
        return ["-kernel", f"{base}/vmlinuz",
                "-append", dom0_line(options).replace("hvc0", "ttyS0"),
                "-initrd", f"{kit}/dom0.cpio"]
    initrd = (f"{comma(base)}/vmlinuz {comma(dom0_line(options))},"
              f"{comma(kit)}/dom0.cpio")
    return ["-kernel", f"{base}/xen.elf", "-append", xen_line(options),
            "-initrd", initrd]


def own_devices(options):
    """How dom0's disks and shares reach memory: PVH's is not where it seems to be,
    so they have to go through the IOMMU."""
    if options.dom0 != "pvh":
        return []
    return [word for model in ("virtio-blk-pci", "virtio-9p-pci")
            for setting in ("iommu_platform=on", "disable-legacy=on")
            for word in ("-global", f"{model}.{setting}")]


def command(options, base, kit, layer, folder, inbox, tables):
    """folder: where the run's files go; inbox: what dom0 reads; tables: of ACPI,
    compiled."""
    accel = ["-accel", "tcg,thread=single", "-icount", "shift=1"] \
        if options.icount else ["-accel", "tcg,thread=multi"]
    machine = ["-machine", "q35"] if options.iommu else ["-machine", "pc"]
    argv = ["qemu-system-x86_64", *accel, *machine,
            *IOMMUS.get(options.iommu, ()), *own_devices(options),
            "-cpu", "qemu64,+svm,+npt,+rdrand,+rdseed",
            "-smp", str(options.cpus), "-m", f"{options.memory}M",
            "-display", "none", "-vga", "none", "-nic", "none", "-no-reboot",
            "-nodefaults", "-serial", f"file:{folder}/serial.log",
            *boot(options, base, kit), *disk("root", f"{base}/root.img"),
            *disk("kit", f"{kit}/kit.img")]
    if layer:
        argv += disk("layer", layer)
    argv += share("in", inbox, True) + share("out", folder, False)
    if options.shell:
        argv += ["-device", "virtio-serial-pci",
                 "-chardev", "stdio,id=shell,signal=off",
                 "-device", "virtconsole,chardev=shell"]
    for path in tables:
        argv += ["-acpitable", f"file={comma(path)}"]
    argv += pci.arguments(options.pci)
    for text in options.qemu_arg:
        argv += shlex.split(text)
    return argv
