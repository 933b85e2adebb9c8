// SPDX-License-Identifier: GPL-2.0
/*
 * Broken routing tables of three root ports (slots 27, 28 and 26 of QEMU's q35):
 * cut short; with entries that name nothing, and a GSI that no I/O APIC has; with
 * another such GSI.
 */
DefinitionBlock ("", "SSDT", 2, "XENMOD", "ROUTES", 1)
{
    External (\_SB.PCI0.SD8, DeviceObj)
    External (\_SB.PCI0.SE0, DeviceObj)
    External (\_SB.PCI0.SD0, DeviceObj)

    Scope (\_SB)
    {
        // A device that is no link.
        Device (NLNK)
        {
            Name (_HID, "XENM0002")
        }
    }

    Scope (\_SB.PCI0.SD8)
    {
        Name (CUT, Package () { Package () { 0xFFFF, 0 } })
        Method (_PRT) { Return (CUT) }
    }

    Scope (\_SB.PCI0.SE0)
    {
        Name (_PRT, Package ()
        {
            Package () { 0xFFFF, 0, 0, 5000 },
            Package () { 0xFFFF, 1, \_SB.NLNK, 0 },
            Package () { 0x0040FFFF, 2, 0, 17 },
            Package () { 0xFFFF, 9, 0, 18 }
        })
    }

    Scope (\_SB.PCI0.SD0)
    {
        Name (_PRT, Package () { Package () { 0xFFFF, 0, 0, 5001 } })
    }
}
