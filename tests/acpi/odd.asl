// SPDX-License-Identifier: GPL-2.0
/*
 * Processor objects that name no CPU, or one that has another object already.
 * Each has P-states that no CPU may get: 999 MHz.
 */
Name (PODD, Package ()
{
    Package () { 999, 9000, 10, 10, 0x0900, 0x0900 },
    Package () { 998, 8000, 10, 10, 0x0800, 0x0800 }
})

// Without an id.
Device (ODD0)
{
    Name (_HID, "ACPI0007")
    Method (_PCT) { Return (RPRT) }
    Method (_PSS) { Return (PODD) }
    Method (_PPC) { Return (0) }
}

// With an id that is no number.
Device (ODD1)
{
    Name (_HID, "ACPI0007")
    Name (_UID, "first")
    Method (_PCT) { Return (RPRT) }
    Method (_PSS) { Return (PODD) }
    Method (_PPC) { Return (0) }
}

// With the id of C003.
Device (ODD2)
{
    Name (_HID, "ACPI0007")
    Name (_UID, 3)
    Method (_PCT) { Return (RPRT) }
    Method (_PSS) { Return (PODD) }
    Method (_PPC) { Return (0) }
}

// With the id of no CPU of this machine.
Device (ODD3)
{
    Name (_HID, "ACPI0007")
    Name (_UID, 200)
    Method (_PCT) { Return (RPRT) }
    Method (_PSS) { Return (PODD) }
    Method (_PPC) { Return (0) }
}
